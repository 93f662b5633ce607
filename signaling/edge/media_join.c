/* Joining: an offer is answered when its turn has come (admission.h), its endpoint is made, and
 * whom it replaces is parted. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/limits.h"
#include "base/log.h"
#include "signaling/edge/json.h"
#include "signaling/edge/live_socket.h"
#include "signaling/edge/media_parts.h"
#include "signaling/edge/seat.h"

/* -- endpoints -------------------------------------------------------------------------------- */

static struct room *room_of(const struct media_peer *peer)
{
    return peer->connection ? peer->connection->room : peer->seat->room;
}

void media_forget(struct media *media, struct media_peer *peer)
{
    if (peer->endpoint == 0)
        return;
    media->endpoint_list[media_handle_of(peer->endpoint).index].peer = NULL;
    peer->endpoint = 0;
    if (room_of(peer))
        source_table_remove(&room_of(peer)->peers, peer->source, peer);
}

void media_part(struct media *media, struct media_peer *peer)
{
    if (peer->endpoint == 0)
        return;
    struct sfu_command command = {.kind = SFU_LEAVE, .endpoint = peer->endpoint};
    if (sfu_command(media->door->sfu, &command) != ERR_OK)
        log_line(LOG_WARN, "door.media", "endpoint=%" PRIu64 " left=no", peer->endpoint);
    media_forget(media, peer);
}

bool media_is_connected(const struct media *media, const struct media_peer *peer)
{
    return peer->endpoint &&
           media->endpoint_list[media_handle_of(peer->endpoint).index].is_connected;
}

/* One source, one sender: the newest keeps it. */
static void other_part(struct media *media, struct room *room, const struct media_peer *peer,
                       const char *resume)
{
    struct media_peer *other = source_table_get(&room->peers, peer->source);
    if (!other || other == peer)
        return;
    media_part(media, other);
    struct connection *page = other->connection;
    if (!page)
        return;
    live_on_media_gone(&page->live);
    connection_end(page, DOOR_LIVE_REPLACED, !(resume && strcmp(resume, page->resume) == 0));
}

static enum door_refusal refusal_of_offer(const struct media_peer *peer, enum err err,
                                          const struct sfu_refusal *refusal)
{
    log_line(LOG_INFO, "door.media", "user=%llu offer=refused err=%s code=%s line=%u",
             (unsigned long long)peer->user, err_name(err), refusal->code ? refusal->code : "",
             refusal->line);
    return err == ERR_FULL ? DOOR_BUSY : DOOR_BAD_OFFER;
}

enum door_refusal media_join(struct media *media, struct room *room, struct media_peer *peer,
                             const char *offer, const char *resume, char **ret_answer)
{
    struct handle handle;
    struct sfu_refusal refusal = {0};
    if (!room_is_open(room))
        return DOOR_LIVE_EARLY;
    if (pool_take(&media->endpoints, &handle) != ERR_OK)
        return DOOR_BUSY;
    media_part(media, peer);
    if (peer->source)
        other_part(media, room, peer, resume);

    uint32_t rights = peer->source ? room_rights(room, peer) : 0;
    struct sfu_join join = {
        .room = room->meeting,
        .endpoint = media_number_of(handle),
        .source = peer->source,
        .rights = rights,
        .offer = bytes_of(offer),
    };
    enum err err = sfu_join(media->door->sfu, &join, media->answer, LIMIT_SDP_BYTES, &refusal);
    if (err == ERR_OK && peer->source)
        err = source_table_put(&room->peers, peer->source, peer);
    if (err != ERR_OK) {
        pool_give(&media->endpoints, handle);
        return refusal_of_offer(peer, err, &refusal);
    }
    peer->endpoint = join.endpoint;
    peer->rights = rights;
    media->endpoint_list[handle.index] =
        (struct media_endpoint){.peer = peer, .is_line_test = room->line_test != NULL};
    if (room->line_test) {
        media->line_test_endpoints++;
        line_test_room_on_joined(room->line_test, peer->source);
    }
    room_settle_places(room);
    *ret_answer = strdup(media->answer);
    return *ret_answer ? DOOR_REFUSAL_COUNT : DOOR_BUSY;
}

enum door_refusal media_restart(struct media *media, struct media_peer *peer, const char *offer,
                                char **ret_answer)
{
    struct sfu_refusal refusal = {0};
    if (peer->endpoint == 0)
        return DOOR_MEDIA_GONE;
    enum err err = sfu_restart(media->door->sfu, peer->endpoint, bytes_of(offer), media->answer,
                               LIMIT_SDP_BYTES, &refusal);
    if (err != ERR_OK)
        return err == ERR_UNKNOWN ? DOOR_MEDIA_GONE : refusal_of_offer(peer, err, &refusal);
    *ret_answer = strdup(media->answer);
    return *ret_answer ? DOOR_REFUSAL_COUNT : DOOR_BUSY;
}

/* -- whose turn it is ------------------------------------------------------------------------- */

static struct connection *joins_take(struct media *media)
{
    struct connection *first = media->joins_first;
    media->joins_first = first->joins_next;
    if (!media->joins_first)
        media->joins_last = NULL;
    first->joins_next = NULL;
    first->join_waits = false;
    media->joins_waiting--;
    return first;
}

static void join_work(struct media *media, struct connection *connection)
{
    usec_t began = clock_now_us();
    struct live_message message = connection->join;
    connection->join = (struct live_message){0};
    if (live_socket_join(connection, &message))
        media->totals.joins++;
    else
        media->totals.joins_refused++;
    live_message_done(&message);
    usec_t ended = clock_now_us();
    media->totals.join_us += ended - began;
    admission_on_join(&media->admission, began, ended);
}

static void on_turn(uv_timer_t *timer);

static void joins_run(struct media *media)
{
    while (media->joins_first && admission_is_open(&media->admission, clock_now_us()))
        join_work(media, joins_take(media));
    if (!media->joins_first)
        return;
    usec_t now = clock_now_us();
    usec_t rest = admission_next(&media->admission, now) - now;
    uv_timer_start(&media->joins_timer, on_turn, (rest + USEC_PER_MSEC - 1) / USEC_PER_MSEC, 0);
}

static void on_turn(uv_timer_t *timer)
{
    joins_run(timer->data);
}

static void wait_tell(struct media *media, struct connection *connection, uint32_t ahead)
{
    usec_t wait_us = admission_wait_us(&media->admission, ahead, clock_now_us());
    uint64_t seconds = (wait_us + USEC_PER_SEC - 1) / USEC_PER_SEC;
    if (wait_us < ADMISSION_WAIT_WORTH_TELLING_MS * USEC_PER_MSEC)
        return;
    json_t *json = json_pack("{s:s,s:I,s:I}", "type", "wait", "ahead", (json_int_t)ahead, "seconds",
                             (json_int_t)seconds);
    char *text = json ? json_write(json) : NULL;
    json_decref(json);
    connection_reply(connection, text);
}

void media_join_ask(struct media *media, struct connection *connection,
                    struct live_message *message)
{
    live_message_done(&connection->join);
    connection->join = *message;
    *message = (struct live_message){0};
    if (connection->join_waits) /* asked anew: the newer offer takes the place in the queue */
        return;
    connection->join_waits = true;
    connection->joins_next = NULL;
    if (media->joins_last)
        media->joins_last->joins_next = connection;
    else
        media->joins_first = connection;
    media->joins_last = connection;
    uint32_t ahead = media->joins_waiting++;
    if (ahead == 0)
        joins_run(media);
    else
        wait_tell(media, connection, ahead);
}

void media_join_forget(struct media *media, struct connection *connection)
{
    live_message_done(&connection->join);
    if (!connection->join_waits)
        return;
    struct connection *before = NULL;
    for (struct connection *at = media->joins_first; at != connection; at = at->joins_next)
        before = at;
    if (before)
        before->joins_next = connection->joins_next;
    else
        media->joins_first = connection->joins_next;
    if (media->joins_last == connection)
        media->joins_last = before;
    connection->join_waits = false;
    media->joins_waiting--;
}

void media_joins_tell(struct media *media)
{
    uint32_t ahead = 0;
    for (struct connection *at = media->joins_first; at; at = at->joins_next)
        wait_tell(media, at, ahead++);
}

void media_joins_open(struct media *media)
{
    admission_init(&media->admission, clock_now_us());
    uv_timer_init(&media->door->loop, &media->joins_timer);
    media->joins_timer.data = media;
}

void media_joins_close(struct media *media)
{
    while (media->joins_first)
        live_message_done(&joins_take(media)->join);
    if (!uv_is_closing((uv_handle_t *)&media->joins_timer))
        uv_close((uv_handle_t *)&media->joins_timer, NULL);
}

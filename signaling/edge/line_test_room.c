#include "signaling/edge/line_test_room.h"

#include <inttypes.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "signaling/edge/media_parts.h"

static struct line_test_load load_of(const struct media *media)
{
    struct media_load load = media_load(media);
    return (struct line_test_load){.capacity = load.capacity, .meetings = load.meetings};
}

static uint64_t id_make(void)
{
    uint64_t id;
    randombytes_buf(&id, sizeof id);
    return (id & ~LINE_TEST_ROOM_BIT) | 1; /* never 0 */
}

static void token_make(char ret_text[CONNECTION_TOKEN_BYTES])
{
    uint8_t bytes[32];
    randombytes_buf(bytes, sizeof bytes);
    sodium_bin2base64(ret_text, CONNECTION_TOKEN_BYTES, bytes, sizeof bytes,
                      sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

enum door_refusal line_test_room_start(struct media *media, uint32_t receivers, uint32_t senders,
                                       const struct line_test_room **ret_room)
{
    struct line_test_load load = load_of(media);
    if (media->line_test)
        return DOOR_LINE_TEST_RUNNING;
    enum door_refusal refusal = line_test_check(&load, receivers, senders);
    if (refusal != DOOR_REFUSAL_COUNT)
        return refusal;
    uint64_t id = id_make();
    struct line_test_room *made = calloc(1, sizeof *made);
    struct room *room = made ? media_room(media, id | LINE_TEST_ROOM_BIT) : NULL;
    if (!room) {
        free(made);
        return DOOR_BUSY;
    }
    line_test_start(&made->test, id, receivers, senders, clock_utc_ms());
    token_make(made->token);
    made->room = room;
    room->line_test = made;
    media->line_test = made;
    log_line(LOG_INFO, "door.line_test", "id=%" PRIu64 " started receivers=%u senders=%u", id,
             receivers, senders);
    *ret_room = made;
    return DOOR_REFUSAL_COUNT;
}

const struct line_test_room *line_test_room_find(const struct media *media, uint64_t id)
{
    return media->line_test && media->line_test->test.id == id ? media->line_test : NULL;
}

struct line_test_counts line_test_room_counts(const struct media *media)
{
    struct line_test_counts counts = {0};
    if (!media->line_test)
        return counts;
    counts.running = 1;
    counts.open = line_test_open(&media->line_test->test);
    for (const struct connection *at = media->line_test->room->connections; at; at = at->next) {
        counts.joined += at->peer.endpoint != 0;
        counts.connected += media_is_connected(media, &at->peer);
    }
    return counts;
}

void line_test_room_end(struct media *media)
{
    struct line_test_room *ending = media->line_test;
    struct line_test_counts counts = line_test_room_counts(media);
    struct room *room = ending->room;
    log_line(LOG_INFO, "door.line_test",
             "id=%" PRIu64 " ended seats=%u open=%u joined=%u connected=%u", ending->test.id,
             ending->test.seats_ever, counts.open, counts.joined, counts.connected);
    /* From here on the room is an ordinary one that nobody may join; it goes with its last seat,
     * and is told to the workers as ended then if they are too busy now. */
    room->line_test = NULL;
    media->line_test = NULL;
    (void)media_end_room(media, room);
    for (struct connection *at = room->connections; at; at = at->next) {
        media_join_forget(media, at);
        connection_end(at, DOOR_LINE_TEST_OVER, true);
    }
    line_test_room_free(ending);
}

void line_test_room_tick(struct media *media, utc_ms_t now)
{
    struct line_test_load load = load_of(media);
    if (media->line_test && line_test_is_over(&media->line_test->test, &load, now))
        line_test_room_end(media);
}

void line_test_room_free(struct line_test_room *room)
{
    if (!room)
        return;
    sodium_memzero(room->token, sizeof room->token);
    free(room);
}

/* -- its seats -------------------------------------------------------------------------------- */

enum door_refusal line_test_room_admit(struct media *media, uint64_t id, struct bytes token,
                                       bool sends, struct connection *connection)
{
    struct line_test_room *room = media->line_test;
    uint32_t source, number;
    if (!room || room->test.id != id || token.size != strlen(room->token) ||
        !bytes_equal_secret(token.data, (const uint8_t *)room->token, token.size))
        return DOOR_LINE_TEST_UNKNOWN;
    if (line_test_take(&room->test, sends, &source, &number) != ERR_OK)
        return DOOR_LINE_TEST_FULL;
    connection->peer =
        (struct media_peer){.participant = number, .source = source, .connection = connection};
    return DOOR_REFUSAL_COUNT;
}

void line_test_room_part(struct line_test_room *room, const struct media_peer *peer)
{
    line_test_give(&room->test, peer->source, clock_utc_ms());
}

void line_test_room_on_joined(struct line_test_room *room, uint32_t source)
{
    if (source == 1 && room->test.stage == 0)
        room->test.stage = source;
}

bool line_test_room_stage(struct line_test_room *room, uint32_t source)
{
    bool is_there = false;
    for (const struct connection *at = room->room->connections; at && !is_there; at = at->next)
        is_there = at->peer.source == source && at->peer.endpoint != 0;
    if (!is_there || source == 0)
        return false;
    room->test.stage = source;
    log_line(LOG_INFO, "door.line_test", "id=%" PRIu64 " stage=%u", room->test.id, source);
    room_settle_places(room->room);
    return true;
}

struct meeting_media line_test_room_places(const struct line_test_room *room)
{
    return (struct meeting_media){.floor = room->test.stage, .stage = room->test.stage};
}

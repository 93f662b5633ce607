#include "signaling/edge/live_socket.h"

#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/text.h"
#include "signaling/core/http_text.h"
#include "signaling/edge/api_session.h"
#include "signaling/edge/json.h"
#include "signaling/edge/live_message.h"
#include "signaling/edge/media.h"
#include "signaling/edge/meeting_json.h"

enum {
    ASK_BURST = 60, /* messages at once: a page of tiles and a join */
    ASK_PER_SECOND = 20,
    HEADER_BYTES = 4096,
    CLOSE_DELIBERATE = 1000, /* RFC 6455, section 7.4.1: the page said goodbye */
};

/* -- the upgrade ------------------------------------------------------------------------------ */

static struct door *door_of(struct lws *wsi)
{
    return lws_context_user(lws_get_context(wsi));
}

static bool header_copy(struct lws *wsi, enum lws_token_indexes token, char *ret_text, size_t size)
{
    return lws_hdr_total_length(wsi, token) > 0 &&
           lws_hdr_copy(wsi, ret_text, (int)size, token) > 0;
}

/* The upgrade itself is refused to other sites' pages: they learn nothing. */
static int on_upgrade(struct lws *wsi)
{
    char origin[HEADER_BYTES], host[HEADER_BYTES];
    if (header_copy(wsi, WSI_TOKEN_ORIGIN, origin, sizeof origin) &&
        header_copy(wsi, WSI_TOKEN_HOST, host, sizeof host) &&
        http_text_is_own_origin(bytes_of(origin), bytes_of(host)))
        return 0;
    lws_return_http_status(wsi, 403, NULL);
    return 1;
}

static uint64_t meeting_of_query(struct lws *wsi)
{
    char text[64];
    uint64_t meeting = 0;
    for (int n = 0; lws_hdr_copy_fragment(wsi, text, sizeof text, WSI_TOKEN_HTTP_URI_ARGS, n) >= 0;
         n++)
        if (strncmp(text, "meeting=", 8) == 0 && id_parse(bytes_of(text + 8), &meeting) != ERR_OK)
            meeting = 0;
    return meeting;
}

/* Why this one may not take part; DOOR_REFUSAL_COUNT: it may, and is filled in. */
static enum door_refusal connection_recognise(struct connection *connection, uint64_t meeting)
{
    struct door *door = connection->door;
    char cookie[HEADER_BYTES];
    const struct session *session = NULL;
    if (!header_copy(connection->wsi, WSI_TOKEN_HTTP_COOKIE, cookie, sizeof cookie) ||
        api_session_of_cookie(door, bytes_of(cookie), connection->session_hash, &session) != ERR_OK)
        return DOOR_NO_SESSION;
    uint64_t user = session->user_id;
    const struct meeting_state *state = meeting_state_of(door->meetings, meeting);
    const struct state_participant *me = state ? state_user_find(state, user) : NULL;
    if (!me)
        return DOOR_NOT_INVITED;
    connection->peer = (struct media_peer){
        .user = user, .participant = me->id, .source = me->source, .connection = connection};
    return DOOR_REFUSAL_COUNT;
}

static void token_make(char ret_text[CONNECTION_TOKEN_BYTES])
{
    uint8_t bytes[32];
    randombytes_buf(bytes, sizeof bytes);
    sodium_bin2base64(ret_text, CONNECTION_TOKEN_BYTES, bytes, sizeof bytes,
                      sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

static void connection_welcome(struct connection *connection, struct room *room)
{
    const struct meeting_state *state = meeting_state_of(connection->door->meetings, room->meeting);
    room_add(room, connection);
    token_make(connection->resume);
    json_t *json =
        json_pack("{s:s,s:I,s:o,s:I,s:s}", "type", "hello", "seq", (json_int_t)state->seq,
                  "participantId", json_of_id(connection->peer.participant), "source",
                  (json_int_t)connection->peer.source, "token", connection->resume);
    char *hello = json ? json_write(json) : NULL;
    json_decref(json);
    if (!hello) {
        connection_end(connection, DOOR_BUSY, false);
        return;
    }
    live_welcome(&connection->live, &room->ring, (struct live_text){hello, strlen(hello)});
    connection->actions = guard_actions(state, connection->peer.user);
    media_enter(connection->door->media, room, &connection->peer);
    connection_wake(connection);
}

static int on_open(struct lws *wsi, struct live_session *session)
{
    struct door *door = door_of(wsi);
    struct connection *connection = calloc(1, sizeof *connection);
    if (!connection)
        return -1;
    session->connection = connection;
    connection->door = door;
    connection->wsi = wsi;
    connection->rate = bucket_init(ASK_BURST, ASK_PER_SECOND, clock_now_us());
    live_init(&connection->live);
    door->connections_open++;

    uint64_t meeting = meeting_of_query(wsi);
    enum door_refusal refusal = connection_recognise(connection, meeting);
    if (refusal == DOOR_REFUSAL_COUNT && door->connections_open > LIMIT_CONNECTIONS)
        refusal = DOOR_BUSY;
    struct room *room = refusal == DOOR_REFUSAL_COUNT ? media_room(door->media, meeting) : NULL;
    if (room)
        connection_welcome(connection, room);
    else
        connection_end(connection, refusal == DOOR_REFUSAL_COUNT ? DOOR_BUSY : refusal,
                       refusal != DOOR_REFUSAL_COUNT && refusal != DOOR_BUSY);
    log_line(LOG_INFO, "door.live", "meeting=%" PRIu64 " user=%" PRIu64 " open=%s", meeting,
             connection->peer.user, room ? "yes" : refusal_text_of(refusal)->code);
    return 0;
}

/* -- what it asks ----------------------------------------------------------------------------- */

static void reply_with(struct connection *connection, json_t *json)
{
    char *text = json ? json_write(json) : NULL;
    json_decref(json);
    connection_reply(connection, text);
}

static void on_join(struct connection *connection, const struct live_message *message)
{
    char *answer = NULL, seat[24];
    enum door_refusal refusal =
        media_join(connection->door->media, connection->room, &connection->peer, message->sdp,
                   message->resume, &answer);
    if (refusal != DOOR_REFUSAL_COUNT) {
        live_on_media_gone(&connection->live);
        connection_refuse(connection, refusal);
        return;
    }
    live_on_joined(&connection->live);
    snprintf(seat, sizeof seat, "%" PRIu64, connection->peer.endpoint);
    reply_with(connection, json_pack("{s:s,s:s,s:s,s:s}", "type", "joined", "sdp", answer, "resume",
                                     connection->resume, "seat", seat));
    free(answer);
}

static void on_restart(struct connection *connection, const struct live_message *message)
{
    char *answer = NULL;
    enum door_refusal refusal =
        media_restart(connection->door->media, &connection->peer, message->sdp, &answer);
    if (refusal != DOOR_REFUSAL_COUNT)
        connection_refuse(connection, refusal);
    else
        reply_with(connection, json_pack("{s:s,s:s}", "type", "answer", "sdp", answer));
    free(answer);
}

static void on_watch(struct connection *connection, const struct live_message *message)
{
    if (connection->peer.endpoint == 0)
        return; /* wanted before media are there: the client says it again after `joined` */
    struct sfu_command command = {.kind = SFU_SET_VIEW,
                                  .room = connection->room->meeting,
                                  .endpoint = connection->peer.endpoint,
                                  .view = message->view};
    if (sfu_command(connection->door->sfu, &command) != ERR_OK)
        connection_refuse(connection, DOOR_BUSY);
}

static void on_sending(struct connection *connection, const struct live_message *message)
{
    connection->sending = message->sending;
    json_t *json = room_sending_json(connection);
    char *text = json ? json_write(json) : NULL;
    if (text)
        room_broadcast(connection->room, bytes_of(text));
    free(text);
    json_decref(json);
}

static void on_message(struct connection *connection, struct bytes text)
{
    struct live_message message;
    enum live_state state = connection->live.state;
    if (state != LIVE_HERE && state != LIVE_MEDIA)
        return;
    if (!bucket_take(&connection->rate, clock_now_us())) {
        connection_end(connection, DOOR_LIVE_SLOW, false);
        return;
    }
    enum err err = live_message_parse(text, &message);
    if (err != ERR_OK) {
        bool unknown = err == ERR_UNKNOWN;
        connection_refuse(connection, unknown ? DOOR_UNKNOWN_MEMBER : DOOR_BAD_REQUEST);
        return;
    }
    switch (message.type) {
    case LIVE_MESSAGE_JOIN:
        on_join(connection, &message);
        break;
    case LIVE_MESSAGE_RESTART:
        on_restart(connection, &message);
        break;
    case LIVE_MESSAGE_WATCH:
        on_watch(connection, &message);
        break;
    case LIVE_MESSAGE_MEDIA:
        on_sending(connection, &message);
        break;
    case LIVE_MESSAGE_PING:
        reply_with(connection,
                   json_pack("{s:s,s:I}", "type", "pong", "n", (json_int_t)message.number));
        break;
    }
    live_message_done(&message);
}

/* -1: the frame is over its bound; the connection is closed. */
static int on_receive(struct lws *wsi, struct connection *connection, struct bytes part)
{
    bool over = connection->inbound.size + part.size > LIMIT_JSON_BYTES;
    if (over || lws_frame_is_binary(wsi) || buffer_put(&connection->inbound, part) != ERR_OK) {
        lws_close_reason(wsi, LWS_CLOSE_STATUS_MESSAGE_TOO_LARGE, NULL, 0);
        return -1;
    }
    if (!lws_is_final_fragment(wsi) || lws_remaining_packet_payload(wsi) > 0)
        return 0;
    on_message(connection, buffer_bytes(&connection->inbound));
    connection->inbound.size = 0;
    return 0;
}

/* -- what it is told -------------------------------------------------------------------------- */

static json_t *slots_json(const struct sfu_slots *slots)
{
    json_t *tiles = json_array();
    for (uint32_t n = 0; n < slots->tile_count; n++)
        json_array_append_new(tiles, json_integer((json_int_t)slots->tiles[n]));
    return json_pack("{s:s,s:I,s:I,s:I,s:o}", "type", "slots", "number", (json_int_t)slots->number,
                     "stage", (json_int_t)slots->stage, "screen", (json_int_t)slots->screen,
                     "tiles", tiles);
}

static json_t *speakers_json(const struct room *room)
{
    json_t *sources = json_array();
    for (uint32_t n = 0; n < room->speaker_count; n++)
        json_array_append_new(sources, json_integer((json_int_t)room->speakers[n]));
    return json_pack("{s:s,s:o}", "type", "speakers", "sources", sources);
}

static json_t *turn_json(const struct connection *connection, enum live_turn turn)
{
    const struct sfu_layers *layers = &connection->layers;
    switch ((int)turn) {
    case LIVE_MAY:
        return json_pack("{s:s,s:o}", "type", "may", "actions",
                         meeting_json_actions(connection->actions));
    case LIVE_SLOTS:
        return slots_json(&connection->slots);
    case LIVE_LAYERS:
        return json_pack("{s:s,s:[b,b,b],s:b}", "type", "layers", "camera", layers->camera[0],
                         layers->camera[1], layers->camera[2], "screen", layers->screen);
    case LIVE_SPEAKERS:
        return speakers_json(connection->room);
    default:
        return NULL;
    }
}

static bool text_send(struct lws *wsi, struct bytes text)
{
    unsigned char *frame = malloc(LWS_PRE + text.size);
    if (!frame)
        return false;
    memcpy(frame + LWS_PRE, text.data, text.size);
    int written = lws_write(wsi, frame + LWS_PRE, text.size, LWS_WRITE_TEXT);
    free(frame);
    return written >= (int)text.size;
}

static bool json_send(struct lws *wsi, json_t *json)
{
    char *text = json ? json_write(json) : NULL;
    bool sent = text && text_send(wsi, bytes_of(text));
    free(text);
    json_decref(json);
    return sent;
}

/* One frame per call, so that many connections share the thread fairly. -1 closes. */
static int on_writable(struct lws *wsi, struct connection *connection)
{
    const struct live_ring *ring = connection->room ? &connection->room->ring : NULL;
    struct live_text text = {0};
    struct bytes bytes;
    bool sent = true;
    enum live_turn turn = live_next(&connection->live, ring, &text);
    switch (turn) {
    case LIVE_NOTHING:
        return 0;
    case LIVE_REPLY:
        bytes = (struct bytes){(const uint8_t *)text.text, text.size};
        sent = text.size == 0 || text_send(wsi, bytes);
        free(text.text);
        break;
    case LIVE_BROADCAST:
        sent = text_send(wsi, (struct bytes){(const uint8_t *)text.text, text.size});
        break;
    case LIVE_MAY:
    case LIVE_SLOTS:
    case LIVE_LAYERS:
    case LIVE_SPEAKERS:
        sent = json_send(wsi, turn_json(connection, turn));
        break;
    case LIVE_OTHERS: {
        const struct connection *other = room_introduce(connection->room, connection);
        if (other)
            live_mark(&connection->live, LIVE_MARK_OTHERS);
        sent = !other || json_send(wsi, room_sending_json(other));
        break;
    }
    case LIVE_BEHIND:
        log_line(LOG_INFO, "door.live", "user=%" PRIu64 " closed=slow", connection->peer.user);
        connection_end(connection, DOOR_LIVE_SLOW, false);
        break;
    case LIVE_CLOSE:
        lws_close_reason(wsi, LWS_CLOSE_STATUS_POLICY_VIOLATION, NULL, 0);
        return -1;
    }
    if (sent && live_has_turn(&connection->live, ring))
        connection_wake(connection);
    return sent ? 0 : -1;
}

/* -- the end ---------------------------------------------------------------------------------- */

static void on_closed(struct live_session *session, bool deliberate)
{
    struct connection *connection = session->connection;
    if (!connection)
        return;
    session->connection = NULL;
    struct door *door = connection->door;
    struct room *room = connection->room;
    if (room) {
        media_part(door->media, &connection->peer);
        media_leave(door->media, room, &connection->peer, deliberate);
        room_remove(room, connection);
    }
    door->connections_open--;
    live_done(&connection->live);
    buffer_done(&connection->inbound);
    free(connection);
}

/* A page that leaves on purpose says so; one whose line broke may come back. */
static bool is_goodbye(const void *in, size_t size)
{
    const uint8_t *code = in;
    return size >= 2 && (code[0] << 8 | code[1]) == CLOSE_DELIBERATE;
}

int live_socket_on_reason(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in,
                          size_t size)
{
    struct live_session *session = user;
    if (!session) /* reasons that are about no connection */
        return 0;
    struct connection *connection = session->connection;
    switch ((int)reason) {
    case LWS_CALLBACK_FILTER_PROTOCOL_CONNECTION:
        return on_upgrade(wsi);
    case LWS_CALLBACK_ESTABLISHED:
        return on_open(wsi, session);
    case LWS_CALLBACK_RECEIVE:
        return connection ? on_receive(wsi, connection, (struct bytes){in, size}) : -1;
    case LWS_CALLBACK_SERVER_WRITEABLE:
        return connection ? on_writable(wsi, connection) : -1;
    case LWS_CALLBACK_WS_PEER_INITIATED_CLOSE:
        on_closed(session, is_goodbye(in, size));
        return 0;
    case LWS_CALLBACK_CLOSED:
        on_closed(session, false);
        return 0;
    default:
        return 0;
    }
}

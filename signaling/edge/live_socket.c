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
#include "signaling/edge/line_test_room.h"
#include "signaling/edge/live_message.h"
#include "signaling/edge/live_turns.h"
#include "signaling/edge/media.h"

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

/* The upgrade itself is refused to other sites' pages: they learn nothing. What carries a bearer
 * token is no browser's page, and need not say where it comes from. */
static int on_upgrade(struct lws *wsi)
{
    char origin[HEADER_BYTES], host[HEADER_BYTES];
    bool has_origin = lws_hdr_total_length(wsi, WSI_TOKEN_ORIGIN) > 0;
    if (!has_origin && lws_hdr_total_length(wsi, WSI_TOKEN_HTTP_AUTHORIZATION) > 0)
        return 0;
    if (header_copy(wsi, WSI_TOKEN_ORIGIN, origin, sizeof origin) &&
        header_copy(wsi, WSI_TOKEN_HOST, host, sizeof host) &&
        http_text_is_own_origin(bytes_of(origin), bytes_of(host)))
        return 0;
    lws_return_http_status(wsi, 403, NULL);
    return 1;
}

/* What the address asks for: a meeting, or a seat of a line test. */
struct asked {
    uint64_t meeting;
    uint64_t line_test;
    bool sends;
};

static uint64_t id_of(const char *text)
{
    uint64_t id = 0;
    return id_parse(bytes_of(text), &id) == ERR_OK ? id : 0;
}

static struct asked asked_of_query(struct lws *wsi)
{
    char text[64];
    struct asked asked = {0};
    for (int n = 0; lws_hdr_copy_fragment(wsi, text, sizeof text, WSI_TOKEN_HTTP_URI_ARGS, n) >= 0;
         n++) {
        if (strncmp(text, "meeting=", 8) == 0)
            asked.meeting = id_of(text + 8);
        else if (strncmp(text, "lineTest=", 9) == 0)
            asked.line_test = id_of(text + 9);
        else if (strcmp(text, "seat=sender") == 0)
            asked.sends = true;
    }
    return asked;
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
    connection->has_session = true;
    connection->peer = (struct media_peer){.user = user,
                                           .participant = me->id,
                                           .place = (uint32_t)(me - state->participants),
                                           .source = me->source,
                                           .connection = connection};
    return DOOR_REFUSAL_COUNT;
}

static void token_make(char ret_text[CONNECTION_TOKEN_BYTES])
{
    uint8_t bytes[32];
    randombytes_buf(bytes, sizeof bytes);
    sodium_bin2base64(ret_text, CONNECTION_TOKEN_BYTES, bytes, sizeof bytes,
                      sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

static char *hello_write(const struct connection *connection, uint64_t seq)
{
    json_t *json = json_pack("{s:s,s:I,s:o,s:I,s:s}", "type", "hello", "seq", (json_int_t)seq,
                             "participantId", json_of_id(connection->peer.participant), "source",
                             (json_int_t)connection->peer.source, "token", connection->resume);
    char *hello = json ? json_write(json) : NULL;
    json_decref(json);
    return hello;
}

static void connection_welcome(struct connection *connection, struct room *room)
{
    const struct meeting_state *state = meeting_state_of(connection->door->meetings, room->meeting);
    room_add(room, connection);
    token_make(connection->resume);
    char *hello = hello_write(connection, state ? state->seq : 0);
    if (!hello) {
        connection_end(connection, DOOR_BUSY, false);
        return;
    }
    live_welcome(&connection->live, &room->ring, (struct live_text){hello, strlen(hello)});
    if (state) {
        live_mark(&connection->live, LIVE_MARK_MAY);
        connection->actions =
            guard_actions_of(state, state_participant_find(state, connection->peer.participant));
        media_enter(connection->door->media, room, &connection->peer);
    }
    connection_wake(connection);
}

/* The same for a seat of a line test. */
static enum door_refusal seat_recognise(struct connection *connection, const struct asked *asked)
{
    char header[HEADER_BYTES];
    struct bytes token;
    if (!header_copy(connection->wsi, WSI_TOKEN_HTTP_AUTHORIZATION, header, sizeof header) ||
        http_text_bearer(bytes_of(header), &token) != ERR_OK)
        return DOOR_LINE_TEST_UNKNOWN;
    return line_test_room_admit(connection->door->media, asked->line_test, token, asked->sends,
                                connection);
}

static struct room *connection_place(struct connection *connection, const struct asked *asked,
                                     enum door_refusal *ret_refusal)
{
    struct door *door = connection->door;
    enum door_refusal refusal = DOOR_BUSY;
    if (door->connections_open <= door->connections_most)
        refusal = asked->line_test ? seat_recognise(connection, asked)
                                   : connection_recognise(connection, asked->meeting);
    *ret_refusal = refusal;
    if (refusal != DOOR_REFUSAL_COUNT)
        return NULL;
    if (asked->line_test)
        return line_test_room_find(door->media, asked->line_test)->room;
    *ret_refusal = DOOR_BUSY; /* without memory for its room */
    return media_room(door->media, asked->meeting);
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
    connection->heard_at = clock_now_us();
    live_init(&connection->live);
    door->connections_open++;

    struct asked asked = asked_of_query(wsi);
    enum door_refusal refusal;
    struct room *room = connection_place(connection, &asked, &refusal);
    if (room)
        connection_welcome(connection, room);
    else
        connection_end(connection, refusal, refusal != DOOR_BUSY);
    log_line(LOG_INFO, "door.live",
             "meeting=%" PRIu64 " line_test=%" PRIu64 " user=%" PRIu64 " open=%s", asked.meeting,
             asked.line_test, connection->peer.user, room ? "yes" : refusal_text_of(refusal)->code);
    return 0;
}

/* -- what it asks ----------------------------------------------------------------------------- */

static void reply_with(struct connection *connection, json_t *json)
{
    char *text = json ? json_write(json) : NULL;
    json_decref(json);
    connection_reply(connection, text);
}

bool live_socket_join(struct connection *connection, const struct live_message *message)
{
    char *answer = NULL, seat[24];
    enum door_refusal refusal =
        media_join(connection->door->media, connection->room, &connection->peer, message->sdp,
                   message->resume, &answer);
    if (refusal != DOOR_REFUSAL_COUNT) {
        live_on_media_gone(&connection->live);
        connection_refuse(connection, refusal);
        return false;
    }
    live_on_joined(&connection->live);
    snprintf(seat, sizeof seat, "%" PRIu64, connection->peer.endpoint);
    reply_with(connection, json_pack("{s:s,s:s,s:s,s:s}", "type", "joined", "sdp", answer, "resume",
                                     connection->resume, "seat", seat));
    free(answer);
    return true;
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
    connection->view = message->view;
    live_mark(&connection->live, LIVE_MARK_OTHERS);
    connection_wake(connection);
    if (connection->peer.endpoint == 0)
        return; /* wanted before media are there: the client says it again after `joined` */
    struct sfu_command command = {.kind = SFU_SET_VIEW,
                                  .room = connection->room->meeting,
                                  .endpoint = connection->peer.endpoint,
                                  .view = message->view};
    if (sfu_command(connection->door->sfu, &command) != ERR_OK)
        connection_refuse(connection, DOOR_BUSY);
}

static void on_stage(struct connection *connection, const struct live_message *message)
{
    struct line_test_room *test = connection->room->line_test;
    if (!test)
        connection_refuse(connection, DOOR_BAD_REQUEST);
    else if (!line_test_room_stage(test, (uint32_t)message->number))
        connection_refuse(connection, DOOR_LINE_TEST_NO_SENDER);
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
        media_join_ask(connection->door->media, connection, &message);
        break;
    case LIVE_MESSAGE_RESTART:
        on_restart(connection, &message);
        break;
    case LIVE_MESSAGE_WATCH:
        on_watch(connection, &message);
        break;
    case LIVE_MESSAGE_MEDIA:
        room_on_sending(connection->room, connection, message.sending);
        break;
    case LIVE_MESSAGE_STAGE:
        on_stage(connection, &message);
        break;
    case LIVE_MESSAGE_PING:
        reply_with(connection,
                   json_pack("{s:s,s:I}", "type", "pong", "n", (json_int_t)message.number));
        break;
    }
    live_message_done(&message);
}

static void heard(struct connection *connection)
{
    connection->heard_at = clock_now_us();
    connection->is_asked = false;
}

/* -1: the frame is over its bound; the connection is closed. */
static int on_receive(struct lws *wsi, struct connection *connection, struct bytes part)
{
    heard(connection);
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

/* -- is it still there ------------------------------------------------------------------------ */

/* libwebsockets has timers for this, each in one sorted list that every message of every
 * connection would walk along. */
void live_socket_sweep(struct connection *connection, usec_t now)
{
    switch (live_silence(now - connection->heard_at)) {
    case LIVE_SILENCE_FINE:
        return;
    case LIVE_SILENCE_LOST:
        log_line(LOG_INFO, "door.live", "user=%" PRIu64 " closed=silent", connection->peer.user);
        lws_set_timeout(connection->wsi, PENDING_TIMEOUT_KILLED_BY_PARENT, LWS_TO_KILL_ASYNC);
        return;
    case LIVE_SILENCE_ASK:
        if (connection->is_asked)
            return;
        connection->is_asked = true;
        live_mark(&connection->live, LIVE_MARK_ASK);
        connection_wake(connection);
    }
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
        media_join_forget(door->media, connection);
        media_part(door->media, &connection->peer);
        if (room->line_test)
            line_test_room_part(room->line_test, &connection->peer);
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
    case LWS_CALLBACK_RECEIVE_PONG:
        if (connection)
            heard(connection);
        return 0;
    case LWS_CALLBACK_RECEIVE:
        return connection ? on_receive(wsi, connection, (struct bytes){in, size}) : -1;
    case LWS_CALLBACK_SERVER_WRITEABLE:
        return connection ? live_turns_on_writable(wsi, connection) : -1;
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

#include "load/edge/seats.h"

#include <libwebsockets.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <uv.h>

#include "base/buffer.h"
#include "base/limits.h"
#include "base/log.h"
#include "load/edge/seat_message.h"

enum {
    TURN_MS = 20,
    PATH_BYTES = 160,
    CLOSING_TURNS = 16,
    SPARE_HEADERS = 16,
    MESSAGE_MAX_BYTES = 2 * LIMIT_SDP_BYTES,
    RECEIVE_BYTES = 16 * 1024,
    AUDIO_SLOTS = 4, /* as a browser's page has them */
    STAGE_AND_SCREEN = 2,
};

enum seat_state { SEAT_CLOSED, SEAT_CONNECTING, SEAT_GREETED, SEAT_ASKED, SEAT_JOINED };

struct seat {
    struct seats *seats;
    uint32_t number;
    uint32_t peer;
    enum seat_state state;
    struct lws *wsi;
    bool watch_due;
    uint32_t stage_due; /* the source to be ordered, 0: none */
    struct buffer message;
};

struct seats {
    const struct options *options;
    const struct door_line_test *test;
    struct load *load;
    uv_loop_t loop;
    uv_timer_t turn;
    bool turn_open;
    struct lws_context *context;
    uint32_t count;
    uint32_t opened;  /* so many were begun */
    uint32_t opening; /* of these not joined yet */
    struct seats_counts counts;
    struct seat *seats;
};

/* ---- What is said ---------------------------------------------------------------------------- */

static bool say(struct lws *wsi, char *text)
{
    size_t size = text ? strlen(text) : 0;
    uint8_t *frame = text ? malloc(LWS_PRE + size) : NULL;
    bool said = false;
    if (frame) {
        struct wr wr = wr_init(frame + LWS_PRE, size);
        wr_text(&wr, text);
        said = lws_write(wsi, frame + LWS_PRE, size, LWS_WRITE_TEXT) == (int)size;
    }
    free(frame);
    free(text);
    return said;
}

static char *write_join(const struct seat *seat)
{
    const struct seats *seats = seat->seats;
    char *offer = malloc(LIMIT_SDP_BYTES);
    char *text = NULL;
    if (offer && load_offer(seats->load, seat->peer, offer, LIMIT_SDP_BYTES) == ERR_OK)
        text = seat_message_join(offer, seats->options->tiles);
    free(offer);
    return text;
}

/* One message a turn, as libwebsockets wants it. */
static bool seat_speak(struct seat *seat)
{
    const struct options *options = seat->seats->options;
    bool said = true;
    if (seat->state == SEAT_GREETED) {
        seat->state = SEAT_ASKED;
        said = say(seat->wsi, write_join(seat));
    } else if (seat->watch_due) {
        seat->watch_due = false;
        said = say(seat->wsi, seat_message_watch(options->senders, options->tiles));
    } else if (seat->stage_due) {
        said = say(seat->wsi, seat_message_stage(seat->stage_due));
        seat->stage_due = 0;
    }
    if (seat->watch_due || seat->stage_due)
        lws_callback_on_writable(seat->wsi);
    return said;
}

/* ---- What is heard --------------------------------------------------------------------------- */

static void note_refusal(struct seats *seats, const struct door_refusal *refusal)
{
    if (seats->counts.refusal.code[0] == 0)
        seats->counts.refusal = *refusal;
}

static bool seat_on_joined(struct seat *seat, const struct seat_message *message)
{
    struct seats *seats = seat->seats;
    if (seat->state != SEAT_ASKED ||
        load_answer(seats->load, seat->peer, bytes_of(message->sdp)) != ERR_OK) {
        static const struct door_refusal strange = {
            "seat.strange_answer", "Máy chủ trả lời SDP mà chương trình này không dùng được.",
            "The server's SDP answer is of no use to this program."};
        note_refusal(seats, &strange);
        return false;
    }
    seat->state = SEAT_JOINED;
    seats->opening--;
    seats->counts.joined++;
    seats->counts.took++;
    seat->watch_due = true;
    lws_callback_on_writable(seat->wsi);
    return true;
}

/* False closes the seat. */
static bool seat_on_message(struct seat *seat, struct bytes text)
{
    struct seat_message message;
    bool keep = true;
    if (seat_message_parse(text, &message) != ERR_OK)
        return false;
    switch (message.type) {
    case SEAT_MESSAGE_HELLO:
        load_set_source(seat->seats->load, seat->peer, message.source);
        seat->state = SEAT_GREETED;
        lws_callback_on_writable(seat->wsi);
        break;
    case SEAT_MESSAGE_JOINED:
        keep = seat_on_joined(seat, &message);
        break;
    case SEAT_MESSAGE_LAYERS:
        load_set_layers(seat->seats->load, seat->peer, message.camera);
        break;
    case SEAT_MESSAGE_ERROR:
        note_refusal(seat->seats, &message.refusal);
        break;
    case SEAT_MESSAGE_OTHER:
        break;
    }
    seat_message_done(&message);
    return keep;
}

static bool seat_on_part(struct seat *seat, struct bytes part, bool last)
{
    if (seat->message.size + part.size > MESSAGE_MAX_BYTES ||
        buffer_put(&seat->message, part) != ERR_OK)
        return false;
    if (!last)
        return true;
    bool keep = seat_on_message(seat, buffer_bytes(&seat->message));
    buffer_done(&seat->message); /* thousands of seats: none keeps what it read */
    return keep;
}

/* ---- Connections ----------------------------------------------------------------------------- */

static void seat_on_end(struct seat *seat, const char *reason)
{
    struct seats *seats = seat->seats;
    if (seat->state == SEAT_CLOSED)
        return;
    if (seat->state == SEAT_JOINED)
        seats->counts.joined--;
    else
        seats->opening--;
    seats->counts.closed++;
    seats->counts.open--;
    seat->state = SEAT_CLOSED;
    seat->wsi = NULL;
    buffer_done(&seat->message);
    if (reason) {
        struct door_refusal refusal = {.code = "seat.no_connection"};
        (void)snprintf(refusal.vi, sizeof refusal.vi,
                       "Không mở được WebSocket (%s). Kiểm tra proxy và giới hạn kết nối.", reason);
        (void)snprintf(refusal.en, sizeof refusal.en,
                       "The WebSocket cannot be opened (%s). Check proxies and limits.", reason);
        note_refusal(seats, &refusal);
    }
}

static int add_authorization(struct lws *wsi, const struct seat *seat, uint8_t **at, size_t room)
{
    char value[DOOR_TOKEN_BYTES + 16];
    int size = snprintf(value, sizeof value, "Bearer %s", seat->seats->test->token);
    return lws_add_http_header_by_token(wsi, WSI_TOKEN_HTTP_AUTHORIZATION, (const uint8_t *)value,
                                        size, at, *at + room);
}

static int on_seat(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in,
                   size_t size)
{
    struct seat *seat = user;
    switch ((int)reason) {
    case LWS_CALLBACK_CLIENT_APPEND_HANDSHAKE_HEADER:
        return add_authorization(wsi, seat, (uint8_t **)in, size);
    case LWS_CALLBACK_CLIENT_ESTABLISHED:
        seat->wsi = wsi;
        return 0;
    case LWS_CALLBACK_CLIENT_RECEIVE:
        return seat_on_part(seat, (struct bytes){in, size}, lws_is_final_fragment(wsi)) ? 0 : -1;
    case LWS_CALLBACK_CLIENT_WRITEABLE:
        return seat_speak(seat) ? 0 : -1;
    case LWS_CALLBACK_CLIENT_CONNECTION_ERROR:
        seat_on_end(seat, in ? (const char *)in : "?");
        return 0;
    case LWS_CALLBACK_CLIENT_CLOSED:
        seat_on_end(seat, NULL);
        return 0;
    default:
        return 0;
    }
}

static const struct lws_protocols PROTOCOLS[] = {
    {"dienhong.v1", on_seat, 0, RECEIVE_BYTES, 0, NULL, 0},
    {NULL, NULL, 0, 0, 0, NULL, 0},
};

/* A seat does not ask whether the server is still there: libwebsockets would sort each connection
 * into one list of all with every message. The media tell. */
static const lws_retry_bo_t NEVER_ASKS = {0};

/* Always this machine (RFC 6761, section 6.3), also on one without an /etc/hosts to find it in. */
static const char *address_of(const char *host)
{
    return strcmp(host, "localhost") == 0 ? "127.0.0.1" : host;
}

static void seat_open(struct seats *seats, struct seat *seat)
{
    const struct options *options = seats->options;
    char path[PATH_BYTES];
    bool sends = seat->number < options->senders;
    (void)snprintf(path, sizeof path, "/api/v1/live?lineTest=%s&seat=%s", seats->test->id,
                   sends ? "sender" : "receiver");
    struct lws_client_connect_info info = {
        .context = seats->context,
        .address = address_of(options->host),
        .port = options->port,
        .ssl_connection = LCCSCF_USE_SSL,
        .path = path,
        .host = options->host,
        .protocol = PROTOCOLS[0].name,
        .local_protocol_name = PROTOCOLS[0].name,
        .alpn = "http/1.1",
        .userdata = seat,
        .retry_and_idle_policy = &NEVER_ASKS,
        .ietf_version_or_minus_one = -1,
    };
    seat->state = SEAT_CONNECTING;
    seats->opening++;
    seats->counts.open++;
    if (!lws_client_connect_via_info(&info))
        seat_on_end(seat, "connect");
}

static void on_turn(uv_timer_t *timer)
{
    struct seats *seats = timer->data;
    uv_stop(&seats->loop);
}

/* ---- The whole ------------------------------------------------------------------------------- */

static void on_lws_log(int level, const char *line)
{
    size_t size = strcspn(line, "\n");
    log_line(level & LLL_ERR ? LOG_WARN : LOG_DEBUG, "load.lws", "text=\"%.*s\"", (int)size, line);
}

static void on_plugin_signal(void *handle, int number)
{
    (void)handle;
    (void)number;
}

static enum err open_context(struct seats *seats)
{
    void *loops[] = {&seats->loop};
    struct lws_context_creation_info info = {
        .port = CONTEXT_PORT_NO_LISTEN,
        .protocols = PROTOCOLS,
        .options = LWS_SERVER_OPTION_LIBUV | LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT |
                   LWS_SERVER_OPTION_UV_NO_SIGSEGV_SIGFPE_SPIN,
        .foreign_loops = loops,
        .signal_cb = on_plugin_signal,
        .pcontext = &seats->context,
        .client_ssl_ca_filepath = seats->options->ca_path,
        .max_http_header_pool2 = (unsigned short)(seats->options->at_once + SPARE_HEADERS),
        .pt_serv_buf_size = 32 * 1024,
        .uid = -1,
        .gid = -1,
    };
    lws_set_log_level(LLL_ERR | LLL_WARN, on_lws_log);
    seats->context = lws_create_context(&info);
    return seats->context ? ERR_OK : ERR_IO;
}

static enum err add_peers(struct seats *seats)
{
    const struct options *options = seats->options;
    for (uint32_t i = 0; i < seats->count; i++) {
        struct seat *seat = &seats->seats[i];
        *seat = (struct seat){.seats = seats, .number = i};
        struct load_peer peer = {.sends = true};
        if (i >= options->senders)
            peer = (struct load_peer){.audio_slots = AUDIO_SLOTS,
                                      .video_slots = STAGE_AND_SCREEN + options->tiles};
        enum err err = load_add(seats->load, &peer, &seat->peer);
        if (err != ERR_OK)
            return err;
    }
    return ERR_OK;
}

enum err seats_create(const struct options *options, const struct door_line_test *test,
                      struct load *load, struct seats **ret_seats)
{
    struct seats *seats = calloc(1, sizeof *seats);
    if (!seats)
        return ERR_NO_MEMORY;
    *seats = (struct seats){.options = options, .test = test, .load = load};
    seats->count = options->senders + options->receivers;
    seats->seats = calloc(seats->count, sizeof seats->seats[0]);
    enum err err = seats->seats && uv_loop_init(&seats->loop) == 0 ? ERR_OK : ERR_NO_MEMORY;
    if (err != ERR_OK) {
        free(seats->seats);
        free(seats);
        return err;
    }
    seats->turn_open = uv_timer_init(&seats->loop, &seats->turn) == 0;
    seats->turn.data = seats;
    err = add_peers(seats);
    if (err == ERR_OK)
        err = open_context(seats);
    if (err != ERR_OK) {
        seats_destroy(seats);
        return err;
    }
    *ret_seats = seats;
    return ERR_OK;
}

void seats_destroy(struct seats *seats)
{
    if (!seats)
        return;
    if (seats->turn_open)
        uv_close((uv_handle_t *)&seats->turn, NULL);
    /* With a loop of ours the plug-in ends in the loop's own turns (signaling/edge/server.c). */
    for (int turn = 0; seats->context && turn < CLOSING_TURNS; turn++) {
        lws_context_destroy(seats->context);
        for (int n = 0; seats->context && n < CLOSING_TURNS; n++)
            uv_run(&seats->loop, UV_RUN_NOWAIT);
    }
    uv_run(&seats->loop, UV_RUN_NOWAIT);
    uv_loop_close(&seats->loop);
    for (uint32_t i = 0; i < seats->count; i++)
        buffer_done(&seats->seats[i].message);
    free(seats->seats);
    free(seats);
}

void seats_run(struct seats *seats)
{
    while (seats->opened < seats->count && seats->opening < seats->options->at_once)
        seat_open(seats, &seats->seats[seats->opened++]);
    uv_timer_start(&seats->turn, on_turn, TURN_MS, 0);
    uv_run(&seats->loop, UV_RUN_DEFAULT);
}

struct seats_counts seats_counts(const struct seats *seats)
{
    return seats->counts;
}

void seats_order_stage(struct seats *seats, uint32_t source)
{
    for (uint32_t i = 0; i < seats->count; i++) {
        struct seat *seat = &seats->seats[i];
        if (seat->state != SEAT_JOINED)
            continue;
        seat->stage_due = source;
        lws_callback_on_writable(seat->wsi);
        return;
    }
}

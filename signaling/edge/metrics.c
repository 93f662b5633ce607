#include "signaling/edge/metrics.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "signaling/edge/media.h"

enum { HEADERS_BYTES = 1024 };

__attribute__((format(printf, 2, 3))) static void put(struct buffer *text, const char *format, ...)
{
    char line[512];
    va_list arguments;
    va_start(arguments, format);
    int size = vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    if (size <= 0 || (size_t)size >= sizeof line)
        return;
    enum err err = buffer_put(text, (struct bytes){(const uint8_t *)line, (size_t)size});
    (void)err; /* without memory the page is shorter */
}

static void gauge(struct buffer *text, const char *name, const char *kind, uint64_t value)
{
    put(text, "# TYPE dienhong_%s %s\ndienhong_%s %" PRIu64 "\n", name, kind, name, value);
}

static void workers_write(const struct door *door, struct buffer *text)
{
    uint32_t count = (uint32_t)settings_number(&door->settings, SETTING_WORKERS);
    struct worker_counters counters[LIMIT_WORKERS];
    for (uint32_t n = 0; n < count; n++)
        counters[n] = sfu_counters(door->sfu, n);
#define X(name)                                                                                    \
    put(text, "# TYPE dienhong_media_" #name " counter\n");                                        \
    for (uint32_t n = 0; n < count; n++)                                                           \
        put(text, "dienhong_media_" #name "{worker=\"%" PRIu32 "\"} %" PRIu64 "\n", n,             \
            counters[n].name);
    WORKER_COUNTERS(X)
#undef X
}

static void metrics_write(const struct door *door, struct buffer *text)
{
    gauge(text, "requests_total", "counter", door->requests_total);
    gauge(text, "refusals_total", "counter", door->refusals_total);
    gauge(text, "requests_open", "gauge", door->request_pool.taken);
    gauge(text, "logins_failed_total", "counter", door->logins_failed_total);
    gauge(text, "live_connections", "gauge", door->connections_open);
    gauge(text, "rooms", "gauge", media_room_count(door->media));
    gauge(text, "users", "gauge", meeting_user_count(door->meetings));
    workers_write(door, text);
}

static int on_request(struct lws *wsi, struct metrics_session *session, const char *path)
{
    struct door *door = lws_context_user(lws_get_context(wsi));
    free(session->text);
    session->text = calloc(1, sizeof *session->text);
    if (!session->text)
        return -1;
    session->status = 200;
    if (strcmp(path, "/livez") == 0) {
        put(session->text, "alive\n");
    } else if (strcmp(path, "/readyz") == 0) {
        session->status = door->stopping ? 503 : 200;
        put(session->text, door->stopping ? "stopping\n" : "ready\n");
    } else if (strcmp(path, "/metrics") == 0) {
        metrics_write(door, session->text);
    } else {
        session->status = 404;
        put(session->text, "not found\n");
    }
    lws_callback_on_writable(wsi);
    return 0;
}

static void session_end(struct metrics_session *session)
{
    if (!session || !session->text)
        return;
    buffer_done(session->text);
    free(session->text);
    session->text = NULL;
}

static int on_writable(struct lws *wsi, struct metrics_session *session)
{
    if (!session->text)
        return 0;
    size_t size = session->text->size;
    unsigned char *whole = malloc(LWS_PRE + HEADERS_BYTES + size);
    if (!whole)
        return -1;
    unsigned char *start = whole + LWS_PRE, *at = start, *end = start + HEADERS_BYTES - 1;
    bool fine = lws_add_http_common_headers(wsi, session->status, "text/plain; version=0.0.4", size,
                                            &at, end) == 0 &&
                lws_finalize_write_http_header(wsi, start, &at, end) == 0;
    if (fine) {
        memcpy(start, session->text->data, size);
        fine = lws_write(wsi, start, size, LWS_WRITE_HTTP_FINAL) >= (int)size;
    }
    free(whole);
    session_end(session);
    return fine && lws_http_transaction_completed(wsi) == 0 ? 0 : -1;
}

int metrics_on_reason(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in,
                      size_t size)
{
    (void)size;
    switch ((int)reason) {
    case LWS_CALLBACK_HTTP:
        return on_request(wsi, user, in);
    case LWS_CALLBACK_HTTP_WRITEABLE:
        return on_writable(wsi, user);
    case LWS_CALLBACK_CLOSED_HTTP:
        session_end(user);
        return 0;
    default:
        return 0;
    }
}

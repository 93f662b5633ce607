#include "signaling/edge/metrics.h"

#include <stdlib.h>
#include <string.h>

#include "signaling/edge/metrics_page.h"

enum { HEADERS_BYTES = 1024 };

static int on_request(struct lws *wsi, struct metrics_session *session, const char *path)
{
    struct door *door = lws_context_user(lws_get_context(wsi));
    free(session->text);
    session->text = calloc(1, sizeof *session->text);
    if (!session->text)
        return -1;
    session->status = 200;
    session->type = "text/plain; version=0.0.4";
    if (strcmp(path, "/livez") == 0) {
        metrics_put(session->text, "alive\n");
    } else if (strcmp(path, "/readyz") == 0) {
        session->status = door->stopping ? 503 : 200;
        metrics_put(session->text, door->stopping ? "stopping\n" : "ready\n");
    } else if (strcmp(path, "/health") == 0) {
        session->type = "application/json";
        metrics_health_write(door, session->text);
    } else if (strcmp(path, "/metrics") == 0) {
        metrics_page_write(door, session->text);
    } else {
        session->status = 404;
        metrics_put(session->text, "not found\n");
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
    bool fine =
        lws_add_http_common_headers(wsi, session->status, session->type, size, &at, end) == 0 &&
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

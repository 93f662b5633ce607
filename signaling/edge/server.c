#include "signaling/edge/server.h"

#include <libwebsockets.h>
#include <openssl/ssl.h>
#include <sodium.h>
#include <string.h>

#include "base/log.h"
#include "signaling/edge/live_socket.h"
#include "signaling/edge/metrics.h"
#include "signaling/edge/request.h"

/* -- headers on every answer ------------------------------------------------------------------ */

/* What the client needs beyond its own files: pdf.js' decoders (wasm) and fonts, pictures that it
 * draws itself (blob, data). 'self' covers wss: on the same host, and the worker's script. The one
 * other place it may talk to is the person's own machine: VGCA Sign Service (docs/vgca.md) and the
 * helper of a token (docs/signing-helper.md). */
static const char CONTENT_SECURITY_POLICY[] =
    "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; img-src 'self' blob: data:; "
    "font-src 'self' blob: data:; connect-src 'self' wss://127.0.0.1:8987 http://127.0.0.1:8988; "
    "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

static const struct lws_protocol_vhost_options SECURITY_HEADERS[] = {
    {&SECURITY_HEADERS[1], NULL, "content-security-policy:", CONTENT_SECURITY_POLICY},
    {&SECURITY_HEADERS[2], NULL, "x-content-type-options:", "nosniff"},
    {&SECURITY_HEADERS[3], NULL, "referrer-policy:", "no-referrer"},
    {&SECURITY_HEADERS[4], NULL, "cross-origin-opener-policy:", "same-origin"},
    {&SECURITY_HEADERS[5], NULL, "cross-origin-resource-policy:", "same-origin"},
    {&SECURITY_HEADERS[6], NULL, "permissions-policy:",
     "camera=(self), microphone=(self), display-capture=(self), fullscreen=(self), geolocation=()"},
    {NULL, NULL, "strict-transport-security:", "max-age=31536000"},
};

/* -- HTTP ------------------------------------------------------------------------------------- */

struct http_session {
    struct request *request; /* under way on this connection, or NULL */
};

static struct door *door_of(struct lws *wsi)
{
    return lws_context_user(lws_get_context(wsi));
}

static int on_http(struct lws *wsi, struct http_session *session)
{
    request_close(session->request);
    session->request = request_open(door_of(wsi), wsi);
    return session->request ? 0 : -1;
}

/* -1 closes the connection, 0 keeps it. */
static int on_http_writable(struct lws *wsi, struct http_session *session)
{
    bool finished = false;
    if (!session->request)
        return 0;
    if (!reply_write(session->request, &finished))
        return -1;
    if (!finished)
        return 0;
    bool close_after = session->request->close_after;
    request_close(session->request);
    session->request = NULL;
    return close_after || lws_http_transaction_completed(wsi) ? -1 : 0;
}

static int on_http_reason(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in,
                          size_t size)
{
    struct http_session *session = user;
    switch ((int)reason) {
    case LWS_CALLBACK_HTTP:
        return on_http(wsi, session);
    case LWS_CALLBACK_HTTP_BODY:
        if (session->request)
            request_on_body(session->request, (struct bytes){in, size});
        sodium_memzero(in, size); /* may hold a password or a PIN, and is nobody's any more */
        return 0;
    case LWS_CALLBACK_HTTP_BODY_COMPLETION:
        if (session->request)
            request_on_body_end(session->request);
        return 0;
    case LWS_CALLBACK_HTTP_WRITEABLE:
        return on_http_writable(wsi, session);
    case LWS_CALLBACK_CLOSED_HTTP:
        if (session) {
            request_close(session->request);
            session->request = NULL;
        }
        return 0;
    default:
        return 0;
    }
}

/* -- the sockets ------------------------------------------------------------------------------ */

static const struct lws_protocols PROTOCOLS[] = {
    {"http", on_http_reason, sizeof(struct http_session), 0, 0, NULL, 0},
    {LIVE_SUBPROTOCOL, live_socket_on_reason, sizeof(struct live_session), 4096, 0, NULL, 0},
    {NULL, NULL, 0, 0, 0, NULL, 0},
};

static const struct lws_protocols ADMIN_PROTOCOLS[] = {
    {"http", metrics_on_reason, sizeof(struct metrics_session), 0, 0, NULL, 0},
    {NULL, NULL, 0, 0, 0, NULL, 0},
};

/* With a signal_cb the libuv plug-in leaves signals to us. */
static void on_plugin_signal(void *handle, int number)
{
    (void)handle;
    (void)number;
}

static void on_lws_log(int level, const char *line)
{
    size_t size = strcspn(line, "\n");
    log_line(level & LLL_ERR ? LOG_WARN : LOG_DEBUG, "door.lws", "text=\"%.*s\"", (int)size, line);
}

enum { CLOSING_TURNS = 16 };

/* Nobody is asked by libwebsockets whether they are still there: it would put each connection, with
 * every message, at its place in one sorted list of all. live_socket.c asks in a sweep instead. */
static const lws_retry_bo_t NEVER_ASKED = {0};

static enum err context_create(struct door *door)
{
    void *loops[] = {&door->loop};
    struct lws_context_creation_info info = {
        .port = CONTEXT_PORT_NO_LISTEN,
        .options = LWS_SERVER_OPTION_EXPLICIT_VHOSTS | LWS_SERVER_OPTION_LIBUV |
                   LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT |
                   LWS_SERVER_OPTION_UV_NO_SIGSEGV_SIGFPE_SPIN,
        .foreign_loops = loops,
        .signal_cb = on_plugin_signal,
        .pcontext = &door->lws,
        .user = door,
        .max_http_header_data = 16 * 1024,
        .max_http_header_pool2 = LIMIT_CONNECTIONS,
        .pt_serv_buf_size = 32 * 1024,
        .timeout_secs = 30,
        .keepalive_timeout = 60,
        .uid = -1,
        .gid = -1,
    };
    lws_set_log_level(LLL_ERR | LLL_WARN, on_lws_log);
    door->lws = lws_create_context(&info);
    return door->lws ? ERR_OK : ERR_IO;
}

static enum err vhost_create(struct door *door, const char *certificate_path, const char *key_path)
{
    struct lws_context_creation_info info = {
        .port = (int)settings_number(&door->settings, SETTING_PORT),
        .vhost_name = "door",
        .protocols = PROTOCOLS,
        .headers = SECURITY_HEADERS,
        .server_string = "dienhong",
        .ssl_cert_filepath = certificate_path,
        .ssl_private_key_filepath = key_path,
        /* Cleansed: a password or PIN must not stay behind in what TLS has read. */
        .ssl_options_set = (long)(SSL_OP_NO_TLSv1 | SSL_OP_NO_TLSv1_1 | SSL_OP_NO_RENEGOTIATION |
                                  SSL_OP_CLEANSE_PLAINTEXT),
        .alpn = "http/1.1",
        .options =
            LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT | LWS_SERVER_OPTION_FAIL_UPON_UNABLE_TO_BIND,
        .retry_and_idle_policy = &NEVER_ASKED,
        .timeout_secs = 30,
        .keepalive_timeout = 60,
    };
    door->vhost = lws_create_vhost(door->lws, &info);
    if (!door->vhost)
        return ERR_IO;
    door->port = (uint16_t)lws_get_vhost_listen_port(door->vhost);
    return ERR_OK;
}

static enum err admin_vhost_create(struct door *door)
{
    int64_t wanted = settings_number(&door->settings, SETTING_ADMIN_PORT);
    bool any_port = settings_number(&door->settings, SETTING_PORT) == 0;
    struct lws_context_creation_info info = {
        .port = wanted     ? (int)wanted
                : any_port ? 0
                           : door->port + 1,
        .vhost_name = "admin",
        .iface = "127.0.0.1",
        .protocols = ADMIN_PROTOCOLS,
        .server_string = "dienhong",
        .options = LWS_SERVER_OPTION_FAIL_UPON_UNABLE_TO_BIND | LWS_SERVER_OPTION_DISABLE_IPV6,
        .timeout_secs = 30,
        .keepalive_timeout = 30,
    };
    struct lws_vhost *vhost = lws_create_vhost(door->lws, &info);
    if (!vhost)
        return ERR_IO;
    door->admin_port = (uint16_t)lws_get_vhost_listen_port(vhost);
    return ERR_OK;
}

enum err server_open(struct door *door, const char *certificate_path, const char *key_path)
{
    enum err err = context_create(door);
    if (err == ERR_OK)
        err = vhost_create(door, certificate_path, key_path);
    if (err == ERR_OK)
        err = admin_vhost_create(door);
    if (err != ERR_OK)
        log_line(LOG_ERROR, "door.server", "port=%lld listening=no",
                 (long long)settings_number(&door->settings, SETTING_PORT));
    return err;
}

void server_close(struct door *door)
{
    if (!door->lws)
        return;
    /* With a loop of ours the plug-in ends in the loop's own turns: a first call closes the
     * sockets, their callbacks come, a further call frees what is left, and pcontext says that it
     * is done. */
    for (int turn = 0; door->lws && turn < CLOSING_TURNS; turn++) {
        lws_context_destroy(door->lws);
        for (int n = 0; door->lws && n < CLOSING_TURNS; n++)
            uv_run(&door->loop, UV_RUN_NOWAIT);
    }
    door->lws = NULL;
}

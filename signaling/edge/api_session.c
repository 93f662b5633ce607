#include "signaling/edge/api_session.h"

#include <libwebsockets.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/limits.h"
#include "base/log.h"
#include "signaling/core/http_text.h"
#include "signaling/edge/api.h"
#include "signaling/edge/json.h"

#define COOKIE_NAME "__Host-session"

enum {
    TOKEN_RANDOM_BYTES = 32,
    TOKEN_TEXT_BYTES = 44, /* base64url without padding, and a terminator */
    COOKIE_HEADER_BYTES = 4096,
    PASSWORD_BYTES_MAX = 1024,
};

_Static_assert((int)TOKEN_TEXT_BYTES <= (int)SESSION_CSRF_BYTES,
               "a CSRF token is of the same form");

/* -- recognising ------------------------------------------------------------------------------ */

static void token_make(char ret_text[TOKEN_TEXT_BYTES])
{
    uint8_t bytes[TOKEN_RANDOM_BYTES];
    randombytes_buf(bytes, sizeof bytes);
    sodium_bin2base64(ret_text, TOKEN_TEXT_BYTES, bytes, sizeof bytes,
                      sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    sodium_memzero(bytes, sizeof bytes);
}

static void renew_if_worth(struct door *door, const struct session *session, utc_ms_t now)
{
    if (!session_is_worth_renewing(&door->sessions, session->created_at, session->expires_at, now))
        return;
    struct session renewed = *session;
    renewed.expires_at = session_expiry(&door->sessions, session->created_at, now);
    if (meeting_session_put(door->meetings, &renewed, now) != ERR_OK)
        log_line(LOG_WARN, "door.session", "renewed=no user=%llu",
                 (unsigned long long)renewed.user_id);
}

enum err api_session_of_cookie(struct door *door, struct bytes cookie_header,
                               uint8_t ret_hash[SESSION_HASH_BYTES],
                               const struct session **ret_session)
{
    struct bytes token;
    enum err err = http_text_cookie(cookie_header, COOKIE_NAME, &token);
    if (err != ERR_OK)
        return ERR_UNKNOWN;
    uint8_t hash[SESSION_HASH_BYTES];
    crypto_hash_sha256(hash, token.data, token.size);
    utc_ms_t now = clock_utc_ms();
    const struct session *session = meeting_session_get(door->meetings, hash, now);
    if (!session)
        return ERR_UNKNOWN;
    renew_if_worth(door, session, now);
    session = meeting_session_get(door->meetings, hash, now);
    if (!session)
        return ERR_UNKNOWN;
    memcpy(ret_hash, hash, sizeof hash);
    *ret_session = session;
    return ERR_OK;
}

bool api_session_touch(struct door *door, const uint8_t hash[SESSION_HASH_BYTES])
{
    utc_ms_t now = clock_utc_ms();
    const struct session *session = meeting_session_get(door->meetings, hash, now);
    if (!session)
        return false;
    renew_if_worth(door, session, now);
    return true;
}

void api_session_recognise(struct request *request)
{
    char header[COOKIE_HEADER_BYTES];
    if (lws_hdr_total_length(request->wsi, WSI_TOKEN_HTTP_COOKIE) <= 0 ||
        lws_hdr_copy(request->wsi, header, sizeof header, WSI_TOKEN_HTTP_COOKIE) <= 0)
        return;
    const struct session *session = NULL;
    if (api_session_of_cookie(request->door, bytes_of(header), request->session_hash, &session) !=
        ERR_OK)
        return;
    request->user = meeting_user_find(request->door->meetings, session->user_id);
    memcpy(request->csrf, session->csrf, sizeof request->csrf);
}

/* -- the Session object ----------------------------------------------------------------------- */

static json_t *roles_json(uint32_t roles)
{
    json_t *list = json_array();
    for (uint32_t role = 0; role < ROLE_COUNT; role++)
        if (roles & (1U << role))
            json_array_append_new(list, json_string(words_name(&user_role_words, role)));
    return list;
}

static json_t *session_json(struct door *door, const struct directory_user *user, const char *csrf)
{
    const struct directory_unit *unit = meeting_unit_find(door->meetings, user->unit_id);
    return json_pack("{s:{s:o,s:s,s:s,s:s,s:{s:o,s:s},s:o},s:s,s:{s:s,s:s,s:I}}", "user", "id",
                     json_of_id(user->id), "login", user->login, "name", user->name, "position",
                     user->position, "unit", "id", json_of_id(user->unit_id), "name",
                     unit ? unit->name : "", "roles", roles_json(user->roles), "csrf", csrf,
                     "server", "name", "Diên Hồng", "commit", DIENHONG_COMMIT, "nowAt",
                     (json_int_t)clock_utc_ms());
}

void api_session_get(struct request *request)
{
    reply_json(request, 200, session_json(request->door, request->user, request->csrf));
}

void api_session_delete(struct request *request)
{
    meeting_session_delete(request->door->meetings, request->session_hash);
    snprintf(request->reply.cookie, sizeof request->reply.cookie,
             COOKIE_NAME "=; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=0");
    reply_empty(request, 204);
}

/* -- logging in ------------------------------------------------------------------------------- */

struct login_job {
    struct door_job job; /* first: the job is found by it */
    struct handle request;
    uint64_t user_id; /* 0: there is no such user */
    char password_hash[crypto_pwhash_STRBYTES];
    char password[PASSWORD_BYTES_MAX + 1];
    char account[LIMIT_NAME_BYTES + 1];
    char peer[64];
    bool is_right;
};

static void login_run(struct door_job *job)
{
    struct login_job *login = (struct login_job *)job;
    login->is_right = crypto_pwhash_str_verify(login->password_hash, login->password,
                                               strlen(login->password)) == 0;
    sodium_memzero(login->password, sizeof login->password);
}

/* Opens a session for the user and answers with it. */
static void login_succeed(struct request *request, const struct directory_user *user)
{
    struct door *door = request->door;
    utc_ms_t now = clock_utc_ms();
    char token[TOKEN_TEXT_BYTES];
    struct session session = {.user_id = user->id, .created_at = now};
    session.expires_at = session_expiry(&door->sessions, now, now);
    token_make(token);
    token_make(session.csrf);
    crypto_hash_sha256(session.token_hash, (const uint8_t *)token, strlen(token));
    enum err err = meeting_session_put(door->meetings, &session, now);
    if (err != ERR_OK) {
        log_line(LOG_ERROR, "door.session", "opened=no err=%s", err_name(err));
        reply_refusal(request, DOOR_BUSY);
    } else {
        snprintf(request->reply.cookie, sizeof request->reply.cookie,
                 COOKIE_NAME "=%s; Path=/; Secure; HttpOnly; SameSite=Lax", token);
        log_line(LOG_INFO, "door.session", "opened=yes user=%llu peer=%s",
                 (unsigned long long)user->id, request->peer);
        reply_json(request, 200, session_json(door, user, session.csrf));
    }
    sodium_memzero(token, sizeof token);
}

static void login_finish(struct door_job *job)
{
    struct login_job *login = (struct login_job *)job;
    struct door *door = job->door;
    struct request *request = request_at(door, login->request);
    const struct directory_user *user = meeting_user_find(door->meetings, login->user_id);
    struct bytes account = bytes_of(login->account), peer = bytes_of(login->peer);

    if (login->is_right && user) {
        login_limit_on_success(door->logins, account, peer);
        if (request)
            login_succeed(request, user);
    } else {
        door->logins_failed_total++;
        login_limit_on_failure(door->logins, account, peer, clock_now_us());
        log_line(LOG_INFO, "door.login", "right=no peer=%s", login->peer);
        if (request)
            reply_refusal(request, DOOR_LOGIN_WRONG);
    }
    sodium_memzero(login, sizeof *login);
    free(login);
}

static void login_submit(struct request *request, const char *name, const char *password)
{
    struct door *door = request->door;
    const struct directory_user *user = meeting_user_by_login(door->meetings, bytes_of(name));
    struct login_job *login = calloc(1, sizeof *login);
    if (!login) {
        reply_refusal(request, DOOR_BUSY);
        return;
    }
    login->job = (struct door_job){door, login_run, login_finish};
    login->request = request->self;
    login->user_id = user ? user->id : 0;
    snprintf(login->password_hash, sizeof login->password_hash, "%s",
             user ? user->password_hash : door->nobody_hash);
    snprintf(login->password, sizeof login->password, "%s", password);
    snprintf(login->account, sizeof login->account, "%s", name);
    snprintf(login->peer, sizeof login->peer, "%s", request->peer);
    lws_set_timeout(request->wsi, PENDING_TIMEOUT_HTTP_CONTENT, REQUEST_WAIT_SECONDS);
    if (door_submit(door, &login->job) != ERR_OK) {
        sodium_memzero(login, sizeof *login);
        free(login);
        request->reply.retry_after_seconds = 1 + randombytes_uniform(5);
        reply_refusal(request, DOOR_BUSY);
    }
}

void api_session_create(struct request *request)
{
    static const char *const MEMBERS[] = {"login", "password", NULL};
    json_t *body = NULL;
    const char *name = NULL, *password = NULL;
    if (!api_read_json(request, MEMBERS, &body))
        return;
    if (json_text(body, "login", &name) != ERR_OK ||
        json_text(body, "password", &password) != ERR_OK || strlen(name) > LIMIT_NAME_BYTES ||
        strlen(password) > PASSWORD_BYTES_MAX) {
        reply_refusal(request, DOOR_BAD_REQUEST);
    } else {
        usec_t wait = login_limit_wait_us(request->door->logins, bytes_of(name),
                                          bytes_of(request->peer), clock_now_us());
        request->reply.retry_after_seconds = (uint32_t)((wait + USEC_PER_SEC - 1) / USEC_PER_SEC);
        if (wait > 0)
            reply_refusal(request, DOOR_LOGIN_SLOW);
        else
            login_submit(request, name, password);
    }
    json_decref(body);
}

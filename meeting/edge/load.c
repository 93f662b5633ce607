/* From the database into memory: everything at the start, one meeting after a lost commit. */
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "meeting/core/fold.h"
#include "meeting/edge/register.h"

/* -- the log ------------------------------------------------------------------------------------
 */

static enum err row_fold(struct service_meeting *meeting, const struct store_query *query)
{
    struct arena arena = {0};
    struct event_row row = {
        .seq = (uint64_t)query_int(query, 1),
        .at = query_int(query, 3),
        .actor = (uint64_t)query_int(query, 4),
    };
    uint32_t kind;
    struct bytes hash = query_bytes(query, 8);
    enum err err = words_find(&event_kind_words, query_bytes(query, 5), &kind);
    if (err == ERR_OK && (query_int(query, 6) != EVENT_VERSION || hash.size != CHAIN_HASH_BYTES))
        err = ERR_FORMAT;
    if (err == ERR_OK)
        err = event_json_parse((enum event_kind)kind, query_bytes(query, 7), &arena, &row.event);
    if (err == ERR_OK)
        err = fold(&meeting->state, &row);
    if (err == ERR_OK)
        memcpy(meeting->head, query_bytes(query, 8).data, sizeof meeting->head);
    else
        log_line(LOG_ERROR, "meeting.load", "meeting=%llu seq=%llu err=%s",
                 (unsigned long long)meeting->state.id, (unsigned long long)row.seq, err_name(err));
    arena_done(&arena);
    return err;
}

static enum err load_meetings(struct meeting_service *service)
{
    struct store_query *query = query_begin(service->store, STATEMENT_EVENT_WALK);
    struct service_meeting *meeting = NULL;
    enum err err = ERR_OK;
    enum err step = ERR_OK;
    while (err == ERR_OK && (step = query_step(query)) == ERR_OK) {
        uint64_t id = (uint64_t)query_int(query, 0);
        if (!meeting || meeting->state.id != id) {
            meeting = service_meeting_add(service, id);
            err = meeting ? ERR_OK : ERR_NO_MEMORY;
        }
        if (err == ERR_OK)
            err = row_fold(meeting, query);
        if (err == ERR_OK && meeting->state.seq == 1)
            service_meeting_list(service, meeting);
    }
    query_end(query);
    if (err == ERR_OK && step != ERR_AGAIN)
        err = step;
    return err == ERR_OK || err == ERR_NO_MEMORY || err == ERR_IO ? err : ERR_FORMAT;
}

bool load_again(struct meeting_service *service, struct service_meeting *meeting)
{
    struct store_query *query = query_begin(service->store, STATEMENT_EVENT_WALK_ONE);
    query_bind_int(query, (int64_t)meeting->state.id);
    state_done(&meeting->state);
    memset(meeting->head, 0, sizeof meeting->head);
    bool ok = true;
    while (ok && query_step(query) == ERR_OK)
        ok = row_fold(meeting, query) == ERR_OK;
    query_end(query);
    if (!ok)
        state_done(&meeting->state); /* better no meeting than half of one */
    return meeting->state.seq > 0;
}

/* -- everything else ----------------------------------------------------------------------------
 */

/* A column as text with a terminator. */
static const char *text_of(const struct store_query *query, int column, struct arena *arena)
{
    struct bytes bytes = query_bytes(query, column);
    return arena_text(arena, bytes.size ? (const char *)bytes.data : "", bytes.size);
}

typedef enum err keep_row(struct meeting_service *service, const struct store_query *query,
                          struct arena *arena);

static enum err keep_unit(struct meeting_service *service, const struct store_query *query,
                          struct arena *arena)
{
    uint32_t kind;
    enum err err = words_find(&unit_kind_words, query_bytes(query, 2), &kind);
    if (err != ERR_OK)
        return ERR_FORMAT;
    struct directory_unit unit = {
        .id = (uint64_t)query_int(query, 0),
        .parent_id = (uint64_t)query_int(query, 1),
        .kind = (enum unit_kind)kind,
        .name = text_of(query, 3, arena),
    };
    return arena->failed ? ERR_NO_MEMORY : directory_keep_unit(&service->directory, &unit);
}

static enum err keep_user(struct meeting_service *service, const struct store_query *query,
                          struct arena *arena)
{
    struct directory_user user = {
        .id = (uint64_t)query_int(query, 0),
        .unit_id = (uint64_t)query_int(query, 5),
        .roles = (uint32_t)query_int(query, 6),
        .login = text_of(query, 1, arena),
        .password_hash = text_of(query, 2, arena),
        .name = text_of(query, 3, arena),
        .position = text_of(query, 4, arena),
    };
    return arena->failed ? ERR_NO_MEMORY : directory_keep_user(&service->directory, &user);
}

static void text_fit(char *slot, size_t capacity, struct bytes text)
{
    size_t size = text.size < capacity ? text.size : capacity - 1;
    if (size)
        memcpy(slot, text.data, size);
    slot[size] = '\0';
}

static enum err keep_session(struct meeting_service *service, const struct store_query *query,
                             struct arena *arena)
{
    (void)arena;
    struct session session = {
        .user_id = (uint64_t)query_int(query, 1),
        .created_at = query_int(query, 2),
        .expires_at = query_int(query, 3),
    };
    struct bytes hash = query_bytes(query, 0);
    if (hash.size != sizeof session.token_hash)
        return ERR_FORMAT;
    memcpy(session.token_hash, hash.data, hash.size);
    text_fit(session.csrf, sizeof session.csrf, query_bytes(query, 4));
    return accounts_keep_session(&service->accounts, &session);
}

static enum err keep_certificate(struct meeting_service *service, const struct store_query *query,
                                 struct arena *arena)
{
    (void)arena;
    struct certificate certificate = {
        .user_id = (uint64_t)query_int(query, 1),
        .not_after = query_int(query, 2),
    };
    text_fit(certificate.serial, sizeof certificate.serial, query_bytes(query, 0));
    text_fit(certificate.spki_sha256, sizeof certificate.spki_sha256, query_bytes(query, 3));
    certificate.der = query_bytes(query, 4);
    certificate.revoked_at = query_int(query, 5);
    certificate.revoked_by = (uint64_t)query_int(query, 6);
    text_fit(certificate.revoked_why, sizeof certificate.revoked_why, query_bytes(query, 7));
    return accounts_keep_certificate(&service->accounts, &certificate);
}

static enum err keep_key_request(struct meeting_service *service, const struct store_query *query,
                                 struct arena *arena)
{
    (void)arena;
    uint32_t state = 0;
    struct key_request request = {
        .id = (uint64_t)query_int(query, 0),
        .user_id = (uint64_t)query_int(query, 1),
        .csr = query_bytes(query, 2),
        .asked_at = query_int(query, 6),
        .decided_at = query_int(query, 7),
        .decided_by = (uint64_t)query_int(query, 8),
    };
    if (words_find(&key_request_state_words, query_bytes(query, 5), &state) != ERR_OK)
        return ERR_FORMAT;
    request.state = (enum key_request_state)state;
    text_fit(request.spki_sha256, sizeof request.spki_sha256, query_bytes(query, 3));
    text_fit(request.renews, sizeof request.renews, query_bytes(query, 4));
    text_fit(request.reason, sizeof request.reason, query_bytes(query, 9));
    text_fit(request.serial, sizeof request.serial, query_bytes(query, 10));
    return accounts_keep_key_request(&service->accounts, &request);
}

static enum err keep_issued(struct meeting_service *service, const struct store_query *query,
                            struct arena *arena)
{
    (void)arena;
    size_t size = (service->issued_count + (size_t)1) * sizeof *service->issued;
    struct issued_file *issued = realloc(service->issued, size);
    if (!issued)
        return ERR_NO_MEMORY;
    service->issued = issued;
    struct issued_file *file = &issued[service->issued_count++];
    *file = (struct issued_file){
        .meeting = (uint64_t)query_int(query, 2),
        .issued_at = query_int(query, 3),
    };
    text_fit(file->sha256, sizeof file->sha256, query_bytes(query, 0));
    text_fit(file->code, sizeof file->code, query_bytes(query, 1));
    return ERR_OK;
}

static enum err load_rows(struct meeting_service *service, enum statement statement, keep_row *keep)
{
    struct arena arena = {0};
    struct store_query *query = query_begin(service->store, statement);
    enum err err = ERR_OK;
    enum err step = ERR_OK;
    while (err == ERR_OK && (step = query_step(query)) == ERR_OK)
        err = keep(service, query, &arena);
    query_end(query);
    arena_done(&arena);
    return err == ERR_OK && step != ERR_AGAIN ? step : err;
}

enum err load_issued(struct meeting_service *service)
{
    service->issued_count = 0;
    return load_rows(service, STATEMENT_ISSUED_LIST, keep_issued);
}

enum err load_all(struct meeting_service *service)
{
    enum err err = load_rows(service, STATEMENT_UNIT_LIST, keep_unit);
    if (err == ERR_OK)
        err = load_rows(service, STATEMENT_USER_LIST, keep_user);
    if (err == ERR_OK)
        err = load_rows(service, STATEMENT_SESSION_LIST, keep_session);
    if (err == ERR_OK)
        err = load_rows(service, STATEMENT_CERTIFICATE_LIST, keep_certificate);
    if (err == ERR_OK)
        err = load_rows(service, STATEMENT_KEY_REQUEST_LIST, keep_key_request);
    if (err == ERR_OK)
        err = load_issued(service);
    if (err == ERR_OK)
        err = load_meetings(service);
    return err == ERR_OK ? register_load(service) : err;
}

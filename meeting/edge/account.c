#include "meeting/edge/account.h"

#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "meeting/edge/service.h"

static void certificate_free(struct certificate *certificate)
{
    free((void *)(uintptr_t)certificate->der.data);
    free(certificate);
}

void accounts_done(struct accounts *accounts)
{
    for (uint32_t i = 0; i < accounts->certificate_count; i++)
        certificate_free(accounts->certificates[i]);
    free(accounts->certificates);
    accounts_free_key_requests(accounts);
    free(accounts->sessions);
    *accounts = (struct accounts){0};
}

/* -- sessions -----------------------------------------------------------------------------------
 */

static struct session *session_find(const struct accounts *accounts,
                                    const uint8_t token_hash[SESSION_HASH_BYTES])
{
    for (uint32_t i = 0; i < accounts->session_count; i++)
        if (memcmp(accounts->sessions[i].token_hash, token_hash, SESSION_HASH_BYTES) == 0)
            return &accounts->sessions[i];
    return NULL;
}

enum err accounts_keep_session(struct accounts *accounts, const struct session *session)
{
    struct session *slot = session_find(accounts, session->token_hash);
    if (!slot) {
        if (!accounts->sessions)
            accounts->sessions = calloc(LIMIT_SESSIONS, sizeof *accounts->sessions);
        if (!accounts->sessions)
            return ERR_NO_MEMORY;
        if (accounts->session_count == LIMIT_SESSIONS)
            return ERR_FULL;
        slot = &accounts->sessions[accounts->session_count++];
    }
    *slot = *session;
    return ERR_OK;
}

static void session_drop(struct accounts *accounts, struct session *session)
{
    *session = accounts->sessions[--accounts->session_count];
}

static void sessions_expire(struct meeting_service *service, utc_ms_t now)
{
    struct accounts *accounts = &service->accounts;
    for (uint32_t i = 0; i < accounts->session_count;)
        if (accounts->sessions[i].expires_at <= now)
            session_drop(accounts, &accounts->sessions[i]);
        else
            i++;
}

enum err meeting_session_put(struct meeting_service *service, const struct session *session,
                             utc_ms_t now)
{
    if (service->accounts.session_count == LIMIT_SESSIONS)
        sessions_expire(service, now);
    enum err err = accounts_keep_session(&service->accounts, session);
    if (err != ERR_OK)
        return err;
    struct store_batch *batch = store_batch_create();
    if (!batch)
        return ERR_NO_MEMORY;
    store_batch_add(batch, STATEMENT_SESSION_EXPIRE);
    store_batch_int(batch, now);
    store_batch_add(batch, STATEMENT_SESSION_PUT);
    store_batch_blob(batch, (struct bytes){session->token_hash, sizeof session->token_hash});
    store_batch_int(batch, (int64_t)session->user_id);
    store_batch_int(batch, session->created_at);
    store_batch_int(batch, session->expires_at);
    store_batch_text(batch, session->csrf);
    uint64_t number;
    return store_submit(service->store, batch, &number);
}

const struct session *meeting_session_get(const struct meeting_service *service,
                                          const uint8_t token_hash[SESSION_HASH_BYTES],
                                          utc_ms_t now)
{
    const struct session *session = session_find(&service->accounts, token_hash);
    return session && session->expires_at > now ? session : NULL;
}

void meeting_session_delete(struct meeting_service *service,
                            const uint8_t token_hash[SESSION_HASH_BYTES])
{
    struct session *session = session_find(&service->accounts, token_hash);
    struct store_batch *batch = session ? store_batch_create() : NULL;
    if (session)
        session_drop(&service->accounts, session);
    if (!batch)
        return;
    store_batch_add(batch, STATEMENT_SESSION_DELETE);
    store_batch_blob(batch, (struct bytes){token_hash, SESSION_HASH_BYTES});
    uint64_t number;
    if (store_submit(service->store, batch, &number) != ERR_OK)
        return; /* it ends by itself, at expires_at */
}

/* -- certificates -------------------------------------------------------------------------------
 */

enum err accounts_keep_certificate(struct accounts *accounts, const struct certificate *certificate)
{
    uint32_t count = accounts->certificate_count;
    if ((count & (count - 1)) == 0) {
        size_t capacity = count ? 2 * (size_t)count : 1;
        struct certificate **grown =
            realloc(accounts->certificates, capacity * sizeof *accounts->certificates);
        if (!grown)
            return ERR_NO_MEMORY;
        accounts->certificates = grown;
    }
    struct certificate *kept = malloc(sizeof *kept);
    uint8_t *der = malloc(certificate->der.size + 1);
    if (!kept || !der) {
        free(kept);
        free(der);
        return ERR_NO_MEMORY;
    }
    if (certificate->der.size)
        memcpy(der, certificate->der.data, certificate->der.size);
    *kept = *certificate;
    kept->der = (struct bytes){der, certificate->der.size};
    accounts->certificates[accounts->certificate_count++] = kept;
    return ERR_OK;
}

enum err meeting_certificate_add(struct meeting_service *service,
                                 const struct certificate *certificate)
{
    if (certificate->der.size == 0 || certificate->der.size > LIMIT_CSR_BYTES ||
        certificate->serial[0] == '\0')
        return ERR_FORMAT;
    if (meeting_certificate_find(service, certificate->serial))
        return ERR_CONFLICT;
    uint32_t cursor = 0;
    for (uint32_t count = 0; meeting_certificate_next(service, certificate->user_id, &cursor);)
        if (++count == LIMIT_CERTIFICATES_PER_USER)
            return ERR_LIMIT;
    enum err err = accounts_keep_certificate(&service->accounts, certificate);
    struct store_batch *batch = err == ERR_OK ? store_batch_create() : NULL;
    if (!batch)
        return ERR_NO_MEMORY;
    store_batch_add(batch, STATEMENT_CERTIFICATE_INSERT);
    store_batch_text(batch, certificate->serial);
    store_batch_int(batch, (int64_t)certificate->user_id);
    store_batch_int(batch, certificate->not_after);
    store_batch_text(batch, certificate->spki_sha256);
    store_batch_blob(batch, certificate->der);
    uint64_t number;
    return store_submit(service->store, batch, &number);
}

struct certificate *accounts_certificate(const struct accounts *accounts, const char *serial)
{
    for (uint32_t i = 0; i < accounts->certificate_count; i++)
        if (strcmp(accounts->certificates[i]->serial, serial) == 0)
            return accounts->certificates[i];
    return NULL;
}

const struct certificate *meeting_certificate_find(const struct meeting_service *service,
                                                   const char *serial)
{
    return accounts_certificate(&service->accounts, serial);
}

const struct certificate *meeting_certificate_next(const struct meeting_service *service,
                                                   uint64_t user, uint32_t *cursor)
{
    while (*cursor < service->accounts.certificate_count) {
        const struct certificate *certificate = service->accounts.certificates[(*cursor)++];
        if (user == 0 || certificate->user_id == user)
            return certificate;
    }
    return NULL;
}

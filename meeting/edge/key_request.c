#include "meeting/edge/key_request.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "meeting/edge/service.h"

/* -- in memory -------------------------------------------------------------------------------- */

void accounts_free_key_requests(struct accounts *accounts)
{
    for (uint32_t i = 0; i < accounts->key_request_count; i++) {
        free((void *)(uintptr_t)accounts->key_requests[i]->csr.data);
        free(accounts->key_requests[i]);
    }
    free(accounts->key_requests);
}

enum err accounts_keep_key_request(struct accounts *accounts, const struct key_request *request)
{
    size_t size = (accounts->key_request_count + (size_t)1) * sizeof *accounts->key_requests;
    struct key_request **list = realloc(accounts->key_requests, size);
    if (!list)
        return ERR_NO_MEMORY;
    accounts->key_requests = list;
    struct key_request *kept = malloc(sizeof *kept);
    uint8_t *csr = malloc(request->csr.size + 1);
    if (!kept || !csr) {
        free(kept);
        free(csr);
        return ERR_NO_MEMORY;
    }
    if (request->csr.size)
        memcpy(csr, request->csr.data, request->csr.size);
    *kept = *request;
    kept->csr = (struct bytes){csr, request->csr.size};
    list[accounts->key_request_count++] = kept;
    return ERR_OK;
}

static struct key_request *request_find(const struct meeting_service *service, uint64_t id)
{
    for (uint32_t i = 0; i < service->accounts.key_request_count; i++)
        if (service->accounts.key_requests[i]->id == id)
            return service->accounts.key_requests[i];
    return NULL;
}

const struct key_request *meeting_key_request_find(const struct meeting_service *service,
                                                   uint64_t id)
{
    return request_find(service, id);
}

const struct key_request *meeting_key_request_next(const struct meeting_service *service,
                                                   uint64_t user, uint32_t *cursor)
{
    while (*cursor < service->accounts.key_request_count) {
        const struct key_request *request = service->accounts.key_requests[(*cursor)++];
        if (user == 0 || request->user_id == user)
            return request;
    }
    return NULL;
}

/* -- on disk ---------------------------------------------------------------------------------- */

static void batch_put(struct store_batch *batch, const struct key_request *request)
{
    store_batch_add(batch, STATEMENT_KEY_REQUEST_PUT);
    store_batch_int(batch, (int64_t)request->id);
    store_batch_int(batch, (int64_t)request->user_id);
    store_batch_blob(batch, request->csr);
    store_batch_text(batch, request->spki_sha256);
    store_batch_text(batch, request->renews);
    store_batch_text(batch, words_name(&key_request_state_words, request->state));
    store_batch_int(batch, request->asked_at);
    store_batch_int(batch, request->decided_at);
    store_batch_int(batch, (int64_t)request->decided_by);
    store_batch_text(batch, request->reason);
    store_batch_text(batch, request->serial);
}

static enum err batch_keep(struct meeting_service *service, struct store_batch *batch)
{
    uint64_t number;
    enum err err = store_submit(service->store, batch, &number);
    return err == ERR_OK ? meeting_flush(service) : err;
}

/* -- asking ----------------------------------------------------------------------------------- */

static bool key_is_known(const struct meeting_service *service, const char *spki_sha256)
{
    const struct accounts *accounts = &service->accounts;
    for (uint32_t i = 0; i < accounts->key_request_count; i++)
        if (strcmp(accounts->key_requests[i]->spki_sha256, spki_sha256) == 0)
            return true;
    for (uint32_t i = 0; i < accounts->certificate_count; i++)
        if (strcmp(accounts->certificates[i]->spki_sha256, spki_sha256) == 0)
            return true;
    return false;
}

/* A person's one waiting request; NULL when none waits. */
static struct key_request *waiting_of(const struct meeting_service *service, uint64_t user,
                                      uint32_t *ret_count)
{
    struct key_request *waiting = NULL;
    *ret_count = 0;
    for (uint32_t i = 0; i < service->accounts.key_request_count; i++) {
        struct key_request *request = service->accounts.key_requests[i];
        if (request->user_id != user)
            continue;
        ++*ret_count;
        if (request->state == KEY_REQUEST_PENDING)
            waiting = request;
    }
    return waiting;
}

enum err meeting_key_request_add(struct meeting_service *service, const struct key_request *asked,
                                 uint64_t *ret_id)
{
    uint32_t count = 0;
    if (asked->csr.size == 0 || asked->csr.size > LIMIT_CSR_BYTES)
        return ERR_LIMIT;
    if (key_is_known(service, asked->spki_sha256))
        return ERR_CONFLICT;
    struct key_request *before = waiting_of(service, asked->user_id, &count);
    if (count >= LIMIT_KEY_REQUESTS_PER_USER)
        return ERR_LIMIT;
    struct key_request request = *asked;
    request.id = service->next_id++;
    request.state = KEY_REQUEST_PENDING;
    request.decided_at = 0;
    request.decided_by = 0;
    request.reason[0] = request.serial[0] = '\0';
    struct store_batch *batch = store_batch_create();
    enum err err = batch ? accounts_keep_key_request(&service->accounts, &request) : ERR_NO_MEMORY;
    if (err != ERR_OK) {
        store_batch_destroy(batch);
        return err;
    }
    if (before) {
        before->state = KEY_REQUEST_REPLACED;
        before->decided_at = asked->asked_at;
        batch_put(batch, before);
    }
    batch_put(batch, &request);
    *ret_id = request.id;
    return batch_keep(service, batch);
}

/* -- deciding --------------------------------------------------------------------------------- */

enum err meeting_key_request_decide(struct meeting_service *service,
                                    const struct key_decision *decision)
{
    struct key_request *request = request_find(service, decision->request_id);
    if (!request)
        return ERR_UNKNOWN;
    if (request->state != KEY_REQUEST_PENDING)
        return ERR_WRONG_STATE;
    struct key_request decided = *request;
    decided.state = decision->serial ? KEY_REQUEST_APPROVED : KEY_REQUEST_REJECTED;
    decided.decided_at = decision->at;
    decided.decided_by = decision->by;
    enum err err = text_copy(decided.reason, sizeof decided.reason,
                             bytes_of(decision->reason ? decision->reason : ""));
    if (err == ERR_OK)
        err = text_copy(decided.serial, sizeof decided.serial,
                        bytes_of(decision->serial ? decision->serial : ""));
    struct store_batch *batch = err == ERR_OK ? store_batch_create() : NULL;
    if (!batch)
        return err == ERR_OK ? ERR_NO_MEMORY : err;
    *request = decided;
    batch_put(batch, request);
    return batch_keep(service, batch);
}

/* -- revoking --------------------------------------------------------------------------------- */

enum err meeting_certificate_revoke(struct meeting_service *service, const char *serial,
                                    uint64_t by, const char *why, utc_ms_t now)
{
    struct certificate *certificate = accounts_certificate(&service->accounts, serial);
    char reason[LIMIT_KEY_REASON_BYTES + 1];
    if (!certificate)
        return ERR_UNKNOWN;
    if (certificate->revoked_at)
        return ERR_WRONG_STATE;
    enum err err = text_copy(reason, sizeof reason, bytes_of(why));
    struct store_batch *batch = err == ERR_OK ? store_batch_create() : NULL;
    if (!batch)
        return err == ERR_OK ? ERR_NO_MEMORY : err;
    certificate->revoked_at = now;
    certificate->revoked_by = by;
    memcpy(certificate->revoked_why, reason, sizeof reason);
    store_batch_add(batch, STATEMENT_CERTIFICATE_REVOKE);
    store_batch_text(batch, serial);
    store_batch_int(batch, now);
    store_batch_int(batch, (int64_t)by);
    store_batch_text(batch, reason);
    return batch_keep(service, batch);
}

/* Asking for timestamps. */
#include "certs/edge/ask.h"

#include <openssl/err.h>
#include <openssl/rand.h>
#include <openssl/ts.h>
#include <string.h>

#include "base/limits.h"
#include "certs/edge/ca.h"
#include "certs/edge/der.h"
#include "certs/edge/fetch.h"
#include "certs/edge/trust.h"

enum { NONCE_BYTES = 16 };

/* -- the request ------------------------------------------------------------------------------ */

static bool set_nonce(TS_REQ *request)
{
    uint8_t bytes[NONCE_BYTES];
    bool done = RAND_bytes(bytes, sizeof bytes) == 1;
    BIGNUM *number = done ? BN_bin2bn(bytes, sizeof bytes, NULL) : NULL;
    ASN1_INTEGER *nonce = number ? BN_to_ASN1_INTEGER(number, NULL) : NULL;
    done = nonce && TS_REQ_set_nonce(request, nonce) == 1;
    ASN1_INTEGER_free(nonce);
    BN_free(number);
    return done;
}

static bool set_imprint(TS_REQ *request, const uint8_t digest[CERTS_SHA256_BYTES])
{
    unsigned char copy[CERTS_SHA256_BYTES];
    memcpy(copy, digest, sizeof copy);
    TS_MSG_IMPRINT *imprint = TS_MSG_IMPRINT_new();
    X509_ALGOR *algorithm = X509_ALGOR_new();
    bool done = imprint && algorithm &&
                X509_ALGOR_set0(algorithm, OBJ_nid2obj(NID_sha256), V_ASN1_NULL, NULL) == 1 &&
                TS_MSG_IMPRINT_set_algo(imprint, algorithm) == 1 &&
                TS_MSG_IMPRINT_set_msg(imprint, copy, sizeof copy) == 1 &&
                TS_REQ_set_msg_imprint(request, imprint) == 1;
    X509_ALGOR_free(algorithm);
    TS_MSG_IMPRINT_free(imprint);
    return done;
}

static TS_REQ *make_request(const uint8_t digest[CERTS_SHA256_BYTES])
{
    TS_REQ *request = TS_REQ_new();
    if (request && TS_REQ_set_version(request, 1) == 1 && set_imprint(request, digest) &&
        set_nonce(request) && TS_REQ_set_cert_req(request, 1) == 1)
        return request;
    TS_REQ_free(request);
    return NULL;
}

/* -- the answer ------------------------------------------------------------------------------- */

static bool nonce_is(const TS_TST_INFO *info, const TS_REQ *request)
{
    const ASN1_INTEGER *held = TS_TST_INFO_get_nonce(info);
    return held && ASN1_INTEGER_cmp(held, TS_REQ_get_nonce(request)) == 0;
}

/* The token of a granted response to this very request. */
static enum err take_token(struct bytes der, const TS_REQ *request, struct buffer *ret_token)
{
    const unsigned char *at = der.data;
    TS_RESP *response = der.size > 0 ? d2i_TS_RESP(NULL, &at, (long)der.size) : NULL;
    enum err err = response && at == der.data + der.size ? ERR_OK : ERR_FORMAT;
    if (err == ERR_OK) {
        const TS_STATUS_INFO *info = TS_RESP_get_status_info(response);
        long status = ASN1_INTEGER_get(TS_STATUS_INFO_get0_status(info));
        if (status != TS_STATUS_GRANTED && status != TS_STATUS_GRANTED_WITH_MODS)
            err = ERR_FORBIDDEN;
        else if (!TS_RESP_get_token(response) || !TS_RESP_get_tst_info(response))
            err = ERR_FORMAT;
        else if (!nonce_is(TS_RESP_get_tst_info(response), request))
            err = ERR_AUTH; /* an answer to somebody else, or an old one */
    }
    struct buffer token = {0};
    if (err == ERR_OK) {
        unsigned char *data = NULL;
        int size = i2d_PKCS7(TS_RESP_get_token(response), &data);
        err = der_take(data, size, &token);
    }
    if (err == ERR_OK)
        err = certs_timestamp_tidy(buffer_bytes(&token), ret_token);
    buffer_done(&token);
    TS_RESP_free(response);
    return err;
}

static enum err exchange(const struct certs_ask *ask, struct bytes request, utc_ms_t now,
                         struct buffer *ret_response)
{
    bool is_ours = !ask->tsa_url || !*ask->tsa_url;
    if (is_ours)
        return ask->ca ? certs_tsa_answer(ask->ca, request, now, ret_response) : ERR_UNSUPPORTED;
    struct fetch_plan plan = {
        .url = ask->tsa_url,
        .body = request,
        .body_type = "application/timestamp-query",
        .trust_path = ask->tls_trust_path,
        .timeout_ms = ask->timeout_ms ? ask->timeout_ms : CERTS_ASK_TIMEOUT_MS,
        .answer_bytes_max = LIMIT_TSA_RESPONSE_BYTES,
    };
    return fetch(&plan, ret_response);
}

/* As strict as whoever will read it in ten years. Our own issuing CA is at hand; a stranger's TSA
 * whose chain is longer has its intermediate certificates in the trust folder. */
static enum err judge(const struct certs_ask *ask, const uint8_t digest[CERTS_SHA256_BYTES],
                      utc_ms_t now, struct certs_stamp *stamp)
{
    struct bytes chain[1] = {{NULL, 0}};
    if (ask->ca)
        chain[0] = certs_ca_issuing(ask->ca);
    enum certs_fault fault = certs_timestamp_verify(buffer_bytes(&stamp->token), digest, ask->trust,
                                                    chain, ask->ca ? 1 : 0, now, &stamp->facts);
    return fault == CERTS_FAULT_NONE ? ERR_OK : ERR_AUTH;
}

enum err certs_tsa_ask(const struct certs_ask *ask, const uint8_t digest[CERTS_SHA256_BYTES],
                       utc_ms_t now, struct certs_stamp *ret_stamp)
{
    struct certs_stamp stamp = {0};
    struct buffer query = {0}, response = {0};
    unsigned char *data = NULL;
    TS_REQ *request = make_request(digest);
    if (!request)
        return ERR_NO_MEMORY;
    int size = i2d_TS_REQ(request, &data);
    enum err err = der_take(data, size, &query);
    if (err == ERR_OK)
        err = exchange(ask, buffer_bytes(&query), now, &response);
    if (err == ERR_OK)
        err = take_token(buffer_bytes(&response), request, &stamp.token);
    if (err == ERR_OK)
        err = judge(ask, digest, now, &stamp);
    TS_REQ_free(request);
    buffer_done(&query);
    buffer_done(&response);
    ERR_clear_error();
    if (err != ERR_OK) {
        buffer_done(&stamp.token);
        return err;
    }
    *ret_stamp = stamp;
    return ERR_OK;
}

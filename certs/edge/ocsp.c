/* OCSP (RFC 6960) as a responder: DER in, DER out. */
#include <openssl/err.h>
#include <openssl/ocsp.h>
#include <time.h>

#include "base/limits.h"
#include "certs/edge/ca_part.h"
#include "certs/edge/der.h"
#include "certs/edge/status.h"
#include "certs/edge/text.h"

enum { NONCE_BYTES_MAX = 128 /* RFC 9654, section 2.1 */ };

/* -- the request ------------------------------------------------------------------------------ */

/* The nonce is the one extension known here: any other that is critical may not be passed over. */
static bool extensions_fine(OCSP_REQUEST *request)
{
    for (int n = 0; n < OCSP_REQUEST_get_ext_count(request); n++) {
        X509_EXTENSION *extension = OCSP_REQUEST_get_ext(request, n);
        bool is_nonce = OBJ_obj2nid(X509_EXTENSION_get_object(extension)) == NID_id_pkix_OCSP_Nonce;
        /* With two bytes of its own OCTET STRING's head, three when it is long. */
        int size = ASN1_STRING_length(X509_EXTENSION_get_data(extension));
        if (is_nonce ? size < 2 || size > NONCE_BYTES_MAX + 3
                     : X509_EXTENSION_get_critical(extension) != 0)
            return false;
    }
    return true;
}

/* NULL unless the bytes are exactly one request that we can answer. */
static OCSP_REQUEST *parse(struct bytes der)
{
    const unsigned char *at = der.data;
    if (der.size == 0 || der.size > LIMIT_OCSP_REQUEST_BYTES)
        return NULL;
    OCSP_REQUEST *request = d2i_OCSP_REQUEST(NULL, &at, (long)der.size);
    int count = request ? OCSP_request_onereq_count(request) : 0;
    bool fine = request && at == der.data + der.size && count > 0 &&
                count <= LIMIT_OCSP_CERTIFICATES && extensions_fine(request);
    if (fine)
        return request;
    OCSP_REQUEST_free(request);
    return NULL;
}

/* -- the answer ------------------------------------------------------------------------------- */

struct answer {
    OCSP_BASICRESP *basic;
    ASN1_TIME *now;
    ASN1_TIME *next;
};

/* The issuing CA's certificate by the hashes that the client chose. */
static bool is_ours(const struct certs_ca *ca, OCSP_CERTID *id)
{
    ASN1_OBJECT *algorithm = NULL;
    ASN1_INTEGER *serial = NULL;
    OCSP_id_get0_info(NULL, &algorithm, NULL, &serial, id);
    int digest = OBJ_obj2nid(algorithm);
    if (digest != NID_sha1 && digest != NID_sha256)
        return false;
    OCSP_CERTID *ours = OCSP_cert_id_new(digest == NID_sha1 ? EVP_sha1() : EVP_sha256(),
                                         X509_get_subject_name(ca->issuing),
                                         X509_get0_pubkey_bitstr(ca->issuing), serial);
    bool same = ours && OCSP_id_issuer_cmp(ours, id) == 0;
    OCSP_CERTID_free(ours);
    return same;
}

static bool add_revoked(struct answer *answer, OCSP_CERTID *id, const struct ca_record *record)
{
    ASN1_TIME *at = ASN1_TIME_set(NULL, (time_t)(record->revoked_at / 1000));
    int reason = record->reason == CERTS_REASON_UNSPECIFIED ? OCSP_REVOKED_STATUS_NOSTATUS
                                                            : (int)record->reason;
    bool done = at && OCSP_basic_add1_status(answer->basic, id, V_OCSP_CERTSTATUS_REVOKED, reason,
                                             at, answer->now, answer->next);
    ASN1_TIME_free(at);
    return done;
}

static bool add_status(const struct certs_ca *ca, struct answer *answer, OCSP_CERTID *id)
{
    ASN1_INTEGER *serial = NULL;
    char text[CERTS_SERIAL_TEXT_BYTES];
    OCSP_id_get0_info(NULL, NULL, NULL, &serial, id);
    text_of_serial(serial, text);
    const struct ca_record *record =
        is_ours(ca, id) && text[0] ? register_find(&ca->entries, text) : NULL;
    if (record && record->is_revoked)
        return add_revoked(answer, id, record);
    int status = record ? V_OCSP_CERTSTATUS_GOOD : V_OCSP_CERTSTATUS_UNKNOWN;
    return OCSP_basic_add1_status(answer->basic, id, status, 0, NULL, answer->now, answer->next) !=
           NULL;
}

static bool add_all(const struct certs_ca *ca, struct answer *answer, OCSP_REQUEST *request)
{
    for (int n = 0; n < OCSP_request_onereq_count(request); n++) {
        OCSP_CERTID *id = OCSP_onereq_get0_id(OCSP_request_onereq_get0(request, n));
        if (!id || !add_status(ca, answer, id))
            return false;
    }
    /* 1: it was there, 2: it was not. */
    return OCSP_copy_nonce(answer->basic, request) > 0;
}

/* producedAt is of the answer's `now`, which OpenSSL would take from its own clock. It is ours to
 * set: only the accessor is const. */
static bool set_produced_at(OCSP_BASICRESP *basic, utc_ms_t now)
{
    union {
        const ASN1_GENERALIZEDTIME *held;
        ASN1_GENERALIZEDTIME *writable;
    } at = {.held = OCSP_resp_get0_produced_at(basic)};
    return at.held && ASN1_GENERALIZEDTIME_set(at.writable, (time_t)(now / 1000)) != NULL;
}

static enum err write_response(int status, OCSP_BASICRESP *basic, struct buffer *ret_response)
{
    OCSP_RESPONSE *response = OCSP_response_create(status, basic);
    if (!response)
        return ERR_NO_MEMORY;
    unsigned char *data = NULL;
    int size = i2d_OCSP_RESPONSE(response, &data);
    OCSP_RESPONSE_free(response);
    return der_take(data, size, ret_response);
}

static enum err fill(struct certs_ca *ca, struct answer *answer, OCSP_REQUEST *request)
{
    enum err err = ca_enter(ca, false);
    if (err != ERR_OK)
        return err;
    bool done = add_all(ca, answer, request);
    ca_leave(ca);
    return done ? ERR_OK : ERR_NO_MEMORY;
}

static enum err answer_request(struct certs_ca *ca, OCSP_REQUEST *request, utc_ms_t now,
                               struct buffer *ret_response)
{
    time_t seconds = (time_t)(now / 1000);
    struct ca_service responder = {0};
    struct answer answer = {
        .basic = OCSP_BASICRESP_new(),
        .now = ASN1_TIME_set(NULL, seconds),
        .next = ASN1_TIME_set(NULL, seconds + CERTS_OCSP_FRESH_S),
    };
    enum err err = answer.basic && answer.now && answer.next ? ERR_OK : ERR_NO_MEMORY;
    if (err == ERR_OK)
        err = ca_take_service(ca, &ca->ocsp, &responder);
    if (err == ERR_OK)
        err = fill(ca, &answer, request);
    if (err == ERR_OK && (!set_produced_at(answer.basic, now) ||
                          OCSP_basic_sign(answer.basic, responder.certificate, responder.key,
                                          EVP_sha256(), NULL, OCSP_NOTIME | OCSP_RESPID_KEY) != 1))
        err = ERR_NO_MEMORY;
    if (err == ERR_OK)
        err = write_response(OCSP_RESPONSE_STATUS_SUCCESSFUL, answer.basic, ret_response);
    ca_service_done(&responder);
    ASN1_TIME_free(answer.now);
    ASN1_TIME_free(answer.next);
    OCSP_BASICRESP_free(answer.basic);
    return err;
}

enum err certs_ocsp_answer(struct certs_ca *ca, struct bytes request, utc_ms_t now,
                           struct buffer *ret_response)
{
    OCSP_REQUEST *parsed = parse(request);
    enum err err = parsed
                       ? answer_request(ca, parsed, now, ret_response)
                       : write_response(OCSP_RESPONSE_STATUS_MALFORMEDREQUEST, NULL, ret_response);
    OCSP_REQUEST_free(parsed);
    ERR_clear_error();
    return err;
}

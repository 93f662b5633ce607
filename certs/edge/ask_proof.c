/* Asking how a certificate stands. */
#include <openssl/err.h>
#include <openssl/ocsp.h>
#include <openssl/x509v3.h>
#include <string.h>

#include "base/limits.h"
#include "certs/edge/ask.h"
#include "certs/edge/ca.h"
#include "certs/edge/der.h"
#include "certs/edge/fetch.h"

/* -- where to ask ----------------------------------------------------------------------------- */

static bool copy_url(const GENERAL_NAME *name, char ret_url[CERTS_URL_BYTES])
{
    if (!name || name->type != GEN_URI)
        return false;
    const ASN1_IA5STRING *text = name->d.uniformResourceIdentifier;
    size_t size = (size_t)ASN1_STRING_length(text);
    const unsigned char *data = ASN1_STRING_get0_data(text);
    /* ldap and the like are passed over. */
    if (size < 8 || size >= CERTS_URL_BYTES || memcmp(data, "http", 4) != 0 ||
        memchr(data, 0, size))
        return false;
    memcpy(ret_url, data, size);
    ret_url[size] = '\0';
    return true;
}

static bool ocsp_url(const X509 *certificate, char ret_url[CERTS_URL_BYTES])
{
    AUTHORITY_INFO_ACCESS *access = X509_get_ext_d2i(certificate, NID_info_access, NULL, NULL);
    bool found = false;
    for (int n = 0; !found && n < sk_ACCESS_DESCRIPTION_num(access); n++) {
        const ACCESS_DESCRIPTION *one = sk_ACCESS_DESCRIPTION_value(access, n);
        found = OBJ_obj2nid(one->method) == NID_ad_OCSP && copy_url(one->location, ret_url);
    }
    AUTHORITY_INFO_ACCESS_free(access);
    return found;
}

static bool crl_url(const X509 *certificate, char ret_url[CERTS_URL_BYTES])
{
    CRL_DIST_POINTS *points =
        X509_get_ext_d2i(certificate, NID_crl_distribution_points, NULL, NULL);
    bool found = false;
    for (int n = 0; !found && n < sk_DIST_POINT_num(points); n++) {
        const DIST_POINT *point = sk_DIST_POINT_value(points, n);
        if (!point->distpoint || point->distpoint->type != 0 || point->reasons || point->CRLissuer)
            continue;
        const GENERAL_NAMES *names = point->distpoint->name.fullname;
        for (int i = 0; !found && i < sk_GENERAL_NAME_num(names); i++)
            found = copy_url(sk_GENERAL_NAME_value(names, i), ret_url);
    }
    CRL_DIST_POINTS_free(points);
    return found;
}

/* -- asking ----------------------------------------------------------------------------------- */

/* What is asked about. */
struct question {
    const struct certs_ask *ask;
    struct bytes certificate;
    struct bytes issuer;
    utc_ms_t now;
    X509 *held;   /* the certificate, parsed */
    X509 *signer; /* its issuer */
};

static enum err fetch_from(const struct question *question, const char *url, struct bytes body,
                           size_t most, struct buffer *ret_answer)
{
    const struct certs_ask *ask = question->ask;
    struct fetch_plan plan = {
        .url = url,
        .body = body,
        .body_type = "application/ocsp-request",
        .trust_path = ask->tls_trust_path,
        .timeout_ms = ask->timeout_ms ? ask->timeout_ms : CERTS_ASK_TIMEOUT_MS,
        .answer_bytes_max = most,
    };
    return fetch(&plan, ret_answer);
}

/* No nonce: large responders sign ahead and leave it out, and the times tell how fresh it is. */
static enum err make_query(const struct question *question, struct buffer *ret_query)
{
    OCSP_REQUEST *request = OCSP_REQUEST_new();
    OCSP_CERTID *id = OCSP_cert_to_id(EVP_sha1(), question->held, question->signer);
    bool added = request && id && OCSP_request_add0_id(request, id) != NULL;
    if (!added)
        OCSP_CERTID_free(id);
    unsigned char *data = NULL;
    int size = added ? i2d_OCSP_REQUEST(request, &data) : 0;
    OCSP_REQUEST_free(request);
    return der_take(data, size, ret_query);
}

static enum err ask_ocsp(const struct question *question, const char *url,
                         struct certs_proof *proof)
{
    struct buffer query = {0};
    enum err err = make_query(question, &query);
    if (err == ERR_OK)
        err = url ? fetch_from(question, url, buffer_bytes(&query), LIMIT_OCSP_RESPONSE_BYTES,
                               &proof->der)
                  : certs_ocsp_answer(question->ask->ca, buffer_bytes(&query), question->now,
                                      &proof->der);
    if (err == ERR_OK)
        err = certs_ocsp_read(buffer_bytes(&proof->der), question->certificate, question->issuer,
                              &proof->standing);
    buffer_done(&query);
    proof->kind = CERTS_PROOF_OCSP;
    return err;
}

static enum err ask_crl(const struct question *question, const char *url, struct certs_proof *proof)
{
    struct bytes nothing = {NULL, 0};
    enum err err = url ? fetch_from(question, url, nothing, LIMIT_CRL_BYTES, &proof->der)
                       : certs_root_crl(question->ask->ca, question->now, &proof->der);
    if (err == ERR_OK)
        err = certs_crl_read(buffer_bytes(&proof->der), question->certificate, question->issuer,
                             &proof->standing);
    proof->kind = CERTS_PROOF_CRL;
    return err;
}

/* One that ended before now proves nothing any more. */
static enum err judge(const struct question *question, enum err err, struct certs_proof *proof)
{
    if (err == ERR_OK && proof->standing.next_update != 0 &&
        proof->standing.next_update < question->now)
        err = ERR_STALE;
    if (err != ERR_OK)
        buffer_done(&proof->der);
    return err;
}

static enum err ask_somebody(const struct question *question, struct certs_proof *proof)
{
    const struct certs_ca *ca = question->ask->ca;
    char url[CERTS_URL_BYTES];
    if (ca && bytes_equal(question->issuer, certs_ca_issuing(ca)))
        return judge(question, ask_ocsp(question, NULL, proof), proof);
    if (ca && bytes_equal(question->issuer, certs_ca_root(ca)))
        return judge(question, ask_crl(question, NULL, proof), proof);
    enum err err = ERR_UNSUPPORTED;
    if (ocsp_url(question->held, url))
        err = judge(question, ask_ocsp(question, url, proof), proof);
    if (err != ERR_OK && crl_url(question->held, url))
        err = judge(question, ask_crl(question, url, proof), proof);
    return err;
}

enum err certs_proof_ask(const struct certs_ask *ask, struct bytes certificate, struct bytes issuer,
                         utc_ms_t now, struct certs_proof *ret_proof)
{
    struct question question = {ask, certificate, issuer, now, NULL, NULL};
    struct certs_proof proof = {0};
    enum err err = der_parse_certificate(certificate, &question.held);
    if (err == ERR_OK)
        err = der_parse_certificate(issuer, &question.signer);
    if (err == ERR_OK)
        err = ask_somebody(&question, &proof);
    X509_free(question.held);
    X509_free(question.signer);
    ERR_clear_error();
    if (err == ERR_OK)
        *ret_proof = proof;
    return err;
}

/* Proofs of validity as strangers give them. */
#include <openssl/err.h>
#include <openssl/ocsp.h>
#include <openssl/x509v3.h>
#include <string.h>

#include "base/limits.h"
#include "certs/edge/crl.h"
#include "certs/edge/der.h"
#include "certs/edge/issue.h"
#include "certs/edge/status_part.h"

static enum certs_reason reason_of(long value)
{
    return certs_reason_name((enum certs_reason)value) ? (enum certs_reason)value
                                                       : CERTS_REASON_UNSPECIFIED;
}

/* Certificate and issuer as parsed; the issuer really is its issuer. */
struct pair {
    X509 *certificate;
    X509 *issuer;
};

static enum err pair_parse(struct bytes certificate, struct bytes issuer, struct pair *ret_pair)
{
    struct pair pair = {0};
    enum err err = der_parse_certificate(certificate, &pair.certificate);
    if (err == ERR_OK)
        err = der_parse_certificate(issuer, &pair.issuer);
    if (err == ERR_OK && (X509_check_issued(pair.issuer, pair.certificate) != X509_V_OK ||
                          X509_verify(pair.certificate, X509_get0_pubkey(pair.issuer)) != 1))
        err = ERR_AUTH;
    if (err != ERR_OK) {
        X509_free(pair.certificate);
        X509_free(pair.issuer);
        return err;
    }
    *ret_pair = pair;
    return ERR_OK;
}

static void pair_done(struct pair *pair)
{
    X509_free(pair->certificate);
    X509_free(pair->issuer);
}

/* -- OCSP ------------------------------------------------------------------------------------- */

static utc_ms_t time_of(const ASN1_GENERALIZEDTIME *time)
{
    return time ? issue_time_ms(time) : 0;
}

/* Whoever signed is the issuer itself or somebody it delegated by a certificate that was valid when
 * the answer was made (RFC 6960, section 4.2.2.2). */
static bool may_answer(OCSP_BASICRESP *basic, const struct pair *pair)
{
    X509 *signer = NULL;
    if (OCSP_resp_get0_signer(basic, &signer, NULL) != 1) {
        /* The issuer answers itself, and need not send its certificate. */
        STACK_OF(X509) *only = sk_X509_new_null();
        bool found = only && sk_X509_push(only, pair->issuer) > 0 &&
                     OCSP_resp_get0_signer(basic, &signer, only) == 1;
        sk_X509_free(only);
        if (!found)
            return false;
    }
    if (X509_cmp(signer, pair->issuer) == 0)
        return true;
    utc_ms_t made_at = time_of(OCSP_resp_get0_produced_at(basic));
    (void)X509_check_purpose(signer, -1, 0);
    return X509_check_issued(pair->issuer, signer) == X509_V_OK &&
           X509_verify(signer, X509_get0_pubkey(pair->issuer)) == 1 &&
           (X509_get_extended_key_usage(signer) & XKU_OCSP_SIGN) != 0 &&
           (X509_get_extension_flags(signer) & (EXFLAG_XKUSAGE | EXFLAG_INVALID)) ==
               EXFLAG_XKUSAGE &&
           issue_time_ms(X509_get0_notBefore(signer)) <= made_at &&
           issue_time_ms(X509_get0_notAfter(signer)) >= made_at;
}

static bool signature_holds(OCSP_BASICRESP *basic, X509 *issuer)
{
    STACK_OF(X509) *certificates = sk_X509_new_null();
    bool good = certificates && sk_X509_push(certificates, issuer) > 0 &&
                OCSP_basic_verify(basic, certificates, NULL, OCSP_NOVERIFY) == 1;
    sk_X509_free(certificates);
    return good;
}

/* The one answer about the pair's certificate. */
static OCSP_SINGLERESP *find_single(OCSP_BASICRESP *basic, const struct pair *pair)
{
    for (int n = 0; n < OCSP_resp_count(basic); n++) {
        OCSP_SINGLERESP *single = OCSP_resp_get0(basic, n);
        const OCSP_CERTID *held = OCSP_SINGLERESP_get0_id(single);
        const EVP_MD *digests[] = {EVP_sha1(), EVP_sha256()};
        for (size_t i = 0; i < sizeof digests / sizeof *digests; i++) {
            OCSP_CERTID *wanted = OCSP_cert_to_id(digests[i], pair->certificate, pair->issuer);
            bool same = wanted && OCSP_id_cmp(wanted, held) == 0;
            OCSP_CERTID_free(wanted);
            if (same)
                return single;
        }
    }
    return NULL;
}

static enum err read_single(OCSP_BASICRESP *basic, OCSP_SINGLERESP *single,
                            struct certs_standing *ret_standing)
{
    int reason = 0;
    ASN1_GENERALIZEDTIME *revoked = NULL, *from = NULL, *until = NULL;
    int status = OCSP_single_get0_status(single, &reason, &revoked, &from, &until);
    if (status < 0 || !from)
        return ERR_FORMAT;
    *ret_standing = (struct certs_standing){
        .status = status == V_OCSP_CERTSTATUS_GOOD      ? CERTS_STATUS_GOOD
                  : status == V_OCSP_CERTSTATUS_REVOKED ? CERTS_STATUS_REVOKED
                                                        : CERTS_STATUS_UNKNOWN,
        .revoked_at = status == V_OCSP_CERTSTATUS_REVOKED ? time_of(revoked) : 0,
        .reason = reason_of(reason),
        .this_update = time_of(from),
        .next_update = time_of(until),
        .made_at = time_of(OCSP_resp_get0_produced_at(basic)),
    };
    return ERR_OK;
}

static enum err read_basic(OCSP_BASICRESP *basic, const struct pair *pair,
                           struct certs_standing *ret_standing)
{
    if (!may_answer(basic, pair) || !signature_holds(basic, pair->issuer))
        return ERR_AUTH;
    OCSP_SINGLERESP *single = find_single(basic, pair);
    return single ? read_single(basic, single, ret_standing) : ERR_UNKNOWN;
}

static enum err response_parse(struct bytes der, OCSP_BASICRESP **ret_basic)
{
    const unsigned char *at = der.data;
    if (der.size > LIMIT_OCSP_RESPONSE_BYTES)
        return ERR_LIMIT;
    OCSP_RESPONSE *response = der.size > 0 ? d2i_OCSP_RESPONSE(NULL, &at, (long)der.size) : NULL;
    OCSP_BASICRESP *basic = NULL;
    if (response && at == der.data + der.size &&
        OCSP_response_status(response) == OCSP_RESPONSE_STATUS_SUCCESSFUL)
        basic = OCSP_response_get1_basic(response);
    OCSP_RESPONSE_free(response);
    if (!basic)
        return ERR_FORMAT;
    *ret_basic = basic;
    return ERR_OK;
}

enum err status_read_ocsp(struct bytes response, X509 *certificate, X509 *issuer,
                          struct certs_standing *ret_standing)
{
    const struct pair pair = {certificate, issuer};
    OCSP_BASICRESP *basic = NULL;
    enum err err = response_parse(response, &basic);
    if (err == ERR_OK)
        err = read_basic(basic, &pair, ret_standing);
    OCSP_BASICRESP_free(basic);
    ERR_clear_error();
    return err;
}

enum err certs_ocsp_read(struct bytes response, struct bytes certificate, struct bytes issuer,
                         struct certs_standing *ret_standing)
{
    struct pair pair = {0};
    enum err err = response.size > LIMIT_OCSP_RESPONSE_BYTES ? ERR_LIMIT : ERR_OK;
    if (err == ERR_OK)
        err = pair_parse(certificate, issuer, &pair);
    if (err == ERR_OK)
        err = status_read_ocsp(response, pair.certificate, pair.issuer, ret_standing);
    pair_done(&pair);
    ERR_clear_error();
    return err;
}

/* -- CRL -------------------------------------------------------------------------------------- */

/* A list that leaves out certificates of our kind, or that others may write into, proves nothing
 * (RFC 5280, section 5.2.5). */
static bool scope_fine(const X509_CRL *crl, X509 *certificate)
{
    int critical = 0;
    ISSUING_DIST_POINT *point =
        X509_CRL_get_ext_d2i(crl, NID_issuing_distribution_point, &critical, NULL);
    if (!point)
        return critical == -1; /* there is none, or it is there and broken */
    bool is_ca = X509_check_ca(certificate) > 0;
    bool fine = !point->onlysomereasons && point->indirectCRL <= 0 && point->onlyattr <= 0 &&
                !(is_ca ? point->onlyuser > 0 : point->onlyCA > 0);
    ISSUING_DIST_POINT_free(point);
    return fine;
}

/* A delta is critical, and so refused. */
static bool extensions_fine(const X509_CRL *crl)
{
    for (int n = 0; n < X509_CRL_get_ext_count(crl); n++) {
        X509_EXTENSION *extension = X509_CRL_get_ext(crl, n);
        if (X509_EXTENSION_get_critical(extension) != 0 &&
            OBJ_obj2nid(X509_EXTENSION_get_object(extension)) != NID_issuing_distribution_point)
            return false;
    }
    return true;
}

static bool crl_is_of(X509_CRL *crl, X509 *issuer)
{
    uint32_t flags = X509_get_extension_flags(issuer);
    bool may_sign = (flags & EXFLAG_KUSAGE) == 0 || (X509_get_key_usage(issuer) & KU_CRL_SIGN) != 0;
    return may_sign &&
           X509_NAME_cmp(X509_CRL_get_issuer(crl), X509_get_subject_name(issuer)) == 0 &&
           X509_CRL_verify(crl, X509_get0_pubkey(issuer)) == 1;
}

static enum err read_list(X509_CRL *crl, const struct pair *pair,
                          struct certs_standing *ret_standing)
{
    if (!crl_is_of(crl, pair->issuer))
        return ERR_AUTH;
    if (!extensions_fine(crl) || !scope_fine(crl, pair->certificate))
        return ERR_UNSUPPORTED;
    struct certs_standing standing = {
        .status = CERTS_STATUS_GOOD,
        .this_update = issue_time_ms(X509_CRL_get0_lastUpdate(crl)),
        .made_at = issue_time_ms(X509_CRL_get0_lastUpdate(crl)),
    };
    if (X509_CRL_get0_nextUpdate(crl))
        standing.next_update = issue_time_ms(X509_CRL_get0_nextUpdate(crl));
    X509_REVOKED *revoked = NULL;
    if (X509_CRL_get0_by_cert(crl, &revoked, pair->certificate) == 1) {
        ASN1_ENUMERATED *reason = X509_REVOKED_get_ext_d2i(revoked, NID_crl_reason, NULL, NULL);
        standing.status = CERTS_STATUS_REVOKED;
        standing.revoked_at = issue_time_ms(X509_REVOKED_get0_revocationDate(revoked));
        standing.reason = reason_of(reason ? ASN1_ENUMERATED_get(reason) : 0);
        ASN1_ENUMERATED_free(reason);
    }
    *ret_standing = standing;
    return ERR_OK;
}

enum err status_read_crl(struct bytes crl, X509 *certificate, X509 *issuer,
                         struct certs_standing *ret_standing)
{
    const struct pair pair = {certificate, issuer};
    X509_CRL *list = NULL;
    enum err err = crl.size <= LIMIT_CRL_BYTES ? crl_parse(crl, &list) : ERR_LIMIT;
    if (err == ERR_OK)
        err = read_list(list, &pair, ret_standing);
    X509_CRL_free(list);
    ERR_clear_error();
    return err;
}

enum err certs_crl_read(struct bytes crl, struct bytes certificate, struct bytes issuer,
                        struct certs_standing *ret_standing)
{
    struct pair pair = {0};
    enum err err = crl.size <= LIMIT_CRL_BYTES ? ERR_OK : ERR_LIMIT;
    if (err == ERR_OK)
        err = pair_parse(certificate, issuer, &pair);
    if (err == ERR_OK)
        err = status_read_crl(crl, pair.certificate, pair.issuer, ret_standing);
    pair_done(&pair);
    ERR_clear_error();
    return err;
}

/* TimeStampTokens as anybody gives them (RFC 3161, section 2.4.2). */
#include "certs/edge/timestamp.h"

#include <openssl/ess.h>
#include <openssl/ts.h>
#include <openssl/x509v3.h>
#include <string.h>

#include "certs/edge/chain.h"
#include "certs/edge/cms.h"
#include "certs/edge/der.h"
#include "certs/edge/history_part.h"
#include "certs/edge/issue.h"
#include "certs/edge/memo.h"
#include "certs/edge/signed_data.h"
#include "certs/edge/text.h"
#include "certs/edge/token_form.h"
#include "certs/edge/trust_part.h"

/* One token under the lens. */
struct lens {
    struct signed_data data;
    TS_TST_INFO *info;
};

static void lens_done(struct lens *lens)
{
    TS_TST_INFO_free(lens->info);
    signed_data_done(&lens->data);
}

static enum certs_fault parse_info(struct lens *lens)
{
    if (OBJ_obj2nid(CMS_get0_eContentType(lens->data.cms)) != NID_id_smime_ct_TSTInfo)
        return CERTS_FAULT_PROFILE;
    ASN1_OCTET_STRING **content = CMS_get0_content(lens->data.cms);
    if (!content || !*content)
        return CERTS_FAULT_PROFILE;
    const unsigned char *inner = ASN1_STRING_get0_data(*content);
    const unsigned char *end = inner + ASN1_STRING_length(*content);
    lens->info = d2i_TS_TST_INFO(NULL, &inner, ASN1_STRING_length(*content));
    return lens->info && inner == end ? CERTS_FAULT_NONE : CERTS_FAULT_MALFORMED;
}

/* Reads as much as tells what it says and who says it; judges nothing. */
static enum certs_fault lens_open(struct bytes token, struct lens *lens)
{
    *lens = (struct lens){0};
    enum certs_fault fault = signed_data_parse(token, &lens->data);
    if (fault == CERTS_FAULT_NONE)
        fault = parse_info(lens);
    return fault == CERTS_FAULT_NONE ? signed_data_find_signer(&lens->data) : fault;
}

static void describe(const struct lens *lens, struct certs_timestamp *timestamp)
{
    text_of_name(X509_get_subject_name(lens->data.certificate), timestamp->tsa);
    text_of_name(X509_get_issuer_name(lens->data.certificate), timestamp->issuer);
    text_of_serial(X509_get0_serialNumber(lens->data.certificate), timestamp->serial);
    timestamp->not_after = issue_time_ms(X509_get0_notAfter(lens->data.certificate));
    (void)X509_digest(lens->data.certificate, EVP_sha256(), timestamp->certificate_sha256, NULL);
    timestamp->at = issue_time_ms(TS_TST_INFO_get_time(lens->info));
    (void)OBJ_obj2txt(timestamp->policy, sizeof timestamp->policy,
                      TS_TST_INFO_get_policy_id(lens->info), 1);
}

static enum certs_fault check_imprint(const struct lens *lens,
                                      const uint8_t digest[CERTS_SHA256_BYTES])
{
    TS_MSG_IMPRINT *imprint = TS_TST_INFO_get_msg_imprint(lens->info);
    const ASN1_OBJECT *algorithm = NULL;
    X509_ALGOR_get0(&algorithm, NULL, NULL, TS_MSG_IMPRINT_get_algo(imprint));
    const ASN1_OCTET_STRING *held = TS_MSG_IMPRINT_get_msg(imprint);
    if (OBJ_obj2nid(algorithm) != NID_sha256)
        return CERTS_FAULT_PROFILE;
    bool same = ASN1_STRING_length(held) == CERTS_SHA256_BYTES &&
                memcmp(ASN1_STRING_get0_data(held), digest, CERTS_SHA256_BYTES) == 0;
    return same ? CERTS_FAULT_NONE : CERTS_FAULT_DIGEST;
}

/* No digest weaker than SHA-256 under the signature, and nothing that is not signed beside it. */
static enum certs_fault check_form(const struct lens *lens, struct bytes token)
{
    X509_ALGOR *digest = NULL;
    const ASN1_OBJECT *algorithm = NULL;
    CMS_SignerInfo_get0_algs(lens->data.signer, NULL, NULL, &digest, NULL);
    X509_ALGOR_get0(&algorithm, NULL, NULL, digest);
    int nid = OBJ_obj2nid(algorithm);
    bool good = (nid == NID_sha256 || nid == NID_sha384 || nid == NID_sha512) &&
                CMS_unsigned_get_attr_count(lens->data.signer) <= 0 &&
                token_form_is_strict(token, lens->data.cms, lens->data.signer,
                                     X509_get0_pubkey(lens->data.certificate));
    return good ? CERTS_FAULT_NONE : CERTS_FAULT_PROFILE;
}

/* The DER of the one attribute `nid`; NULL when there is none or more than one. */
static const ASN1_STRING *only_sequence(const CMS_SignerInfo *signer, int nid)
{
    int at = CMS_signed_get_attr_by_NID(signer, nid, -1);
    if (at < 0 || CMS_signed_get_attr_by_NID(signer, nid, at) >= 0)
        return NULL;
    X509_ATTRIBUTE *attribute = CMS_signed_get_attr(signer, at);
    const ASN1_TYPE *value =
        X509_ATTRIBUTE_count(attribute) == 1 ? X509_ATTRIBUTE_get0_type(attribute, 0) : NULL;
    return value && value->type == V_ASN1_SEQUENCE ? value->value.sequence : NULL;
}

/* The older signing-certificate names the certificate by SHA-1; TSAs of today still send it. Its
 * collision would need two certificates of one CA. */
static enum certs_fault check_ess(const struct lens *lens)
{
    const ASN1_STRING *old = only_sequence(lens->data.signer, NID_id_smime_aa_signingCertificate);
    const ASN1_STRING *text =
        only_sequence(lens->data.signer, NID_id_smime_aa_signingCertificateV2);
    const unsigned char *at = old ? ASN1_STRING_get0_data(old) : NULL;
    ESS_SIGNING_CERT *first = old ? d2i_ESS_SIGNING_CERT(NULL, &at, ASN1_STRING_length(old)) : NULL;
    at = text ? ASN1_STRING_get0_data(text) : NULL;
    ESS_SIGNING_CERT_V2 *second =
        text ? d2i_ESS_SIGNING_CERT_V2(NULL, &at, ASN1_STRING_length(text)) : NULL;
    STACK_OF(X509) *only = sk_X509_new_null();
    bool good = (first || second) && !first == !old && !second == !text && only &&
                sk_X509_push(only, lens->data.certificate) > 0 &&
                OSSL_ESS_check_signing_certs(first, second, only, 0) == 1;
    sk_X509_free(only);
    ESS_SIGNING_CERT_free(first);
    ESS_SIGNING_CERT_V2_free(second);
    return good ? CERTS_FAULT_NONE : CERTS_FAULT_ESS;
}

/* Signature over the attributes, and their digest over the content; the chain comes after. */
static enum certs_fault check_signature(const struct lens *lens)
{
    BIO *content = BIO_new(BIO_s_mem());
    bool good = content && CMS_verify(lens->data.cms, lens->data.certificates, NULL, NULL, content,
                                      CMS_BINARY | CMS_NO_SIGNER_CERT_VERIFY) == 1;
    BIO_free(content);
    return good ? CERTS_FAULT_NONE : CERTS_FAULT_SIGNATURE;
}

static enum certs_fault verify(struct lens *lens, struct bytes token,
                               const uint8_t digest[CERTS_SHA256_BYTES],
                               const struct chain_plan *chain, struct certs_timestamp *timestamp)
{
    enum certs_fault fault = lens_open(token, lens);
    if (fault != CERTS_FAULT_NONE)
        return fault;
    describe(lens, timestamp);
    fault = check_imprint(lens, digest);
    if (fault == CERTS_FAULT_NONE)
        fault = check_form(lens, token);
    if (fault == CERTS_FAULT_NONE)
        fault = check_signature(lens);
    if (fault == CERTS_FAULT_NONE)
        fault = check_ess(lens);
    if (fault == CERTS_FAULT_NONE &&
        X509_check_purpose(lens->data.certificate, X509_PURPOSE_TIMESTAMP_SIGN, 0) != 1)
        fault = CERTS_FAULT_USAGE;
    if (fault == CERTS_FAULT_NONE)
        fault = chain_check(chain, lens->data.certificate, lens->data.certificates);
    return fault;
}

enum certs_fault certs_timestamp_verify(struct bytes token,
                                        const uint8_t digest[CERTS_SHA256_BYTES],
                                        const struct certs_trust *trust, const struct bytes *chain,
                                        size_t chain_count, utc_ms_t at,
                                        struct certs_timestamp *ret_timestamp)
{
    struct lens lens;
    struct chain_plan plan = {trust->tsa, chain, chain_count, at, NULL};
    memset(ret_timestamp, 0, sizeof *ret_timestamp);
    enum certs_fault fault = verify(&lens, token, digest, &plan, ret_timestamp);
    lens_done(&lens);
    return fault;
}

/* Whether the authority had been revoked when it made the token. Who issued its certificate may
 * have come with the token itself. */
static enum certs_fault check_authority(const struct lens *lens,
                                        const struct certs_history_plan *plan, utc_ms_t at,
                                        const uint8_t sha256[CERTS_SHA256_BYTES])
{
    struct certs_history history;
    struct certs_history_plan then = *plan;
    then.for_tsa = true;
    then.at = at;
    if (!history_known(plan->archive, sha256, at, &history)) {
        STACK_OF(X509) *carried =
            memo_parse_all(plan->archive->memo, plan->carried, plan->carried_count);
        for (int i = 0; carried && i < sk_X509_num(lens->data.certificates); i++) {
            X509 *own = sk_X509_value(lens->data.certificates, i);
            if (X509_up_ref(own) == 1 && sk_X509_push(carried, own) <= 0)
                X509_free(own);
        }
        history_of(lens->data.certificate, carried, &then, &history);
        sk_X509_pop_free(carried, X509_free);
    }
    return history.proven == CERTS_PROVEN_REVOKED ? CERTS_FAULT_REVOKED : CERTS_FAULT_NONE;
}

enum certs_fault certs_timestamp_judge(struct bytes token, const uint8_t digest[CERTS_SHA256_BYTES],
                                       const struct certs_history_plan *plan,
                                       struct certs_timestamp *ret_timestamp)
{
    struct lens lens;
    struct bytes further[CERTS_CHAIN_MAX];
    const struct certs_items *archived = &plan->archive->certificates;
    size_t count = 0;
    for (size_t i = 0; i < plan->carried_count && count < CERTS_CHAIN_MAX; i++)
        further[count++] = plan->carried[i];
    for (size_t i = 0; i < archived->count && count < CERTS_CHAIN_MAX; i++)
        further[count++] = archived->items[i];
    struct chain_plan chain = {plan->trust->tsa, further, count, plan->at, plan->archive->memo};
    memset(ret_timestamp, 0, sizeof *ret_timestamp);
    enum certs_fault fault = verify(&lens, token, digest, &chain, ret_timestamp);
    if (fault == CERTS_FAULT_NONE)
        fault = check_authority(&lens, plan, ret_timestamp->at, ret_timestamp->certificate_sha256);
    lens_done(&lens);
    return fault;
}

enum err certs_timestamp_read(struct bytes token, struct certs_timestamp *ret_timestamp)
{
    struct lens lens;
    bool found = lens_open(token, &lens) == CERTS_FAULT_NONE;
    if (found) {
        memset(ret_timestamp, 0, sizeof *ret_timestamp);
        describe(&lens, ret_timestamp);
    }
    lens_done(&lens);
    return found ? ERR_OK : ERR_FORMAT;
}

enum err certs_timestamp_tidy(struct bytes token, struct buffer *ret_token)
{
    struct lens lens;
    enum err err = ERR_FORMAT;
    if (lens_open(token, &lens) == CERTS_FAULT_NONE) {
        unsigned char *data = NULL;
        int size = i2d_CMS_ContentInfo(lens.data.cms, &data);
        err = der_take(data, size, ret_token);
    }
    lens_done(&lens);
    return err;
}

enum err certs_timestamp_carried(struct bytes token, struct certs_carried *ret_carried)
{
    struct lens lens;
    struct certs_carried carried = {.count = 0};
    bool found = lens_open(token, &lens) == CERTS_FAULT_NONE;
    enum err err = found ? signed_data_carry(&lens.data, &carried) : ERR_FORMAT;
    lens_done(&lens);
    if (err == ERR_OK)
        *ret_carried = carried;
    else
        certs_carried_done(&carried);
    return err;
}

enum err certs_timestamp_certificate(struct bytes token, struct buffer *ret_certificate)
{
    struct lens lens;
    bool found = lens_open(token, &lens) == CERTS_FAULT_NONE;
    enum err err = found ? der_of_certificate(lens.data.certificate, ret_certificate) : ERR_FORMAT;
    lens_done(&lens);
    return err;
}

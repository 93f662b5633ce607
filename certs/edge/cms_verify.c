/* The strict reader of a paper's CMS: one form, everything else refused. */
#include <openssl/cms.h>
#include <openssl/ess.h>
#include <openssl/sha.h>
#include <openssl/x509v3.h>
#include <string.h>

#include "certs/edge/chain.h"
#include "certs/edge/cms_part.h"
#include "certs/edge/der.h"
#include "certs/edge/history_part.h"
#include "certs/edge/issue.h"
#include "certs/edge/text.h"
#include "certs/edge/trust_part.h"

static enum certs_fault check_algorithms(const struct cms_lens *lens)
{
    X509_ALGOR *digest = NULL;
    X509_ALGOR *signature = NULL;
    CMS_SignerInfo_get0_algs(lens->data.signer, NULL, NULL, &digest, &signature);
    const ASN1_OBJECT *digest_oid = NULL;
    const ASN1_OBJECT *signature_oid = NULL;
    X509_ALGOR_get0(&digest_oid, NULL, NULL, digest);
    X509_ALGOR_get0(&signature_oid, NULL, NULL, signature);
    bool good = OBJ_obj2nid(digest_oid) == NID_sha256 &&
                OBJ_obj2nid(signature_oid) == NID_ecdsa_with_SHA256 &&
                der_is_p256(X509_get0_pubkey(lens->data.certificate));
    return good ? CERTS_FAULT_NONE : CERTS_FAULT_PROFILE;
}

const ASN1_TYPE *cms_only_value(const CMS_SignerInfo *signer, int nid)
{
    int at = CMS_signed_get_attr_by_NID(signer, nid, -1);
    if (at < 0 || CMS_signed_get_attr_by_NID(signer, nid, at) >= 0)
        return NULL;
    X509_ATTRIBUTE *attribute = CMS_signed_get_attr(signer, at);
    return X509_ATTRIBUTE_count(attribute) == 1 ? X509_ATTRIBUTE_get0_type(attribute, 0) : NULL;
}

static enum certs_fault check_ess(const struct cms_lens *lens, const ASN1_TYPE *value)
{
    const ASN1_STRING *text = value->value.sequence;
    const unsigned char *at = ASN1_STRING_get0_data(text);
    const unsigned char *end = at + ASN1_STRING_length(text);
    ESS_SIGNING_CERT_V2 *ess = d2i_ESS_SIGNING_CERT_V2(NULL, &at, ASN1_STRING_length(text));
    STACK_OF(X509) *chain = sk_X509_new_null();
    enum certs_fault fault = CERTS_FAULT_ESS;
    if (ess && at == end && chain && sk_X509_push(chain, lens->data.certificate) > 0 &&
        OSSL_ESS_check_signing_certs(NULL, ess, chain, 1) == 1)
        fault = CERTS_FAULT_NONE;
    sk_X509_free(chain);
    ESS_SIGNING_CERT_V2_free(ess);
    return fault;
}

static enum certs_fault check_attributes(const struct cms_lens *lens,
                                         const uint8_t digest[CERTS_SHA256_BYTES])
{
    const CMS_SignerInfo *signer = lens->data.signer;
    const ASN1_TYPE *type = cms_only_value(signer, NID_pkcs9_contentType);
    const ASN1_TYPE *message = cms_only_value(signer, NID_pkcs9_messageDigest);
    const ASN1_TYPE *ess = cms_only_value(signer, NID_id_smime_aa_signingCertificateV2);
    if (!type || !message || !ess || CMS_signed_get_attr_count(signer) != 3)
        return CERTS_FAULT_PROFILE;
    if (type->type != V_ASN1_OBJECT || OBJ_obj2nid(type->value.object) != NID_pkcs7_data ||
        message->type != V_ASN1_OCTET_STRING || ess->type != V_ASN1_SEQUENCE)
        return CERTS_FAULT_PROFILE;

    const ASN1_OCTET_STRING *held = message->value.octet_string;
    if (ASN1_STRING_length(held) != CERTS_SHA256_BYTES ||
        memcmp(ASN1_STRING_get0_data(held), digest, CERTS_SHA256_BYTES) != 0)
        return CERTS_FAULT_DIGEST;
    return check_ess(lens, ess);
}

static enum certs_fault check_usage(X509 *certificate)
{
    uint32_t flags = X509_get_extension_flags(certificate);
    bool good = (flags & EXFLAG_INVALID) == 0 && (flags & EXFLAG_CA) == 0 &&
                (flags & EXFLAG_KUSAGE) != 0 &&
                (X509_get_key_usage(certificate) & KU_NON_REPUDIATION) != 0;
    return good ? CERTS_FAULT_NONE : CERTS_FAULT_USAGE;
}

void cms_describe(const X509 *certificate, struct certs_signer *signer)
{
    const X509_NAME *subject = X509_get_subject_name(certificate);
    text_of_attribute(subject, NID_commonName, signer->name, sizeof signer->name);
    text_of_attribute(subject, NID_title, signer->position, sizeof signer->position);
    text_of_name(subject, signer->subject);
    text_of_name(X509_get_issuer_name(certificate), signer->issuer);
    text_of_serial(X509_get0_serialNumber(certificate), signer->serial);
    signer->not_after = issue_time_ms(X509_get0_notAfter(certificate));
}

/* Much of a CMS is covered by no signature: versions, lists of algorithms, forms of encoding. Its
 * facts determine the bytes that we would have written, so anything else is refused. */
static enum certs_fault check_canonical(const struct cms_lens *lens, struct bytes input,
                                        const uint8_t digest[CERTS_SHA256_BYTES])
{
    struct cms_issuers issuers;
    struct cms_parts parts = cms_lens_parts(lens, digest, &issuers);
    struct buffer again = {0};
    if (cms_write(&parts, &again) != ERR_OK)
        return CERTS_FAULT_INTERNAL;
    bool same = bytes_equal(buffer_bytes(&again), input);
    buffer_done(&again);
    return same ? CERTS_FAULT_NONE : CERTS_FAULT_PROFILE;
}

/* All that does not depend on a time. */
static enum certs_fault check_signature(const struct cms_lens *lens, struct bytes cms,
                                        const uint8_t digest[CERTS_SHA256_BYTES])
{
    enum certs_fault fault = check_algorithms(lens);
    if (fault == CERTS_FAULT_NONE)
        fault = check_attributes(lens, digest);
    if (fault == CERTS_FAULT_NONE && CMS_SignerInfo_verify(lens->data.signer) != 1)
        fault = CERTS_FAULT_SIGNATURE;
    if (fault == CERTS_FAULT_NONE)
        fault = check_canonical(lens, cms, digest);
    return fault == CERTS_FAULT_NONE ? check_usage(lens->data.certificate) : fault;
}

/* -- at what time --------------------------------------------------------------------------------
 */

static enum certs_fault check_stamp(const struct cms_lens *lens, const struct certs_view *view,
                                    struct certs_judgement *judgement)
{
    uint8_t digest[CERTS_SHA256_BYTES];
    struct certs_carried carried = {.count = 0};
    struct bytes issuers[CERTS_CHAIN_MAX];
    if (lens->token.size == 0)
        return CERTS_FAULT_NONE;
    const ASN1_OCTET_STRING *value = CMS_SignerInfo_get0_signature(lens->data.signer);
    SHA256(ASN1_STRING_get0_data(value), (size_t)ASN1_STRING_length(value), digest);
    judgement->stamped = true;
    enum certs_fault fault = CERTS_FAULT_INTERNAL;
    if (signed_data_carry(&lens->data, &carried) == ERR_OK) {
        for (size_t i = 1; i < carried.count; i++)
            issuers[i - 1] = buffer_bytes(&carried.certificates[i]);
        struct certs_history_plan plan = {
            .archive = view->archive,
            .carried = issuers,
            .carried_count = carried.count - 1,
            .trust = view->trust,
            .for_tsa = true,
            .at = view->seen_by ? view->seen_by : view->now,
        };
        fault = certs_timestamp_judge(lens->token, digest, &plan, &judgement->stamp);
    }
    certs_carried_done(&carried);
    judgement->stamp_fault = fault;
    if (fault != CERTS_FAULT_NONE)
        return CERTS_FAULT_STAMP;
    judgement->trusted_at = judgement->stamp.at;
    return CERTS_FAULT_NONE;
}

static enum certs_fault check_history(const struct cms_lens *lens, const struct certs_view *view,
                                      utc_ms_t at, struct certs_judgement *judgement)
{
    struct certs_history_plan plan = {.archive = view->archive, .trust = view->trust, .at = at};
    history_of(lens->data.certificate, lens->data.certificates, &plan, &judgement->history);
    return judgement->history.proven == CERTS_PROVEN_REVOKED ? CERTS_FAULT_REVOKED
                                                             : CERTS_FAULT_NONE;
}

/* With whatever came along, from the signature and from the archive. */
static enum certs_fault check_foreign(const struct cms_lens *lens, const struct certs_view *view,
                                      utc_ms_t at)
{
    struct certs_carried carried = {.count = 0};
    const struct certs_items *archived = &view->archive->certificates;
    struct bytes further[CERTS_CHAIN_MAX];
    size_t count = 0;
    enum certs_fault fault = CERTS_FAULT_INTERNAL;
    if (signed_data_carry(&lens->data, &carried) == ERR_OK) {
        for (size_t i = 1; i < carried.count && count < CERTS_CHAIN_MAX; i++)
            further[count++] = buffer_bytes(&carried.certificates[i]);
        for (size_t i = 0; i < archived->count && count < CERTS_CHAIN_MAX; i++)
            further[count++] = archived->items[i];
        struct chain_plan chain = {view->trust->people, further, count, at, view->archive->memo};
        fault = chain_check_foreign(&chain, lens->data.certificate);
    }
    certs_carried_done(&carried);
    return fault;
}

static enum certs_fault check_chain(const struct cms_lens *lens, const struct certs_view *view,
                                    enum cms_manner manner, utc_ms_t at)
{
    struct chain_plan chain = {view->trust->people, NULL, 0, at, view->archive->memo};
    return manner == CMS_STRICT
               ? chain_check(&chain, lens->data.certificate, lens->data.certificates)
               : check_foreign(lens, view, at);
}

enum certs_fault cms_judge_times(const struct cms_lens *lens, const struct certs_view *view,
                                 enum cms_manner manner, struct certs_judgement *ret_judgement)
{
    enum certs_fault fault = check_stamp(lens, view, ret_judgement);
    if (fault != CERTS_FAULT_NONE)
        return fault;
    if (!ret_judgement->trusted_at)
        ret_judgement->trusted_at = view->seen_by;
    utc_ms_t at = ret_judgement->trusted_at ? ret_judgement->trusted_at : view->now;
    fault = check_chain(lens, view, manner, at);
    return fault == CERTS_FAULT_NONE ? check_history(lens, view, at, ret_judgement) : fault;
}

enum certs_fault certs_cms_judge(struct bytes cms, const uint8_t digest[CERTS_SHA256_BYTES],
                                 const struct certs_view *view,
                                 struct certs_judgement *ret_judgement)
{
    struct cms_lens lens;
    memset(ret_judgement, 0, sizeof *ret_judgement);
    enum certs_fault fault = cms_lens_open(cms, &lens);
    if (lens.data.certificate)
        cms_describe(lens.data.certificate, &ret_judgement->signer);
    if (fault == CERTS_FAULT_NONE)
        fault = check_signature(&lens, cms, digest);
    if (fault == CERTS_FAULT_NONE)
        fault = cms_judge_times(&lens, view, CMS_STRICT, ret_judgement);
    cms_lens_done(&lens);
    return fault;
}

enum certs_fault certs_cms_verify(struct bytes cms, const uint8_t digest[CERTS_SHA256_BYTES],
                                  const struct certs_trust *trust, utc_ms_t at,
                                  struct certs_signer *ret_signer)
{
    static const struct certs_archive nothing = {.certificates = {.count = 0}};
    struct certs_view view = {.trust = trust, .archive = &nothing, .now = at};
    struct certs_judgement judgement;
    enum certs_fault fault = certs_cms_judge(cms, digest, &view, &judgement);
    *ret_signer = judgement.signer;
    return fault;
}

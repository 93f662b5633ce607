/* The strict reader of a paper's CMS: one form, everything else refused. */
#include <openssl/cms.h>
#include <openssl/err.h>
#include <openssl/ess.h>
#include <openssl/x509v3.h>
#include <string.h>

#include "certs/edge/chain.h"
#include "certs/edge/cms_part.h"
#include "certs/edge/der.h"
#include "certs/edge/issue.h"
#include "certs/edge/text.h"
#include "certs/edge/trust_part.h"

enum { CMS_BYTES_MAX = 64 * 1024 };

/* One CMS under the lens; all borrowed from `cms` but `certificates`. */
struct lens {
    CMS_ContentInfo *cms;
    CMS_SignerInfo *signer;
    STACK_OF(X509) * certificates;
    X509 *certificate; /* the signer's */
};

static enum certs_fault parse(struct bytes input, struct lens *lens)
{
    if (input.size == 0 || input.size > CMS_BYTES_MAX)
        return CERTS_FAULT_MALFORMED;
    const unsigned char *at = input.data;
    lens->cms = d2i_CMS_ContentInfo(NULL, &at, (long)input.size);
    if (!lens->cms || at != input.data + input.size)
        return CERTS_FAULT_MALFORMED;
    if (OBJ_obj2nid(CMS_get0_type(lens->cms)) != NID_pkcs7_signed)
        return CERTS_FAULT_PROFILE;
    return CERTS_FAULT_NONE;
}

static enum certs_fault find_signer(struct lens *lens)
{
    STACK_OF(CMS_SignerInfo) *signers = CMS_get0_SignerInfos(lens->cms);
    if (sk_CMS_SignerInfo_num(signers) != 1)
        return CERTS_FAULT_PROFILE;
    lens->signer = sk_CMS_SignerInfo_value(signers, 0);
    lens->certificates = CMS_get1_certs(lens->cms);
    int count = lens->certificates ? sk_X509_num(lens->certificates) : 0;
    if (count > CERTS_CHAIN_MAX + 1)
        return CERTS_FAULT_PROFILE;
    for (int i = 0; i < count; i++) {
        X509 *candidate = sk_X509_value(lens->certificates, i);
        if (CMS_SignerInfo_cert_cmp(lens->signer, candidate) == 0)
            lens->certificate = candidate;
    }
    if (!lens->certificate)
        return CERTS_FAULT_PROFILE;
    CMS_SignerInfo_set1_signer_cert(lens->signer, lens->certificate);
    return CERTS_FAULT_NONE;
}

static bool is_detached(CMS_ContentInfo *cms)
{
    ASN1_OCTET_STRING **content = CMS_get0_content(cms);
    STACK_OF(X509_CRL) *crls = CMS_get1_crls(cms);
    bool good =
        content && !*content && !crls && OBJ_obj2nid(CMS_get0_eContentType(cms)) == NID_pkcs7_data;
    sk_X509_CRL_pop_free(crls, X509_CRL_free);
    return good;
}

static enum certs_fault check_algorithms(const struct lens *lens)
{
    X509_ALGOR *digest = NULL;
    X509_ALGOR *signature = NULL;
    CMS_SignerInfo_get0_algs(lens->signer, NULL, NULL, &digest, &signature);
    const ASN1_OBJECT *digest_oid = NULL;
    const ASN1_OBJECT *signature_oid = NULL;
    X509_ALGOR_get0(&digest_oid, NULL, NULL, digest);
    X509_ALGOR_get0(&signature_oid, NULL, NULL, signature);
    bool good = OBJ_obj2nid(digest_oid) == NID_sha256 &&
                OBJ_obj2nid(signature_oid) == NID_ecdsa_with_SHA256 &&
                der_is_p256(X509_get0_pubkey(lens->certificate));
    return good ? CERTS_FAULT_NONE : CERTS_FAULT_PROFILE;
}

/* The single value of the one attribute `nid`; NULL when there is none or more than one. */
static const ASN1_TYPE *only_value(const CMS_SignerInfo *signer, int nid)
{
    int at = CMS_signed_get_attr_by_NID(signer, nid, -1);
    if (at < 0 || CMS_signed_get_attr_by_NID(signer, nid, at) >= 0)
        return NULL;
    X509_ATTRIBUTE *attribute = CMS_signed_get_attr(signer, at);
    return X509_ATTRIBUTE_count(attribute) == 1 ? X509_ATTRIBUTE_get0_type(attribute, 0) : NULL;
}

static enum certs_fault check_ess(const struct lens *lens, const ASN1_TYPE *value)
{
    const ASN1_STRING *text = value->value.sequence;
    const unsigned char *at = ASN1_STRING_get0_data(text);
    const unsigned char *end = at + ASN1_STRING_length(text);
    ESS_SIGNING_CERT_V2 *ess = d2i_ESS_SIGNING_CERT_V2(NULL, &at, ASN1_STRING_length(text));
    STACK_OF(X509) *chain = sk_X509_new_null();
    enum certs_fault fault = CERTS_FAULT_ESS;
    if (ess && at == end && chain && sk_X509_push(chain, lens->certificate) > 0 &&
        OSSL_ESS_check_signing_certs(NULL, ess, chain, 1) == 1)
        fault = CERTS_FAULT_NONE;
    sk_X509_free(chain);
    ESS_SIGNING_CERT_V2_free(ess);
    return fault;
}

static enum certs_fault check_attributes(const struct lens *lens,
                                         const uint8_t digest[CERTS_SHA256_BYTES])
{
    const CMS_SignerInfo *signer = lens->signer;
    const ASN1_TYPE *type = only_value(signer, NID_pkcs9_contentType);
    const ASN1_TYPE *message = only_value(signer, NID_pkcs9_messageDigest);
    const ASN1_TYPE *ess = only_value(signer, NID_id_smime_aa_signingCertificateV2);
    if (!type || !message || !ess || CMS_signed_get_attr_count(signer) != 3 ||
        CMS_unsigned_get_attr_count(signer) > 0)
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

static enum certs_fault check_chain(const struct lens *lens, const struct certs_trust *trust,
                                    utc_ms_t at)
{
    struct chain_plan plan = {trust->people, NULL, 0, at};
    return chain_check(&plan, lens->certificate, lens->certificates);
}

static enum certs_fault check_usage(X509 *certificate)
{
    uint32_t flags = X509_get_extension_flags(certificate);
    bool good = (flags & EXFLAG_INVALID) == 0 && (flags & EXFLAG_CA) == 0 &&
                (flags & EXFLAG_KUSAGE) != 0 &&
                (X509_get_key_usage(certificate) & KU_NON_REPUDIATION) != 0;
    return good ? CERTS_FAULT_NONE : CERTS_FAULT_USAGE;
}

static void describe(const X509 *certificate, struct certs_signer *signer)
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
static enum certs_fault check_canonical(const struct lens *lens, struct bytes input,
                                        const uint8_t digest[CERTS_SHA256_BYTES])
{
    X509 *issuers[CERTS_CHAIN_MAX + 1];
    size_t count = 0;
    for (int i = 0; i < sk_X509_num(lens->certificates); i++)
        if (sk_X509_value(lens->certificates, i) != lens->certificate)
            issuers[count++] = sk_X509_value(lens->certificates, i);
    const ASN1_OCTET_STRING *value = CMS_SignerInfo_get0_signature(lens->signer);
    struct cms_parts parts = {
        .certificate = lens->certificate,
        .issuers = issuers,
        .issuer_count = count,
        .digest = digest,
        .signature = {ASN1_STRING_get0_data(value), (size_t)ASN1_STRING_length(value)},
    };
    struct buffer again = {0};
    if (cms_write(&parts, &again) != ERR_OK)
        return CERTS_FAULT_INTERNAL;
    bool same = bytes_equal(buffer_bytes(&again), input);
    buffer_done(&again);
    return same ? CERTS_FAULT_NONE : CERTS_FAULT_PROFILE;
}

static enum certs_fault verify(struct lens *lens, struct bytes cms,
                               const uint8_t digest[CERTS_SHA256_BYTES],
                               const struct certs_trust *trust, utc_ms_t at,
                               struct certs_signer *signer)
{
    enum certs_fault fault = parse(cms, lens);
    if (fault == CERTS_FAULT_NONE)
        fault = is_detached(lens->cms) ? find_signer(lens) : CERTS_FAULT_PROFILE;
    if (fault != CERTS_FAULT_NONE)
        return fault;
    describe(lens->certificate, signer);
    fault = check_algorithms(lens);
    if (fault == CERTS_FAULT_NONE)
        fault = check_attributes(lens, digest);
    if (fault == CERTS_FAULT_NONE && CMS_SignerInfo_verify(lens->signer) != 1)
        fault = CERTS_FAULT_SIGNATURE;
    if (fault == CERTS_FAULT_NONE)
        fault = check_canonical(lens, cms, digest);
    if (fault == CERTS_FAULT_NONE)
        fault = check_usage(lens->certificate);
    if (fault == CERTS_FAULT_NONE)
        fault = check_chain(lens, trust, at);
    return fault;
}

enum certs_fault certs_cms_verify(struct bytes cms, const uint8_t digest[CERTS_SHA256_BYTES],
                                  const struct certs_trust *trust, utc_ms_t at,
                                  struct certs_signer *ret_signer)
{
    struct lens lens = {0};
    memset(ret_signer, 0, sizeof *ret_signer);
    enum certs_fault fault = verify(&lens, cms, digest, trust, at, ret_signer);
    sk_X509_pop_free(lens.certificates, X509_free);
    CMS_ContentInfo_free(lens.cms);
    ERR_clear_error(); /* a refused file must not speak into the next call's errors */
    return fault;
}

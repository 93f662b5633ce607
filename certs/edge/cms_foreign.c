#include "certs/edge/cms_foreign.h"

#include <openssl/err.h>
#include <openssl/ess.h>
#include <openssl/x509v3.h>
#include <string.h>

#include "certs/edge/cms_part.h"
#include "certs/edge/der.h"
#include "certs/edge/issue.h"
#include "certs/edge/token_form.h"
#include "certs/edge/trust_part.h"

enum {
    CMS_BYTES_MAX = 1024 * 1024, /* Adobe carries whole CRLs */
    RSA_BITS_MIN = 2048,
    VERSION_BY_ISSUER = 1, /* of a SignedData over plain data (RFC 5652, section 5.1) */
    VERSION_BY_KEY = 3,
};

/* -- reading -----------------------------------------------------------------------------------
 */

/* BER is allowed, so the end is where the parser stops. */
static enum certs_fault parse(struct bytes cms, struct signed_data *data)
{
    if (cms.size == 0 || cms.size > CMS_BYTES_MAX)
        return CERTS_FAULT_MALFORMED;
    const unsigned char *at = cms.data;
    data->cms = d2i_CMS_ContentInfo(NULL, &at, (long)cms.size);
    if (!data->cms)
        return CERTS_FAULT_MALFORMED;
    for (; at < cms.data + cms.size; at++)
        if (*at != 0)
            return CERTS_FAULT_MALFORMED;
    return OBJ_obj2nid(CMS_get0_type(data->cms)) == NID_pkcs7_signed ? CERTS_FAULT_NONE
                                                                     : CERTS_FAULT_PROFILE;
}

/* One signer, who is among the certificates. NSS carries him twice, which is not a fault. */
static enum certs_fault find_signer(struct signed_data *data)
{
    STACK_OF(CMS_SignerInfo) *signers = CMS_get0_SignerInfos(data->cms);
    if (sk_CMS_SignerInfo_num(signers) != 1)
        return CERTS_FAULT_PROFILE;
    data->signer = sk_CMS_SignerInfo_value(signers, 0);
    data->certificates = CMS_get1_certs(data->cms);
    for (int i = sk_X509_num(data->certificates) - 1; i > 0; i--)
        for (int j = 0; j < i; j++)
            if (X509_cmp(sk_X509_value(data->certificates, i),
                         sk_X509_value(data->certificates, j)) == 0) {
                X509_free(sk_X509_delete(data->certificates, i));
                break;
            }
    int count = sk_X509_num(data->certificates);
    if (count > CERTS_CHAIN_MAX + 1)
        return CERTS_FAULT_PROFILE;
    for (int i = 0; i < count && !data->certificate; i++)
        if (CMS_SignerInfo_cert_cmp(data->signer, sk_X509_value(data->certificates, i)) == 0)
            data->certificate = sk_X509_value(data->certificates, i);
    if (!data->certificate)
        return CERTS_FAULT_PROFILE;
    CMS_SignerInfo_set1_signer_cert(data->signer, data->certificate);
    return CERTS_FAULT_NONE;
}

static enum certs_fault lens_open(struct bytes cms, struct cms_lens *lens)
{
    *lens = (struct cms_lens){0};
    enum certs_fault fault = parse(cms, &lens->data);
    if (fault == CERTS_FAULT_NONE && !cms_lens_is_detached(lens->data.cms))
        fault = CERTS_FAULT_PROFILE;
    if (fault == CERTS_FAULT_NONE)
        fault = find_signer(&lens->data);
    return fault == CERTS_FAULT_NONE ? cms_lens_find_token(lens) : fault;
}

/* -- algorithms ----------------------------------------------------------------------------------
 */

static int digest_of(const struct cms_lens *lens)
{
    X509_ALGOR *algorithm = NULL;
    const ASN1_OBJECT *oid = NULL;
    CMS_SignerInfo_get0_algs(lens->data.signer, NULL, NULL, &algorithm, NULL);
    X509_ALGOR_get0(&oid, NULL, NULL, algorithm);
    return OBJ_obj2nid(oid);
}

static enum certs_fault check_digest_algorithm(int nid)
{
    static const int strong[] = {NID_sha256, NID_sha384, NID_sha512};
    static const int weak[] = {NID_md2, NID_md4, NID_md5, NID_sha1, NID_ripemd160, NID_sha224};
    for (size_t i = 0; i < sizeof strong / sizeof *strong; i++)
        if (nid == strong[i])
            return CERTS_FAULT_NONE;
    for (size_t i = 0; i < sizeof weak / sizeof *weak; i++)
        if (nid == weak[i])
            return CERTS_FAULT_WEAK;
    return CERTS_FAULT_PROFILE;
}

static enum certs_fault check_key(const EVP_PKEY *key)
{
    static const char *const curves[] = {"prime256v1", "secp384r1", "secp521r1"};
    char name[32];
    size_t size = 0;
    if (EVP_PKEY_is_a(key, "RSA") == 1)
        return EVP_PKEY_get_bits(key) >= RSA_BITS_MIN ? CERTS_FAULT_NONE : CERTS_FAULT_WEAK;
    if (EVP_PKEY_is_a(key, "EC") != 1 ||
        EVP_PKEY_get_group_name(key, name, sizeof name, &size) != 1)
        return CERTS_FAULT_PROFILE;
    for (size_t i = 0; i < sizeof curves / sizeof *curves; i++)
        if (strcmp(name, curves[i]) == 0)
            return CERTS_FAULT_NONE;
    return CERTS_FAULT_PROFILE;
}

static enum certs_fault check_algorithms(const struct cms_lens *lens)
{
    const EVP_PKEY *key = X509_get0_pubkey(lens->data.certificate);
    enum certs_fault fault = check_digest_algorithm(digest_of(lens));
    if (fault == CERTS_FAULT_NONE)
        fault = key ? check_key(key) : CERTS_FAULT_PROFILE;
    if (fault == CERTS_FAULT_NONE && !token_form_algorithms_agree(lens->data.signer, key))
        fault = CERTS_FAULT_PROFILE;
    return fault;
}

/* -- signed attributes ---------------------------------------------------------------------------
 */

static bool digest_matches(const struct certs_foreign *signature, int nid,
                           const ASN1_OCTET_STRING *held)
{
    uint8_t digest[EVP_MAX_MD_SIZE];
    unsigned size = 0;
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    bool done = context && EVP_DigestInit_ex2(context, EVP_get_digestbynid(nid), NULL) == 1;
    for (size_t i = 0; done && i < CERTS_FOREIGN_PARTS; i++)
        done =
            EVP_DigestUpdate(context, signature->covered[i].data, signature->covered[i].size) == 1;
    done = done && EVP_DigestFinal_ex(context, digest, &size) == 1;
    EVP_MD_CTX_free(context);
    return done && ASN1_STRING_length(held) == (int)size &&
           memcmp(ASN1_STRING_get0_data(held), digest, size) == 0;
}

/* The signer's certificate first, then whatever else the attribute may name. */
static STACK_OF(X509) * signer_first(const struct cms_lens *lens)
{
    STACK_OF(X509) *chain = sk_X509_new_null();
    bool done = chain && sk_X509_push(chain, lens->data.certificate) > 0;
    for (int i = 0; done && i < sk_X509_num(lens->data.certificates); i++) {
        X509 *one = sk_X509_value(lens->data.certificates, i);
        done = one == lens->data.certificate || sk_X509_push(chain, one) > 0;
    }
    if (!done) {
        sk_X509_free(chain);
        return NULL;
    }
    return chain;
}

/* The older signing-certificate names by SHA-1: to deceive with it, one authority would have to
 * give two certificates of one hash. */
static bool names_certificate(const struct cms_lens *lens, const ASN1_TYPE *old,
                              const ASN1_TYPE *new)
{
    const ASN1_STRING *texts[] = {old ? old->value.sequence : NULL,
                                  new ? new->value.sequence : NULL};
    const unsigned char *at = old ? ASN1_STRING_get0_data(texts[0]) : NULL;
    ESS_SIGNING_CERT *first =
        old ? d2i_ESS_SIGNING_CERT(NULL, &at, ASN1_STRING_length(texts[0])) : NULL;
    at = new ? ASN1_STRING_get0_data(texts[1]) : NULL;
    ESS_SIGNING_CERT_V2 *second =
        new ? d2i_ESS_SIGNING_CERT_V2(NULL, &at, ASN1_STRING_length(texts[1])) : NULL;
    STACK_OF(X509) *chain = signer_first(lens);
    bool good =
        !first == !old &&
        !second == !new &&chain &&OSSL_ESS_check_signing_certs(first, second, chain, 0) == 1;
    sk_X509_free(chain);
    ESS_SIGNING_CERT_free(first);
    ESS_SIGNING_CERT_V2_free(second);
    return good;
}

/* A value of an attribute that may be missing, but not be twice or of another type. */
static bool optional_sequence(const CMS_SignerInfo *signer, int nid, const ASN1_TYPE **ret_value)
{
    *ret_value = cms_only_value(signer, nid);
    if (!*ret_value)
        return CMS_signed_get_attr_by_NID(signer, nid, -1) < 0;
    return (*ret_value)->type == V_ASN1_SEQUENCE;
}

static enum certs_fault check_attributes(const struct cms_lens *lens,
                                         const struct certs_foreign *signature)
{
    const CMS_SignerInfo *signer = lens->data.signer;
    const ASN1_TYPE *type = cms_only_value(signer, NID_pkcs9_contentType);
    const ASN1_TYPE *message = cms_only_value(signer, NID_pkcs9_messageDigest);
    const ASN1_TYPE *old = NULL;
    const ASN1_TYPE *new = NULL;
    if (!type || type->type != V_ASN1_OBJECT || OBJ_obj2nid(type->value.object) != NID_pkcs7_data ||
        !message || message->type != V_ASN1_OCTET_STRING)
        return CERTS_FAULT_PROFILE;
    if (!digest_matches(signature, digest_of(lens), message->value.octet_string))
        return CERTS_FAULT_DIGEST;
    if (!optional_sequence(signer, NID_id_smime_aa_signingCertificate, &old) ||
        !optional_sequence(signer, NID_id_smime_aa_signingCertificateV2, &new) ||
        (signature->is_cades && !old && !new))
        return CERTS_FAULT_PROFILE;
    if ((old || new) && !names_certificate(lens, old, new))
        return CERTS_FAULT_ESS;
    return CERTS_FAULT_NONE;
}

/* -- the whole -----------------------------------------------------------------------------------
 */

/* What no signature covers must say what the rest determines. */
static bool heads_fit(const struct cms_lens *lens)
{
    ASN1_OCTET_STRING *key_id = NULL;
    bool by_key =
        CMS_SignerInfo_get0_signer_id(lens->data.signer, &key_id, NULL, NULL) == 1 && key_id;
    struct buffer der = {0};
    unsigned char *data = NULL;
    int size = i2d_CMS_ContentInfo(lens->data.cms, &data);
    if (der_take(data, size, &der) != ERR_OK)
        return false;
    bool fit = token_form_heads_fit(buffer_bytes(&der), lens->data.signer,
                                    by_key ? VERSION_BY_KEY : VERSION_BY_ISSUER);
    buffer_done(&der);
    return fit;
}

/* Purposes under which authorities issue certificates that sign documents. */
static bool purpose_fits(X509 *certificate)
{
    static const char *const purposes[] = {
        "1.3.6.1.5.5.7.3.36",      /* documentSigning (RFC 9336) */
        "1.3.6.1.4.1.311.10.3.12", /* the same, by Microsoft */
        "1.2.840.113583.1.1.5",    /* the same, by Adobe */
        "1.3.6.1.5.5.7.3.4",       /* emailProtection */
        "2.5.29.37.0",             /* any */
    };
    EXTENDED_KEY_USAGE *usages = X509_get_ext_d2i(certificate, NID_ext_key_usage, NULL, NULL);
    bool fits = false;
    for (int i = 0; i < sk_ASN1_OBJECT_num(usages); i++) {
        char text[64];
        (void)OBJ_obj2txt(text, sizeof text, sk_ASN1_OBJECT_value(usages, i), 1);
        for (size_t k = 0; k < sizeof purposes / sizeof *purposes; k++)
            fits |= strcmp(text, purposes[k]) == 0;
    }
    EXTENDED_KEY_USAGE_free(usages);
    return fits;
}

static enum certs_fault check_usage(X509 *certificate)
{
    uint32_t flags = X509_get_extension_flags(certificate);
    bool good = (flags & EXFLAG_INVALID) == 0 && (flags & EXFLAG_CA) == 0 &&
                ((flags & EXFLAG_KUSAGE) == 0 ||
                 (X509_get_key_usage(certificate) & (KU_NON_REPUDIATION | KU_DIGITAL_SIGNATURE))) &&
                ((flags & EXFLAG_XKUSAGE) == 0 || purpose_fits(certificate));
    return good ? CERTS_FAULT_NONE : CERTS_FAULT_USAGE;
}

/* All that does not depend on a time. */
static enum certs_fault check_signature(const struct cms_lens *lens,
                                        const struct certs_foreign *signature)
{
    enum certs_fault fault = check_algorithms(lens);
    if (fault == CERTS_FAULT_NONE)
        fault = check_attributes(lens, signature);
    if (fault == CERTS_FAULT_NONE && CMS_SignerInfo_verify(lens->data.signer) != 1)
        fault = CERTS_FAULT_SIGNATURE;
    if (fault == CERTS_FAULT_NONE && !heads_fit(lens))
        fault = CERTS_FAULT_PROFILE;
    return fault == CERTS_FAULT_NONE ? check_usage(lens->data.certificate) : fault;
}

static bool is_issued_among(STACK_OF(X509) * issuers, X509 *certificate)
{
    for (int i = 0; i < sk_X509_num(issuers); i++) {
        X509 *issuer = sk_X509_value(issuers, i);
        if (X509_check_issued(issuer, certificate) == X509_V_OK &&
            X509_verify(certificate, X509_get0_pubkey(issuer)) == 1)
            return true;
    }
    return false;
}

/* More certificates than the chain needs may be carried, but no altered ones: the bag is covered by
 * no signature, so each in it must have its own issuer's, from the bag or the anchors. */
static enum certs_fault check_bag(const struct cms_lens *lens, const struct certs_trust *trust)
{
    STACK_OF(X509) *anchors = X509_STORE_get1_all_certs(trust->people);
    bool good = anchors != NULL;
    for (int i = 0; good && i < sk_X509_num(lens->data.certificates); i++) {
        X509 *one = sk_X509_value(lens->data.certificates, i);
        good = is_issued_among(lens->data.certificates, one) || is_issued_among(anchors, one) ||
               one == lens->data.certificate; /* whose chain was checked */
    }
    sk_X509_pop_free(anchors, X509_free);
    ERR_clear_error();
    return good ? CERTS_FAULT_NONE : CERTS_FAULT_UNUSED;
}

enum certs_fault certs_foreign_judge(const struct certs_foreign *signature,
                                     const struct certs_view *view,
                                     struct certs_judgement *ret_judgement)
{
    struct cms_lens lens;
    memset(ret_judgement, 0, sizeof *ret_judgement);
    enum certs_fault fault = lens_open(signature->cms, &lens);
    if (lens.data.certificate)
        cms_describe(lens.data.certificate, &ret_judgement->signer);
    if (fault == CERTS_FAULT_NONE)
        fault = check_signature(&lens, signature);
    if (fault == CERTS_FAULT_NONE)
        fault = cms_judge_times(&lens, view, CMS_FOREIGN, ret_judgement);
    if (fault == CERTS_FAULT_NONE)
        fault = check_bag(&lens, view->trust);
    cms_lens_done(&lens);
    return fault;
}

enum err certs_foreign_claimed(struct bytes cms, utc_ms_t *ret_at)
{
    struct cms_lens lens;
    enum err err = ERR_UNKNOWN;
    bool found = lens_open(cms, &lens) == CERTS_FAULT_NONE;
    const ASN1_TYPE *value = found ? cms_only_value(lens.data.signer, NID_pkcs9_signingTime) : NULL;
    if (value && (value->type == V_ASN1_UTCTIME || value->type == V_ASN1_GENERALIZEDTIME)) {
        utc_ms_t at = issue_time_ms(value->value.asn1_string);
        err = at > 0 ? ERR_OK : ERR_UNKNOWN;
        if (err == ERR_OK)
            *ret_at = at;
    }
    cms_lens_done(&lens);
    return err;
}

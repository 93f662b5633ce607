/* A paper's CMS taken apart. */
#include <openssl/err.h>
#include <string.h>

#include "certs/edge/cms_part.h"

enum { CMS_BYTES_MAX = 64 * 1024 };

static enum certs_fault parse(struct bytes input, struct cms_lens *lens)
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

static enum certs_fault find_signer(struct cms_lens *lens)
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
        for (int j = 0; j < i; j++) /* twice is once too often */
            if (X509_cmp(candidate, sk_X509_value(lens->certificates, j)) == 0)
                return CERTS_FAULT_UNUSED;
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

/* The timestamp, if there is one: the only attribute that may stand unsigned. */
static enum certs_fault find_token(struct cms_lens *lens)
{
    int count = CMS_unsigned_get_attr_count(lens->signer);
    if (count <= 0)
        return CERTS_FAULT_NONE;
    int at = CMS_unsigned_get_attr_by_NID(lens->signer, NID_id_smime_aa_timeStampToken, -1);
    X509_ATTRIBUTE *attribute = at >= 0 ? CMS_unsigned_get_attr(lens->signer, at) : NULL;
    if (count != 1 || !attribute || X509_ATTRIBUTE_count(attribute) != 1)
        return CERTS_FAULT_PROFILE;
    const ASN1_TYPE *value = X509_ATTRIBUTE_get0_type(attribute, 0);
    if (!value || value->type != V_ASN1_SEQUENCE)
        return CERTS_FAULT_PROFILE;
    const ASN1_STRING *text = value->value.sequence;
    lens->token = (struct bytes){ASN1_STRING_get0_data(text), (size_t)ASN1_STRING_length(text)};
    return CERTS_FAULT_NONE;
}

enum certs_fault cms_lens_open(struct bytes cms, struct cms_lens *lens)
{
    *lens = (struct cms_lens){0};
    enum certs_fault fault = parse(cms, lens);
    if (fault == CERTS_FAULT_NONE)
        fault = is_detached(lens->cms) ? find_signer(lens) : CERTS_FAULT_PROFILE;
    return fault == CERTS_FAULT_NONE ? find_token(lens) : fault;
}

void cms_lens_done(struct cms_lens *lens)
{
    sk_X509_pop_free(lens->certificates, X509_free);
    CMS_ContentInfo_free(lens->cms);
    ERR_clear_error(); /* a refused file must not speak into the next call's errors */
}

struct cms_parts cms_lens_parts(const struct cms_lens *lens,
                                const uint8_t digest[CERTS_SHA256_BYTES],
                                struct cms_issuers *issuers)
{
    size_t count = 0;
    for (int i = 0; i < sk_X509_num(lens->certificates); i++)
        if (sk_X509_value(lens->certificates, i) != lens->certificate)
            issuers->list[count++] = sk_X509_value(lens->certificates, i);
    const ASN1_OCTET_STRING *value = CMS_SignerInfo_get0_signature(lens->signer);
    return (struct cms_parts){
        .certificate = lens->certificate,
        .issuers = issuers->list,
        .issuer_count = count,
        .digest = digest,
        .signature = {ASN1_STRING_get0_data(value), (size_t)ASN1_STRING_length(value)},
        .token = lens->token,
    };
}

/* A paper's CMS taken apart. */
#include "certs/edge/cms_part.h"

bool cms_lens_is_detached(CMS_ContentInfo *cms)
{
    ASN1_OCTET_STRING **content = CMS_get0_content(cms);
    STACK_OF(X509_CRL) *crls = CMS_get1_crls(cms);
    bool good =
        content && !*content && !crls && OBJ_obj2nid(CMS_get0_eContentType(cms)) == NID_pkcs7_data;
    sk_X509_CRL_pop_free(crls, X509_CRL_free);
    return good;
}

enum certs_fault cms_lens_find_token(struct cms_lens *lens)
{
    int count = CMS_unsigned_get_attr_count(lens->data.signer);
    if (count <= 0)
        return CERTS_FAULT_NONE;
    int at = CMS_unsigned_get_attr_by_NID(lens->data.signer, NID_id_smime_aa_timeStampToken, -1);
    X509_ATTRIBUTE *attribute = at >= 0 ? CMS_unsigned_get_attr(lens->data.signer, at) : NULL;
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
    enum certs_fault fault = signed_data_parse(cms, &lens->data);
    if (fault == CERTS_FAULT_NONE)
        fault = cms_lens_is_detached(lens->data.cms) ? signed_data_find_signer(&lens->data)
                                                     : CERTS_FAULT_PROFILE;
    return fault == CERTS_FAULT_NONE ? cms_lens_find_token(lens) : fault;
}

void cms_lens_done(struct cms_lens *lens)
{
    signed_data_done(&lens->data);
}

struct cms_parts cms_lens_parts(const struct cms_lens *lens,
                                const uint8_t digest[CERTS_SHA256_BYTES],
                                struct cms_issuers *issuers)
{
    size_t count = 0;
    for (int i = 0; i < sk_X509_num(lens->data.certificates); i++)
        if (sk_X509_value(lens->data.certificates, i) != lens->data.certificate)
            issuers->list[count++] = sk_X509_value(lens->data.certificates, i);
    const ASN1_OCTET_STRING *value = CMS_SignerInfo_get0_signature(lens->data.signer);
    return (struct cms_parts){
        .certificate = lens->data.certificate,
        .issuers = issuers->list,
        .issuer_count = count,
        .digest = digest,
        .signature = {ASN1_STRING_get0_data(value), (size_t)ASN1_STRING_length(value)},
        .token = lens->token,
    };
}

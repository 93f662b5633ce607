/* What is done with a CMS after it was made: stamped, and asked what it carries. */
#include <openssl/sha.h>

#include "certs/edge/cms_part.h"

enum err certs_cms_stamp_digest(struct bytes cms, uint8_t ret_digest[CERTS_SHA256_BYTES])
{
    struct cms_lens lens;
    enum err err = cms_lens_open(cms, &lens) == CERTS_FAULT_NONE ? ERR_OK : ERR_FORMAT;
    if (err == ERR_OK) {
        const ASN1_OCTET_STRING *value = CMS_SignerInfo_get0_signature(lens.data.signer);
        SHA256(ASN1_STRING_get0_data(value), (size_t)ASN1_STRING_length(value), ret_digest);
    }
    cms_lens_done(&lens);
    return err;
}

/* The digest that the signature is over, from its attribute; NULL when it is not SHA-256's. */
static const uint8_t *message_digest(const struct cms_lens *lens)
{
    const ASN1_OCTET_STRING *held = CMS_signed_get0_data_by_OBJ(
        lens->data.signer, OBJ_nid2obj(NID_pkcs9_messageDigest), -3, V_ASN1_OCTET_STRING);
    return held && ASN1_STRING_length(held) == CERTS_SHA256_BYTES ? ASN1_STRING_get0_data(held)
                                                                  : NULL;
}

enum err certs_cms_stamp(struct bytes cms, struct bytes token, struct buffer *ret_cms)
{
    struct cms_lens lens;
    struct cms_issuers issuers;
    enum err err = cms_lens_open(cms, &lens) == CERTS_FAULT_NONE ? ERR_OK : ERR_FORMAT;
    const uint8_t *digest = err == ERR_OK ? message_digest(&lens) : NULL;
    if (err == ERR_OK && lens.token.size > 0)
        err = ERR_CONFLICT;
    if (err == ERR_OK && (!digest || token.size == 0))
        err = ERR_FORMAT;
    if (err == ERR_OK) {
        struct cms_parts parts = cms_lens_parts(&lens, digest, &issuers);
        parts.token = token;
        err = cms_write(&parts, ret_cms);
    }
    cms_lens_done(&lens);
    return err;
}

enum err certs_cms_carried(struct bytes cms, struct certs_carried *ret_carried)
{
    struct cms_lens lens;
    struct certs_carried carried = {.count = 0};
    enum err err = cms_lens_open(cms, &lens) == CERTS_FAULT_NONE ? ERR_OK : ERR_FORMAT;
    if (err == ERR_OK)
        err = signed_data_carry(&lens.data, &carried);
    if (err == ERR_OK)
        err = buffer_put(&carried.token, lens.token);
    cms_lens_done(&lens);
    if (err == ERR_OK)
        *ret_carried = carried;
    else
        certs_carried_done(&carried);
    return err;
}

void certs_carried_done(struct certs_carried *carried)
{
    for (size_t i = 0; i < carried->count; i++)
        buffer_done(&carried->certificates[i]);
    carried->count = 0;
    buffer_done(&carried->token);
}

/* Signed attributes and the detached CMS around a signature made elsewhere. */
#include "certs/edge/cms_part.h"

#include <openssl/cms.h>
#include <openssl/sha.h>

#include "certs/edge/der.h"

/* The three attributes have fixed lengths, so their DER is a template with two holes. issuerSerial
 * is left out of ESSCertIDv2, as EN 319 122-1, section 5.2.2.3, recommends, and SHA-256 is its
 * default hash; so the client needs no certificate parser to build the same bytes.
 *
 *   SET OF, in DER order
 *     SEQUENCE { content-type,           SET { id-data } }
 *     SEQUENCE { message-digest,         SET { OCTET STRING (32) } }
 *     SEQUENCE { signing-certificate-v2, SET { SEQUENCE { SEQUENCE { SEQUENCE { OCTET STRING }}}}}
 */
static const uint8_t set_head[] = {0x31, 0x81, 0x84};
static const uint8_t content_type[] = {0x30, 0x18, 0x06, 0x09, 0x2A, 0x86, 0x48, 0x86, 0xF7,
                                       0x0D, 0x01, 0x09, 0x03, 0x31, 0x0B, 0x06, 0x09, 0x2A,
                                       0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x07, 0x01};
static const uint8_t digest_head[] = {0x30, 0x2F, 0x06, 0x09, 0x2A, 0x86, 0x48, 0x86, 0xF7,
                                      0x0D, 0x01, 0x09, 0x04, 0x31, 0x22, 0x04, 0x20};
static const uint8_t ess_head[] = {0x30, 0x37, 0x06, 0x0B, 0x2A, 0x86, 0x48, 0x86, 0xF7,
                                   0x0D, 0x01, 0x09, 0x10, 0x02, 0x2F, 0x31, 0x28};
static const uint8_t ess_value_head[] = {0x30, 0x26, 0x30, 0x24, 0x30, 0x22, 0x04, 0x20};

enum { ESS_VALUE_BYTES = sizeof ess_value_head + CERTS_SHA256_BYTES };

static void write_ess(struct wr *wr, struct bytes certificate)
{
    uint8_t hash[CERTS_SHA256_BYTES];
    SHA256(certificate.data, certificate.size, hash);
    wr_bytes(wr, (struct bytes){ess_value_head, sizeof ess_value_head});
    wr_bytes(wr, (struct bytes){hash, sizeof hash});
}

enum err certs_signed_attributes(struct bytes certificate, const uint8_t digest[CERTS_SHA256_BYTES],
                                 struct buffer *ret_der)
{
    uint8_t bytes[sizeof set_head + 0x84];
    struct wr wr = wr_init(bytes, sizeof bytes);
    wr_bytes(&wr, (struct bytes){set_head, sizeof set_head});
    wr_bytes(&wr, (struct bytes){content_type, sizeof content_type});
    wr_bytes(&wr, (struct bytes){digest_head, sizeof digest_head});
    wr_bytes(&wr, (struct bytes){digest, CERTS_SHA256_BYTES});
    wr_bytes(&wr, (struct bytes){ess_head, sizeof ess_head});
    write_ess(&wr, certificate);
    if (wr.failed || wr_room(&wr) != 0)
        return ERR_FORMAT;

    struct buffer der = {0};
    enum err err = buffer_put(&der, wr_written(&wr));
    if (err == ERR_OK)
        *ret_der = der;
    return err;
}

static enum err check_signature(X509 *certificate, struct bytes attributes, struct bytes signature)
{
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    if (!context)
        return ERR_NO_MEMORY;
    bool good = EVP_DigestVerifyInit_ex(context, NULL, "SHA256", NULL, NULL,
                                        X509_get0_pubkey(certificate), NULL) == 1 &&
                EVP_DigestVerify(context, signature.data, signature.size, attributes.data,
                                 attributes.size) == 1;
    EVP_MD_CTX_free(context);
    return good ? ERR_OK : ERR_AUTH;
}

static bool add_attributes(CMS_SignerInfo *signer, struct bytes certificate,
                           const uint8_t digest[CERTS_SHA256_BYTES])
{
    uint8_t ess[ESS_VALUE_BYTES];
    struct wr wr = wr_init(ess, sizeof ess);
    write_ess(&wr, certificate);
    return CMS_signed_add1_attr_by_NID(signer, NID_pkcs9_contentType, V_ASN1_OBJECT,
                                       OBJ_nid2obj(NID_pkcs7_data), -1) == 1 &&
           CMS_signed_add1_attr_by_NID(signer, NID_pkcs9_messageDigest, V_ASN1_OCTET_STRING, digest,
                                       CERTS_SHA256_BYTES) == 1 &&
           CMS_signed_add1_attr_by_NID(signer, NID_id_smime_aa_signingCertificateV2,
                                       V_ASN1_SEQUENCE, ess, (int)sizeof ess) == 1;
}

/* CMS_final() is never called: it would add signing-time, and want the private key. */
static enum err fill(const struct cms_parts *parts, struct bytes certificate, CMS_ContentInfo *cms)
{
    CMS_SignerInfo *signer =
        CMS_add1_signer(cms, parts->certificate, X509_get0_pubkey(parts->certificate), EVP_sha256(),
                        CMS_PARTIAL | CMS_NOSMIMECAP);
    if (!signer || !add_attributes(signer, certificate, parts->digest))
        return ERR_NO_MEMORY;
    ASN1_OCTET_STRING *value = CMS_SignerInfo_get0_signature(signer);
    if (!value ||
        ASN1_OCTET_STRING_set(value, parts->signature.data, (int)parts->signature.size) != 1)
        return ERR_NO_MEMORY;
    if (parts->token.size > 0 &&
        CMS_unsigned_add1_attr_by_NID(signer, NID_id_smime_aa_timeStampToken, V_ASN1_SEQUENCE,
                                      parts->token.data, (int)parts->token.size) != 1)
        return ERR_NO_MEMORY;
    for (size_t i = 0; i < parts->issuer_count; i++)
        if (CMS_add1_cert(cms, parts->issuers[i]) != 1)
            return ERR_NO_MEMORY;
    return ERR_OK;
}

enum err cms_write(const struct cms_parts *parts, struct buffer *ret_cms)
{
    struct buffer certificate = {0};
    CMS_ContentInfo *cms =
        CMS_sign(NULL, NULL, NULL, NULL, CMS_PARTIAL | CMS_DETACHED | CMS_BINARY);
    enum err err = cms ? der_of_certificate(parts->certificate, &certificate) : ERR_NO_MEMORY;
    if (err == ERR_OK)
        err = fill(parts, buffer_bytes(&certificate), cms);
    if (err == ERR_OK) {
        unsigned char *data = NULL;
        int size = i2d_CMS_ContentInfo(cms, &data);
        err = der_take(data, size, ret_cms);
    }
    CMS_ContentInfo_free(cms);
    buffer_done(&certificate);
    return err;
}

static enum err parse_chain(const struct bytes *chain, size_t count, X509 *ret_issuers[])
{
    enum err err = count <= CERTS_CHAIN_MAX ? ERR_OK : ERR_LIMIT;
    for (size_t i = 0; err == ERR_OK && i < count; i++)
        err = der_parse_certificate(chain[i], &ret_issuers[i]);
    return err;
}

enum err certs_cms_assemble(struct bytes certificate, const struct bytes *chain, size_t chain_count,
                            const uint8_t digest[CERTS_SHA256_BYTES],
                            const uint8_t signature[CERTS_RAW_SIGNATURE_BYTES],
                            struct buffer *ret_cms)
{
    X509 *signer = NULL;
    X509 *issuers[CERTS_CHAIN_MAX] = {0};
    struct buffer attributes = {0};
    struct buffer value = {0};
    enum err err = der_parse_certificate(certificate, &signer);
    if (err == ERR_OK)
        err = parse_chain(chain, chain_count, issuers);
    if (err == ERR_OK && !der_is_p256(X509_get0_pubkey(signer)))
        err = ERR_UNSUPPORTED;
    if (err == ERR_OK)
        err = certs_signed_attributes(certificate, digest, &attributes);
    if (err == ERR_OK)
        err = der_of_ecdsa(signature, &value);
    if (err == ERR_OK)
        err = check_signature(signer, buffer_bytes(&attributes), buffer_bytes(&value));
    if (err == ERR_OK) {
        struct cms_parts parts = {.certificate = signer,
                                  .issuers = issuers,
                                  .issuer_count = chain_count,
                                  .digest = digest,
                                  .signature = buffer_bytes(&value)};
        err = cms_write(&parts, ret_cms);
    }
    buffer_done(&attributes);
    buffer_done(&value);
    for (size_t i = 0; i < CERTS_CHAIN_MAX; i++)
        X509_free(issuers[i]);
    X509_free(signer);
    return err;
}

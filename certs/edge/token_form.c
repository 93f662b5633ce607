#include "certs/edge/token_form.h"

#include <openssl/objects.h>

#include "base/buffer.h"
#include "certs/edge/der.h"

enum {
    TAG_INTEGER = 0x02,
    TAG_OID = 0x06,
    TAG_SEQUENCE = 0x30,
    TAG_SET = 0x31,
    TAG_CONTEXT_0 = 0xA0,
    VERSION_BY_ISSUER = 1, /* of a SignerInfo that names issuer and serial number … */
    VERSION_BY_KEY = 3,    /* … and of one that names a key identifier */
    LENGTH_BYTES_MAX = 3,
};

/* The contents of the next element, which must have this tag. */
static struct bytes enter(struct rd *rd, uint8_t tag)
{
    if (rd_u8(rd) != tag)
        rd->failed = true;
    size_t size = rd_u8(rd);
    if (size >= 0x80) {
        size_t count = size & 0x7F;
        if (count == 0 || count > LENGTH_BYTES_MAX)
            rd->failed = true;
        for (size = 0; !rd->failed && count > 0; count--)
            size = size << 8 | rd_u8(rd);
    }
    return rd_bytes(rd, size);
}

static bool is_small_integer(struct bytes value, uint8_t number)
{
    return value.size == 1 && value.data[0] == number;
}

static bool same_oid(struct bytes oid, const ASN1_OBJECT *object)
{
    struct bytes held = {OBJ_get0_data(object), OBJ_length(object)};
    return bytes_equal(oid, held);
}

/* No parameters, or NULL as RSA and the older texts want it. */
static bool is_plain(const X509_ALGOR *algorithm)
{
    int type = 0;
    X509_ALGOR_get0(NULL, &type, NULL, algorithm);
    return type == V_ASN1_UNDEF || type == V_ASN1_NULL;
}

bool token_form_algorithms_agree(CMS_SignerInfo *signer, const EVP_PKEY *key)
{
    X509_ALGOR *digest = NULL, *signature = NULL;
    const ASN1_OBJECT *digest_oid = NULL, *signature_oid = NULL;
    CMS_SignerInfo_get0_algs(signer, NULL, NULL, &digest, &signature);
    X509_ALGOR_get0(&digest_oid, NULL, NULL, digest);
    X509_ALGOR_get0(&signature_oid, NULL, NULL, signature);
    if (!is_plain(digest) || !is_plain(signature))
        return false;
    bool is_rsa = EVP_PKEY_is_a(key, "RSA") == 1;
    int signature_digest = 0, signature_key = 0;
    int nid = OBJ_obj2nid(signature_oid);
    if (nid == NID_rsaEncryption)
        return is_rsa;
    return OBJ_find_sigid_algs(nid, &signature_digest, &signature_key) == 1 &&
           signature_digest == OBJ_obj2nid(digest_oid) &&
           (is_rsa ? signature_key == NID_rsaEncryption
                   : signature_key == NID_X9_62_id_ecPublicKey && EVP_PKEY_is_a(key, "EC") == 1);
}

static bool version_fits(CMS_SignerInfo *signer, struct bytes version)
{
    ASN1_OCTET_STRING *key_id = NULL;
    bool by_key = CMS_SignerInfo_get0_signer_id(signer, &key_id, NULL, NULL) == 1 && key_id;
    return is_small_integer(version, by_key ? VERSION_BY_KEY : VERSION_BY_ISSUER);
}

/* ContentInfo { signedData, [0] { version, digestAlgorithms, encapContentInfo, [0] certificates,
 * signerInfos } }: with a list of CRLs the last would not be where it is looked for. */
bool token_form_heads_fit(struct bytes der, CMS_SignerInfo *signer, uint8_t data_version)
{
    struct rd outer = rd_init(der);
    struct rd info = rd_init(enter(&outer, TAG_SEQUENCE));
    (void)enter(&info, TAG_OID);
    struct rd wrapped = rd_init(enter(&info, TAG_CONTEXT_0));
    struct rd data = rd_init(enter(&wrapped, TAG_SEQUENCE));
    struct bytes version = enter(&data, TAG_INTEGER);
    struct rd digests = rd_init(enter(&data, TAG_SET));
    struct rd digest = rd_init(enter(&digests, TAG_SEQUENCE));
    struct bytes digest_oid = enter(&digest, TAG_OID);
    (void)enter(&data, TAG_SEQUENCE);
    (void)enter(&data, TAG_CONTEXT_0);
    struct rd signers = rd_init(enter(&data, TAG_SET));
    struct rd only = rd_init(enter(&signers, TAG_SEQUENCE));
    struct bytes signer_version = enter(&only, TAG_INTEGER);
    X509_ALGOR *algorithm = NULL;
    const ASN1_OBJECT *oid = NULL;
    CMS_SignerInfo_get0_algs(signer, NULL, NULL, &algorithm, NULL);
    X509_ALGOR_get0(&oid, NULL, NULL, algorithm);
    struct rd parameters = digest;
    bool plain =
        rd_left(&digest) == 0 || (rd_u16(&parameters) == 0x0500 && rd_left(&parameters) == 0);
    return !outer.failed && !info.failed && !wrapped.failed && !data.failed && !digests.failed &&
           !digest.failed && !signers.failed && !only.failed && plain && rd_left(&outer) == 0 &&
           rd_left(&info) == 0 && rd_left(&wrapped) == 0 && rd_left(&data) == 0 &&
           rd_left(&digests) == 0 && rd_left(&signers) == 0 &&
           is_small_integer(version, data_version) && same_oid(digest_oid, oid) &&
           version_fits(signer, signer_version);
}

static bool is_der(struct bytes der, CMS_ContentInfo *cms)
{
    struct buffer again = {0};
    unsigned char *data = NULL;
    int size = i2d_CMS_ContentInfo(cms, &data);
    if (der_take(data, size, &again) != ERR_OK)
        return false;
    bool same = bytes_equal(buffer_bytes(&again), der);
    buffer_done(&again);
    return same;
}

bool token_form_is_strict(struct bytes der, CMS_ContentInfo *cms, CMS_SignerInfo *signer,
                          const EVP_PKEY *key)
{
    return is_der(der, cms) && token_form_heads_fit(der, signer, TOKEN_FORM_VERSION) &&
           token_form_algorithms_agree(signer, key);
}

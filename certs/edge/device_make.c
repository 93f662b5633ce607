/* Putting a device into service: a token, a key that stays in it, its certificate. */
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <openssl/sha.h>
#include <openssl/x509.h>
#include <string.h>

#include "certs/edge/der.h"
#include "certs/edge/device_part.h"
#include "certs/edge/issue.h"

enum { TOKEN_LABEL_BYTES = 32, POINT_BYTES = 65, ID_BYTES = 20, MODULUS_BYTES_MAX = 1024 };

static const unsigned char p256_oid[] = {0x06, 0x08, 0x2A, 0x86, 0x48,
                                         0xCE, 0x3D, 0x03, 0x01, 0x07};

/* -- a token ---------------------------------------------------------------------------------- */

static CK_RV make_token(struct certs_device *device, struct bytes admin_pin, struct bytes pin)
{
    unsigned char label[TOKEN_LABEL_BYTES];
    unsigned char copy[CERTS_DEVICE_PIN_BYTES];
    CK_FUNCTION_LIST *calls = device->module.calls;
    struct pkcs11_session session = {0};
    CK_SLOT_ID slot = 0;
    CK_TOKEN_INFO info;
    size_t size = strlen(device->token);
    if (size == 0 || size > sizeof label || admin_pin.size > sizeof copy || pin.size > sizeof copy)
        return CKR_ARGUMENTS_BAD;
    if (pkcs11_find_token(&device->module, device->token, &slot, &info) == CKR_OK)
        return CKR_TOKEN_WRITE_PROTECTED; /* one of that label is there already */
    memset(label, ' ', sizeof label);
    memcpy(label, device->token, size);
    CK_RV rv = pkcs11_find_blank(&device->module, &slot);
    memcpy(copy, admin_pin.data, admin_pin.size);
    if (rv == CKR_OK)
        rv = calls->C_InitToken(slot, copy, (CK_ULONG)admin_pin.size, label);
    /* Its slot may have another number from now on. */
    if (rv == CKR_OK)
        rv = pkcs11_find_token(&device->module, device->token, &slot, &info);
    if (rv == CKR_OK)
        rv = pkcs11_open(&device->module, slot, true, &session);
    if (rv == CKR_OK)
        rv = pkcs11_login(&session, CKU_SO, admin_pin);
    memcpy(copy, pin.data, pin.size);
    if (rv == CKR_OK)
        rv = calls->C_InitPIN(session.handle, copy, (CK_ULONG)pin.size);
    explicit_bzero(copy, sizeof copy);
    pkcs11_end(&session);
    return rv;
}

enum certs_device_fault certs_device_make_token(struct certs_device *device, struct bytes admin_pin,
                                                struct bytes pin)
{
    pthread_mutex_lock(&device->lock);
    enum certs_device_fault fault = device_fault(device, make_token(device, admin_pin, pin));
    pthread_mutex_unlock(&device->lock);
    return fault;
}

/* -- a key ------------------------------------------------------------------------------------ */

static CK_RV make_pair(const struct certs_device *device, const struct pkcs11_session *session,
                       CK_OBJECT_HANDLE *ret_public, CK_OBJECT_HANDLE *ret_private)
{
    CK_BBOOL yes = CK_TRUE;
    CK_BBOOL no = CK_FALSE;
    unsigned char params[sizeof p256_oid];
    memcpy(params, p256_oid, sizeof params);
    CK_ULONG label_size = (CK_ULONG)strlen(device->label);
    CK_MECHANISM how = {CKM_ECDSA_KEY_PAIR_GEN, NULL, 0};
    CK_ATTRIBUTE public_half[] = {
        {CKA_TOKEN, &yes, sizeof yes},
        {CKA_VERIFY, &yes, sizeof yes},
        {CKA_EC_PARAMS, params, sizeof params},
        {CKA_LABEL, device->label, label_size},
    };
    CK_ATTRIBUTE private_half[] = {
        {CKA_TOKEN, &yes, sizeof yes},     {CKA_PRIVATE, &yes, sizeof yes},
        {CKA_SIGN, &yes, sizeof yes},      {CKA_SENSITIVE, &yes, sizeof yes},
        {CKA_EXTRACTABLE, &no, sizeof no}, {CKA_LABEL, device->label, label_size},
    };
    return session->module->calls->C_GenerateKeyPair(
        session->handle, &how, public_half, sizeof public_half / sizeof *public_half, private_half,
        sizeof private_half / sizeof *private_half, ret_public, ret_private);
}

/* CKA_EC_POINT is the point's OCTET STRING in DER: 04 41 04 x y. */
static CK_RV read_point(const struct pkcs11_session *session, CK_OBJECT_HANDLE public_half,
                        EVP_PKEY **ret_key)
{
    struct buffer value = {0};
    CK_RV rv = pkcs11_read(session, public_half, CKA_EC_POINT, POINT_BYTES + 2, &value);
    if (rv != CKR_OK)
        return rv;
    char group[] = "P-256";
    EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_name(NULL, "EC", NULL);
    bool whole =
        value.size == POINT_BYTES + 2 && value.data[0] == 0x04 && value.data[1] == POINT_BYTES;
    if (whole && context && EVP_PKEY_fromdata_init(context) == 1) {
        OSSL_PARAM params[] = {
            OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, group, 0),
            OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY, value.data + 2, POINT_BYTES),
            OSSL_PARAM_construct_end(),
        };
        (void)EVP_PKEY_fromdata(context, ret_key, EVP_PKEY_PUBLIC_KEY, params);
    }
    EVP_PKEY_CTX_free(context);
    buffer_done(&value);
    return *ret_key ? CKR_OK : CKR_FUNCTION_FAILED;
}

/* By which key and certificate find each other: its hash. */
static CK_RV id_of(const EVP_PKEY *key, unsigned char ret_hash[SHA256_DIGEST_LENGTH])
{
    unsigned char *spki = NULL;
    int size = i2d_PUBKEY(key, &spki);
    if (size <= 0)
        return CKR_HOST_MEMORY;
    SHA256(spki, (size_t)size, ret_hash);
    OPENSSL_free(spki);
    return CKR_OK;
}

/* Both halves get the same. */
static CK_RV set_id(const struct pkcs11_session *session, EVP_PKEY *key,
                    const CK_OBJECT_HANDLE halves[2])
{
    unsigned char hash[SHA256_DIGEST_LENGTH];
    CK_RV rv = id_of(key, hash);
    CK_ATTRIBUTE id = {CKA_ID, hash, ID_BYTES};
    for (int i = 0; rv == CKR_OK && i < 2; i++)
        rv = session->module->calls->C_SetAttributeValue(session->handle, halves[i], &id, 1);
    return rv;
}

/* -- its request ------------------------------------------------------------------------------ */

/* The request's outer parts, around a signature made in the device (RFC 2986, section 4.2). */
static enum err close_request(X509_REQ *request, const uint8_t raw[CERTS_RAW_SIGNATURE_BYTES],
                              struct buffer *ret_csr)
{
    struct buffer der = {0};
    X509_ALGOR *algorithm = X509_ALGOR_new();
    ASN1_BIT_STRING *value = ASN1_BIT_STRING_new();
    enum err err = algorithm && value ? der_of_ecdsa(raw, &der) : ERR_NO_MEMORY;
    if (err == ERR_OK) {
        X509_ALGOR_set0(algorithm, OBJ_nid2obj(NID_ecdsa_with_SHA256), V_ASN1_UNDEF, NULL);
        bool done = ASN1_BIT_STRING_set(value, der.data, (int)der.size) == 1 &&
                    X509_REQ_set1_signature_algo(request, algorithm) == 1;
        value->flags = (value->flags & ~7L) | ASN1_STRING_FLAG_BITS_LEFT; /* no unused bits */
        X509_REQ_set0_signature(request, value);
        value = NULL;
        err = done ? ERR_OK : ERR_NO_MEMORY;
    }
    if (err == ERR_OK) {
        unsigned char *data = NULL;
        int size = i2d_X509_REQ(request, &data);
        err = der_take(data, size, ret_csr);
    }
    ASN1_BIT_STRING_free(value);
    X509_ALGOR_free(algorithm);
    buffer_done(&der);
    return err;
}

static CK_RV write_request(const struct pkcs11_session *session, struct bytes pin, EVP_PKEY *key,
                           CK_OBJECT_HANDLE private_half, const char *common_name,
                           struct buffer *ret_csr)
{
    uint8_t raw[CERTS_RAW_SIGNATURE_BYTES];
    uint8_t hash[SHA256_DIGEST_LENGTH];
    CK_ULONG size = sizeof raw;
    unsigned char *inner = NULL;
    X509_REQ *request = X509_REQ_new();
    CK_RV rv = CKR_HOST_MEMORY;
    if (request && X509_REQ_set_version(request, X509_REQ_VERSION_1) == 1 &&
        X509_REQ_set_pubkey(request, key) == 1 &&
        issue_add_name(X509_REQ_get_subject_name(request), NID_commonName, common_name) == ERR_OK) {
        int inner_size = i2d_re_X509_REQ_tbs(request, &inner);
        if (inner_size > 0) {
            SHA256(inner, (size_t)inner_size, hash);
            rv = pkcs11_sign(session, private_half, CKM_ECDSA, pin,
                             (struct bytes){hash, sizeof hash}, raw, &size);
        }
    }
    if (rv == CKR_OK && size != sizeof raw)
        rv = CKR_FUNCTION_FAILED;
    if (rv == CKR_OK && close_request(request, raw, ret_csr) != ERR_OK)
        rv = CKR_HOST_MEMORY;
    OPENSSL_free(inner);
    X509_REQ_free(request);
    return rv;
}

static CK_RV make_key(const struct certs_device *device, const struct pkcs11_session *session,
                      struct bytes pin, const char *common_name, struct buffer *ret_csr)
{
    CK_OBJECT_HANDLE halves[2];
    EVP_PKEY *key = NULL;
    CK_RV rv = make_pair(device, session, &halves[0], &halves[1]);
    if (rv == CKR_OK)
        rv = read_point(session, halves[0], &key);
    if (rv == CKR_OK)
        rv = set_id(session, key, halves);
    if (rv == CKR_OK)
        rv = write_request(session, pin, key, halves[1], common_name, ret_csr);
    EVP_PKEY_free(key);
    return rv;
}

enum certs_device_fault certs_device_make_key(struct certs_device *device, struct bytes pin,
                                              const char *common_name, struct buffer *ret_csr)
{
    struct pkcs11_session session = {0};
    pthread_mutex_lock(&device->lock);
    enum certs_device_fault fault = device_login(device, true, pin, 0, &session);
    if (fault == CERTS_DEVICE_FINE)
        fault = device_fault(device, make_key(device, &session, pin, common_name, ret_csr));
    pkcs11_end(&session);
    pthread_mutex_unlock(&device->lock);
    return fault;
}

/* -- its certificate -------------------------------------------------------------------------- */

/* An RSA key tells its modulus; of an EC key the public half does, if the device keeps it. */
static bool is_of_another(const struct certs_device *device, const struct pkcs11_session *session,
                          CK_OBJECT_HANDLE key, struct bytes id, const EVP_PKEY *wanted)
{
    struct buffer modulus = {0};
    CK_OBJECT_HANDLE public_half = 0;
    EVP_PKEY *held = NULL;
    bool other = false;
    if (EVP_PKEY_is_a(wanted, "RSA")) {
        BIGNUM *n = NULL;
        bool read = pkcs11_read(session, key, CKA_MODULUS, MODULUS_BYTES_MAX, &modulus) == CKR_OK;
        BIGNUM *own = read ? BN_bin2bn(modulus.data, (int)modulus.size, NULL) : NULL;
        other = !own || EVP_PKEY_get_bn_param(wanted, OSSL_PKEY_PARAM_RSA_N, &n) != 1 ||
                BN_cmp(own, n) != 0;
        BN_free(own);
        BN_free(n);
    } else if (device_find(device, session, CKO_PUBLIC_KEY, id, &public_half) == CKR_OK) {
        other = read_point(session, public_half, &held) != CKR_OK || EVP_PKEY_eq(held, wanted) != 1;
    } else {
        other = pkcs11_read(session, key, CKA_MODULUS, MODULUS_BYTES_MAX, &modulus) == CKR_OK;
    }
    buffer_done(&modulus);
    EVP_PKEY_free(held);
    return other;
}

/* The key that the certificate is for, by its hash as above, or by its label where the device has
 * been filled by others; CKR_OBJECT_HANDLE_INVALID: there is none. */
static CK_RV find_id(const struct certs_device *device, const struct pkcs11_session *session,
                     const EVP_PKEY *wanted, struct buffer *ret_id)
{
    unsigned char hash[SHA256_DIGEST_LENGTH];
    CK_OBJECT_HANDLE key = 0;
    CK_RV rv = id_of(wanted, hash);
    if (rv == CKR_OK)
        rv = device_find(device, session, CKO_PRIVATE_KEY, (struct bytes){hash, ID_BYTES}, &key);
    if (rv == CKR_OK)
        return buffer_put(ret_id, (struct bytes){hash, ID_BYTES}) == ERR_OK ? CKR_OK
                                                                            : CKR_HOST_MEMORY;
    if (rv == CKR_OBJECT_HANDLE_INVALID)
        rv = device_find(device, session, CKO_PRIVATE_KEY, (struct bytes){0}, &key);
    if (rv == CKR_OK)
        rv = pkcs11_read(session, key, CKA_ID, ID_BYTES, ret_id);
    if (rv == CKR_OK && is_of_another(device, session, key, buffer_bytes(ret_id), wanted))
        rv = CKR_OBJECT_HANDLE_INVALID;
    return rv;
}

static CK_RV put_certificate(const struct certs_device *device,
                             const struct pkcs11_session *session, X509 *certificate,
                             struct bytes der)
{
    struct buffer id = {0};
    struct buffer value = {0};
    struct buffer subject = {0};
    CK_OBJECT_HANDLE made = 0;
    CK_OBJECT_CLASS class = CKO_CERTIFICATE;
    CK_CERTIFICATE_TYPE type = CKC_X_509;
    CK_BBOOL yes = CK_TRUE;
    CK_BBOOL no = CK_FALSE;
    unsigned char *name = NULL;
    int name_size = i2d_X509_NAME(X509_get_subject_name(certificate), &name);
    CK_RV rv = der_take(name, name_size, &subject) == ERR_OK && buffer_put(&value, der) == ERR_OK
                   ? find_id(device, session, X509_get0_pubkey(certificate), &id)
                   : CKR_HOST_MEMORY;
    if (rv == CKR_OK) {
        CK_ATTRIBUTE attributes[] = {
            {CKA_CLASS, &class, sizeof class},
            {CKA_CERTIFICATE_TYPE, &type, sizeof type},
            {CKA_TOKEN, &yes, sizeof yes},
            {CKA_PRIVATE, &no, sizeof no},
            {CKA_LABEL, device->label, (CK_ULONG)strlen(device->label)},
            {CKA_ID, id.data, (CK_ULONG)id.size},
            {CKA_SUBJECT, subject.data, (CK_ULONG)subject.size},
            {CKA_VALUE, value.data, (CK_ULONG)value.size},
        };
        rv = session->module->calls->C_CreateObject(session->handle, attributes,
                                                    sizeof attributes / sizeof *attributes, &made);
    }
    buffer_done(&id);
    buffer_done(&value);
    buffer_done(&subject);
    return rv;
}

enum certs_device_fault certs_device_keep_certificate(struct certs_device *device, struct bytes pin,
                                                      struct bytes certificate)
{
    struct pkcs11_session session = {0};
    X509 *parsed = NULL;
    if (der_parse_certificate(certificate, &parsed) != ERR_OK)
        return CERTS_DEVICE_NO_CERTIFICATE;
    pthread_mutex_lock(&device->lock);
    enum certs_device_fault fault = device_login(device, true, pin, 0, &session);
    if (fault == CERTS_DEVICE_FINE) {
        CK_RV rv = put_certificate(device, &session, parsed, certificate);
        fault = rv == CKR_OBJECT_HANDLE_INVALID ? CERTS_DEVICE_NO_KEY : device_fault(device, rv);
    }
    pkcs11_end(&session);
    pthread_mutex_unlock(&device->lock);
    X509_free(parsed);
    return fault;
}

#include "certs/edge/der.h"

#include <limits.h>
#include <openssl/bn.h>
#include <openssl/crypto.h>
#include <openssl/ecdsa.h>
#include <openssl/obj_mac.h>
#include <openssl/objects.h>
#include <string.h>

#include "certs/edge/sizes.h"

enum err der_take(unsigned char *data, int size, struct buffer *ret_der)
{
    if (size <= 0 || !data)
        return ERR_NO_MEMORY;
    struct buffer der = {0};
    struct bytes bytes = {data, (size_t)size};
    enum err err = buffer_put(&der, bytes);
    OPENSSL_free(data);
    if (err == ERR_OK)
        *ret_der = der;
    return err;
}

enum err der_of_certificate(const X509 *certificate, struct buffer *ret_der)
{
    unsigned char *data = NULL;
    int size = i2d_X509(certificate, &data);
    return der_take(data, size, ret_der);
}

enum err der_parse_certificate(struct bytes der, X509 **ret_certificate)
{
    if (der.size == 0 || der.size > LONG_MAX)
        return ERR_FORMAT;
    const unsigned char *at = der.data;
    X509 *certificate = d2i_X509(NULL, &at, (long)der.size);
    if (!certificate || at != der.data + der.size) {
        X509_free(certificate);
        return ERR_FORMAT;
    }
    *ret_certificate = certificate;
    return ERR_OK;
}

enum err der_parse_serial(const char *text, ASN1_INTEGER **ret_serial)
{
    BIGNUM *number = NULL;
    size_t size = strlen(text);
    int digits = size > 0 && size < CERTS_SERIAL_TEXT_BYTES ? BN_hex2bn(&number, text) : 0;
    ASN1_INTEGER *serial =
        digits > 0 && (size_t)digits == size ? BN_to_ASN1_INTEGER(number, NULL) : NULL;
    BN_free(number);
    if (!serial)
        return ERR_FORMAT;
    *ret_serial = serial;
    return ERR_OK;
}

bool der_is_p256(const EVP_PKEY *key)
{
    char group[64];
    size_t size = 0;
    return key && EVP_PKEY_is_a(key, "EC") == 1 &&
           EVP_PKEY_get_group_name(key, group, sizeof group, &size) == 1 &&
           strcmp(group, SN_X9_62_prime256v1) == 0;
}

enum err der_of_ecdsa(const uint8_t raw[CERTS_RAW_SIGNATURE_BYTES], struct buffer *ret_der)
{
    ECDSA_SIG *value = ECDSA_SIG_new();
    BIGNUM *r = BN_bin2bn(raw, CERTS_RAW_SIGNATURE_BYTES / 2, NULL);
    BIGNUM *s = BN_bin2bn(raw + CERTS_RAW_SIGNATURE_BYTES / 2, CERTS_RAW_SIGNATURE_BYTES / 2, NULL);
    enum err err = ERR_NO_MEMORY;
    if (value && r && s && ECDSA_SIG_set0(value, r, s) == 1) {
        r = NULL;
        s = NULL;
        unsigned char *data = NULL;
        int size = i2d_ECDSA_SIG(value, &data);
        err = der_take(data, size, ret_der);
    }
    BN_free(r);
    BN_free(s);
    ECDSA_SIG_free(value);
    return err;
}

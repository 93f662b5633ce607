#include "certs/edge/device_part.h"

#include <openssl/sha.h>
#include <stdlib.h>
#include <string.h>

enum { CERTIFICATE_BYTES_MAX = 16 * 1024, ID_BYTES_MAX = 256, RSA_BITS_LEAST = 2048 };

static const uint8_t p256_oid[] = {0x06, 0x08, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x03, 0x01, 0x07};

const char *certs_device_fault_name(enum certs_device_fault fault)
{
    static const char *const names[CERTS_DEVICE_FAULT_COUNT] = {
        [CERTS_DEVICE_FINE] = "fine",           [CERTS_DEVICE_NO_MODULE] = "no_module",
        [CERTS_DEVICE_NO_TOKEN] = "no_token",   [CERTS_DEVICE_NO_CERTIFICATE] = "no_certificate",
        [CERTS_DEVICE_NO_KEY] = "no_key",       [CERTS_DEVICE_KEY_KIND] = "key_kind",
        [CERTS_DEVICE_PIN_WRONG] = "pin_wrong", [CERTS_DEVICE_PIN_LOCKED] = "pin_locked",
        [CERTS_DEVICE_PIN_REST] = "pin_rest",   [CERTS_DEVICE_FAILED] = "failed",
    };
    return names[fault];
}

/* -- opening ---------------------------------------------------------------------------------- */

enum certs_device_fault certs_device_open(const struct certs_device_place *place,
                                          struct certs_device **ret_device)
{
    struct certs_device *device = calloc(1, sizeof *device);
    if (!device)
        return CERTS_DEVICE_FAILED;
    enum certs_device_fault fault = CERTS_DEVICE_FINE;
    device->token = strdup(place->token);
    device->label = strdup(place->label);
    if (!device->token || !device->label || pthread_mutex_init(&device->lock, NULL) != 0) {
        free(device->token);
        free(device->label);
        free(device);
        return CERTS_DEVICE_FAILED;
    }
    if (pkcs11_load(place->module, &device->module) != ERR_OK)
        fault = CERTS_DEVICE_NO_MODULE;
    if (fault == CERTS_DEVICE_FINE)
        *ret_device = device;
    else
        certs_device_close(device);
    return fault;
}

void certs_device_close(struct certs_device *device)
{
    if (!device)
        return;
    pkcs11_unload(&device->module);
    (void)pthread_mutex_destroy(&device->lock);
    free(device->token);
    free(device->label);
    free(device);
}

/* -- sessions and PINs ------------------------------------------------------------------------ */

enum certs_device_fault device_fault(struct certs_device *device, CK_RV rv)
{
    switch (rv) {
    case CKR_OK:
        return CERTS_DEVICE_FINE;
    case CKR_TOKEN_NOT_PRESENT:
    case CKR_TOKEN_NOT_RECOGNIZED:
    case CKR_DEVICE_REMOVED:
    case CKR_SLOT_ID_INVALID:
        return CERTS_DEVICE_NO_TOKEN;
    case CKR_PIN_INCORRECT:
    case CKR_PIN_INVALID:
    case CKR_PIN_LEN_RANGE:
        return CERTS_DEVICE_PIN_WRONG;
    case CKR_PIN_LOCKED:
    case CKR_PIN_EXPIRED:
        return CERTS_DEVICE_PIN_LOCKED;
    default:
        device->error = rv;
        return CERTS_DEVICE_FAILED;
    }
}

enum certs_device_fault device_session(struct certs_device *device, bool writing,
                                       struct pkcs11_session *ret_session)
{
    CK_SLOT_ID slot = 0;
    CK_TOKEN_INFO info;
    CK_RV rv = pkcs11_find_token(&device->module, device->token, &slot, &info);
    if (rv == CKR_OK) {
        device->at_last_try = (info.flags & CKF_USER_PIN_FINAL_TRY) != 0;
        rv = pkcs11_open(&device->module, slot, writing, ret_session);
    }
    return device_fault(device, rv);
}

/* After a wrong PIN the token itself may say how near it is to locking. */
static void look_at_tries(struct certs_device *device)
{
    CK_SLOT_ID slot = 0;
    CK_TOKEN_INFO info;
    if (pkcs11_find_token(&device->module, device->token, &slot, &info) == CKR_OK)
        device->at_last_try = (info.flags & CKF_USER_PIN_FINAL_TRY) != 0;
}

enum certs_device_fault device_login(struct certs_device *device, bool writing, struct bytes pin,
                                     utc_ms_t now, struct pkcs11_session *ret_session)
{
    struct pkcs11_session session = {0};
    if (device->wrong_pins >= CERTS_DEVICE_WRONG_PINS_MAX) {
        if (now < device->rest_until)
            return CERTS_DEVICE_PIN_REST;
        device->wrong_pins = 0;
    }
    enum certs_device_fault fault = device_session(device, writing, &session);
    if (fault == CERTS_DEVICE_FINE)
        fault = device_fault(device, pkcs11_login(&session, CKU_USER, pin));
    if (fault == CERTS_DEVICE_PIN_WRONG) {
        device->wrong_pins++;
        device->rest_until = now + CERTS_DEVICE_REST_MS;
        look_at_tries(device);
    }
    if (fault != CERTS_DEVICE_FINE) {
        pkcs11_end(&session);
        return fault;
    }
    device->wrong_pins = 0;
    device->at_last_try = false;
    *ret_session = session;
    return CERTS_DEVICE_FINE;
}

uint32_t certs_device_wrong_pins(struct certs_device *device)
{
    pthread_mutex_lock(&device->lock);
    uint32_t count = device->wrong_pins;
    pthread_mutex_unlock(&device->lock);
    return count;
}

bool certs_device_is_at_last_try(struct certs_device *device)
{
    pthread_mutex_lock(&device->lock);
    bool last = device->at_last_try;
    pthread_mutex_unlock(&device->lock);
    return last;
}

uint64_t certs_device_error(struct certs_device *device)
{
    pthread_mutex_lock(&device->lock);
    uint64_t error = device->error;
    pthread_mutex_unlock(&device->lock);
    return error;
}

/* -- finding ---------------------------------------------------------------------------------- */

CK_RV device_find(const struct certs_device *device, const struct pkcs11_session *session,
                  CK_OBJECT_CLASS class, struct bytes id, CK_OBJECT_HANDLE *ret_object)
{
    unsigned char id_copy[ID_BYTES_MAX];
    CK_BBOOL stored = CK_TRUE;
    CK_ATTRIBUTE wanted[3] = {{CKA_CLASS, &class, sizeof class},
                              {CKA_TOKEN, &stored, sizeof stored}};
    CK_ULONG count = 2;
    if (id.size > 0 && id.size <= sizeof id_copy) {
        memcpy(id_copy, id.data, id.size);
        wanted[count++] = (CK_ATTRIBUTE){CKA_ID, id_copy, (CK_ULONG)id.size};
    } else if (device->label[0] != '\0') {
        wanted[count++] = (CK_ATTRIBUTE){CKA_LABEL, device->label, (CK_ULONG)strlen(device->label)};
    }
    return pkcs11_find(session, wanted, count, ret_object);
}

static enum certs_device_fault find_certificate(struct certs_device *device,
                                                const struct pkcs11_session *session,
                                                CK_OBJECT_HANDLE *ret_object)
{
    CK_RV rv = device_find(device, session, CKO_CERTIFICATE, (struct bytes){0}, ret_object);
    return rv == CKR_OBJECT_HANDLE_INVALID ? CERTS_DEVICE_NO_CERTIFICATE : device_fault(device, rv);
}

enum certs_device_fault certs_device_certificate(struct certs_device *device,
                                                 struct buffer *ret_certificate)
{
    struct pkcs11_session session = {0};
    CK_OBJECT_HANDLE object = 0;
    pthread_mutex_lock(&device->lock);
    enum certs_device_fault fault = device_session(device, false, &session);
    if (fault == CERTS_DEVICE_FINE)
        fault = find_certificate(device, &session, &object);
    if (fault == CERTS_DEVICE_FINE)
        fault = device_fault(device, pkcs11_read(&session, object, CKA_VALUE, CERTIFICATE_BYTES_MAX,
                                                 ret_certificate));
    pkcs11_end(&session);
    pthread_mutex_unlock(&device->lock);
    return fault;
}

/* -- signing ---------------------------------------------------------------------------------- */

static enum certs_device_fault find_key(struct certs_device *device,
                                        const struct pkcs11_session *session,
                                        CK_OBJECT_HANDLE *ret_key)
{
    struct buffer id = {0};
    CK_OBJECT_HANDLE certificate = 0;
    enum certs_device_fault fault = find_certificate(device, session, &certificate);
    if (fault != CERTS_DEVICE_FINE)
        return fault;
    /* A certificate without an id is told by its label alone. */
    CK_RV rv = pkcs11_read(session, certificate, CKA_ID, ID_BYTES_MAX, &id);
    if (rv == CKR_OK)
        rv = device_find(device, session, CKO_PRIVATE_KEY, buffer_bytes(&id), ret_key);
    buffer_done(&id);
    return rv == CKR_OBJECT_HANDLE_INVALID ? CERTS_DEVICE_NO_KEY : device_fault(device, rv);
}

static enum certs_device_fault key_kind(struct certs_device *device,
                                        const struct pkcs11_session *session, CK_OBJECT_HANDLE key,
                                        bool *ret_is_rsa)
{
    struct buffer value = {0};
    CK_KEY_TYPE type = 0;
    CK_RV rv = pkcs11_read(session, key, CKA_KEY_TYPE, sizeof type, &value);
    if (rv == CKR_OK && value.size == sizeof type)
        memcpy(&type, value.data, sizeof type);
    buffer_done(&value);
    if (rv != CKR_OK)
        return device_fault(device, rv);
    if (type != CKK_EC && type != CKK_RSA)
        return CERTS_DEVICE_KEY_KIND;
    rv = pkcs11_read(session, key, type == CKK_EC ? CKA_EC_PARAMS : CKA_MODULUS,
                     CERTS_DEVICE_SIGNATURE_BYTES + 1, &value);
    if (rv != CKR_OK)
        return rv == CKR_ATTRIBUTE_VALUE_INVALID ? CERTS_DEVICE_KEY_KIND : device_fault(device, rv);
    bool fits = type == CKK_EC ? value.size == sizeof p256_oid &&
                                     memcmp(value.data, p256_oid, sizeof p256_oid) == 0
                               : value.size >= RSA_BITS_LEAST / 8;
    buffer_done(&value);
    *ret_is_rsa = type == CKK_RSA;
    return fits ? CERTS_DEVICE_FINE : CERTS_DEVICE_KEY_KIND;
}

/* ECDSA in a device takes the hash and gives r and s; the RSA mechanism hashes by itself. */
static enum certs_device_fault sign(struct certs_device *device,
                                    const struct pkcs11_session *session, struct bytes pin,
                                    struct bytes message, struct certs_device_signature *signature)
{
    uint8_t hash[SHA256_DIGEST_LENGTH];
    CK_OBJECT_HANDLE key = 0;
    enum certs_device_fault fault = find_key(device, session, &key);
    if (fault == CERTS_DEVICE_FINE)
        fault = key_kind(device, session, key, &signature->is_rsa);
    if (fault != CERTS_DEVICE_FINE)
        return fault;
    CK_ULONG size = sizeof signature->bytes;
    SHA256(message.data, message.size, hash);
    CK_RV rv =
        signature->is_rsa
            ? pkcs11_sign(session, key, CKM_SHA256_RSA_PKCS, pin, message, signature->bytes, &size)
            : pkcs11_sign(session, key, CKM_ECDSA, pin, (struct bytes){hash, sizeof hash},
                          signature->bytes, &size);
    signature->size = size;
    return device_fault(device, rv);
}

enum certs_device_fault certs_device_sign(struct certs_device *device, struct bytes pin,
                                          struct bytes message, utc_ms_t now,
                                          struct certs_device_signature *ret_signature)
{
    struct pkcs11_session session = {0};
    struct certs_device_signature signature = {0};
    pthread_mutex_lock(&device->lock);
    enum certs_device_fault fault = device_login(device, false, pin, now, &session);
    if (fault == CERTS_DEVICE_FINE)
        fault = sign(device, &session, pin, message, &signature);
    pkcs11_end(&session);
    pthread_mutex_unlock(&device->lock);
    if (fault == CERTS_DEVICE_FINE)
        *ret_signature = signature;
    return fault;
}

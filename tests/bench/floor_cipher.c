#include "tests/bench/floor_cipher.h"

#include <stdlib.h>
#include <string.h>

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include "tests/bench/measure.h"

#ifdef HAVE_IPSEC_MB
/* The library's header is not written for our warnings. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wpedantic"
#pragma GCC diagnostic ignored "-Wundef"
#include <intel-ipsec-mb.h>
#pragma GCC diagnostic pop
#else
struct gcm_key_data {
    int absent;
};
#endif

enum { TRIAL_KEYS = 1000, TRIAL_PASSES = 7 };

struct floor_key {
    struct gcm_key_data prepared; /* libipsec-mb; first, for its alignment */
    enum floor_cipher cipher;
    EVP_CIPHER_CTX *evp;
};

const char *floor_cipher_name(enum floor_cipher cipher)
{
    return cipher == FLOOR_IPSEC_MB ? "libipsec-mb" : "OpenSSL EVP";
}

/* ---- libipsec-mb ----------------------------------------------------------------------------- */

#ifdef HAVE_IPSEC_MB

/* Made by each thread that asks, kept for its life: the manager holds scratch space. */
static IMB_MGR *manager(void)
{
    static _Thread_local IMB_MGR *made;
    if (!made && (made = alloc_mb_mgr(0)))
        init_mb_mgr_auto(made, NULL);
    return made;
}

static bool ipsec_prepare(struct floor_key *key, const uint8_t *bytes)
{
    IMB_MGR *with = manager();
    if (with)
        IMB_AES128_GCM_PRE(with, bytes, &key->prepared);
    return with != NULL;
}

static void ipsec_seal(struct floor_key *key, const uint8_t *iv, struct bytes aad,
                       struct bytes plain, uint8_t *out)
{
    struct gcm_context_data context;
    IMB_AES128_GCM_ENC(manager(), &key->prepared, &context, out, plain.data, plain.size, iv,
                       aad.data, aad.size, out + plain.size, FLOOR_TAG_BYTES);
}

static bool ipsec_open(struct floor_key *key, const uint8_t *iv, struct bytes aad, uint8_t *data,
                       size_t size)
{
    struct gcm_context_data context;
    uint8_t tag[FLOOR_TAG_BYTES];
    size_t plain = size - FLOOR_TAG_BYTES;
    IMB_AES128_GCM_DEC(manager(), &key->prepared, &context, data, data, plain, iv, aad.data,
                       aad.size, tag, FLOOR_TAG_BYTES);
    return CRYPTO_memcmp(tag, data + plain, FLOOR_TAG_BYTES) == 0;
}

bool floor_cipher_present(enum floor_cipher cipher)
{
    return cipher == FLOOR_EVP || manager() != NULL;
}

#else

static bool ipsec_prepare(struct floor_key *key, const uint8_t *bytes)
{
    (void)key;
    (void)bytes;
    return false;
}

static void ipsec_seal(struct floor_key *key, const uint8_t *iv, struct bytes aad,
                       struct bytes plain, uint8_t *out)
{
    (void)key;
    (void)iv;
    (void)aad;
    (void)plain;
    (void)out;
}

static bool ipsec_open(struct floor_key *key, const uint8_t *iv, struct bytes aad, uint8_t *data,
                       size_t size)
{
    (void)key;
    (void)iv;
    (void)aad;
    (void)data;
    (void)size;
    return false;
}

bool floor_cipher_present(enum floor_cipher cipher)
{
    return cipher == FLOOR_EVP;
}

#endif

/* ---- OpenSSL --------------------------------------------------------------------------------- */

static void evp_seal(EVP_CIPHER_CTX *evp, const uint8_t *iv, struct bytes aad, struct bytes plain,
                     uint8_t *out)
{
    int size;
    (void)EVP_EncryptInit_ex(evp, NULL, NULL, NULL, iv);
    (void)EVP_EncryptUpdate(evp, NULL, &size, aad.data, (int)aad.size);
    (void)EVP_EncryptUpdate(evp, out, &size, plain.data, (int)plain.size);
    (void)EVP_EncryptFinal_ex(evp, out + plain.size, &size);
    (void)EVP_CIPHER_CTX_ctrl(evp, EVP_CTRL_AEAD_GET_TAG, FLOOR_TAG_BYTES, out + plain.size);
}

static bool evp_open(EVP_CIPHER_CTX *evp, const uint8_t *iv, struct bytes aad, uint8_t *data,
                     size_t size)
{
    int ignored;
    size_t plain = size - FLOOR_TAG_BYTES;
    (void)EVP_DecryptInit_ex(evp, NULL, NULL, NULL, iv);
    (void)EVP_CIPHER_CTX_ctrl(evp, EVP_CTRL_AEAD_SET_TAG, FLOOR_TAG_BYTES, data + plain);
    (void)EVP_DecryptUpdate(evp, NULL, &ignored, aad.data, (int)aad.size);
    (void)EVP_DecryptUpdate(evp, data, &ignored, data, (int)plain);
    return EVP_DecryptFinal_ex(evp, data + plain, &ignored) == 1;
}

/* ---- Keys ------------------------------------------------------------------------------------ */

struct floor_key *floor_key_create(enum floor_cipher cipher, const uint8_t bytes[FLOOR_KEY_BYTES],
                                   bool seals)
{
    struct floor_key *key = aligned_alloc(64, (sizeof *key + 63) / 64 * 64);
    if (!key)
        return NULL;
    memset(key, 0, sizeof *key);
    key->cipher = cipher;
    bool done;
    if (cipher == FLOOR_IPSEC_MB) {
        done = ipsec_prepare(key, bytes);
    } else {
        key->evp = EVP_CIPHER_CTX_new();
        done = key->evp && EVP_CipherInit_ex(key->evp, EVP_aes_128_gcm(), NULL, bytes, NULL,
                                             seals ? 1 : 0) == 1;
    }
    if (done)
        return key;
    floor_key_destroy(key);
    return NULL;
}

void floor_key_destroy(struct floor_key *key)
{
    if (key)
        EVP_CIPHER_CTX_free(key->evp);
    free(key);
}

void floor_key_seal(struct floor_key *key, const uint8_t iv[FLOOR_IV_BYTES], struct bytes aad,
                    struct bytes plain, uint8_t *out)
{
    if (key->cipher == FLOOR_IPSEC_MB)
        ipsec_seal(key, iv, aad, plain, out);
    else
        evp_seal(key->evp, iv, aad, plain, out);
}

bool floor_key_open(struct floor_key *key, const uint8_t iv[FLOOR_IV_BYTES], struct bytes aad,
                    uint8_t *data, size_t size)
{
    if (size < FLOOR_TAG_BYTES)
        return false;
    return key->cipher == FLOOR_IPSEC_MB ? ipsec_open(key, iv, aad, data, size)
                                         : evp_open(key->evp, iv, aad, data, size);
}

/* ---- Which is faster ------------------------------------------------------------------------- */

double floor_cipher_ns(enum floor_cipher cipher, uint32_t size)
{
    static struct floor_key *keys[TRIAL_KEYS];
    static uint8_t plain[2048];
    static uint8_t out[2048 + FLOOR_TAG_BYTES];
    uint8_t bytes[FLOOR_KEY_BYTES] = {1};
    uint8_t iv[FLOOR_IV_BYTES] = {0};
    double ns[TRIAL_PASSES] = {0};
    bool made = size <= sizeof plain && floor_cipher_present(cipher);
    for (uint32_t i = 0; i < TRIAL_KEYS && made; i++) {
        memcpy(bytes, &i, sizeof i);
        keys[i] = floor_key_create(cipher, bytes, true);
        made = keys[i] != NULL;
    }
    for (int pass = 0; pass < TRIAL_PASSES && made; pass++) {
        uint64_t before = measure_thread_ns();
        for (uint32_t i = 0; i < TRIAL_KEYS; i++)
            floor_key_seal(keys[i], iv, (struct bytes){plain, 24}, (struct bytes){plain, size},
                           out);
        ns[pass] = (double)(measure_thread_ns() - before) / TRIAL_KEYS;
    }
    for (uint32_t i = 0; i < TRIAL_KEYS; i++) {
        floor_key_destroy(keys[i]);
        keys[i] = NULL;
    }
    return measure_median(ns, TRIAL_PASSES);
}

enum floor_cipher floor_cipher_best(void)
{
    enum { BIG = 1100 };
    if (!floor_cipher_present(FLOOR_IPSEC_MB))
        return FLOOR_EVP;
    return floor_cipher_ns(FLOOR_IPSEC_MB, BIG) < floor_cipher_ns(FLOOR_EVP, BIG) ? FLOOR_IPSEC_MB
                                                                                  : FLOOR_EVP;
}

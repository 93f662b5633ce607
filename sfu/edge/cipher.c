#include "sfu/edge/cipher.h"

#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "sfu/edge/aead_evp.h"
#ifdef DIENHONG_IPSEC_MB
#include "sfu/edge/aead_ipsec_mb.h"
#endif

enum { TRIAL_BYTES = 1100, TRIAL_HEAD_BYTES = 16, TRIAL_AAD_BYTES = 20 };

struct cipher {
    const struct aead_ops *ops;
    struct aead_ipsec_mb *ipsec_mb; /* NULL: EVP */
};

#ifdef DIENHONG_IPSEC_MB

/* One packet under a key that means nothing. */
static enum err cipher_seal_trial(const struct cipher *cipher,
                                  uint8_t out[TRIAL_BYTES + AEAD_TAG_BYTES])
{
    static const uint8_t key_bytes[CIPHER_KEY_BYTES] = "Gallia est omnis";
    static const uint8_t iv[AEAD_IV_BYTES] = "divisa inpar";
    uint8_t plain[TRIAL_BYTES];
    for (size_t i = 0; i < sizeof plain; i++)
        plain[i] = (uint8_t)(i * 7);
    memcpy(out, plain, TRIAL_HEAD_BYTES);
    void *key;
    enum err err = cipher_key_create(cipher, key_bytes, CIPHER_SEAL, &key);
    if (err != ERR_OK)
        return err;
    cipher->ops->seal(key, iv, (struct bytes){plain, TRIAL_AAD_BYTES}, out, TRIAL_HEAD_BYTES,
                      (struct bytes){plain + TRIAL_HEAD_BYTES, sizeof plain - TRIAL_HEAD_BYTES});
    cipher_key_destroy(cipher, key);
    return ERR_OK;
}

/* A library that this processor runs wrongly would make every picture black and no error. */
static enum err cipher_try(const struct cipher *cipher)
{
    const struct cipher evp = {.ops = &aead_evp};
    uint8_t got[TRIAL_BYTES + AEAD_TAG_BYTES];
    uint8_t expected[TRIAL_BYTES + AEAD_TAG_BYTES];
    enum err err = cipher_seal_trial(cipher, got);
    if (err == ERR_OK)
        err = cipher_seal_trial(&evp, expected);
    if (err == ERR_OK && memcmp(got, expected, sizeof got) != 0)
        err = ERR_UNSUPPORTED;
    return err;
}

static enum err cipher_use_ipsec_mb(struct cipher *cipher)
{
    enum err err = aead_ipsec_mb_create(&cipher->ipsec_mb);
    if (err != ERR_OK)
        return err;
    cipher->ops = &aead_ipsec_mb;
    err = cipher_try(cipher);
    if (err != ERR_OK) {
        log_line(LOG_WARN, "sfu.cipher", "library=libipsec-mb trial=failed err=%s", err_name(err));
        aead_ipsec_mb_destroy(cipher->ipsec_mb);
        *cipher = (struct cipher){.ops = &aead_evp};
    }
    return err;
}

#else

static enum err cipher_use_ipsec_mb(struct cipher *cipher)
{
    (void)cipher;
    return ERR_UNSUPPORTED;
}

#endif

enum err cipher_create(enum sfu_cipher choice, struct cipher **ret_cipher)
{
    struct cipher *cipher = calloc(1, sizeof *cipher);
    if (!cipher)
        return ERR_NO_MEMORY;
    cipher->ops = &aead_evp;
    enum err err = choice == SFU_CIPHER_EVP ? ERR_OK : cipher_use_ipsec_mb(cipher);
    if (err != ERR_OK && choice == SFU_CIPHER_IPSEC_MB) {
        free(cipher);
        return err;
    }
    *ret_cipher = cipher;
    return ERR_OK;
}

void cipher_destroy(struct cipher *cipher)
{
#ifdef DIENHONG_IPSEC_MB
    if (cipher)
        aead_ipsec_mb_destroy(cipher->ipsec_mb);
#endif
    free(cipher);
}

const struct aead_ops *cipher_ops(const struct cipher *cipher)
{
    return cipher->ops;
}

const char *cipher_name(const struct cipher *cipher)
{
#ifdef DIENHONG_IPSEC_MB
    if (cipher->ipsec_mb)
        return aead_ipsec_mb_name(cipher->ipsec_mb);
#endif
    (void)cipher;
    return "OpenSSL EVP";
}

size_t cipher_key_size(const struct cipher *cipher)
{
#ifdef DIENHONG_IPSEC_MB
    if (cipher->ipsec_mb)
        return aead_ipsec_mb_key_size();
#endif
    (void)cipher;
    return AEAD_EVP_KEY_SIZE;
}

enum err cipher_key_create(const struct cipher *cipher, const uint8_t key[CIPHER_KEY_BYTES],
                           enum cipher_direction direction, void **ret_key)
{
#ifdef DIENHONG_IPSEC_MB
    if (cipher->ipsec_mb)
        return aead_ipsec_mb_key_create(cipher->ipsec_mb, key, ret_key);
#endif
    (void)cipher;
    return aead_evp_key_create(key, direction == CIPHER_SEAL, ret_key);
}

void cipher_key_destroy(const struct cipher *cipher, void *key)
{
#ifdef DIENHONG_IPSEC_MB
    if (cipher->ipsec_mb) {
        aead_ipsec_mb_key_destroy(key);
        return;
    }
#endif
    (void)cipher;
    aead_evp_key_destroy(key);
}

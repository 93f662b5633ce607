#include "sfu/edge/aead_evp.h"

#include <assert.h>

#include <openssl/evp.h>

/* None of the calls below can fail once the key is set: they neither allocate nor depend on the
 * data, but for the comparison of the tag. */
static void aead_evp_must(int result)
{
    assert(result == 1);
    (void)result;
}

enum err aead_evp_key_create(const uint8_t key[AEAD_EVP_KEY_BYTES], bool seals, void **ret_key)
{
    EVP_CIPHER_CTX *context = EVP_CIPHER_CTX_new();
    if (!context)
        return ERR_NO_MEMORY;
    if (EVP_CipherInit_ex(context, EVP_aes_128_gcm(), NULL, key, NULL, seals) != 1) {
        EVP_CIPHER_CTX_free(context);
        return ERR_NO_MEMORY;
    }
    *ret_key = context;
    return ERR_OK;
}

void aead_evp_key_destroy(void *key)
{
    EVP_CIPHER_CTX_free(key); /* clears the key schedule */
}

static void aead_evp_seal(void *key, const uint8_t iv[AEAD_IV_BYTES], struct bytes aad,
                          uint8_t *out, size_t head_size, struct bytes rest)
{
    EVP_CIPHER_CTX *context = key;
    int size = 0;
    aead_evp_must(EVP_EncryptInit_ex(context, NULL, NULL, NULL, iv));
    aead_evp_must(EVP_EncryptUpdate(context, NULL, &size, aad.data, (int)aad.size));
    if (head_size > 0)
        aead_evp_must(EVP_EncryptUpdate(context, out, &size, out, (int)head_size));
    if (rest.size > 0)
        aead_evp_must(
            EVP_EncryptUpdate(context, out + head_size, &size, rest.data, (int)rest.size));
    uint8_t *tag = out + head_size + rest.size;
    aead_evp_must(EVP_EncryptFinal_ex(context, tag, &size));
    aead_evp_must(EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, AEAD_TAG_BYTES, tag));
}

static enum err aead_evp_open(void *key, const uint8_t iv[AEAD_IV_BYTES], struct bytes aad,
                              uint8_t *data, size_t size)
{
    assert(size >= AEAD_TAG_BYTES);
    EVP_CIPHER_CTX *context = key;
    size_t plain = size - AEAD_TAG_BYTES;
    uint8_t *tag = data + plain;
    int written = 0;
    aead_evp_must(EVP_DecryptInit_ex(context, NULL, NULL, NULL, iv));
    aead_evp_must(EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, AEAD_TAG_BYTES, tag));
    aead_evp_must(EVP_DecryptUpdate(context, NULL, &written, aad.data, (int)aad.size));
    if (plain > 0)
        aead_evp_must(EVP_DecryptUpdate(context, data, &written, data, (int)plain));
    return EVP_DecryptFinal_ex(context, tag, &written) == 1 ? ERR_OK : ERR_AUTH;
}

const struct aead_ops aead_evp = {.seal = aead_evp_seal, .open = aead_evp_open};

#include "sfu/edge/srtp_kdf.h"

#include <assert.h>
#include <string.h>

#include <openssl/crypto.h>
#include <openssl/evp.h>

enum { AES_BLOCK_BYTES = 16, LABEL_BYTE = 7 };

enum err srtp_kdf(struct bytes master_key, struct bytes master_salt, enum srtp_kdf_label label,
                  uint8_t *ret_key, size_t size)
{
    assert(master_key.size == 16 || master_key.size == 32);
    assert(master_salt.size <= SRTP_KDF_SALT_MAX_BYTES);

    /* x = label * 2^48 XOR salt, and the counter starts at x * 2^16. A shorter salt is filled with
     * zeros on the right (RFC 7714, section 11). */
    uint8_t counter[AES_BLOCK_BYTES] = {0};
    memcpy(counter, master_salt.data, master_salt.size);
    counter[LABEL_BYTE] ^= (uint8_t)label;

    EVP_CIPHER_CTX *context = EVP_CIPHER_CTX_new();
    if (!context)
        return ERR_NO_MEMORY;
    const EVP_CIPHER *cipher = master_key.size == 16 ? EVP_aes_128_ctr() : EVP_aes_256_ctr();
    int written = 0;
    memset(ret_key, 0, size); /* the key stream itself is the key */
    bool done = EVP_EncryptInit_ex(context, cipher, NULL, master_key.data, counter) == 1 &&
                EVP_EncryptUpdate(context, ret_key, &written, ret_key, (int)size) == 1;
    EVP_CIPHER_CTX_free(context);
    OPENSSL_cleanse(counter, sizeof counter);
    return done ? ERR_OK : ERR_NO_MEMORY;
}

#include "meeting/edge/hash.h"

#include <assert.h>
#include <openssl/evp.h>
#include <openssl/rand.h>
#include <stdbool.h>
#include <unistd.h>

#include "base/text.h"

enum { HASH_READ_BYTES = 64 * 1024 };

enum err hash_sha256(struct bytes bytes, uint8_t ret_hash[HASH_BYTES])
{
    unsigned size = HASH_BYTES;
    const void *data = bytes.size ? bytes.data : (const void *)"";
    return EVP_Digest(data, bytes.size, ret_hash, &size, EVP_sha256(), NULL) == 1 ? ERR_OK : ERR_IO;
}

enum err hash_sha256_hex(struct bytes bytes, char ret_hex[HASH_HEX_BYTES])
{
    uint8_t hash[HASH_BYTES];
    enum err err = hash_sha256(bytes, hash);
    if (err == ERR_OK)
        hex_write(hash, sizeof hash, ret_hex);
    return err;
}

enum err hash_file(int fd, char ret_hex[HASH_HEX_BYTES], uint64_t *ret_size_bytes)
{
    uint8_t chunk[HASH_READ_BYTES];
    uint8_t hash[HASH_BYTES];
    uint64_t size = 0;
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    bool ok = context && EVP_DigestInit_ex(context, EVP_sha256(), NULL) == 1;
    ssize_t got = 0;
    while (ok && (got = pread(fd, chunk, sizeof chunk, (off_t)size)) > 0) {
        ok = EVP_DigestUpdate(context, chunk, (size_t)got) == 1;
        size += (uint64_t)got;
    }
    ok = ok && got == 0 && EVP_DigestFinal_ex(context, hash, NULL) == 1;
    EVP_MD_CTX_free(context);
    if (!ok)
        return ERR_IO;
    hex_write(hash, sizeof hash, ret_hex);
    *ret_size_bytes = size;
    return ERR_OK;
}

enum err hash_random_code(size_t letters, char *ret_code)
{
    static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    uint8_t random[HASH_CODE_MAX];
    assert(letters <= HASH_CODE_MAX);
    if (RAND_bytes(random, (int)letters) != 1)
        return ERR_IO;
    for (size_t i = 0; i < letters; i++)
        ret_code[i] = alphabet[random[i] & 31];
    ret_code[letters] = '\0';
    return ERR_OK;
}

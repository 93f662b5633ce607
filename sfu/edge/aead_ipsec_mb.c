#include "sfu/edge/aead_ipsec_mb.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include <intel-ipsec-mb.h>
#include <openssl/crypto.h>

/* The library loads its keys by whole cache lines. */
enum { KEY_ALIGNMENT_BYTES = 64 };

struct aead_ipsec_mb {
    IMB_MGR *manager;
    IMB_ARCH arch;
};

struct aead_ipsec_mb_key {
    _Alignas(KEY_ALIGNMENT_BYTES) struct gcm_key_data prepared;
    const IMB_MGR *manager; /* the table of functions, nothing else */
};

_Static_assert(sizeof(struct aead_ipsec_mb_key) % KEY_ALIGNMENT_BYTES == 0,
               "aligned_alloc() wants whole lines");

enum err aead_ipsec_mb_create(struct aead_ipsec_mb **ret_library)
{
    struct aead_ipsec_mb *library = calloc(1, sizeof *library);
    if (!library)
        return ERR_NO_MEMORY;
    library->manager = alloc_mb_mgr(0);
    if (!library->manager) {
        free(library);
        return ERR_NO_MEMORY;
    }
    init_mb_mgr_auto(library->manager, &library->arch);
    /* Without these instructions it falls back to tables, and EVP is the better choice. */
    static const uint64_t needed = IMB_FEATURE_AESNI | IMB_FEATURE_PCLMULQDQ |
                                   IMB_FEATURE_SELF_TEST | IMB_FEATURE_SELF_TEST_PASS;
    if (imb_get_errno(library->manager) != 0 || library->arch < IMB_ARCH_SSE ||
        (library->manager->features & needed) != needed) {
        aead_ipsec_mb_destroy(library);
        return ERR_UNSUPPORTED;
    }
    *ret_library = library;
    return ERR_OK;
}

void aead_ipsec_mb_destroy(struct aead_ipsec_mb *library)
{
    if (!library)
        return;
    free_mb_mgr(library->manager);
    free(library);
}

const char *aead_ipsec_mb_name(const struct aead_ipsec_mb *library)
{
    if (library->manager->features & IMB_FEATURE_VAES)
        return library->arch == IMB_ARCH_AVX512 ? "libipsec-mb, AVX-512 with VAES"
                                                : "libipsec-mb, AVX2 with VAES";
    switch (library->arch) {
    case IMB_ARCH_AVX512:
        return "libipsec-mb, AVX-512";
    case IMB_ARCH_AVX2:
        return "libipsec-mb, AVX2";
    case IMB_ARCH_AVX:
        return "libipsec-mb, AVX";
    case IMB_ARCH_SSE:
    case IMB_ARCH_NOAESNI:
    case IMB_ARCH_NONE:
    case IMB_ARCH_NUM:
        break;
    }
    return "libipsec-mb, SSE";
}

enum err aead_ipsec_mb_key_create(const struct aead_ipsec_mb *library,
                                  const uint8_t key[AEAD_IPSEC_MB_KEY_BYTES], void **ret_key)
{
    struct aead_ipsec_mb_key *prepared =
        aligned_alloc(_Alignof(struct aead_ipsec_mb_key), sizeof *prepared);
    if (!prepared)
        return ERR_NO_MEMORY;
    prepared->manager = library->manager;
    IMB_AES128_GCM_PRE(library->manager, key, &prepared->prepared);
    *ret_key = prepared;
    return ERR_OK;
}

void aead_ipsec_mb_key_destroy(void *key)
{
    if (!key)
        return;
    OPENSSL_cleanse(key, sizeof(struct aead_ipsec_mb_key));
    free(key);
}

size_t aead_ipsec_mb_key_size(void)
{
    return sizeof(struct aead_ipsec_mb_key);
}

/* One call over one run of bytes. Where a packet has bytes of its own, the shared ones are copied
 * behind them first: as cheap for large packets as the library's init, update and finalize over two
 * runs, and cheaper for small ones (docs/performance.md). */
static void aead_ipsec_mb_seal(void *key, const uint8_t iv[AEAD_IV_BYTES], struct bytes aad,
                               uint8_t *out, size_t head_size, struct bytes rest)
{
    const struct aead_ipsec_mb_key *own = key;
    struct gcm_context_data context;
    const uint8_t *plain = out;
    if (head_size == 0)
        plain = rest.data;
    else if (rest.size > 0)
        memcpy(out + head_size, rest.data, rest.size);
    size_t size = head_size + rest.size;
    IMB_AES128_GCM_ENC(own->manager, &own->prepared, &context, out, plain, size, iv, aad.data,
                       aad.size, out + size, AEAD_TAG_BYTES);
}

static enum err aead_ipsec_mb_open(void *key, const uint8_t iv[AEAD_IV_BYTES], struct bytes aad,
                                   uint8_t *data, size_t size)
{
    assert(size >= AEAD_TAG_BYTES);
    const struct aead_ipsec_mb_key *own = key;
    struct gcm_context_data context;
    uint8_t tag[AEAD_TAG_BYTES];
    size_t plain = size - AEAD_TAG_BYTES;
    IMB_AES128_GCM_DEC(own->manager, &own->prepared, &context, data, data, plain, iv, aad.data,
                       aad.size, tag, AEAD_TAG_BYTES);
    return CRYPTO_memcmp(tag, data + plain, AEAD_TAG_BYTES) == 0 ? ERR_OK : ERR_AUTH;
}

const struct aead_ops aead_ipsec_mb = {.seal = aead_ipsec_mb_seal,
                                       .open = aead_ipsec_mb_open,
                                       .key_bytes = sizeof(struct gcm_key_data)};

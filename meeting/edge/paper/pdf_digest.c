#include "meeting/edge/paper/pdf_digest.h"

enum err pdf_digest_init(struct pdf_digest *digest, struct bytes file)
{
    *digest =
        (struct pdf_digest){.file = file, .prefix = EVP_MD_CTX_new(), .range = EVP_MD_CTX_new()};
    bool made = digest->prefix && digest->range &&
                EVP_DigestInit_ex2(digest->prefix, EVP_sha256(), NULL) == 1;
    return made ? ERR_OK : ERR_NO_MEMORY;
}

void pdf_digest_done(struct pdf_digest *digest)
{
    EVP_MD_CTX_free(digest->prefix);
    EVP_MD_CTX_free(digest->range);
    *digest = (struct pdf_digest){.prefix = NULL};
}

static bool range_fits(const struct pdf_digest *digest, const uint64_t range[4])
{
    uint64_t size = digest->file.size;
    return range[0] == 0 && range[1] >= digest->at && range[1] < range[2] && range[2] <= size &&
           range[3] <= size - range[2];
}

enum err pdf_digest_next(struct pdf_digest *digest, const uint64_t byte_range[4],
                         uint8_t ret_sha256[CERTS_SHA256_BYTES])
{
    unsigned size = 0;
    const uint8_t *data = digest->file.data;
    if (!range_fits(digest, byte_range))
        return ERR_FORMAT;
    size_t gap = (size_t)byte_range[1];
    if (EVP_DigestUpdate(digest->prefix, data + digest->at, gap - digest->at) != 1)
        return ERR_NO_MEMORY;
    digest->at = gap;
    bool done = EVP_MD_CTX_copy_ex(digest->range, digest->prefix) == 1 &&
                EVP_DigestUpdate(digest->range, data + byte_range[2], (size_t)byte_range[3]) == 1 &&
                EVP_DigestFinal_ex(digest->range, ret_sha256, &size) == 1;
    return done ? ERR_OK : ERR_NO_MEMORY;
}

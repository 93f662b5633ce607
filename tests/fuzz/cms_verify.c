/* Fuzzes the reader of a paper's CMS. Nothing may be accepted but the two of the corpus. */
#include <openssl/sha.h>
#include <string.h>

#include "base/text.h"
#include "certs/certs.h"
#include "tests/support/fuzz_trust.h"

/* What the corpus signs, and the SHA-256 of the CMS that does. */
static const struct {
    const char *digest;
    const char *cms;
} genuine[] = {
    {"a3ffda75bf65c3e8bf4b86e10f67dcf112f7d09347b782a65027a7a809c97b8c",
     "08bcacac902bedcfbb9b99acb34a164127515ee8ba826f834b664930f5daafd9"},
    {"2634bfe1d495b50ca857864a43b6edfcea7956a1211dff06843a251ea5810761",
     "63b181e2d7ec682c72829793524df5644834906733147c2786d836e3499ee0c0"},
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct certs_signer signer;
    uint8_t hash[CERTS_SHA256_BYTES];
    uint8_t digest[CERTS_SHA256_BYTES];
    char text[2 * CERTS_SHA256_BYTES + 1];
    SHA256(data, size, hash);
    hex_write(hash, sizeof hash, text);
    for (size_t i = 0; i < sizeof genuine / sizeof *genuine; i++) {
        if (hex_parse(bytes_of(genuine[i].digest), digest, sizeof digest) != ERR_OK)
            abort();
        enum certs_fault fault = certs_cms_verify((struct bytes){data, size}, digest, fuzz_trust(),
                                                  FUZZ_TRUST_AT, &signer);
        bool is_genuine = strcmp(text, genuine[i].cms) == 0;
        if ((fault == CERTS_FAULT_NONE) != is_genuine)
            abort();
    }
    return 0;
}

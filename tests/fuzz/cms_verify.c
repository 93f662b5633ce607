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
    {"840b83e6f0e30878162971518931d3212196ab71c472974c95a57d8584e038a2",
     "d5f17cd137a0ce571d92f567b50e2677042a6c179e1c1380e5b948eefecb276b"},
    {"e03cb2494cacedef153de4f46f569bea9da125db616d433c3532dc8b2ed2a63a",
     "94c083416ad5310e3c776b3afb42f916b835c2fb877b93cd89ca96cbb6494fca"},
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

/* Fuzzes the second profile, without the choice before it. Besides not crashing it must call
 * nothing valid but what was signed: the corpus' file, and the same cut off behind its first
 * signature. */
#include <openssl/sha.h>
#include <string.h>

#include "base/text.h"
#include "meeting/edge/paper/foreign_verify.h"
#include "tests/support/fuzz_trust.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const genuine[] = {
        "5fc3d30c3521e30a1918bc377a06c97c2e33d69d0bd57a59fd92297ddbfc2f2c",
        "062dbc80ea738d100dc6214a446f135c2b67c7c88771a2b4b3396c361b5c32b9",
    };
    static struct verify_report report;
    uint8_t hash[CERTS_SHA256_BYTES];
    char text[2 * CERTS_SHA256_BYTES + 1];
    SHA256(data, size, hash);
    hex_write(hash, sizeof hash, text);
    memset(&report, 0, sizeof report);
    foreign_verify((struct bytes){data, size}, fuzz_trust(), FUZZ_TRUST_AT, &report);
    if (report.verdict == VERIFY_VALID && strcmp(text, genuine[0]) != 0 &&
        strcmp(text, genuine[1]) != 0)
        abort();
    if ((report.verdict == VERIFY_VALID) != (report.reason == NULL))
        abort();
    return 0;
}

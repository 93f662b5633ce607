/* Fuzzes the verifier of signed papers. Besides not crashing it must call nothing valid but the
 * corpus' signed file, and the same cut off behind its first signature: whatever else is accepted
 * is a forgery. */
#include <string.h>

#include "meeting/edge/paper/pdf_verify.h"
#include "tests/support/fuzz_trust.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const genuine[] = {
        "5fc3d30c3521e30a1918bc377a06c97c2e33d69d0bd57a59fd92297ddbfc2f2c",
        "062dbc80ea738d100dc6214a446f135c2b67c7c88771a2b4b3396c361b5c32b9",
    };
    static struct verify_report report;
    struct buffer json = {0};
    pdf_verify((struct bytes){data, size}, fuzz_trust(), FUZZ_TRUST_AT, &report);
    if (report.verdict == VERIFY_VALID && strcmp(report.sha256, genuine[0]) != 0 &&
        strcmp(report.sha256, genuine[1]) != 0)
        abort();
    if (report.verdict != VERIFY_VALID && !report.reason)
        abort();
    if (pdf_verify_write_json(&report, &json) != ERR_OK)
        abort();
    buffer_done(&json);
    return 0;
}

/* Fuzzes the verifier of signed papers. Besides not crashing it must call nothing valid but the
 * corpus' signed file, and the same cut off behind its first signature: whatever else is accepted
 * is a forgery. */
#include <string.h>

#include "meeting/edge/paper/pdf_verify.h"
#include "tests/support/fuzz_trust.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const genuine[] = {
        "bb809fae7fcb1cd8b4a9e489659f45bc5422d711215bcbb90beeb639bb5bc40d",
        "d02df357f27ef6430fba82f9bbf15326c34ee7a9bcc44b9002bb19c34a6bd195",
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

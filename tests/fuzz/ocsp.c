/* Fuzzes OCSP requests, which anybody may send: whatever comes, there is an answer, and openssl's
 * reader takes it. */
#include <openssl/ocsp.h>

#include "tests/support/fuzz_ca.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct buffer answer = {0};
    if (certs_ocsp_answer(fuzz_ca(), (struct bytes){data, size}, SIGNER_NOW, &answer) != ERR_OK)
        abort();
    const unsigned char *at = answer.data;
    OCSP_RESPONSE *response = d2i_OCSP_RESPONSE(NULL, &at, (long)answer.size);
    if (!response || at != answer.data + answer.size)
        abort();
    OCSP_RESPONSE_free(response);
    buffer_done(&answer);
    return 0;
}

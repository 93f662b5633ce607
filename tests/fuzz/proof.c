/* Fuzzes what other machines send us about certificates: OCSP responses, CRLs, timestamps. Whatever
 * is accepted says what the seed says: a change that matters is refused. */
#include "tests/support/fuzz_authority.h"

static void read_proof(struct bytes input)
{
    struct certs_standing standing;
    struct bytes person = fuzz_authority_person(), issuing = fuzz_authority_issuing();
    if (certs_ocsp_read(input, person, issuing, &standing) == ERR_OK &&
        standing.status != CERTS_STATUS_REVOKED)
        abort();
    if (certs_crl_read(input, person, issuing, &standing) == ERR_OK &&
        standing.status != CERTS_STATUS_REVOKED)
        abort();
}

static void read_timestamp(struct bytes input)
{
    static const uint8_t digest[CERTS_SHA256_BYTES] = FUZZ_AUTHORITY_DIGEST;
    struct bytes chain[] = {fuzz_authority_issuing()};
    struct certs_timestamp timestamp;
    struct buffer certificate = {0};
    if (certs_timestamp_verify(input, digest, fuzz_authority_trust(), chain, 1, FUZZ_AUTHORITY_AT,
                               &timestamp) == CERTS_FAULT_NONE &&
        timestamp.at / 1000 != FUZZ_AUTHORITY_STAMPED_S)
        abort();
    if (certs_timestamp_certificate(input, &certificate) == ERR_OK)
        buffer_done(&certificate);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bytes input = {data, size};
    read_proof(input);
    read_timestamp(input);
    return 0;
}

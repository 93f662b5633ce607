/* Timestamps and proofs of validity, asked of our own authority in the process. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "tests/support/signer.h"

struct place {
    char folder[64];
    char ca_path[128];
    struct certs_ca *ca;
    struct certs_trust *trust;
    struct certs_ask ask;
    struct signer signer;
};

static const uint8_t digest[CERTS_SHA256_BYTES] = {7, 7, 7};

static int set_up(void **state)
{
    struct place *place = calloc(1, sizeof *place);
    char trust_path[160];
    signer_folder(place->folder);
    (void)snprintf(place->ca_path, sizeof place->ca_path, "%s/ca", place->folder);
    (void)snprintf(trust_path, sizeof trust_path, "%s/trust", place->folder);
    if (certs_ca_open(place->ca_path, "Tỉnh Lam Giang", SIGNER_NOW, &place->ca) != ERR_OK ||
        certs_trust_found(trust_path, "province", certs_ca_root(place->ca)) != ERR_OK ||
        certs_trust_load(trust_path, &place->trust) != ERR_OK)
        return -1;
    place->signer = signer_make(place->ca, "Lê Văn Ước", "Chủ tịch", 7, SIGNER_NOW);
    place->ask = (struct certs_ask){.ca = place->ca, .trust = place->trust};
    *state = place;
    return 0;
}

static int tear_down(void **state)
{
    struct place *place = *state;
    signer_done(&place->signer);
    certs_trust_free(place->trust);
    certs_ca_close(place->ca);
    signer_remove_folder(place->folder);
    free(place);
    return 0;
}

/* -- timestamps ------------------------------------------------------------------------------- */

static enum certs_fault verify(const struct place *place, struct bytes token, utc_ms_t at)
{
    struct certs_timestamp timestamp;
    struct bytes chain[] = {certs_ca_issuing(place->ca)};
    return certs_timestamp_verify(token, digest, place->trust, chain, 1, at, &timestamp);
}

static void our_own_tsa_stamps_without_a_network(void **state)
{
    struct place *place = *state;
    struct certs_stamp stamp = {0};
    assert_int_equal(certs_tsa_ask(&place->ask, digest, SIGNER_NOW, &stamp), ERR_OK);
    assert_int_equal(stamp.facts.at, SIGNER_NOW);
    assert_string_equal(stamp.facts.policy, CERTS_TSA_POLICY);
    assert_non_null(strstr(stamp.facts.tsa, "dấu thời gian"));
    assert_true(stamp.facts.not_after > SIGNER_NOW + 4 * 365 * SIGNER_DAY_MS);
    assert_int_equal(verify(place, buffer_bytes(&stamp.token), SIGNER_NOW), CERTS_FAULT_NONE);
    buffer_done(&stamp.token);
}

static void a_stamp_over_other_bytes_is_refused(void **state)
{
    struct place *place = *state;
    struct certs_stamp stamp = {0};
    struct certs_timestamp timestamp;
    struct bytes chain[] = {certs_ca_issuing(place->ca)};
    const uint8_t other[CERTS_SHA256_BYTES] = {8};
    assert_int_equal(certs_tsa_ask(&place->ask, digest, SIGNER_NOW, &stamp), ERR_OK);
    assert_int_equal(certs_timestamp_verify(buffer_bytes(&stamp.token), other, place->trust, chain,
                                            1, SIGNER_NOW, &timestamp),
                     CERTS_FAULT_DIGEST);
    buffer_done(&stamp.token);
}

static void a_stamp_ends_with_its_tsa_s_certificate(void **state)
{
    struct place *place = *state;
    struct certs_stamp stamp = {0};
    assert_int_equal(certs_tsa_ask(&place->ask, digest, SIGNER_NOW, &stamp), ERR_OK);
    struct bytes token = buffer_bytes(&stamp.token);
    assert_int_equal(verify(place, token, stamp.facts.not_after + 1000), CERTS_FAULT_EXPIRED);
    assert_int_equal(verify(place, token, SIGNER_NOW - SIGNER_DAY_MS), CERTS_FAULT_NOT_YET_VALID);
    buffer_done(&stamp.token);
}

static void a_person_s_certificate_cannot_stamp(void **state)
{
    struct place *place = *state;
    struct certs_stamp stamp = {0};
    struct bytes attributes_chain[] = {certs_ca_issuing(place->ca)};
    uint8_t raw[CERTS_RAW_SIGNATURE_BYTES];
    struct buffer cms = {0};
    signer_answer(&place->signer, digest, raw);
    assert_int_equal(certs_cms_assemble(buffer_bytes(&place->signer.issued.certificate),
                                        attributes_chain, 1, digest, raw, &cms),
                     ERR_OK);
    assert_int_equal(verify(place, buffer_bytes(&cms), SIGNER_NOW), CERTS_FAULT_PROFILE);
    buffer_done(&cms);
    buffer_done(&stamp.token);
}

/* A token is public data from another machine: no change to it may go unnoticed. */
static void every_truncation_and_changed_byte_of_a_stamp_is_refused(void **state)
{
    struct place *place = *state;
    struct certs_stamp stamp = {0};
    assert_int_equal(certs_tsa_ask(&place->ask, digest, SIGNER_NOW, &stamp), ERR_OK);
    for (size_t size = 0; size < stamp.token.size; size++)
        assert_int_not_equal(verify(place, (struct bytes){stamp.token.data, size}, SIGNER_NOW),
                             CERTS_FAULT_NONE);
    for (size_t at = 0; at < stamp.token.size; at++) {
        stamp.token.data[at] ^= 0x01;
        if (verify(place, buffer_bytes(&stamp.token), SIGNER_NOW) == CERTS_FAULT_NONE)
            fail_msg("byte %zu of %zu may change", at, stamp.token.size);
        stamp.token.data[at] ^= 0x01;
    }
    buffer_done(&stamp.token);
}

static void without_a_tsa_there_is_no_stamp(void **state)
{
    struct place *place = *state;
    struct certs_ask nobody = {.trust = place->trust};
    struct certs_stamp stamp = {0};
    assert_int_equal(certs_tsa_ask(&nobody, digest, SIGNER_NOW, &stamp), ERR_UNSUPPORTED);
    assert_null(stamp.token.data);
}

/* -- proofs ----------------------------------------------------------------------------------- */

static void ask(const struct place *place, utc_ms_t now, struct certs_proof *ret_proof)
{
    *ret_proof = (struct certs_proof){0};
    assert_int_equal(certs_proof_ask(&place->ask, buffer_bytes(&place->signer.issued.certificate),
                                     certs_ca_issuing(place->ca), now, ret_proof),
                     ERR_OK);
}

static void an_issued_certificate_is_good_until_it_is_revoked(void **state)
{
    struct place *place = *state;
    struct certs_proof proof;
    ask(place, SIGNER_NOW, &proof);
    assert_int_equal(proof.kind, CERTS_PROOF_OCSP);
    assert_int_equal(proof.standing.status, CERTS_STATUS_GOOD);
    assert_int_equal(proof.standing.made_at, SIGNER_NOW);
    assert_int_equal(proof.standing.next_update, SIGNER_NOW + CERTS_OCSP_FRESH_S * 1000);
    buffer_done(&proof.der);

    utc_ms_t later = SIGNER_NOW + SIGNER_DAY_MS;
    assert_int_equal(certs_register_revoke(place->ca, place->signer.issued.serial,
                                           CERTS_REASON_KEY_COMPROMISE, later),
                     ERR_OK);
    ask(place, later, &proof);
    assert_int_equal(proof.standing.status, CERTS_STATUS_REVOKED);
    assert_int_equal(proof.standing.revoked_at, later);
    assert_int_equal(proof.standing.reason, CERTS_REASON_KEY_COMPROMISE);
    buffer_done(&proof.der);
}

static void the_issuing_ca_is_proved_by_the_root_s_list(void **state)
{
    struct place *place = *state;
    struct certs_proof proof = {0};
    assert_int_equal(certs_proof_ask(&place->ask, certs_ca_issuing(place->ca),
                                     certs_ca_root(place->ca), SIGNER_NOW, &proof),
                     ERR_OK);
    assert_int_equal(proof.kind, CERTS_PROOF_CRL);
    assert_int_equal(proof.standing.status, CERTS_STATUS_GOOD);
    assert_true(proof.standing.next_update > SIGNER_NOW + 300 * SIGNER_DAY_MS);
    buffer_done(&proof.der);
}

static void a_proof_about_another_certificate_proves_nothing(void **state)
{
    struct place *place = *state;
    struct certs_proof proof;
    struct certs_standing standing;
    struct signer other = signer_make(place->ca, "Trần Thị Bưởi", "Thư ký", 8, SIGNER_NOW);
    ask(place, SIGNER_NOW, &proof);
    assert_int_equal(certs_ocsp_read(buffer_bytes(&proof.der),
                                     buffer_bytes(&other.issued.certificate),
                                     certs_ca_issuing(place->ca), &standing),
                     ERR_UNKNOWN);
    assert_int_equal(certs_ocsp_read(buffer_bytes(&proof.der),
                                     buffer_bytes(&place->signer.issued.certificate),
                                     certs_ca_root(place->ca), &standing),
                     ERR_AUTH);
    buffer_done(&proof.der);
    signer_done(&other);
}

static void every_truncation_and_changed_byte_of_an_answer_is_refused(void **state)
{
    struct place *place = *state;
    struct certs_proof proof;
    struct certs_standing standing;
    struct bytes certificate = buffer_bytes(&place->signer.issued.certificate);
    struct bytes issuer = certs_ca_issuing(place->ca);
    ask(place, SIGNER_NOW, &proof);
    for (size_t size = 0; size < proof.der.size; size++)
        assert_int_not_equal(
            certs_ocsp_read((struct bytes){proof.der.data, size}, certificate, issuer, &standing),
            ERR_OK);
    for (size_t at = 0; at < proof.der.size; at++) {
        proof.der.data[at] ^= 0x01;
        if (certs_ocsp_read(buffer_bytes(&proof.der), certificate, issuer, &standing) == ERR_OK)
            fail_msg("byte %zu of %zu may change", at, proof.der.size);
        proof.der.data[at] ^= 0x01;
    }
    buffer_done(&proof.der);
}

static void every_truncation_and_changed_byte_of_a_list_is_refused(void **state)
{
    struct place *place = *state;
    struct buffer crl = {0};
    struct certs_standing standing;
    struct bytes certificate = buffer_bytes(&place->signer.issued.certificate);
    struct bytes issuer = certs_ca_issuing(place->ca);
    assert_int_equal(certs_register_revoke(place->ca, place->signer.issued.serial,
                                           CERTS_REASON_SUPERSEDED, SIGNER_NOW),
                     ERR_OK);
    assert_int_equal(certs_crl(place->ca, SIGNER_NOW, &crl), ERR_OK);
    assert_int_equal(certs_crl_read(buffer_bytes(&crl), certificate, issuer, &standing), ERR_OK);
    assert_int_equal(standing.status, CERTS_STATUS_REVOKED);
    assert_int_equal(standing.reason, CERTS_REASON_SUPERSEDED);
    for (size_t size = 0; size < crl.size; size++)
        assert_int_not_equal(
            certs_crl_read((struct bytes){crl.data, size}, certificate, issuer, &standing), ERR_OK);
    for (size_t at = 0; at < crl.size; at++) {
        crl.data[at] ^= 0x01;
        if (certs_crl_read(buffer_bytes(&crl), certificate, issuer, &standing) == ERR_OK)
            fail_msg("byte %zu of %zu may change", at, crl.size);
        crl.data[at] ^= 0x01;
    }
    buffer_done(&crl);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(our_own_tsa_stamps_without_a_network, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_stamp_over_other_bytes_is_refused, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_stamp_ends_with_its_tsa_s_certificate, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_person_s_certificate_cannot_stamp, set_up, tear_down),
        cmocka_unit_test_setup_teardown(every_truncation_and_changed_byte_of_a_stamp_is_refused,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(without_a_tsa_there_is_no_stamp, set_up, tear_down),
        cmocka_unit_test_setup_teardown(an_issued_certificate_is_good_until_it_is_revoked, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(the_issuing_ca_is_proved_by_the_root_s_list, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_proof_about_another_certificate_proves_nothing, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(every_truncation_and_changed_byte_of_an_answer_is_refused,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(every_truncation_and_changed_byte_of_a_list_is_refused,
                                        set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

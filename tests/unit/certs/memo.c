/* What a verification remembers, and what it must not believe for that. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "certs/edge/der.h"
#include "certs/edge/memo.h"
#include "certs/edge/trust_part.h"
#include "tests/support/signer.h"

struct place {
    char folder[64];
    struct certs_ca *ca;
    struct certs_trust *trust;
    struct signer signer;
    struct certs_stamp stamp;
    struct certs_memo memo;
};

static const uint8_t digest[CERTS_SHA256_BYTES] = {2, 7, 1};

static int set_up(void **state)
{
    struct place *place = calloc(1, sizeof *place);
    char path[128];
    signer_folder(place->folder);
    (void)snprintf(path, sizeof path, "%s/ca", place->folder);
    if (certs_ca_open(path, "Tỉnh Lam Giang", SIGNER_NOW, &place->ca) != ERR_OK)
        return -1;
    (void)snprintf(path, sizeof path, "%s/ca/root.pem", place->folder);
    struct certs_ask ask = {.ca = place->ca};
    if (certs_trust_load(path, &place->trust) != ERR_OK)
        return -1;
    ask.trust = place->trust;
    place->signer = signer_make(place->ca, "Lê Văn Ước", "Chủ tịch", 7, SIGNER_NOW);
    if (certs_tsa_ask(&ask, digest, SIGNER_NOW, &place->stamp) != ERR_OK)
        return -1;
    *state = place;
    return 0;
}

static int tear_down(void **state)
{
    struct place *place = *state;
    certs_memo_done(&place->memo);
    buffer_done(&place->stamp.token);
    signer_done(&place->signer);
    certs_trust_free(place->trust);
    certs_ca_close(place->ca);
    signer_remove_folder(place->folder);
    free(place);
    return 0;
}

static X509 *parse(struct certs_memo *memo, struct bytes der)
{
    X509 *certificate = NULL;
    assert_int_equal(memo_parse_certificate(memo, der, &certificate), ERR_OK);
    return certificate;
}

static void the_same_bytes_are_parsed_once(void **state)
{
    struct place *place = *state;
    struct bytes der = buffer_bytes(&place->signer.issued.certificate);
    X509 *first = parse(&place->memo, der);
    X509 *again = parse(&place->memo, der);
    X509 *other = parse(&place->memo, certs_ca_issuing(place->ca));
    X509 *without = parse(NULL, der);
    assert_ptr_equal(first, again);
    assert_ptr_not_equal(first, other);
    assert_ptr_not_equal(first, without);
    /* What the memo gave outlives it. */
    certs_memo_done(&place->memo);
    assert_int_equal(X509_cmp(first, without), 0);
    X509_free(first);
    X509_free(again);
    X509_free(other);
    X509_free(without);
}

static void what_is_no_certificate_is_refused_each_time(void **state)
{
    struct place *place = *state;
    struct bytes whole = certs_ca_issuing(place->ca);
    for (size_t size = 0; size < whole.size; size++)
        for (int turn = 0; turn < 2; turn++) {
            X509 *certificate = NULL;
            assert_int_equal(memo_parse_certificate(&place->memo, (struct bytes){whole.data, size},
                                                    &certificate),
                             ERR_FORMAT);
            assert_null(certificate);
        }
}

/* A file may carry more certificates than are kept. */
static void more_than_are_kept_are_still_parsed(void **state)
{
    struct place *place = *state;
    for (uint64_t id = 0; id < 80; id++) {
        struct signer signer = signer_make(place->ca, "Trần Thị Bưởi", "", id + 100, SIGNER_NOW);
        X509 *certificate = parse(&place->memo, buffer_bytes(&signer.issued.certificate));
        X509_free(certificate);
        signer_done(&signer);
    }
    X509 *first = parse(&place->memo, certs_ca_issuing(place->ca));
    X509_free(first);
}

/* -- chains ----------------------------------------------------------------------------------- */

static enum certs_fault check(struct place *place, utc_ms_t at, size_t further,
                              STACK_OF(X509) * carried)
{
    struct bytes issuing = certs_ca_issuing(place->ca);
    X509 *signer = parse(NULL, buffer_bytes(&place->signer.issued.certificate));
    struct chain_plan plan = {place->trust->people, &issuing, further, at, &place->memo};
    enum certs_fault fault = chain_check(&plan, signer, carried);
    X509_free(signer);
    return fault;
}

static void a_chain_that_held_holds_only_while_all_of_it_is_valid(void **state)
{
    struct place *place = *state;
    utc_ms_t end = place->signer.issued.not_after;
    utc_ms_t start = place->signer.issued.not_before;
    assert_int_equal(check(place, SIGNER_NOW, 1, NULL), CERTS_FAULT_NONE);
    assert_int_equal(check(place, SIGNER_NOW + SIGNER_DAY_MS, 1, NULL), CERTS_FAULT_NONE);
    assert_int_equal(check(place, start, 1, NULL), CERTS_FAULT_NONE);
    assert_int_equal(check(place, start - 1, 1, NULL), CERTS_FAULT_NOT_YET_VALID);
    assert_int_equal(check(place, end - 1, 1, NULL), CERTS_FAULT_NONE);
    assert_int_equal(check(place, end, 1, NULL), CERTS_FAULT_EXPIRED);
    assert_int_equal(check(place, SIGNER_NOW, 1, NULL), CERTS_FAULT_NONE);
}

/* The same questions without a memory get the same answers. */
static void a_fresh_mind_says_the_same(void **state)
{
    struct place *place = *state;
    utc_ms_t end = place->signer.issued.not_after;
    utc_ms_t start = place->signer.issued.not_before;
    const utc_ms_t times[] = {SIGNER_NOW, start - 1, start, end - 1, end, end + 1};
    for (size_t i = 0; i < sizeof times / sizeof *times; i++) {
        enum certs_fault remembered = check(place, times[i], 1, NULL);
        struct certs_memo kept = place->memo;
        place->memo = (struct certs_memo){.count = 0};
        assert_int_equal(check(place, times[i], 1, NULL), remembered);
        certs_memo_done(&place->memo);
        place->memo = kept;
    }
}

static void its_links_must_be_at_hand_again(void **state)
{
    struct place *place = *state;
    assert_int_equal(check(place, SIGNER_NOW, 1, NULL), CERTS_FAULT_NONE);
    assert_int_equal(check(place, SIGNER_NOW, 0, NULL), CERTS_FAULT_UNTRUSTED);
}

static void it_tells_who_issued_whom_and_nothing_else(void **state)
{
    struct place *place = *state;
    X509 *signer = parse(NULL, buffer_bytes(&place->signer.issued.certificate));
    X509 *issuing = parse(NULL, certs_ca_issuing(place->ca));
    X509 *root = parse(NULL, certs_ca_root(place->ca));
    assert_false(memo_knows_issuer(NULL, signer, issuing));
    assert_false(memo_knows_issuer(&place->memo, signer, issuing));
    assert_int_equal(check(place, SIGNER_NOW, 1, NULL), CERTS_FAULT_NONE);
    assert_true(memo_knows_issuer(&place->memo, signer, issuing));
    assert_true(memo_knows_issuer(&place->memo, issuing, root));
    assert_false(memo_knows_issuer(&place->memo, signer, root));
    assert_false(memo_knows_issuer(&place->memo, issuing, signer));
    assert_false(memo_knows_issuer(&place->memo, root, root)); /* an anchor proves itself */
    X509_free(root);
    X509_free(issuing);
    X509_free(signer);
}

static void it_holds_for_the_anchors_that_it_ended_in(void **state)
{
    struct place *place = *state;
    struct certs_ca *ca = NULL;
    struct certs_trust *other = NULL;
    char path[128];
    (void)snprintf(path, sizeof path, "%s/other", place->folder);
    assert_int_equal(certs_ca_open(path, "Tỉnh Lam Giang", SIGNER_NOW, &ca), ERR_OK);
    (void)snprintf(path, sizeof path, "%s/other/root.pem", place->folder);
    assert_int_equal(certs_trust_load(path, &other), ERR_OK);
    assert_int_equal(check(place, SIGNER_NOW, 1, NULL), CERTS_FAULT_NONE);
    struct certs_trust *own = place->trust;
    place->trust = other;
    assert_int_equal(check(place, SIGNER_NOW, 1, NULL), CERTS_FAULT_UNTRUSTED);
    place->trust = own;
    certs_trust_free(other);
    certs_ca_close(ca);
}

static void what_came_along_must_be_part_of_it(void **state)
{
    struct place *place = *state;
    struct signer stranger = signer_make(place->ca, "Trần Thị Bưởi", "", 8, SIGNER_NOW);
    STACK_OF(X509) *carried = sk_X509_new_null();
    X509 *issuing = parse(NULL, certs_ca_issuing(place->ca));
    X509 *unused = parse(NULL, buffer_bytes(&stranger.issued.certificate));
    assert_true(sk_X509_push(carried, issuing) > 0);
    assert_int_equal(check(place, SIGNER_NOW, 0, carried), CERTS_FAULT_NONE);
    assert_int_equal(check(place, SIGNER_NOW, 0, carried), CERTS_FAULT_NONE);
    assert_true(sk_X509_push(carried, unused) > 0);
    assert_int_equal(check(place, SIGNER_NOW, 0, carried), CERTS_FAULT_UNUSED);
    sk_X509_pop_free(carried, X509_free);
    signer_done(&stranger);
}

/* -- tokens ----------------------------------------------------------------------------------- */

static enum certs_fault judge(struct place *place, const uint8_t *over, utc_ms_t at)
{
    struct bytes issuing = certs_ca_issuing(place->ca);
    struct certs_archive archive = {.certificates = {&issuing, 1, NULL}, .memo = &place->memo};
    struct certs_history_plan plan = {.archive = &archive, .trust = place->trust, .at = at};
    struct certs_timestamp timestamp;
    return certs_timestamp_judge(buffer_bytes(&place->stamp.token), over, &plan, &timestamp);
}

static void a_token_is_judged_whole_however_often_its_authority_was_met(void **state)
{
    struct place *place = *state;
    const uint8_t other[CERTS_SHA256_BYTES] = {8};
    assert_int_equal(judge(place, digest, SIGNER_NOW), CERTS_FAULT_NONE);
    assert_int_equal(judge(place, other, SIGNER_NOW), CERTS_FAULT_DIGEST);
    assert_int_equal(judge(place, digest, place->stamp.facts.not_after), CERTS_FAULT_EXPIRED);
    struct bytes token = buffer_bytes(&place->stamp.token);
    for (size_t at = 0; at < token.size; at++) {
        place->stamp.token.data[at] ^= 0x01;
        if (judge(place, digest, SIGNER_NOW) == CERTS_FAULT_NONE)
            fail_msg("byte %zu of %zu may change", at, token.size);
        place->stamp.token.data[at] ^= 0x01;
    }
    assert_int_equal(judge(place, digest, SIGNER_NOW), CERTS_FAULT_NONE);
}

#define TEST(NAME) cmocka_unit_test_setup_teardown(NAME, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_same_bytes_are_parsed_once),
        TEST(what_is_no_certificate_is_refused_each_time),
        TEST(more_than_are_kept_are_still_parsed),
        TEST(a_chain_that_held_holds_only_while_all_of_it_is_valid),
        TEST(a_fresh_mind_says_the_same),
        TEST(its_links_must_be_at_hand_again),
        TEST(it_tells_who_issued_whom_and_nothing_else),
        TEST(it_holds_for_the_anchors_that_it_ended_in),
        TEST(what_came_along_must_be_part_of_it),
        TEST(a_token_is_judged_whole_however_often_its_authority_was_met),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "sfu/core/nack.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static void an_unbroken_stream_asks_for_nothing(void **state)
{
    (void)state;
    struct nack nack = {0};
    for (uint64_t i = 0; i < 1000; i++)
        assert_true(nack_on_packet(&nack, i, i));
    assert_true(nack_deadline(&nack) == USEC_NEVER);
}

static void a_gap_is_asked_for_after_a_moment_and_again(void **state)
{
    (void)state;
    struct nack nack = {0};
    uint16_t sequences[8];
    bool lost = false;
    assert_true(nack_on_packet(&nack, 0, 65535));
    assert_true(nack_on_packet(&nack, 1000, 65538));
    assert_int_equal(nack_poll(&nack, 1000, sequences, 8, &lost), 0);
    assert_int_equal(nack_deadline(&nack), 1000 + NACK_PATIENCE_US);
    assert_int_equal(nack_poll(&nack, 1000 + NACK_PATIENCE_US, sequences, 8, &lost), 2);
    assert_int_equal(sequences[0], 0);
    assert_int_equal(sequences[1], 1);
    assert_int_equal(nack_poll(&nack, 1001 + NACK_PATIENCE_US, sequences, 8, &lost), 0);
    assert_int_equal(nack_poll(&nack, 1000 + NACK_PATIENCE_US + NACK_RETRY_US, sequences, 8, &lost),
                     2);
    assert_false(lost);
}

static void what_comes_late_is_not_asked_for(void **state)
{
    (void)state;
    struct nack nack = {0};
    uint16_t sequences[8];
    bool lost = false;
    assert_true(nack_on_packet(&nack, 0, 10));
    assert_true(nack_on_packet(&nack, 0, 13));
    assert_true(nack_on_packet(&nack, 1, 11));
    assert_int_equal(nack_poll(&nack, USEC_PER_SEC, sequences, 8, &lost), 1);
    assert_int_equal(sequences[0], 12);
}

static void what_never_comes_is_given_up(void **state)
{
    (void)state;
    struct nack nack = {0};
    uint16_t sequences[8];
    bool lost = false;
    uint32_t asked = 0;
    assert_true(nack_on_packet(&nack, 0, 10));
    assert_true(nack_on_packet(&nack, 0, 12));
    for (usec_t now = 0; now < 10 * USEC_PER_SEC && !lost; now += 10000)
        asked += nack_poll(&nack, now, sequences, 8, &lost);
    assert_true(lost);
    assert_int_equal(asked, NACK_TRIES);
    assert_true(nack_deadline(&nack) == USEC_NEVER);
}

static void a_gap_too_wide_is_given_up_at_once(void **state)
{
    (void)state;
    struct nack nack = {0};
    assert_true(nack_on_packet(&nack, 0, 10));
    assert_false(nack_on_packet(&nack, 0, 10 + NACK_MISSING_MAX + 2));
    assert_true(nack_deadline(&nack) == USEC_NEVER);
    assert_true(nack_on_packet(&nack, 0, 10 + NACK_MISSING_MAX + 3));
}

static void packets_that_overtook_the_very_first_one_show_what_is_missing_before_it(void **state)
{
    (void)state;
    struct nack nack = {0};
    uint16_t sequences[8];
    bool lost = false;
    assert_true(nack_on_packet(&nack, 0, 105));
    assert_true(nack_on_packet(&nack, 0, 107));
    assert_true(nack_on_packet(&nack, 0, 102));
    assert_int_equal(nack_poll(&nack, USEC_PER_SEC, sequences, 8, &lost), 3);
    assert_int_equal(sequences[0], 103);
    assert_int_equal(sequences[1], 104);
    assert_int_equal(sequences[2], 106);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_unbroken_stream_asks_for_nothing),
        cmocka_unit_test(a_gap_is_asked_for_after_a_moment_and_again),
        cmocka_unit_test(what_comes_late_is_not_asked_for),
        cmocka_unit_test(what_never_comes_is_given_up),
        cmocka_unit_test(a_gap_too_wide_is_given_up_at_once),
        cmocka_unit_test(packets_that_overtook_the_very_first_one_show_what_is_missing_before_it),
    };
    return cmocka_run_group_tests_name("sfu nack", tests, NULL, NULL);
}

#include "sfu/core/srtp_index.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static void the_first_packet_has_roll_over_counter_0(void **state)
{
    (void)state;
    struct srtp_index numbers = {0};
    assert_int_equal(srtp_index_estimate(&numbers, 65535), 65535);
}

static void the_counter_moves_up_when_the_number_wraps(void **state)
{
    (void)state;
    struct srtp_index numbers = {0};
    srtp_index_commit(&numbers, 65534);
    assert_int_equal(srtp_index_estimate(&numbers, 1), 65537);
    assert_int_equal(srtp_index_estimate(&numbers, 65535), 65535);
}

static void a_late_packet_from_before_the_wrap_keeps_the_old_counter(void **state)
{
    (void)state;
    struct srtp_index numbers = {0};
    srtp_index_commit(&numbers, 65540);
    assert_int_equal(srtp_index_estimate(&numbers, 65530), 65530);
    srtp_index_commit(&numbers, 65530);
    assert_int_equal(numbers.highest, 65540);
}

static void an_estimate_changes_nothing(void **state)
{
    (void)state;
    struct srtp_index numbers = {0};
    srtp_index_commit(&numbers, 40000);
    assert_int_equal(srtp_index_estimate(&numbers, 100), 65536 + 100);
    assert_int_equal(numbers.highest, 40000);
}

static void there_is_no_counter_below_0(void **state)
{
    (void)state;
    struct srtp_index numbers = {0};
    srtp_index_commit(&numbers, 10);
    assert_int_equal(srtp_index_estimate(&numbers, 65000), 65000);
}

static void every_number_within_half_a_cycle_is_found(void **state)
{
    (void)state;
    struct srtp_index numbers = {0};
    srtp_index_commit(&numbers, 3 * 65536 + 777);
    for (int64_t off = -32767; off <= 32767; off++) {
        uint64_t index = (uint64_t)((int64_t)numbers.highest + off);
        assert_int_equal(srtp_index_estimate(&numbers, (uint16_t)index), index);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_packet_has_roll_over_counter_0),
        cmocka_unit_test(the_counter_moves_up_when_the_number_wraps),
        cmocka_unit_test(a_late_packet_from_before_the_wrap_keeps_the_old_counter),
        cmocka_unit_test(an_estimate_changes_nothing),
        cmocka_unit_test(there_is_no_counter_below_0),
        cmocka_unit_test(every_number_within_half_a_cycle_is_found),
    };
    return cmocka_run_group_tests_name("sfu srtp_index", tests, NULL, NULL);
}

#include "sfu/core/ice.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static struct udp_address at(uint16_t port)
{
    return (struct udp_address){.ip = {[15] = 1}, .port = port};
}

static void there_is_no_address_before_an_authenticated_check(void **state)
{
    (void)state;
    struct ice ice;
    ice_init(&ice, 10);
    assert_null(ice_address(&ice));
    assert_int_equal(ice_deadline(&ice), 10 + ICE_ARRIVE_S * USEC_PER_SEC);
}

static void the_first_valid_address_serves_until_one_is_nominated(void **state)
{
    (void)state;
    struct ice ice;
    struct udp_address old;
    struct udp_address a = at(1);
    struct udp_address b = at(2);
    ice_init(&ice, 0);
    assert_int_equal(ice_on_check(&ice, 5, &a, false, &old), ICE_ADDED);
    assert_int_equal(ice_on_check(&ice, 6, &b, false, &old), ICE_ADDED);
    assert_int_equal(ice_address(&ice)->port, 1);
    assert_int_equal(ice_on_check(&ice, 7, &b, true, &old), ICE_SAME);
    assert_int_equal(ice_address(&ice)->port, 2);
}

static void a_nominated_pair_switches_at_once(void **state)
{
    (void)state;
    struct ice ice;
    struct udp_address old;
    ice_init(&ice, 0);
    for (uint16_t port = 1; port < 4; port++) {
        struct udp_address from = at(port);
        (void)ice_on_check(&ice, port, &from, true, &old);
        assert_int_equal(ice_address(&ice)->port, port);
    }
}

static void the_longest_unused_path_gives_way_but_never_the_one_in_use(void **state)
{
    (void)state;
    struct ice ice;
    struct udp_address old;
    struct udp_address used = at(1);
    ice_init(&ice, 0);
    (void)ice_on_check(&ice, 1, &used, true, &old);
    for (uint16_t port = 2; port <= ICE_PATHS; port++) {
        struct udp_address from = at(port);
        assert_int_equal(ice_on_check(&ice, port, &from, false, &old), ICE_ADDED);
    }
    struct udp_address more = at(99);
    assert_int_equal(ice_on_check(&ice, 50, &more, false, &old), ICE_REPLACED);
    assert_int_equal(old.port, 2);
    assert_int_equal(ice_address(&ice)->port, 1);
}

static void consent_lasts_30_s_from_the_last_check(void **state)
{
    (void)state;
    struct ice ice;
    struct udp_address old;
    struct udp_address a = at(1);
    ice_init(&ice, 0);
    (void)ice_on_check(&ice, USEC_PER_SEC, &a, true, &old);
    assert_false(ice_expired(&ice, 31 * USEC_PER_SEC - 1));
    assert_true(ice_expired(&ice, 31 * USEC_PER_SEC));
    (void)ice_on_check(&ice, 20 * USEC_PER_SEC, &a, true, &old);
    assert_false(ice_expired(&ice, 31 * USEC_PER_SEC));
}

static void a_restart_keeps_the_path_and_gives_time_again(void **state)
{
    (void)state;
    struct ice ice;
    struct udp_address old;
    struct udp_address a = at(1);
    ice_init(&ice, 0);
    (void)ice_on_check(&ice, USEC_PER_SEC, &a, true, &old);
    ice_on_restart(&ice, 30 * USEC_PER_SEC);
    assert_int_equal(ice_address(&ice)->port, 1);
    assert_false(ice_expired(&ice, 59 * USEC_PER_SEC));
    assert_true(ice_expired(&ice, 60 * USEC_PER_SEC));
}

static void an_address_that_went_to_another_is_forgotten(void **state)
{
    (void)state;
    struct ice ice;
    struct udp_address old;
    struct udp_address a = at(1);
    ice_init(&ice, 0);
    (void)ice_on_check(&ice, 1, &a, true, &old);
    ice_forget(&ice, &a);
    assert_null(ice_address(&ice));
    assert_int_equal(ice_on_check(&ice, 2, &a, false, &old), ICE_ADDED);
    assert_int_equal(ice_address(&ice)->port, 1);
}

static void an_unreachable_path_gives_way_and_counts_again_after_its_next_check(void **state)
{
    (void)state;
    struct ice ice;
    struct udp_address old;
    struct udp_address a = at(1);
    struct udp_address b = at(2);
    struct udp_address stranger = at(3);
    ice_init(&ice, 0);
    (void)ice_on_check(&ice, 1, &a, true, &old);
    (void)ice_on_check(&ice, 2, &b, false, &old);
    assert_false(ice_on_unreachable(&ice, &stranger));
    assert_true(ice_on_unreachable(&ice, &a));
    assert_false(ice_on_unreachable(&ice, &a));
    assert_int_equal(ice_address(&ice)->port, 2);
    assert_true(ice_on_unreachable(&ice, &b));
    assert_null(ice_address(&ice));
    assert_int_equal(ice_on_check(&ice, 3, &a, false, &old), ICE_SAME);
    assert_int_equal(ice_address(&ice)->port, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(there_is_no_address_before_an_authenticated_check),
        cmocka_unit_test(the_first_valid_address_serves_until_one_is_nominated),
        cmocka_unit_test(a_nominated_pair_switches_at_once),
        cmocka_unit_test(the_longest_unused_path_gives_way_but_never_the_one_in_use),
        cmocka_unit_test(consent_lasts_30_s_from_the_last_check),
        cmocka_unit_test(a_restart_keeps_the_path_and_gives_time_again),
        cmocka_unit_test(an_unreachable_path_gives_way_and_counts_again_after_its_next_check),
        cmocka_unit_test(an_address_that_went_to_another_is_forgotten),
    };
    return cmocka_run_group_tests_name("sfu ice", tests, NULL, NULL);
}

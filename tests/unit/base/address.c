#include "base/address.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static const struct udp_address v4 = {
    .ip = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 192, 0, 2, 1}, .port = 5000};
static const struct udp_address v6 = {
    .ip = {0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}, .port = 443};

static void both_families_are_written_as_people_know_them(void **state)
{
    (void)state;
    char text[ADDRESS_TEXT_BYTES];
    assert_string_equal(udp_address_text(&v4, text), "192.0.2.1:5000");
    assert_string_equal(udp_address_text(&v6, text), "[2001:db8::1]:443");
    assert_true(udp_address_is_v4(&v4));
    assert_false(udp_address_is_v4(&v6));
}

static void port_and_address_both_count(void **state)
{
    (void)state;
    struct udp_address other = v4;
    assert_true(udp_address_equal(&v4, &other));
    other.port++;
    assert_false(udp_address_equal(&v4, &other));
    other = v4;
    other.ip[15]++;
    assert_false(udp_address_equal(&v4, &other));
}

static void the_hash_depends_on_every_part_and_on_the_seed(void **state)
{
    (void)state;
    uint64_t hash = udp_address_hash(&v4, 1);
    assert_true(hash == udp_address_hash(&v4, 1));
    assert_true(hash != udp_address_hash(&v4, 2));
    for (size_t i = 0; i < sizeof v4.ip; i++) {
        struct udp_address other = v4;
        other.ip[i] ^= 1;
        assert_true(hash != udp_address_hash(&other, 1));
    }
    struct udp_address other = v4;
    other.port ^= 1;
    assert_true(hash != udp_address_hash(&other, 1));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(both_families_are_written_as_people_know_them),
        cmocka_unit_test(port_and_address_both_count),
        cmocka_unit_test(the_hash_depends_on_every_part_and_on_the_seed),
    };
    return cmocka_run_group_tests_name("address", tests, NULL, NULL);
}

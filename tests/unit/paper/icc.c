/* The profile, read back by the offsets of ICC.1:2001-04, section 6. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <string.h>

#include "meeting/edge/paper/icc.h"

static struct buffer profile;

static uint32_t read32(size_t at)
{
    const uint8_t *bytes = profile.data + at;
    return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | bytes[3];
}

/* The offset of a tag, whose bytes lie inside the profile. */
static size_t tag(const char *name)
{
    for (uint32_t i = 0; i < read32(128); i++) {
        size_t at = 132 + (size_t)12 * i;
        if (memcmp(profile.data + at, name, 4) == 0) {
            assert_true(read32(at + 4) % 4 == 0);
            assert_true(read32(at + 4) + read32(at + 8) <= profile.size);
            return read32(at + 4);
        }
    }
    fail_msg("no tag %s", name);
    return 0;
}

static double component(const char *name, size_t index)
{
    return (int32_t)read32(tag(name) + 8 + 4 * index) / 65536.0;
}

static int setup(void **state)
{
    (void)state;
    return icc_write_srgb(&profile) == ERR_OK ? 0 : -1;
}

static int teardown(void **state)
{
    (void)state;
    buffer_done(&profile);
    return 0;
}

static void it_is_a_display_profile_of_its_own_length(void **state)
{
    (void)state;
    assert_int_equal(read32(0), profile.size);
    assert_int_equal(read32(8) >> 24, 2); /* major version: what PDF/A of every part takes */
    assert_memory_equal(profile.data + 12, "mntrRGB XYZ ", 12);
    assert_memory_equal(profile.data + 36, "acsp", 4);
    assert_memory_equal(profile.data + tag("desc"), "desc", 4);
    assert_string_equal((const char *)profile.data + tag("desc") + 12, ICC_SRGB_NAME);
    assert_memory_equal(profile.data + tag("cprt"), "text", 4);
}

/* Full red, green and blue together are white: D50. */
static void the_primaries_add_up_to_white(void **state)
{
    (void)state;
    const double d50[3] = {0.9642, 1.0, 0.8249};
    for (size_t i = 0; i < 3; i++) {
        double sum = component("rXYZ", i) + component("gXYZ", i) + component("bXYZ", i);
        assert_true(fabs(sum - d50[i]) < 0.0005);
        assert_true(fabs(component("wtpt", i) - d50[i]) < 0.0001);
    }
}

static void the_curve_rises_from_black_to_white_as_srgb(void **state)
{
    (void)state;
    size_t at = tag("gTRC");
    uint32_t count = read32(at + 8);
    uint32_t last = 0;
    assert_int_equal(at, tag("rTRC"));
    assert_int_equal(count, 1024);
    for (uint32_t i = 0; i < count; i++) {
        uint32_t value = read32(at + 12 + 2 * (size_t)i - (i & 1) * 2);
        value = i & 1 ? value & 0xFFFF : value >> 16;
        assert_true(i == 0 ? value == 0 : value >= last);
        last = value;
        if (i == 512) /* half-way is 21.4 % of the light */
            assert_true(fabs(value / 65535.0 - 0.2147) < 0.001);
    }
    assert_int_equal(last, 65535);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_is_a_display_profile_of_its_own_length),
        cmocka_unit_test(the_primaries_add_up_to_white),
        cmocka_unit_test(the_curve_rises_from_black_to_white_as_srgb),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}

/* The bytes that the chain hashes: one form, and every member in it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <string.h>

#include "base/text.h"
#include "meeting/core/chain.h"

static struct chain_row sample(void)
{
    struct chain_row row = {
        .meeting = 1,
        .seq = 2,
        .epoch = 3,
        .at = 1795395600000,
        .actor = 4,
        .version = 1,
        .kind = bytes_of("vote.cast"),
        .body = bytes_of("{}"),
    };
    memset(row.previous, 0xaa, sizeof row.previous);
    return row;
}

static void the_bytes_are_as_the_header_draws_them(void **unused)
{
    (void)unused;
    struct chain_row row = sample();
    struct buffer bytes = {0};
    char hex[512];
    assert_int_equal(chain_write(&row, &bytes), ERR_OK);
    hex_write(bytes.data, bytes.size, hex);
    assert_string_equal(hex, "44486c6f67310000"
                             "0000000000000001"
                             "0000000000000002"
                             "0000000000000003"
                             "000001a205eabe80"
                             "0000000000000004"
                             "00000001"
                             "00000009766f74652e63617374"
                             "000000027b7d"
                             "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
                             "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa");
    buffer_done(&bytes);
}

static void every_member_changes_the_bytes(void **unused)
{
    (void)unused;
    struct buffer first = {0};
    struct chain_row row = sample();
    assert_int_equal(chain_write(&row, &first), ERR_OK);
    for (int member = 0; member < 9; member++) {
        struct buffer other = {0};
        row = sample();
        row.meeting += member == 0;
        row.seq += member == 1;
        row.epoch += member == 2;
        row.at += member == 3;
        row.actor += member == 4;
        row.version += member == 5;
        /* a byte moved from kind to body must not go unseen */
        row.kind = bytes_of(member == 6 ? "vote.cas" : "vote.cast");
        row.body = bytes_of(member == 6 ? "t{}" : member == 7 ? "{ }" : "{}");
        row.previous[31] ^= (uint8_t)(member == 8);
        assert_int_equal(chain_write(&row, &other), ERR_OK);
        assert_false(bytes_equal(buffer_bytes(&first), buffer_bytes(&other)));
        buffer_done(&other);
    }
    buffer_done(&first);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_bytes_are_as_the_header_draws_them),
        cmocka_unit_test(every_member_changes_the_bytes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

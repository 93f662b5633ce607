/* One pass over the file says of every range what hashing it alone says. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "meeting/edge/paper/pades.h"
#include "meeting/edge/paper/pdf_digest.h"

enum { FILE_BYTES = 1000 };

static uint8_t bytes[FILE_BYTES];
static const struct bytes file = {bytes, FILE_BYTES};

static int set_up(void **state)
{
    (void)state;
    for (size_t i = 0; i < FILE_BYTES; i++)
        bytes[i] = (uint8_t)(i * i + 7 * i);
    return 0;
}

static void nested_ranges_have_the_digests_that_each_has_alone(void **state)
{
    (void)state;
    static const uint64_t ranges[][4] = {
        {0, 100, 140, 60}, {0, 300, 301, 99}, {0, 300, 400, 0}, {0, 700, 900, 100}};
    struct pdf_digest digest;
    assert_int_equal(pdf_digest_init(&digest, file), ERR_OK);
    for (size_t i = 0; i < sizeof ranges / sizeof *ranges; i++) {
        uint8_t alone[CERTS_SHA256_BYTES], nested[CERTS_SHA256_BYTES];
        struct bytes revision = {bytes, (size_t)(ranges[i][2] + ranges[i][3])};
        assert_int_equal(pades_digest(revision, ranges[i], alone), ERR_OK);
        assert_int_equal(pdf_digest_next(&digest, ranges[i], nested), ERR_OK);
        assert_memory_equal(nested, alone, sizeof alone);
    }
    pdf_digest_done(&digest);
}

static void a_range_out_of_the_file_or_out_of_turn_is_refused(void **state)
{
    (void)state;
    static const uint64_t wrong[][4] = {
        {1, 400, 500, 10},         {0, 400, 400, 10},       {0, 500, 400, 10},
        {0, 400, 1001, 0},         {0, 400, 900, 101},      {0, 399, 500, 10},
        {0, 400, 500, UINT64_MAX}, {0, UINT64_MAX, 500, 0}, {0, 400, UINT64_MAX, 2},
    };
    static const uint64_t good[4] = {0, 400, 500, 10};
    struct pdf_digest digest;
    uint8_t first[CERTS_SHA256_BYTES], again[CERTS_SHA256_BYTES];
    assert_int_equal(pdf_digest_init(&digest, file), ERR_OK);
    assert_int_equal(pdf_digest_next(&digest, good, first), ERR_OK);
    memset(again, 0, sizeof again);
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        assert_int_equal(pdf_digest_next(&digest, wrong[i], again), ERR_FORMAT);
    assert_int_equal(pdf_digest_next(&digest, good, again), ERR_OK); /* nothing was spoilt */
    assert_memory_equal(first, again, sizeof first);
    pdf_digest_done(&digest);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nested_ranges_have_the_digests_that_each_has_alone),
        cmocka_unit_test(a_range_out_of_the_file_or_out_of_turn_is_refused),
    };
    return cmocka_run_group_tests(tests, set_up, NULL);
}

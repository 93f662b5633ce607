/* The revisions that a report names: whoever cuts the file at their ends holds it as it was. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/attacks/attack.h"

static struct attack_world world;

static int setup(void **state)
{
    (void)state;
    attack_world_open(&world);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    attack_world_close(&world);
    return 0;
}

static struct verify_report verify(struct bytes file)
{
    return keep_verify(&world.place, file, world.place.now + 3600000);
}

static void each_stage_is_one_revision_more_and_its_kind_is_told(void **state)
{
    (void)state;
    static const enum verify_revision_kind life[] = {
        VERIFY_REVISION_MADE,     VERIFY_REVISION_SIGNED, VERIFY_REVISION_SIGNED,
        VERIFY_REVISION_ARCHIVED, VERIFY_REVISION_FILLED, VERIFY_REVISION_SIGNED,
        VERIFY_REVISION_ARCHIVED,
    };
    struct bytes whole = attack_file(&world, ATTACK_WHOLE);
    struct verify_report report = verify(whole);
    assert_int_equal(report.revision_count, sizeof life / sizeof *life);
    for (size_t i = 0; i < report.revision_count; i++)
        assert_int_equal(report.revisions[i].kind, life[i]);
    assert_int_equal(report.revisions[report.revision_count - 1].end, whole.size);
}

static void what_stands_before_an_end_is_a_file_of_its_own(void **state)
{
    (void)state;
    struct bytes whole = attack_file(&world, ATTACK_WHOLE);
    struct verify_report report = verify(whole);
    for (size_t i = 1; i < report.revision_count; i++) {
        struct verify_report cut = verify((struct bytes){whole.data, report.revisions[i].end});
        assert_int_equal(cut.revision_count, i + 1);
        /* The number alone, without the seal, is the one state that is not yet good. */
        bool open = report.revisions[i].kind == VERIFY_REVISION_FILLED;
        assert_int_equal(cut.verdict, open ? VERIFY_INVALID : VERIFY_VALID);
    }
}

static void the_revision_that_may_not_be_is_the_one_named(void **state)
{
    (void)state;
    const struct attack *attack = attack_find("saving-content-whole");
    struct buffer file = attack->make(attack, &world);
    struct verify_report report = verify(buffer_bytes(&file));
    size_t genuine = verify(attack_file(&world, ATTACK_WHOLE)).revision_count;
    assert_int_equal(report.revision_count, genuine + 1);
    assert_int_equal(report.revisions[genuine].kind, VERIFY_REVISION_REFUSED);
    assert_int_equal(report.revisions[genuine - 1].end, attack_file(&world, ATTACK_WHOLE).size);
    buffer_done(&file);
}

static void a_file_that_cannot_be_taken_apart_still_has_its_ends(void **state)
{
    (void)state;
    struct buffer file = paper_copy(attack_file(&world, ATTACK_TWICE));
    size_t genuine = file.size;
    assert_int_equal(buffer_put(&file, bytes_of("junk")), ERR_OK);
    struct verify_report report = verify(buffer_bytes(&file));
    assert_string_equal(report.reason->code, "pdf.trailing");
    assert_int_equal(report.revision_count, 4);
    assert_int_equal(report.revisions[0].kind, VERIFY_REVISION_MADE);
    for (size_t i = 1; i < 4; i++)
        assert_int_equal(report.revisions[i].kind, VERIFY_REVISION_UNKNOWN);
    assert_int_equal(report.revisions[2].end, genuine);
    assert_int_equal(report.revisions[3].end, file.size);
    buffer_done(&file);
}

static void an_unsigned_file_has_none(void **state)
{
    (void)state;
    assert_int_equal(verify(attack_file(&world, ATTACK_BASE)).revision_count, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_stage_is_one_revision_more_and_its_kind_is_told),
        cmocka_unit_test(what_stands_before_an_end_is_a_file_of_its_own),
        cmocka_unit_test(the_revision_that_may_not_be_is_the_one_named),
        cmocka_unit_test(a_file_that_cannot_be_taken_apart_still_has_its_ends),
        cmocka_unit_test(an_unsigned_file_has_none),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}

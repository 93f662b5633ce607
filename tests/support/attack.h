/* What the two families of attacks share: a paper signed twice, and the verdict that each forged
 * file must get. */
#ifndef TESTS_SUPPORT_ATTACK_H
#define TESTS_SUPPORT_ATTACK_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/support/forge.h"

static struct paper_place place;

static int setup(void **state)
{
    (void)state;
    paper_open(&place);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    paper_close(&place);
    return 0;
}

static struct bytes signed_file(void)
{
    return buffer_bytes(&place.twice);
}

static void expect(struct buffer *file, const char *code)
{
    struct verify_report report = paper_verify(&place, buffer_bytes(file));
    assert_int_not_equal(report.verdict, VERIFY_VALID);
    assert_non_null(report.reason);
    assert_string_equal(report.reason->code, code);
    buffer_done(file);
}

static void expect_update(forge_hook hook, const char *code)
{
    struct buffer file = forge_update(signed_file(), hook);
    expect(&file, code);
}

static void expect_plan(const struct forge_plan *plan, const char *code)
{
    struct buffer file = forge_sign(&place, signed_file(), &place.chair, plan);
    expect(&file, code);
}

static void put_object(struct pdf_update *update, uint32_t number, const char *text)
{
    pdf_update_begin_object(update, number);
    pdf_update_print(update, "%s", text);
    pdf_update_end_object(update);
}

#endif

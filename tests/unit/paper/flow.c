#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "meeting/edge/paper/flow.h"

static void add(struct flow *flow, double gap, double height, bool keep_next)
{
    struct flow_item item = {.gap = gap, .height = height, .keep_next = keep_next};
    assert_int_equal(flow_add(flow, item), ERR_OK);
}

static void paginate(struct flow *flow)
{
    assert_int_equal(flow_paginate(flow, 10, 110, 50), ERR_OK);
}

static void items_follow_each_other_and_gaps_fall_away_on_top(void **state)
{
    (void)state;
    struct flow flow = {0};
    for (int i = 0; i < 4; i++)
        add(&flow, 5, 40, false);
    paginate(&flow);
    assert_int_equal(flow.pages, 2);
    const double y[] = {10, 55, 10, 55};
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(flow.items[i].page, i / 2);
        assert_true(flow.items[i].y == y[i]);
    }
    flow_done(&flow);
}

static void what_must_stay_together_moves_together(void **state)
{
    (void)state;
    struct flow flow = {0};
    add(&flow, 0, 70, false);
    add(&flow, 0, 10, true);
    add(&flow, 0, 10, true);
    add(&flow, 0, 20, false);
    paginate(&flow);
    assert_int_equal(flow.items[0].page, 0);
    for (size_t i = 1; i < 4; i++)
        assert_int_equal(flow.items[i].page, 1);
    flow_done(&flow);
}

static void a_chain_higher_than_a_page_is_broken_where_pages_end(void **state)
{
    (void)state;
    struct flow flow = {0};
    for (int i = 0; i < 30; i++)
        add(&flow, 0, 10, true);
    paginate(&flow);
    assert_true(flow.pages >= 3);
    for (size_t i = 0; i < 30; i++)
        assert_true(flow.items[i].y + flow.items[i].height <= 110);
    flow_done(&flow);
}

static void too_many_pages_are_refused(void **state)
{
    (void)state;
    struct flow flow = {0};
    for (int i = 0; i < 6; i++)
        add(&flow, 0, 60, false);
    assert_int_equal(flow_paginate(&flow, 0, 100, 5), ERR_LIMIT);
    assert_int_equal(flow_paginate(&flow, 0, 100, 6), ERR_OK);
    flow_done(&flow);
}

/* A table's header stands again above the first row of each further page. */
static void a_lead_stands_above_the_item_that_begins_a_page(void **state)
{
    (void)state;
    struct flow flow = {0};
    for (int i = 0; i < 6; i++) {
        struct flow_item item = {.height = 30, .lead = i > 0 ? 20 : 0};
        assert_int_equal(flow_add(&flow, item), ERR_OK);
    }
    paginate(&flow);
    const uint32_t pages[] = {0, 0, 0, 1, 1, 2};
    const double y[] = {10, 40, 70, 30, 60, 30};
    for (size_t i = 0; i < 6; i++) {
        assert_int_equal(flow.items[i].page, pages[i]);
        assert_true(flow.items[i].y == y[i]);
        assert_int_equal(flow.items[i].led, i == 3 || i == 5);
    }
    flow_done(&flow);
}

static void an_item_can_begin_a_page(void **state)
{
    (void)state;
    struct flow flow = {0};
    for (int i = 0; i < 3; i++) {
        struct flow_item item = {.height = 10, .gap = 5, .begins_page = i != 1};
        assert_int_equal(flow_add(&flow, item), ERR_OK);
    }
    paginate(&flow);
    assert_int_equal(flow.items[0].page, 0); /* it did already: no empty page before it */
    assert_int_equal(flow.items[1].page, 0);
    assert_int_equal(flow.items[2].page, 1);
    assert_true(flow.items[2].y == 10);
    flow_done(&flow);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(items_follow_each_other_and_gaps_fall_away_on_top),
        cmocka_unit_test(what_must_stay_together_moves_together),
        cmocka_unit_test(a_chain_higher_than_a_page_is_broken_where_pages_end),
        cmocka_unit_test(too_many_pages_are_refused),
        cmocka_unit_test(a_lead_stands_above_the_item_that_begins_a_page),
        cmocka_unit_test(an_item_can_begin_a_page),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

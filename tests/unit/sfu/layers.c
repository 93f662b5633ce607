#include "sfu/core/layers.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static void the_lowest_layer_that_is_high_enough_is_desired(void **state)
{
    (void)state;
    struct layers layers = {.count = 3, .height = {180, 360, 720}};
    assert_int_equal(layers_desired(&layers, 100), 0);
    assert_int_equal(layers_desired(&layers, 180), 0);
    assert_int_equal(layers_desired(&layers, 181), 1);
    assert_int_equal(layers_desired(&layers, 720), 2);
    assert_int_equal(layers_desired(&layers, 2000), 2);
}

static void unknown_heights_are_guessed_from_a_known_one(void **state)
{
    (void)state;
    struct layers layers = {.count = 3, .height = {0, 180, 0}};
    assert_int_equal(layers_desired(&layers, 90), 0);
    assert_int_equal(layers_desired(&layers, 200), 2);
}

static void without_any_known_height_a_capture_of_720_is_assumed(void **state)
{
    (void)state;
    struct layers layers = {.count = 3};
    assert_int_equal(layers_desired(&layers, 180), 0);
    assert_int_equal(layers_desired(&layers, 360), 1);
    assert_int_equal(layers_desired(&layers, 361), 2);
    struct layers single = {.count = 1};
    assert_int_equal(layers_desired(&single, 1080), 0);
}

static void lower_layers_come_before_higher_ones_when_the_desired_is_dead(void **state)
{
    (void)state;
    struct layers layers = {.count = 3, .alive = {true, false, true}};
    uint8_t layer = 9;
    assert_true(layers_available(&layers, 1, &layer));
    assert_int_equal(layer, 0);
    layers.alive[0] = false;
    assert_true(layers_available(&layers, 1, &layer));
    assert_int_equal(layer, 2);
    layers.alive[2] = false;
    assert_false(layers_available(&layers, 1, &layer));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_lowest_layer_that_is_high_enough_is_desired),
        cmocka_unit_test(unknown_heights_are_guessed_from_a_known_one),
        cmocka_unit_test(without_any_known_height_a_capture_of_720_is_assumed),
        cmocka_unit_test(lower_layers_come_before_higher_ones_when_the_desired_is_dead),
    };
    return cmocka_run_group_tests_name("sfu layers", tests, NULL, NULL);
}

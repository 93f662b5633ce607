#include "sfu/core/fifo.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static void what_goes_in_comes_out_in_order(void **state)
{
    (void)state;
    struct fifo fifo;
    uint32_t item;
    assert_int_equal(fifo_init(&fifo, 20), ERR_OK);
    assert_false(fifo_take(&fifo, &item));
    for (uint32_t round = 0; round < 10; round++) {
        for (uint32_t i = 0; i < 20; i++)
            fifo_put(&fifo, round * 100 + i);
        assert_true(fifo_first(&fifo, &item));
        assert_int_equal(item, round * 100);
        for (uint32_t i = 0; i < 20; i++) {
            assert_true(fifo_take(&fifo, &item));
            assert_int_equal(item, round * 100 + i);
        }
    }
    fifo_done(&fifo);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_goes_in_comes_out_in_order),
    };
    return cmocka_run_group_tests_name("sfu fifo", tests, NULL, NULL);
}

#include "base/jobs.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>

#include "base/mailbox.h"

#include <cmocka.h>

static void count_up(void *argument)
{
    atomic_fetch_add((atomic_int *)argument, 1);
}

static void every_accepted_job_runs_even_when_closing(void **state)
{
    (void)state;
    struct jobs *jobs;
    atomic_int ran = 0;
    int accepted = 0;
    assert_int_equal(jobs_create(2, 16, &jobs), ERR_OK);
    for (int i = 0; i < 1000; i++)
        accepted += jobs_submit(jobs, count_up, &ran) == ERR_OK;
    jobs_destroy(jobs);
    assert_true(accepted >= 16);
    assert_int_equal(atomic_load(&ran), accepted);
}

struct gate {
    struct mailbox *opened;
};

static void wait_for_the_gate(void *argument)
{
    const struct gate *gate = argument;
    int ignored;
    while (!mailbox_receive(gate->opened, &ignored))
        ;
}

static void a_full_queue_refuses(void **state)
{
    (void)state;
    struct jobs *jobs;
    struct gate gate;
    int go = 1;
    assert_int_equal(mailbox_create(sizeof go, 8, &gate.opened), ERR_OK);
    assert_int_equal(jobs_create(1, 2, &jobs), ERR_OK);
    int accepted = 0;
    for (int i = 0; i < 8; i++)
        accepted += jobs_submit(jobs, wait_for_the_gate, &gate) == ERR_OK;
    assert_true(accepted == 2 || accepted == 3); /* two queued, one perhaps begun */
    for (int i = 0; i < accepted; i++)
        assert_int_equal(mailbox_send(gate.opened, &go), ERR_OK);
    jobs_destroy(jobs);
    mailbox_destroy(gate.opened);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_accepted_job_runs_even_when_closing),
        cmocka_unit_test(a_full_queue_refuses),
    };
    return cmocka_run_group_tests_name("jobs", tests, NULL, NULL);
}

#include "base/mailbox.h"

#include <poll.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static bool readable(const struct mailbox *box)
{
    struct pollfd fd = {.fd = mailbox_fd(box), .events = POLLIN};
    return poll(&fd, 1, 0) == 1;
}

static void values_come_out_in_the_order_they_went_in(void **state)
{
    (void)state;
    struct mailbox *box;
    assert_int_equal(mailbox_create(sizeof(int), 3, &box), ERR_OK);
    int out = 0;
    for (int round = 0; round < 5; round++) { /* past the ring's seam */
        for (int i = 0; i < 3; i++)
            assert_int_equal(mailbox_send(box, &i), ERR_OK);
        for (int i = 0; i < 3; i++) {
            assert_true(mailbox_receive(box, &out));
            assert_int_equal(out, i);
        }
    }
    assert_false(mailbox_receive(box, &out));
    mailbox_destroy(box);
}

static void a_full_box_refuses_and_keeps_what_it_has(void **state)
{
    (void)state;
    struct mailbox *box;
    assert_int_equal(mailbox_create(sizeof(int), 1, &box), ERR_OK);
    int first = 1, second = 2, out = 0;
    assert_int_equal(mailbox_send(box, &first), ERR_OK);
    assert_int_equal(mailbox_send(box, &second), ERR_FULL);
    assert_true(mailbox_receive(box, &out));
    assert_int_equal(out, first);
    mailbox_destroy(box);
}

static void the_descriptor_is_readable_exactly_while_something_waits(void **state)
{
    (void)state;
    struct mailbox *box;
    assert_int_equal(mailbox_create(sizeof(int), 4, &box), ERR_OK);
    int value = 7;
    assert_false(readable(box));
    assert_int_equal(mailbox_send(box, &value), ERR_OK);
    assert_int_equal(mailbox_send(box, &value), ERR_OK);
    assert_true(readable(box));
    assert_true(mailbox_receive(box, &value));
    assert_true(readable(box));
    assert_true(mailbox_receive(box, &value));
    assert_false(readable(box));
    mailbox_destroy(box);
}

enum { SENDERS = 4, SENDS = 20000 };

struct sender {
    struct mailbox *box;
    uint32_t id;
};

static void *send_in_order(void *argument)
{
    const struct sender *sender = argument;
    for (uint32_t i = 0; i < SENDS;) {
        uint64_t item = (uint64_t)sender->id << 32 | i;
        if (mailbox_send(sender->box, &item) == ERR_OK)
            i++;
    }
    return NULL;
}

static void many_senders_lose_nothing_and_keep_their_own_order(void **state)
{
    (void)state;
    struct mailbox *box;
    assert_int_equal(mailbox_create(sizeof(uint64_t), 64, &box), ERR_OK);
    pthread_t threads[SENDERS];
    struct sender senders[SENDERS];
    for (uint32_t i = 0; i < SENDERS; i++) {
        senders[i] = (struct sender){box, i};
        assert_int_equal(pthread_create(&threads[i], NULL, send_in_order, &senders[i]), 0);
    }
    uint32_t next[SENDERS] = {0};
    for (uint32_t received = 0; received < SENDERS * SENDS;) {
        uint64_t item;
        struct pollfd fd = {.fd = mailbox_fd(box), .events = POLLIN};
        assert_int_equal(poll(&fd, 1, 10000), 1); /* a lost wake-up would hang here */
        while (mailbox_receive(box, &item)) {
            uint32_t id = (uint32_t)(item >> 32);
            assert_true(id < SENDERS);
            assert_int_equal((uint32_t)item, next[id]);
            next[id]++;
            received++;
        }
    }
    for (uint32_t i = 0; i < SENDERS; i++)
        pthread_join(threads[i], NULL);
    mailbox_destroy(box);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_come_out_in_the_order_they_went_in),
        cmocka_unit_test(a_full_box_refuses_and_keeps_what_it_has),
        cmocka_unit_test(the_descriptor_is_readable_exactly_while_something_waits),
        cmocka_unit_test(many_senders_lose_nothing_and_keep_their_own_order),
    };
    return cmocka_run_group_tests_name("mailbox", tests, NULL, NULL);
}

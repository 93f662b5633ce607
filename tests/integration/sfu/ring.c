/* The ring between two workers, with a real thread at each end. */
#include <poll.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "sfu/edge/ring.h"

enum { PLACES = 64, MESSAGES = 200000, PATIENCE_MS = 5000 };

static void a_full_ring_has_no_place_until_one_is_popped(void **state)
{
    (void)state;
    struct ring *ring;
    assert_int_equal(ring_create(PLACES, &ring), ERR_OK);
    assert_null(ring_front(ring));
    for (uint32_t i = 0; i < PLACES; i++) {
        struct relay_message *place = ring_place(ring);
        assert_non_null(place);
        place->source = i;
        ring_commit(ring);
    }
    assert_null(ring_place(ring));
    assert_int_equal(ring_front(ring)->source, 0);
    ring_pop(ring);
    assert_non_null(ring_place(ring));
    assert_int_equal(ring_front(ring)->source, 1);
    ring_destroy(ring);
}

static void what_is_placed_but_not_committed_is_not_read(void **state)
{
    (void)state;
    struct ring *ring;
    assert_int_equal(ring_create(PLACES, &ring), ERR_OK);
    assert_non_null(ring_place(ring));
    assert_null(ring_front(ring));
    ring_destroy(ring);
}

static void *write_all(void *argument)
{
    struct ring *ring = argument;
    for (uint32_t sent = 0; sent < MESSAGES;) {
        struct relay_message *place = ring_place(ring);
        if (!place)
            continue;
        place->source = sent;
        place->size = (uint16_t)(sent % LIMIT_RTP_PACKET_BYTES);
        memset(place->packet, (int)(sent & 0xff), place->size);
        ring_commit(ring);
        if (++sent % 7 == 0 || sent == MESSAGES)
            ring_wake(ring);
    }
    return NULL;
}

static void every_message_arrives_once_in_order_and_whole(void **state)
{
    (void)state;
    struct ring *ring;
    pthread_t writer;
    assert_int_equal(ring_create(PLACES, &ring), ERR_OK);
    assert_int_equal(pthread_create(&writer, NULL, write_all, ring), 0);
    uint32_t expected = 0;
    while (expected < MESSAGES) {
        struct pollfd readable = {.fd = ring_fd(ring), .events = POLLIN};
        assert_int_equal(poll(&readable, 1, PATIENCE_MS), 1);
        ring_quiet(ring);
        const struct relay_message *message;
        while ((message = ring_front(ring))) {
            assert_int_equal(message->source, expected);
            assert_int_equal(message->size, expected % LIMIT_RTP_PACKET_BYTES);
            if (message->size > 0)
                assert_int_equal(message->packet[message->size - 1], expected & 0xff);
            ring_pop(ring);
            expected++;
        }
    }
    assert_int_equal(pthread_join(writer, NULL), 0);
    ring_destroy(ring);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_full_ring_has_no_place_until_one_is_popped),
        cmocka_unit_test(what_is_placed_but_not_committed_is_not_read),
        cmocka_unit_test(every_message_arrives_once_in_order_and_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* Batches over real sockets of this host. */
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/limits.h"
#include "sfu/edge/udp.h"

enum { PATIENCE_MS = 2000, SEGMENT_BYTES = 1000, MANY = 200 };

static const struct udp_address v4_loopback = {
    .ip = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 127, 0, 0, 1}};
static const struct udp_address v6_loopback = {
    .ip = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}};

struct sockets {
    struct udp *from;
    struct udp *to;
};

static void open_sockets(struct sockets *sockets)
{
    assert_int_equal(udp_create(0, &sockets->from), ERR_OK);
    assert_int_equal(udp_create(0, &sockets->to), ERR_OK);
}

static void close_sockets(struct sockets *sockets)
{
    udp_destroy(sockets->from);
    udp_destroy(sockets->to);
}

static uint32_t receive(struct udp *udp, struct udp_datagram datagrams[UDP_BATCH])
{
    struct pollfd readable = {.fd = udp_fd(udp), .events = POLLIN};
    return poll(&readable, 1, PATIENCE_MS) == 1 ? udp_receive(udp, datagrams) : 0;
}

static struct udp_address address_of(const struct udp *udp, struct udp_address address)
{
    address.port = udp_port(udp);
    return address;
}

static void a_batch_arrives_in_order_with_its_sender(void **state)
{
    (void)state;
    static uint8_t data[MANY];
    struct sockets sockets;
    struct worker_send sends[MANY];
    open_sockets(&sockets);
    for (uint32_t i = 0; i < MANY; i++) {
        data[i] = (uint8_t)i;
        sends[i] = (struct worker_send){
            .to = address_of(sockets.to, v4_loopback), .data = data + i, .size = 1};
    }
    assert_int_equal(udp_send(sockets.from, sends, MANY), 0);
    struct udp_address sender = address_of(sockets.from, v4_loopback);
    for (uint32_t got = 0; got < MANY;) {
        struct udp_datagram datagrams[UDP_BATCH];
        uint32_t count = receive(sockets.to, datagrams);
        assert_true(count > 0);
        for (uint32_t i = 0; i < count; i++, got++) {
            assert_int_equal(datagrams[i].size, 1);
            assert_int_equal(datagrams[i].data[0], (uint8_t)got);
            assert_true(udp_address_equal(&datagrams[i].from, &sender));
        }
    }
    close_sockets(&sockets);
}

static void ipv6_and_ipv4_share_the_socket(void **state)
{
    (void)state;
    struct sockets sockets;
    uint8_t byte = 6;
    open_sockets(&sockets);
    struct worker_send send = {.to = address_of(sockets.to, v6_loopback), .data = &byte, .size = 1};
    if (udp_send(sockets.from, &send, 1) != 0) {
        close_sockets(&sockets);
        skip(); /* a host without IPv6 */
    }
    struct udp_datagram datagrams[UDP_BATCH];
    assert_int_equal(receive(sockets.to, datagrams), 1);
    assert_false(udp_address_is_v4(&datagrams[0].from));
    send.to = address_of(sockets.to, v4_loopback);
    assert_int_equal(udp_send(sockets.from, &send, 1), 0);
    assert_int_equal(receive(sockets.to, datagrams), 1);
    assert_true(udp_address_is_v4(&datagrams[0].from));
    close_sockets(&sockets);
}

static void a_train_arrives_as_its_datagrams(void **state)
{
    (void)state;
    static uint8_t train[5 * SEGMENT_BYTES + 100];
    struct sockets sockets;
    open_sockets(&sockets);
    for (size_t i = 0; i < sizeof train; i++)
        train[i] = (uint8_t)(i / SEGMENT_BYTES);
    struct worker_send send = {.to = address_of(sockets.to, v4_loopback),
                               .data = train,
                               .size = sizeof train,
                               .segment_size = SEGMENT_BYTES};
    assert_int_equal(udp_send(sockets.from, &send, 1), 0);
    for (uint32_t got = 0; got < 6;) {
        struct udp_datagram datagrams[UDP_BATCH];
        uint32_t count = receive(sockets.to, datagrams);
        assert_true(count > 0);
        for (uint32_t i = 0; i < count; i++, got++) {
            assert_int_equal(datagrams[i].size, got < 5 ? SEGMENT_BYTES : 100);
            assert_int_equal(datagrams[i].data[0], got);
        }
    }
    close_sockets(&sockets);
}

/* More segments than a send may have: the kernel answers EINVAL, as a path without the offload
 * answers EIO. */
static void a_train_that_the_kernel_refuses_goes_one_by_one(void **state)
{
    (void)state;
    enum { TINY_BYTES = 10, SEGMENTS = 400 };
    static uint8_t train[TINY_BYTES * SEGMENTS];
    struct sockets sockets;
    open_sockets(&sockets);
    struct worker_send send = {.to = address_of(sockets.to, v4_loopback),
                               .data = train,
                               .size = sizeof train,
                               .segment_size = TINY_BYTES};
    assert_int_equal(udp_send(sockets.from, &send, 1), 0);
    for (uint32_t got = 0; got < SEGMENTS;) {
        struct udp_datagram datagrams[UDP_BATCH];
        uint32_t count = receive(sockets.to, datagrams);
        assert_true(count > 0);
        for (uint32_t i = 0; i < count; i++, got++)
            assert_int_equal(datagrams[i].size, TINY_BYTES);
    }
    close_sockets(&sockets);
}

static void an_oversized_datagram_is_left_out_and_counted(void **state)
{
    (void)state;
    static uint8_t large[LIMIT_DATAGRAM_BYTES + 1];
    struct sockets sockets;
    open_sockets(&sockets);
    struct udp_address to = address_of(sockets.to, v4_loopback);
    struct worker_send sends[] = {{.to = to, .data = large, .size = sizeof large},
                                  {.to = to, .data = large, .size = LIMIT_DATAGRAM_BYTES}};
    assert_int_equal(udp_send(sockets.from, sends, 2), 0);
    struct udp_datagram datagrams[UDP_BATCH];
    assert_int_equal(receive(sockets.to, datagrams), 1);
    assert_int_equal(datagrams[0].size, LIMIT_DATAGRAM_BYTES);
    assert_int_equal(udp_oversized(sockets.to), 1);
    close_sockets(&sockets);
}

static void a_send_that_the_kernel_refuses_does_not_stop_the_others(void **state)
{
    (void)state;
    static uint8_t too_large[70000];
    uint8_t byte = 1;
    struct sockets sockets;
    open_sockets(&sockets);
    struct udp_address to = address_of(sockets.to, v4_loopback);
    struct worker_send sends[] = {{.to = to, .data = &byte, .size = 1},
                                  {.to = to, .data = too_large, .size = sizeof too_large},
                                  {.to = to, .data = &byte, .size = 1}};
    assert_int_equal(udp_send(sockets.from, sends, 3), 1);
    uint32_t got = 0;
    while (got < 2) {
        struct udp_datagram datagrams[UDP_BATCH];
        uint32_t count = receive(sockets.to, datagrams);
        assert_true(count > 0);
        got += count;
    }
    assert_int_equal(got, 2);
    close_sockets(&sockets);
}

static void a_port_in_use_is_an_error(void **state)
{
    (void)state;
    struct udp *first;
    struct udp *second;
    assert_int_equal(udp_create(0, &first), ERR_OK);
    assert_int_equal(udp_create(udp_port(first), &second), ERR_IO);
    udp_destroy(first);
}

static void the_host_addresses_are_reachable_ones(void **state)
{
    (void)state;
    struct udp_address addresses[16];
    uint32_t count = udp_host_addresses(addresses, 16);
    for (uint32_t i = 0; i < count; i++) {
        assert_int_equal(addresses[i].port, 0);
        assert_memory_not_equal(addresses[i].ip, v4_loopback.ip, 16);
        assert_memory_not_equal(addresses[i].ip, v6_loopback.ip, 16);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_batch_arrives_in_order_with_its_sender),
        cmocka_unit_test(ipv6_and_ipv4_share_the_socket),
        cmocka_unit_test(a_train_arrives_as_its_datagrams),
        cmocka_unit_test(a_train_that_the_kernel_refuses_goes_one_by_one),
        cmocka_unit_test(an_oversized_datagram_is_left_out_and_counted),
        cmocka_unit_test(a_send_that_the_kernel_refuses_does_not_stop_the_others),
        cmocka_unit_test(a_port_in_use_is_an_error),
        cmocka_unit_test(the_host_addresses_are_reachable_ones),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

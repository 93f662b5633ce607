/* Batches over real sockets of this host. */
#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/limits.h"
#include "sfu/edge/udp_system.h"
#include "tests/support/udp_pair.h"

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
    send_all(sockets.from, sends, MANY);
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
    if (udp_send(sockets.from, begin, &send, 1) != 1 || udp_counters(sockets.from)->lost) {
        close_sockets(&sockets);
        skip(); /* a host without IPv6 */
    }
    struct udp_datagram datagrams[UDP_BATCH];
    assert_int_equal(receive(sockets.to, datagrams), 1);
    assert_false(udp_address_is_v4(&datagrams[0].from));
    send.to = address_of(sockets.to, v4_loopback);
    send_all(sockets.from, &send, 1);
    assert_int_equal(receive(sockets.to, datagrams), 1);
    assert_true(udp_address_is_v4(&datagrams[0].from));
    close_sockets(&sockets);
}

static void a_train_arrives_as_its_datagrams(void **state)
{
    (void)state;
    struct sockets sockets;
    open_sockets(&sockets);
    struct worker_send send = to_endpoint(0, address_of(sockets.to, v4_loopback), make_train(),
                                          TRAIN_BYTES, SEGMENT_BYTES);
    send_all(sockets.from, &send, 1);
    expect_trains(sockets.to, 1);
    assert_int_equal(udp_counters(sockets.from)->trains, 1);
    assert_int_equal(udp_counters(sockets.from)->split, 0);
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
    send_all(sockets.from, &send, 1);
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
    send_all(sockets.from, sends, 2);
    struct udp_datagram datagrams[UDP_BATCH];
    assert_int_equal(receive(sockets.to, datagrams), 1);
    assert_int_equal(datagrams[0].size, LIMIT_DATAGRAM_BYTES);
    assert_int_equal(udp_counters(sockets.to)->oversized, 1);
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
    assert_int_equal(udp_send(sockets.from, begin, sends, 3), 3);
    assert_int_equal(udp_counters(sockets.from)->lost, 1);
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
    struct udp_config any = {.endpoints = ENDPOINTS};
    assert_int_equal(udp_create(&any, &first), ERR_OK);
    struct udp_config same = {.port = udp_facts(first).port, .endpoints = ENDPOINTS};
    assert_int_equal(udp_create(&same, &second), ERR_IO);
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

/* ---- Peers that are gone, and hosts with several addresses ----------------------------------- */

static void a_dead_peer_is_named_and_its_neighbours_lose_nothing(const struct udp_address *loopback)
{
    struct sockets sockets;
    uint8_t byte = 7;
    open_sockets(&sockets);
    struct udp *dying = open_one(NULL);
    struct udp_address dead = address_of(dying, *loopback);
    struct udp_address alive = address_of(sockets.to, *loopback);
    udp_destroy(dying);
    for (uint32_t round = 0; round < 50; round++) {
        const struct worker_send sends[] = {to_endpoint(0, dead, &byte, 1, 0),
                                            to_endpoint(1, alive, &byte, 1, 0)};
        assert_int_equal(udp_send(sockets.from, begin, sends, 2), 2);
    }
    for (uint32_t got = 0; got < 50;) {
        struct udp_datagram datagrams[UDP_BATCH];
        uint32_t count = receive(sockets.to, datagrams);
        assert_true(count > 0);
        got += count;
    }
    struct udp_error error;
    uint32_t errors = 0;
    while (udp_next_error(sockets.from, &error)) {
        assert_int_equal(error.kind, UDP_ERROR_UNREACHABLE);
        assert_true(udp_address_equal(&error.peer, &dead));
        errors++;
    }
    assert_true(errors > 0);
    close_sockets(&sockets);
}

static void a_dead_ipv4_peer_is_named_and_its_neighbours_lose_nothing(void **state)
{
    (void)state;
    a_dead_peer_is_named_and_its_neighbours_lose_nothing(&v4_loopback);
}

static void a_dead_ipv6_peer_is_named_and_its_neighbours_lose_nothing(void **state)
{
    (void)state;
    struct sockaddr_in6 own = {.sin6_family = AF_INET6, .sin6_addr = IN6ADDR_LOOPBACK_INIT};
    int fd = socket(AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    bool has_v6 = fd >= 0 && bind(fd, (const struct sockaddr *)&own, sizeof own) == 0;
    if (fd >= 0)
        close(fd);
    if (!has_v6)
        skip();
    a_dead_peer_is_named_and_its_neighbours_lose_nothing(&v6_loopback);
}

static void a_peer_is_answered_from_the_address_it_sends_to(void **state)
{
    (void)state;
    struct sockets sockets;
    open_sockets(&sockets);
    struct udp_address second = v4_loopback;
    second.ip[15] = 2;
    second.port = udp_facts(sockets.from).port;
    struct udp_address peer = address_of(sockets.to, v4_loopback);
    struct worker_send send = to_endpoint(0, peer, make_train(), TRAIN_BYTES, SEGMENT_BYTES);
    struct udp_datagram datagrams[UDP_BATCH];
    for (uint32_t round = 0; round < 3; round++) {
        struct udp_address expected = round ? second : address_of(sockets.from, v4_loopback);
        if (round == 2) /* a single datagram */
            send.segment_size = 0, send.size = 1;
        send_all(sockets.from, &send, 1);
        for (uint32_t got = 0; got < (round < 2 ? (uint32_t)TRAIN_SEGMENTS : 1U);) {
            uint32_t count = receive(sockets.to, datagrams);
            assert_true(count > 0);
            for (uint32_t i = 0; i < count; i++, got++)
                assert_true(udp_address_equal(&datagrams[i].from, &expected));
        }
        udp_learn(sockets.from, &peer, &second);
    }
    close_sockets(&sockets);
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
        cmocka_unit_test(a_dead_ipv4_peer_is_named_and_its_neighbours_lose_nothing),
        cmocka_unit_test(a_dead_ipv6_peer_is_named_and_its_neighbours_lose_nothing),
        cmocka_unit_test(a_peer_is_answered_from_the_address_it_sends_to),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* Two of our sockets on this host, and trains between them. For tests that include cmocka before.
 */
#ifndef TESTS_SUPPORT_UDP_PAIR_H
#define TESTS_SUPPORT_UDP_PAIR_H

#include <poll.h>
#include <stdint.h>

#include "sfu/edge/udp.h"

enum { PATIENCE_MS = 2000, SEGMENT_BYTES = 1000, MANY = 200, ENDPOINTS = 4 };

enum { TRAIN_SEGMENTS = 6, TRAIN_BYTES = (TRAIN_SEGMENTS - 1) * SEGMENT_BYTES + 100 };

__attribute__((unused)) static const usec_t begin = 1000 * USEC_PER_SEC;

__attribute__((unused)) static const struct udp_address v4_loopback = {
    .ip = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 127, 0, 0, 1}};
__attribute__((unused)) static const struct udp_address v6_loopback = {
    .ip = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}};

struct sockets {
    struct udp *from;
    struct udp *to;
};

static inline struct udp *open_one(udp_send_call *send)
{
    struct udp_config config = {.endpoints = ENDPOINTS, .segments = true, .send = send};
    struct udp *udp;
    assert_int_equal(udp_create(&config, &udp), ERR_OK);
    return udp;
}

static inline void open_sockets(struct sockets *sockets)
{
    sockets->from = open_one(NULL);
    sockets->to = open_one(NULL);
}

static inline void close_sockets(struct sockets *sockets)
{
    udp_destroy(sockets->from);
    udp_destroy(sockets->to);
}

static inline uint32_t receive(struct udp *udp, struct udp_datagram datagrams[UDP_BATCH])
{
    struct pollfd readable = {.fd = udp_fd(udp), .events = POLLIN};
    return poll(&readable, 1, PATIENCE_MS) == 1 ? udp_receive(udp, datagrams) : 0;
}

static inline struct udp_address address_of(const struct udp *udp, struct udp_address address)
{
    address.port = udp_facts(udp).port;
    return address;
}

/* All are dealt with, and none is lost. */
static inline void send_all(struct udp *udp, const struct worker_send *sends, uint32_t count)
{
    uint64_t lost = udp_counters(udp)->lost;
    assert_int_equal(udp_send(udp, begin, sends, count), count);
    assert_int_equal(udp_counters(udp)->lost, lost);
}

static inline struct worker_send to_endpoint(uint32_t index, struct udp_address to, uint8_t *data,
                                             size_t size, uint16_t segment_size)
{
    return (struct worker_send){.to = to,
                                .endpoint = {.index = index, .generation = 1},
                                .data = data,
                                .size = size,
                                .segment_size = segment_size};
}

/* So many trains of make_train(), datagram by datagram. */
static inline void expect_trains(struct udp *udp, uint32_t trains)
{
    for (uint32_t got = 0; got < trains * TRAIN_SEGMENTS;) {
        struct udp_datagram datagrams[UDP_BATCH];
        uint32_t count = receive(udp, datagrams);
        assert_true(count > 0);
        for (uint32_t i = 0; i < count; i++, got++) {
            uint32_t place = got % TRAIN_SEGMENTS;
            assert_int_equal(datagrams[i].size, place < TRAIN_SEGMENTS - 1 ? SEGMENT_BYTES : 100);
            assert_int_equal(datagrams[i].data[0], place);
        }
    }
}

static inline uint8_t *make_train(void)
{
    static uint8_t train[TRAIN_BYTES];
    for (size_t i = 0; i < sizeof train; i++)
        train[i] = (uint8_t)(i / SEGMENT_BYTES);
    return train;
}

#endif

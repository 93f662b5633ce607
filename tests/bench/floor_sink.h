/* Where the floor's packets go: one unbound socket that hears every address of 127/8, with UDP_GRO,
 * watched by epoll and read in batches by a thread of its own on another core. It counts, and
 * answers as subscribers do: each sends one feedback packet ten times a second from its own
 * address, spread evenly over time, while media comes. Meanwhile it never sleeps, so that the
 * sender pays for no waking. The receiver of the server's packets (load/, `spin`) is of the same
 * make. */
#ifndef TESTS_BENCH_FLOOR_SINK_H
#define TESTS_BENCH_FLOOR_SINK_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>

enum {
    SINK_FEEDBACK_MAX_BYTES = 160,
    SINK_FEEDBACK_HZ = 10,
};

/* One subscriber's feedback, protected once and sent again and again. */
struct sink_feedback {
    struct in_addr from;
    uint16_t size;
    uint8_t data[SINK_FEEDBACK_MAX_BYTES];
};

struct floor_sink;

/* `feedback` is borrowed; `server` is where it goes. NULL when a socket or thread is not to be had.
 */
struct floor_sink *floor_sink_create(const struct sink_feedback *feedback, uint32_t subscribers,
                                     const struct sockaddr_in *server, uint32_t core);
void floor_sink_destroy(struct floor_sink *sink); /* accepts NULL */
uint16_t floor_sink_port(const struct floor_sink *sink);
/* Whether feedback is sent. */
void floor_sink_feed(struct floor_sink *sink, bool on);
/* Datagrams received so far; a train counts as what it was cut from. */
uint64_t floor_sink_received(const struct floor_sink *sink);

#endif

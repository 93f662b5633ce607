/* The recent packets of one published stream, kept once for everybody who watches it.
 *
 * Two ways in. By arrival: a watcher holds a cursor, and what lies between it and `head` is still
 * to be sent to it. By sequence number: a retransmission is looked up here, so no watcher keeps
 * packets of its own, and nothing needs a reference count.
 *
 *   arrival   tail ──────── cursor of a watcher ──────── head
 *             oldest kept   sent │ still to be sent      next to come
 *
 * The payload is stored as every subscriber shares it: no RTP header, a VP8 descriptor with a
 * 15-bit picture id, and behind it the padding that makes a frame's packets equally long
 * (padding.h). Packet buffers come from one pool per worker; when it is empty a stream gives up its
 * own oldest. No clock, no allocation after packets_init(), not thread-safe. */
#ifndef SFU_CORE_HISTORY_H
#define SFU_CORE_HISTORY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/limits.h"
#include "base/units.h"

#define PACKET_NONE UINT32_MAX /* an enumerator has to fit an int */

/* How many packets a stream keeps: over 2 s of a 4 Mb/s picture, in packets of about 1,100 bytes.
 * A power of two. */
enum { HISTORY_PACKETS = 1024 };

struct packet {
    uint64_t sequence; /* extended by the roll-overs so far */
    usec_t arrival;
    uint32_t timestamp;
    uint32_t next_free;
    uint16_t size;   /* of the payload */
    uint8_t padding; /* RTP padding that follows it, its count in the last byte; 0: none */
    uint16_t picture_id;
    uint8_t tl0_index;
    bool has_tl0_index;
    bool marker;
    bool vp8;      /* the payload begins with a descriptor */
    bool keyframe; /* holds the first byte of one */
    uint8_t payload[LIMIT_RTP_PACKET_BYTES];
};

struct packets {
    struct packet *items;
    uint32_t free_first;
    uint32_t capacity;
    uint32_t taken;
};

struct history {
    uint64_t head;
    uint64_t tail;
    uint32_t by_arrival[HISTORY_PACKETS];  /* packet index, by arrival modulo the size */
    uint32_t by_sequence[HISTORY_PACKETS]; /* low bits of the arrival, by sequence likewise */
};

MUST_USE enum err packets_init(struct packets *packets, uint32_t capacity);
void packets_done(struct packets *packets);

/* Empty, counting on from `arrival`: for a history just taken from its pool. */
void history_init(struct history *history, uint64_t arrival);
/* Gives every packet back; `head` stays, so that no cursor ever goes backwards. */
void history_clear(struct history *history, struct packets *packets);

/* A free buffer: from the pool, or the oldest of this history. NULL when neither has one. */
struct packet *history_take(struct history *history, struct packets *packets);
/* Appends what history_take() gave, once it is filled in. */
void history_put(struct history *history, struct packets *packets, struct packet *packet);
/* Gives back what history_take() gave and nobody put. */
void history_give_up(struct packets *packets, struct packet *packet);
/* Gives up what came before `oldest`. */
void history_expire(struct history *history, struct packets *packets, usec_t oldest);

/* Needs: tail <= arrival < head. */
const struct packet *history_at(const struct history *history, const struct packets *packets,
                                uint64_t arrival);
/* The same, for what settles packets before anybody is sent them. */
struct packet *history_edit(const struct history *history, struct packets *packets,
                            uint64_t arrival);
/* NULL when it is not kept (any more). */
const struct packet *history_find(const struct history *history, const struct packets *packets,
                                  uint64_t sequence);

#endif

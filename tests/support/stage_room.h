/* A room for tests of what subscribers get: two who publish, three who watch the stage and listen,
 * and a cipher that leaves everything readable. What is sent is checked as it goes: consecutive
 * transport-wide numbers, the very bytes that were published once padding is stripped, each number
 * once, trains within their bounds. */
#ifndef TESTS_SUPPORT_STAGE_ROOM_H
#define TESTS_SUPPORT_STAGE_ROOM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/random.h"
#include "sfu/core/worker.h"

enum {
    STAGE_SOURCES = 2,
    STAGE_SUBSCRIBERS = 3,
    STAGE_NUMBERS = 4096, /* of one stream in one test */
    STAGE_OTHERS = 4000,
    STAGE_SENDS = 8,    /* of one worker_build() */
    STAGE_SSRC = 0x200, /* of the stage's slot; its retransmissions have the next one */
};

enum stage_kind { STAGE_KIND_VIDEO, STAGE_KIND_SOUND, STAGE_KINDS };

struct stage_subscriber {
    struct handle handle;
    uint64_t numbers;            /* transport-wide, so far */
    int64_t lowest[STAGE_KINDS]; /* outgoing numbers, extended; -1: none yet */
    int64_t highest[STAGE_KINDS];
    /* By outgoing number less the lowest: how often it came, and the publisher's number and who
     * that was. */
    uint8_t seen[STAGE_KINDS][STAGE_NUMBERS];
    uint16_t original[STAGE_KINDS][STAGE_NUMBERS];
    uint32_t origin[STAGE_KINDS][STAGE_NUMBERS];
    uint32_t resent;
};

struct stage_publisher {
    struct handle handle;
    uint16_t next[STAGE_KINDS];
    uint32_t frames;
};

struct stage_packet {
    size_t size;
    uint8_t packet[LIMIT_RTP_PACKET_BYTES];
};

/* One at a time. */
extern struct stage {
    struct worker *worker;
    struct rng rng;
    usec_t now;
    struct stage_publisher publishers[STAGE_SOURCES];
    struct stage_subscriber subscribers[STAGE_SUBSCRIBERS];
    uint32_t longest_train;
    uint32_t padded;
    uint8_t arena[256 * 1024];
} stage;

void stage_begin(uint64_t seed);
/* Up to STAGE_OTHERS more endpoints on the worker, in a room of their own. */
void stage_join_others(uint32_t count);
/* Sends what is left. */
void stage_end(void);
/* The source, 1 or 2, gets the stage or the floor. */
void stage_order(enum sfu_command_kind kind, uint32_t source);
void stage_make_sound(struct stage_packet *made, uint32_t source);
/* A frame as encoders cut it: equal lengths within a byte, now and then a short rest. At most 32
 * packets. */
uint32_t stage_make_frame(struct stage_packet *made, uint32_t source, bool keyframe);
/* It arrives. */
void stage_give(uint32_t source, struct stage_packet *made);
/* Ticks, and builds at most so often. */
void stage_drain(uint32_t builds);
/* What one worker_send must be; stage_drain() asks for each. */
void stage_on_send(const struct worker_send *send);

#endif

/* What this machine allows: one publisher's stream to N subscribers with nothing decided.
 *
 * Per packet: the subscriber's own bytes of the header (SSRC, sequence number, timestamp,
 * transport-cc number) and its picture id are patched, the packet is sealed out of place by
 * AEAD_AES_128_GCM (RFC 7714) under the subscriber's own key, and sent; per subscriber ten times a
 * second one feedback packet is received and authenticated. No lookup, no history, no rights, no
 * loss, no rates. Nothing that forwards can be cheaper by the same cipher and the same calls.
 *
 *   frame:  [ video ][ video ][ video ][ video ][ video ][audio]     one UDP_SEGMENT send a
 * subscriber equal sizes, so that the kernel can cut them; the shorter last one rides along
 *
 * Of 50 audio packets to 30 frames, 30 ride and 20 travel alone. The
 * thread that calls floor_run() is the one that works; what it used by its own CPU clock counts. */
#ifndef TESTS_BENCH_FLOOR_H
#define TESTS_BENCH_FLOOR_H

#include <stdbool.h>
#include <stdint.h>

#include "base/units.h"
#include "tests/bench/floor_cipher.h"

enum {
    FLOOR_FRAME_PACKETS = 5,
    /* An RTP packet as the server sends it, before its tag: 24 bytes of header (one CSRC, one
     * extension word) and what the crowd's sender carries (load/core/film.h). */
    FLOOR_VIDEO_BYTES = 24 + 1088,
    FLOOR_AUDIO_BYTES = 24 + 80,
    FLOOR_SUBSCRIBERS_MAX = 4096,
};

struct floor_config {
    uint32_t subscribers;
    enum floor_cipher cipher;
    bool segments;      /* UDP_SEGMENT; else every packet is a message of its own */
    bool riding;        /* audio rides behind the frame; needs segments */
    uint32_t sink_core; /* where the receiver works */
};

struct floor_result {
    uint64_t packets;
    uint64_t bytes;
    uint64_t cpu_ns;
    uint64_t received; /* by the sink */
    uint64_t feedback; /* packets received and found authentic */
    uint64_t refused;  /* by the kernel */
    uint64_t frames;
    usec_t frames_us; /* from a frame's first send to its last subscriber's, all frames together */
};

struct floor;

/* NULL when something is not to be had. */
struct floor *floor_create(const struct floor_config *config);
void floor_destroy(struct floor *floor); /* accepts NULL */

/* Works in the caller's thread for about `duration`: 30 frames and 50 audio packets a second are
 * the full pace, and audio keeps its proportion at any other. */
struct floor_result floor_run(struct floor *floor, usec_t duration, uint32_t frames_per_second);

static inline double floor_ns_per_packet(const struct floor_result *result)
{
    return result->packets ? (double)result->cpu_ns / (double)result->packets : 0;
}

/* How long the last subscriber of all waits for a frame: no server on this core is sooner. */
static inline double floor_round_ms(const struct floor_result *result)
{
    return result->frames ? (double)result->frames_us / (double)result->frames / 1000 : 0;
}

#endif

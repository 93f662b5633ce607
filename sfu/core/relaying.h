/* A room that spans workers: what goes to the others and what comes from them (relay.h).
 *
 *   publisher's worker                              a viewer's worker
 *     stream ──cursor per worker──► RELAY_PACKET ──► stream of a source hosted elsewhere
 *     loudness ───────────────────► RELAY_LEVEL ───► loudness
 *     relay_to ◄── RELAY_WANT ◄──────────────────── who watches and waits
 *     its publisher ◄── RELAY_KEYFRAME ◄─────────── keyframe requests
 *
 * What waits for worker n stands in worker.relay[n], by stream or source, so the ring's messages
 * are made from the present state when there is room for them. */
#ifndef SFU_CORE_RELAYING_H
#define SFU_CORE_RELAYING_H

#include <stdbool.h>
#include <stdint.h>

#include "sfu/core/relay.h"

struct worker;

/* In all of these `index` is that of the stream or source spoken of.
 * A stream that others want has new packets. */
void relaying_on_packets(struct worker *worker, uint32_t index);
/* A source hosted elsewhere: what is wanted of it changed, or a keyframe is needed. */
void relaying_on_wanted(struct worker *worker, uint32_t index);
void relaying_ask_keyframe(struct worker *worker, uint32_t index);
/* From time to time, while its streams live: what is long unwanted is told. */
void relaying_on_care(struct worker *worker, uint32_t index);
/* Nothing came of what was wanted: the hosting worker may not have known the source yet. */
void relaying_want_again(struct worker *worker, uint32_t index, enum source_kind kind);
/* A source hosted here speaks. */
void relaying_tell_level(struct worker *worker, uint32_t index);

bool relaying_next(struct worker *worker, uint32_t to, struct relay_message *ret_message);
void relaying_on_message(struct worker *worker, uint32_t from, const struct relay_message *message);
void relaying_on_overflow(struct worker *worker, uint32_t to);

#endif

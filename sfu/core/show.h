/* What a slot shows: from the source it is given to the packets it sends.
 *
 *   show_source() ──► waits for keyframes of the wanted layers ──keyframe──► show_switch()
 *                     (at once when one is cached)                            │
 *                     ◄──────────── a better layer, another source ───────────┘
 *
 * A video slot changes what it watches only at a keyframe and only when everything before was sent,
 * so that one SSRC stays decodable across all switches. An audio slot changes at once. */
#ifndef SFU_CORE_SHOW_H
#define SFU_CORE_SHOW_H

#include <stdbool.h>
#include <stdint.h>

#include "sfu/core/session.h"

struct worker;
struct endpoint;

/* The endpoint's slot `index` is to show this kind of this source; number 0: nothing. */
void show_source(struct worker *worker, struct endpoint *endpoint, uint32_t index, uint32_t number,
                 enum source_kind kind);
/* Layers, rights, wanted height or the source itself changed: choose anew. */
void show_again(struct worker *worker, struct endpoint *endpoint, uint32_t index);
/* A keyframe of a stream it waits for is in that stream's history. */
void show_on_keyframe(struct worker *worker, struct endpoint *endpoint, uint32_t index,
                      uint32_t stream);
/* Goes over to `switch_to`. Needs: what was watched before is sent. False: that keyframe is gone
 * again, and another was asked for. */
bool show_switch(struct worker *worker, struct endpoint *endpoint, uint32_t index);
/* A watched source that should go away did not get a successor in time. */
void show_cut(struct worker *worker, struct endpoint *endpoint, uint32_t index);
/* Lets go of everything without a word, because the endpoint leaves. */
void show_end(struct worker *worker, struct endpoint *endpoint);

#endif

/* Which simulcast layer a slot should show (RFC 8853): pure choice, no state. */
#ifndef SFU_CORE_LAYERS_H
#define SFU_CORE_LAYERS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/limits.h"

struct layers {
    uint8_t count;                           /* 1 … LIMIT_SIMULCAST_LAYERS, lowest first */
    bool alive[LIMIT_SIMULCAST_LAYERS];      /* packets come */
    uint16_t height[LIMIT_SIMULCAST_LAYERS]; /* of the last keyframe; 0: none seen yet */
};

/* The lowest layer that is at least `wanted` pixels high, or the highest there is; whether it is
 * alive does not matter: it is asked for. Needs: count > 0. */
uint8_t layers_desired(const struct layers *layers, uint16_t wanted);
/* What to show until then: the alive layer nearest to `desired`, lower ones first. False when none
 * is alive. */
bool layers_available(const struct layers *layers, uint8_t desired, uint8_t *ret_layer);

#endif

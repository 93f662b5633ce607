/* Who speaks in a room, from the levels that microphones carry (RFC 6464).
 *
 * Levels are smoothed over about 150 ms. The two loudest keep their places with hysteresis: a
 * challenger has to be clearly louder for 300 ms, an empty or silent place is taken at once. The
 * work depends on how many speak, never on how many are in the room. Pure; one per room. */
#ifndef SFU_CORE_LOUDNESS_H
#define SFU_CORE_LOUDNESS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/units.h"
#include "sfu/core/command.h"

enum {
    LOUDNESS_CANDIDATES = 16,
    LOUDNESS_LOUD = 2,      /* audio slots that the loudest share */
    LOUDNESS_SILENCE = 127, /* RFC 6464, section 3 */
    LOUDNESS_UPDATE_US = 100000,
    LOUDNESS_EVENT_US = 250000, /* speakers are announced at most 4 times a second */
};

struct loudness_candidate {
    uint32_t source; /* 0: free */
    uint16_t score;  /* 16 × (127 - level), smoothed */
    bool speaks;
    uint8_t ahead; /* updates in a row by which it beat the weakest of the loud */
    usec_t heard;
};

struct loudness {
    uint32_t loud[LOUDNESS_LOUD]; /* sources; 0: nobody yet */
    uint32_t spare;               /* the next one, for whoever is himself one of the loud */
    uint32_t speaker_count;
    uint32_t speakers[SFU_SPEAKERS_MAX]; /* loudest first, as of the last update */
    uint32_t announced_count;
    uint32_t announced[SFU_SPEAKERS_MAX];
    usec_t announced_at;
    struct loudness_candidate candidates[LOUDNESS_CANDIDATES];
};

/* One microphone packet's level. */
void loudness_on_level(struct loudness *loudness, usec_t now, uint32_t source, uint8_t level);
/* The smoothed level of `source`, as a relay passes it on; LOUDNESS_SILENCE when not heard. */
uint8_t loudness_level(const struct loudness *loudness, uint32_t source);
/* A smoothed level from another worker. */
void loudness_on_relayed(struct loudness *loudness, usec_t now, uint32_t source, uint8_t level);
/* The source left or lost its right. */
void loudness_forget(struct loudness *loudness, uint32_t source);
/* Every LOUDNESS_UPDATE_US while anybody is a candidate. `floor` has a slot of his own and never
 * counts among the loud. True when `loud` or `spare` changed. */
bool loudness_update(struct loudness *loudness, usec_t now, uint32_t floor);
bool loudness_idle(const struct loudness *loudness);
/* True when the speakers changed and may be announced now; then they count as announced. */
bool loudness_announce(struct loudness *loudness, usec_t now);

#endif

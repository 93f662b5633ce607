/* What many do at once is told as counts (docs/protocol.md, `crowd`): coming and going, and
 * ballots.
 *
 * Told one by one, 3,400 who come would be 11.5 million messages. Here the events of a run are put
 * together, and told as one message when the room's pace allows it, or when another kind of event
 * is told, so that every connection hears everything in the order of the record:
 *
 *   record   41 entered · 42 entered · 43 left · 44 floor.requested · 45 entered
 *   told     crowd 41–43                        event 44              crowd 45
 *
 * A few who came or went are named; more are only counted. The pace slows with the room, so that
 * what everybody is told costs the control thread the same in any room.
 * Owner: one room. No clock, no allocation. */
#ifndef SIGNALING_CORE_CROWD_H
#define SIGNALING_CORE_CROWD_H

#include <stdbool.h>
#include <stdint.h>

#include "base/units.h"

enum {
    CROWD_NAMED_MAX = 8,
    CROWD_PACE_LEAST_MS = 200, /* a tick of the control thread fits in */
    CROWD_PACE_US_PER_CONNECTION = 500,
};

struct crowd {
    uint64_t from; /* seq of the first event that waits; 0: none does */
    uint64_t to;
    uint32_t named_count;
    bool is_many;                    /* more came or went than are named */
    uint64_t named[CROWD_NAMED_MAX]; /* participants, each once */
};

/* Event `seq` of the record: somebody came or went. Needs: seq follows what was added before. */
void crowd_on_presence(struct crowd *crowd, uint64_t seq, uint64_t participant);
/* Likewise a ballot: it is nobody's business whose. */
void crowd_on_ballot(struct crowd *crowd, uint64_t seq);
/* What waited has been told. */
void crowd_clear(struct crowd *crowd);

/* How long to wait between two things that are told to so many connections. */
usec_t crowd_pace_us(uint32_t connections);

#endif

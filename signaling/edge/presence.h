/* Who is present, as live connections tell the record: enter with each that comes, leave with each
 * that goes. A line that broke has a grace time in which another connection of the same person may
 * come; the record counts connections, so then nothing is written. Thread rule: control thread. */
#ifndef SIGNALING_EDGE_PRESENCE_H
#define SIGNALING_EDGE_PRESENCE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/units.h"
#include "meeting/meeting.h"

struct departure; /* somebody whose connection is gone, until the grace time is over */

struct presence {
    struct meeting_service *meetings;
    utc_ms_t grace_ms;
    struct departure *departures;
};

void presence_done(struct presence *presence);

/* False when the meeting does not take anybody now. */
bool presence_enter(struct presence *presence, uint64_t meeting, uint64_t user, utc_ms_t now);
void presence_leave(struct presence *presence, uint64_t meeting, uint64_t user, bool at_once,
                    utc_ms_t now);
/* Writes the leaves whose time has come. */
void presence_tick(struct presence *presence, utc_ms_t now);

#endif

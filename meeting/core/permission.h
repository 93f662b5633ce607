/* Who may do what in which state: the table of docs/protocol.md (reference: the law's duties of
 * chair, secretary and members), one row an action. */
#ifndef MEETING_CORE_PERMISSION_H
#define MEETING_CORE_PERMISSION_H

#include <stdbool.h>
#include <stdint.h>

#include "meeting/core/command.h"
#include "meeting/core/state.h"

/* What somebody is to a meeting at a moment; one person can be several at once. */
enum standing {
    STANDING_CHAIR,
    STANDING_SECRETARY,
    STANDING_MEMBER, /* also who is invited without a vote */
    STANDING_OBSERVER,
    STANDING_TECHNICIAN,
    STANDING_HOLDER,    /* has the floor */
    STANDING_WRITER,    /* holds the lock of the minutes */
    STANDING_CLERK,     /* văn thư of the issuing body, whether at the meeting or not */
    STANDING_RECIPIENT, /* receives for a unit to which a paper of the meeting was distributed */
    STANDING_COUNT,
};

bool permission_may(enum standing standing, enum meeting_action action, enum meeting_phase phase);

/* The standings of `participant` as a mask of 1 << standing; 0 for NULL, an outsider. */
uint32_t permission_standings(const struct meeting_state *state,
                              const struct state_participant *participant);

/* Likewise what somebody is to the meeting's papers by their office in the province. */
uint32_t permission_office_standings(const struct meeting_state *state,
                                     const struct actor_office *office);

enum permission { PERMISSION_GIVEN, PERMISSION_WRONG_PHASE, PERMISSION_DENIED };

/* The best that any of `standings` gives. */
enum permission permission_of(uint32_t standings, enum meeting_action action,
                              enum meeting_phase phase);

#endif

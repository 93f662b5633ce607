/* From a command to events, or to a refusal: decide(state, world, command) → events. Changes
 * nothing; the caller writes the events as JSON and folds what it wrote. */
#ifndef MEETING_CORE_DECIDE_H
#define MEETING_CORE_DECIDE_H

#include <stdint.h>

#include "base/err.h"
#include "base/units.h"
#include "meeting/core/command.h"
#include "meeting/core/refusal.h"
#include "meeting/core/state.h"
#include "meeting/proto/arena.h"
#include "meeting/proto/event.h"

enum { DECISION_EVENTS_MAX = 4 };

/* What a decision needs to know beyond the meeting. */
struct decide_world {
    utc_ms_t now;      /* not before the meeting's last event */
    uint64_t *next_id; /* ids are taken from here, upwards; never given twice */

    struct actor_office office; /* of the command's actor */

    /* issue.number: the next number of the series that issue_type MINUTES, `symbol` and the year of
     * `now` name (core/number_book.h) */
    const char *symbol;
    uint32_t number;

    /* units.invite: the command's ids, looked up in the directory; issue.distribute: the units that
     * took part and those of the command, without doubles */
    uint32_t unit_count;
    uint32_t invitee_count;
    const struct invited_unit *units;
    const struct invitee *invitees; /* without doubles; may name chair and secretary */
};

/* Texts and lists point into the command, the state or `memory`: valid while all three stay. */
struct decision {
    const struct refusal *refusal; /* NULL: decided */
    uint32_t event_count;          /* 0 with no refusal: there is nothing to change */
    struct meeting_event events[DECISION_EVENTS_MAX];
    struct arena memory; /* freed by decision_done() */
};

/* `state` is of the meeting that the command names. */
void decide(const struct meeting_state *state, const struct decide_world *world,
            const struct meeting_command *command, struct decision *ret_decision);

/* Makes a meeting. `code` is how people name it; chair and secretary are the plan's users. */
void decide_creation(const struct meeting_plan *plan, const struct decide_world *world,
                     const char *code, const struct invitee *chair, const struct invitee *secretary,
                     struct decision *ret_decision);

void decision_done(struct decision *decision);

#endif

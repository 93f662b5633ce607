/* What a user may do in a meeting now: the permission table and, beyond it, what the state allows
 * (no second request for the floor, no vote without an open ballot). decide() asks the same
 * question, so a button that is shown is a command that is accepted. */
#ifndef MEETING_CORE_GUARD_H
#define MEETING_CORE_GUARD_H

#include <stdint.h>

#include "meeting/core/command.h"
#include "meeting/core/refusal.h"
#include "meeting/core/state.h"

/* NULL when `user` may do `action` now, as far as that can be told without its members. */
const struct refusal *guard_check(const struct meeting_state *state, uint64_t user,
                                  enum meeting_action action);

/* Likewise for somebody with an office in the province, who need not be at the meeting. */
const struct refusal *guard_check_in_office(const struct meeting_state *state, uint64_t user,
                                            const struct actor_office *office,
                                            enum meeting_action action);

/* The set of actions that `user` may do now: bit n is action n. */
uint64_t guard_actions(const struct meeting_state *state, uint64_t user);
uint64_t guard_actions_in_office(const struct meeting_state *state, uint64_t user,
                                 const struct actor_office *office);
/* Likewise for a participant of `state` who is at hand; NULL: an outsider. */
uint64_t guard_actions_of(const struct meeting_state *state, const struct state_participant *who);

_Static_assert(ACTION_COUNT <= 64, "a set of actions is one 64-bit word");

#endif

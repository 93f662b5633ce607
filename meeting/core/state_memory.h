/* How the state keeps its texts and lists; for state.c and the fold alone. */
#ifndef MEETING_CORE_STATE_MEMORY_H
#define MEETING_CORE_STATE_MEMORY_H

#include <stddef.h>

#include "base/err.h"
#include "meeting/core/state.h"

/* Puts a copy of `text` (may be NULL) in place of the old one. */
MUST_USE enum err state_text_set(char **slot, const char *text);

/* Room for one more zeroed item of `size` bytes at the end of the list whose pointer lies at
 * `list_slot`; counts it. NULL without memory. Lists must only ever grow by this. */
void *state_list_append(void *list_slot, uint32_t *count, size_t size);

void state_participant_done(struct state_participant *participant);
void state_issue_done(struct state_issue *issue);
void state_agenda_clear(struct meeting_state *state);
void state_units_clear(struct meeting_state *state);

#endif

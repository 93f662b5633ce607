/* The minutes as the meeting itself wrote them: presence with times, agenda, speakers, votes and
 * conclusions, in the register of official minutes (Nghị định 30/2020, Appendix III, mẫu 1.9;
 * contents after Quyết định 45/2018: chair and those present, proceedings, opinions, results of
 * votes, conclusions). Header, signature blocks and closing formula are the paper's. */
#ifndef MEETING_CORE_MINUTES_DRAFT_H
#define MEETING_CORE_MINUTES_DRAFT_H

#include "base/err.h"
#include "meeting/core/state.h"
#include "meeting/proto/arena.h"
#include "meeting/proto/minutes.h"

/* Vietnam keeps one time zone, without summer time. */
enum { MINUTES_DRAFT_ZONE_MINUTES = 7 * 60 };

/* The draft, in `arena`. ERR_NO_MEMORY. */
MUST_USE enum err minutes_draft(const struct meeting_state *state, struct arena *arena,
                                struct minutes *ret_minutes);

/* The text of the present revision: what was saved last, else the draft (in `arena`). */
MUST_USE enum err minutes_text(const struct meeting_state *state, struct arena *arena,
                               struct minutes *ret_minutes);

#endif

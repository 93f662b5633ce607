/* What the paper needs to know of a meeting, copied out of its state. */
#ifndef MEETING_EDGE_MINUTES_PAPER_H
#define MEETING_EDGE_MINUTES_PAPER_H

#include "base/err.h"
#include "meeting/core/state.h"
#include "meeting/edge/paper/minutes_pdf.h"
#include "meeting/proto/arena.h"

struct meeting_service;

/* The body that issues the meeting's papers, copied: the province heads them. NULL: no memory. */
const char *minutes_paper_body(const struct meeting_service *service, struct arena *arena);
/* What stands behind "/BB-"; NULL when the body has no short name that we know. */
const char *minutes_paper_symbol(const char *body);
/* Somebody who takes part, copied. */
struct paper_person minutes_paper_person(struct arena *arena,
                                         const struct state_participant *participant);

/* The minutes of `state` as they stand, under the verification code `code`; everything is copied
 * into `arena`, so another thread may lay it out. ERR_NO_MEMORY. */
MUST_USE enum err minutes_paper_make(const struct meeting_service *service,
                                     const struct meeting_state *state, const char *code,
                                     struct arena *arena, struct minutes_paper *ret_paper);

#endif

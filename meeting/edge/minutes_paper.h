/* What the paper needs to know of a meeting, copied out of its state. */
#ifndef MEETING_EDGE_MINUTES_PAPER_H
#define MEETING_EDGE_MINUTES_PAPER_H

#include "base/err.h"
#include "meeting/core/state.h"
#include "meeting/edge/paper/minutes_pdf.h"
#include "meeting/proto/arena.h"

struct meeting_service;

/* The minutes of `state` as they stand, under the verification code `code`; everything is copied
 * into `arena`, so another thread may lay it out. ERR_NO_MEMORY. */
MUST_USE enum err minutes_paper_make(const struct meeting_service *service,
                                     const struct meeting_state *state, const char *code,
                                     struct arena *arena, struct minutes_paper *ret_paper);

#endif

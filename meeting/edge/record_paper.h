/* Papers made from a meeting's record before and after it: the invitation, and the notice of its
 * conclusions. (Minutes are made by minutes.finalise.) Unsigned, without number and date: the clerk
 * gives these. In two steps, so that the layout can run on a Jobs thread. */
#ifndef MEETING_EDGE_RECORD_PAPER_H
#define MEETING_EDGE_RECORD_PAPER_H

#include <stdint.h>

#include "base/buffer.h"
#include "base/err.h"
#include "meeting/edge/paper/paper.h"

struct meeting_service;

struct meeting_paper_request {
    uint64_t meeting;
    enum paper_kind kind; /* PAPER_INVITATION or PAPER_NOTICE */
    enum paper_urgency urgency;
    uint64_t signer; /* user; 0: the meeting's chair */
};

/* What is to be laid out: everything copied, nothing of the service is read later. */
struct meeting_paper;

/* Control thread. ERR_UNKNOWN: no such meeting or user; ERR_WRONG_STATE: an invitation to a meeting
 * without people, or conclusions before the meeting has ended or without any; ERR_UNSUPPORTED:
 * another kind; ERR_NO_MEMORY. To be freed by meeting_paper_free(). */
MUST_USE enum err meeting_paper_prepare(const struct meeting_service *service,
                                        const struct meeting_paper_request *request,
                                        struct meeting_paper **ret_paper);
/* Any thread. Errors as paper_pdf_write(). */
MUST_USE enum err meeting_paper_write(const struct meeting_paper *paper, struct buffer *ret_pdf);
/* Accepts NULL. */
void meeting_paper_free(struct meeting_paper *paper);

#endif

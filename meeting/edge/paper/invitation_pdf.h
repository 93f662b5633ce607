/* An invitation (giấy mời) as a PDF: mẫu 1.7 of Nghị định 30/2020/NĐ-CP, Appendix III. */
#ifndef MEETING_EDGE_PAPER_INVITATION_PDF_H
#define MEETING_EDGE_PAPER_INVITATION_PDF_H

#include "meeting/edge/paper/letter.h"

struct invitation {
    struct letter letter;
    const char *subject;                /* trích yếu: "Họp giao ban …" */
    const char *host;                   /* who invites: "Ủy ban nhân dân tỉnh" */
    const struct paper_person *invited; /* in an annex when they are too many for a list */
    size_t invited_count;
    const char *occasion; /* "cuộc họp giao ban …" */
    struct paper_person chair;
    utc_ms_t start;
    const char *place;
    const char *const *agenda; /* nội dung; may be absent */
    size_t agenda_count;
    const struct paper_block *notes; /* what is to be heeded; may be absent */
    size_t note_count;
};

/* The parts of the paper, in `arena` or borrowed. ERR_NO_MEMORY. */
MUST_USE enum err invitation_pdf_compose(const struct invitation *invitation, struct arena *arena,
                                         struct paper *ret_paper);
/* Errors as paper_pdf_write(). */
MUST_USE enum err invitation_pdf_write(const struct invitation *invitation, struct buffer *ret_pdf);

#endif

/* The notice of a meeting's conclusions (thông báo kết luận) as a PDF: a thông báo after mẫu 1.4 of
 * Nghị định 30/2020/NĐ-CP, Appendix III. Quyết định 45/2018/QĐ-TTg wants it within five working
 * days. */
#ifndef MEETING_EDGE_PAPER_NOTICE_PDF_H
#define MEETING_EDGE_PAPER_NOTICE_PDF_H

#include "meeting/edge/paper/letter.h"

struct notice {
    struct letter letter;
    const char *meeting; /* "cuộc họp giao ban …" */
    struct paper_person chair;
    utc_ms_t held_at;
    const char *place;
    const struct paper_block *conclusions; /* numbered or headed by their writer */
    size_t conclusion_count;
};

/* The parts of the paper, in `arena` or borrowed. ERR_NO_MEMORY. */
MUST_USE enum err notice_pdf_compose(const struct notice *notice, struct arena *arena,
                                     struct paper *ret_paper);
/* Errors as paper_pdf_write(). */
MUST_USE enum err notice_pdf_write(const struct notice *notice, struct buffer *ret_pdf);

#endif

/* A resolution (nghị quyết cá biệt) as a PDF: mẫu 1.1 of Nghị định 30/2020/NĐ-CP, Appendix III. */
#ifndef MEETING_EDGE_PAPER_RESOLUTION_PDF_H
#define MEETING_EDGE_PAPER_RESOLUTION_PDF_H

#include "meeting/edge/paper/letter.h"

struct resolution {
    struct letter letter;
    const char *subject;
    const char *authority;    /* thẩm quyền ban hành: "Hội đồng nhân dân tỉnh …" */
    const char *const *bases; /* "Căn cứ …", without their stops */
    size_t base_count;
    const struct paper_block *articles; /* what is resolved */
    size_t article_count;
};

/* The parts of the paper, in `arena` or borrowed. ERR_NO_MEMORY, ERR_FORMAT. */
MUST_USE enum err resolution_pdf_compose(const struct resolution *resolution, struct arena *arena,
                                         struct paper *ret_paper);
/* Errors as paper_pdf_write(). */
MUST_USE enum err resolution_pdf_write(const struct resolution *resolution, struct buffer *ret_pdf);

#endif

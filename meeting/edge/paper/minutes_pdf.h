/* Minutes (biên bản) as a PDF: mẫu 1.9 of Nghị định 30/2020/NĐ-CP, Appendix III: no place and date
 * in its head, thư ký signs on the left and chủ tọa on the right, "Nơi nhận" below. The clerk's
 * field is the number alone: the date of minutes is that of their closing sentence. */
#ifndef MEETING_EDGE_PAPER_MINUTES_PDF_H
#define MEETING_EDGE_PAPER_MINUTES_PDF_H

#include "base/buffer.h"
#include "meeting/edge/paper/compose.h"

/* All texts UTF-8; NULL or "" where a thing is absent. Borrowed for the call. */
struct minutes_paper {
    const char *parent_body;  /* cơ quan chủ quản; may be absent */
    const char *issuing_body; /* cơ quan ban hành */
    const char *symbol;       /* behind "/BB-", e.g. "UBND" */
    const char *subject;      /* trích yếu: "Họp giao ban …" */
    utc_ms_t start;
    utc_ms_t end;
    const char *place;
    struct paper_person chair;
    struct paper_person secretary;
    const struct paper_person *attendees; /* present, without chair and secretary */
    size_t attendee_count;
    const struct paper_person *absentees;
    size_t absentee_count;
    const struct paper_block *blocks; /* nội dung */
    size_t block_count;
    const struct paper_annex *annexes;
    size_t annex_count;
    const char *const *recipients; /* "Nơi nhận", without "Lưu", which is always last */
    size_t recipient_count;
    const char *code; /* verification code, 16 base32 characters */
    const char *url;  /* what the QR code says: https://…/v/CODE */
};

/* The parts of the paper, in `arena` or borrowed. ERR_NO_MEMORY. */
MUST_USE enum err minutes_pdf_compose(const struct minutes_paper *minutes, struct arena *arena,
                                      struct paper *ret_paper);

/* Errors as paper_pdf_write(). */
MUST_USE enum err minutes_pdf_write(const struct minutes_paper *minutes, struct buffer *ret_pdf);

#endif

/* Minutes (biên bản) as a PDF: mẫu 1.9 of Nghị định 30/2020/NĐ-CP, Appendix III, laid out after its
 * Appendix I, with empty signature fields where secretary, chair and agency will sign.
 *
 *   PARENT BODY                 CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
 *   ISSUING BODY                   Độc lập - Tự do - Hạnh phúc
 *   ────────                       ───────────────────────────
 *   Số:      /BB-…                        (no place and date: 1.9 has none)
 *                         BIÊN BẢN
 *                          subject
 *   …                                                      ┌──┐
 *   THƯ KÝ                                CHỦ TỌA          │QR│
 *   name                                  name             └──┘
 *   Nơi nhận: …
 *
 * Pure but for fontconfig, which must find Tinos (fonts-croscore); no other font is ever embedded.
 * One call, one thread; several threads may each make one. Times are written in UTC+7. */
#ifndef MEETING_EDGE_PAPER_MINUTES_PDF_H
#define MEETING_EDGE_PAPER_MINUTES_PDF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"
#include "base/err.h"
#include "base/units.h"

/* Names of the signature fields. */
#define PAPER_FIELD_SECRETARY "secretary"
#define PAPER_FIELD_CHAIR "chair"
#define PAPER_FIELD_AGENCY "agency"

enum paper_block_type { PAPER_HEADING, PAPER_PARAGRAPH, PAPER_ITEM };

struct paper_run {
    const char *text; /* UTF-8, NFC */
    bool bold;
    bool italic;
};

struct paper_block {
    enum paper_block_type type;
    const struct paper_run *runs;
    size_t run_count;
};

struct paper_person {
    const char *name;
    const char *position; /* chức vụ; "" or NULL if none */
    const char *unit;     /* cơ quan, đơn vị; "" or NULL if none */
    const char *note; /* "có mặt từ 08 giờ 05", "vắng có lý do"; "" or NULL if none */
};

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
    const char *const *recipients; /* "Nơi nhận", without "Lưu", which is always last */
    size_t recipient_count;
    const char *code; /* verification code, 16 base32 characters */
    const char *url;  /* what the QR code says: https://…/v/CODE */
};

/* ERR_LIMIT when there are more pages than LIMIT_DOCUMENT_PAGES, ERR_FORMAT for text that is not
 * UTF-8, ERR_UNKNOWN when Tinos lacks a letter that is used, ERR_IO when it is not installed,
 * ERR_NO_MEMORY. */
MUST_USE enum err minutes_pdf_write(const struct minutes_paper *paper, struct buffer *ret_pdf);

#endif

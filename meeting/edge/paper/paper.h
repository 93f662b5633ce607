/* An official paper as plain values: what stands on it, in the words of Nghị định 30/2020/NĐ-CP,
 * Appendix I; how it looks is paper_layout.h's. The four kinds that a meeting makes share its
 * parts:
 *
 *   PARENT BODY                 CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
 *   ISSUING BODY                   Độc lập - Tự do - Hạnh phúc
 *   ────────                       ───────────────────────────
 *   Số:   /GM-…                    Place, ngày … tháng … năm …    (not in the minutes)
 *   ┌─────────┐
 *   │ HỎA TỐC │                     KIND
 *   └─────────┘                    subject
 *                                  ───────
 *   body: paragraphs, headings, lists, tables
 *
 *   Nơi nhận:                                     TM. BODY
 *   - …;                                          KT. HEAD'S TITLE
 *   - Lưu: VT, ….                                 SIGNER'S TITLE
 *                                                 name
 *
 * minutes_pdf.h, invitation_pdf.h, conclusion_pdf.h and resolution_pdf.h fill it for their kind.
 * All texts UTF-8, NFC; NULL or "" where a thing is absent. Borrowed for the call. */
#ifndef MEETING_EDGE_PAPER_PAPER_H
#define MEETING_EDGE_PAPER_PAPER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/units.h"

/* -- fields and their geometry: what signing relies on -------------------------------------------
 */

/* Signature fields. A paper signed by one person has PAPER_FIELD_SIGNER. */
#define PAPER_FIELD_SECRETARY "secretary"
#define PAPER_FIELD_CHAIR "chair"
#define PAPER_FIELD_SIGNER "signer"
#define PAPER_FIELD_AGENCY "agency"
/* Text fields that the clerk fills; absent where the paper was made with its number and date. */
#define PAPER_FIELD_NUMBER "number"
#define PAPER_FIELD_DATE "date"

/* A person's signature stands between title and name (Appendix I, II.7.d) … */
#define PAPER_SIGN_WIDTH_MM 60.0
#define PAPER_SIGN_HEIGHT_MM 28.0
/* … and the agency's seal, at its true size, covers this share of it on its left (II.8.a). */
#define PAPER_SEAL_SIDE_MM 36.0
#define PAPER_SEAL_SHARE (1.0 / 3)
/* Room for what is written in by hand or by the clerk. PAPER_FIELD_NUMBER is the first of these
 * gaps, in type of 13 upright; PAPER_FIELD_DATE begins at "ngày" and holds the other three, in 13
 * italic, each behind its word ("ngày", "tháng", "năm") and a space. */
#define PAPER_NUMBER_GAP_MM 14
#define PAPER_DAY_GAP_MM 7
#define PAPER_MONTH_GAP_MM 7
#define PAPER_YEAR_GAP_MM 10

/* -- body ----------------------------------------------------------------------------------------
 */

struct paper_run {
    const char *text; /* ☐ and ☑ (U+2610, U+2611) are drawn: Tinos has neither */
    bool bold;
    bool italic;
};

enum paper_block_type {
    PAPER_HEADING,
    PAPER_PARAGRAPH,
    PAPER_ITEM,    /* "- " before it */
    PAPER_LISTED,  /* one of several lines that are one list to the eye */
    PAPER_BASIS,   /* căn cứ: italic */
    PAPER_CENTRED, /* bold, in the middle: "QUYẾT NGHỊ:" */
    PAPER_TABLE,   /* `table` instead of runs */
};

enum paper_align { PAPER_ALIGN_LEFT, PAPER_ALIGN_CENTRE, PAPER_ALIGN_RIGHT };

struct paper_column {
    const char *title;
    double share; /* of the table's width: of the sum of all shares */
    enum paper_align align;
};

enum { PAPER_COLUMNS_MAX = 12 };

struct paper_table {
    const struct paper_column *columns;
    size_t column_count;      /* 1 … PAPER_COLUMNS_MAX */
    const char *const *cells; /* row by row */
    size_t row_count;
};

struct paper_block {
    enum paper_block_type type;
    const struct paper_run *runs;
    size_t run_count;
    const struct paper_table *table;
    bool keep_next; /* no page ends behind it */
};

/* -- the parts around it -------------------------------------------------------------------------
 */

enum paper_kind {
    PAPER_MINUTES,    /* biên bản, mẫu 1.9 */
    PAPER_INVITATION, /* giấy mời, mẫu 1.7 */
    PAPER_NOTICE,     /* thông báo, mẫu 1.4 */
    PAPER_RESOLUTION, /* nghị quyết, mẫu 1.1 */
    PAPER_KIND_COUNT,
};

enum paper_urgency {
    PAPER_NOT_URGENT,
    PAPER_URGENT,      /* KHẨN, 20 × 8 mm */
    PAPER_VERY_URGENT, /* THƯỢNG KHẨN, 40 × 8 mm */
    PAPER_IMMEDIATE,   /* HỎA TỐC, 30 × 8 mm */
    PAPER_URGENCY_COUNT,
};

/* By what right somebody signs (Appendix I, II.7.b). Signing on behalf of a body (TM.) may come
 * together with any of them: "TM. ỦY BAN NHÂN DÂN / KT. CHỦ TỊCH / PHÓ CHỦ TỊCH". */
enum paper_right {
    PAPER_OWN,          /* as head, or under a title of one's own */
    PAPER_ACTING_HEAD,  /* Q.: entrusted with the head's office */
    PAPER_FOR_HEAD,     /* KT.: a deputy in the head's place */
    PAPER_BY_ORDER,     /* TL. */
    PAPER_BY_AUTHORITY, /* TUQ. */
};

struct paper_signer {
    const char *behalf; /* the body behind "TM."; absent: none */
    enum paper_right right;
    const char *head;  /* KT., TL., TUQ.: the head's title */
    const char *title; /* the signer's own */
    const char *name;
    const char *field;   /* PAPER_FIELD_… */
    const char *tooltip; /* what a screen reader says of the field */
};

enum { PAPER_SIGNERS_MAX = 2 };

struct paper_annex {
    const char *title; /* may be absent */
    const struct paper_block *blocks;
    size_t block_count;
};

struct paper {
    enum paper_kind kind;
    const char *parent_body;  /* cơ quan chủ quản */
    const char *issuing_body; /* cơ quan ban hành */
    const char *symbol;       /* behind "/BB-" */
    uint32_t number;          /* 0: the clerk gives it; a gap and a field */
    const char *place;        /* địa danh; not in minutes */
    utc_ms_t date;            /* of issue; 0: the clerk gives it; gaps and a field */
    utc_ms_t made_at;         /* the file's own date: of what it tells, so that it never differs */
    const char *subject;      /* trích yếu */
    enum paper_urgency urgency;
    const char *circulation; /* "LƯU HÀNH NỘI BỘ" */
    const struct paper_block *blocks;
    size_t block_count;
    struct paper_signer signers[PAPER_SIGNERS_MAX]; /* the last one, on the right, gets the seal */
    size_t signer_count;
    const char *const *recipients; /* without "Lưu", which is always last */
    size_t recipient_count;
    const char *kept; /* behind "Lưu: ": "VT, Hồ sơ" */
    const struct paper_annex *annexes;
    size_t annex_count;
    const char *code; /* verification code; absent: no QR code */
    const char *url;  /* what the QR code says: https://…/v/CODE */
};

/* "BIÊN BẢN", "Biên bản", "BB": of the table in Appendix III, I. */
const char *paper_kind_title(enum paper_kind kind);
const char *paper_kind_name(enum paper_kind kind);
const char *paper_kind_code(enum paper_kind kind);

#endif

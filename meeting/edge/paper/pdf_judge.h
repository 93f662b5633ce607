/* The verifier's half that knows keys and times: timestamps, signatures, chains; for pdf_verify.c
 * alone. */
#ifndef MEETING_EDGE_PAPER_PDF_JUDGE_H
#define MEETING_EDGE_PAPER_PDF_JUDGE_H

#include "meeting/edge/paper/pdf_dss.h"
#include "meeting/edge/paper/pdf_signature.h"
#include "meeting/edge/paper/pdf_verify.h"

/* A revision that is allowed in itself. */
struct judge_step {
    size_t revision;
    struct pdf_change change;
    struct pdf_signature read;          /* of a signature or timestamp */
    const char *code;                   /* NULL: it could be read */
    uint8_t sha256[CERTS_SHA256_BYTES]; /* of its byte range */
    utc_ms_t seen_by;                   /* time of the oldest timestamp behind it; 0: none */
};

struct judge {
    const struct pdf_map *map;
    const struct certs_trust *trust;
    utc_ms_t at;
    struct judge_step steps[PDF_REVISIONS_MAX]; /* in the order of the file */
    size_t step_count;
    struct pdf_dss dss;
    struct certs_archive archive; /* the same, and what of it has served */
    bool used[PDF_DSS_KINDS][PDF_DSS_ITEMS_MAX];
    struct certs_memo memo; /* what is worked out on the way */
};

/* Judges all of them and lists them in the report. */
void pdf_judge(struct judge *judge, struct verify_report *report);

/* The reason's code; NULL for none. */
const char *pdf_judge_code(enum certs_fault fault);
/* Likewise of a timestamp. */
const char *pdf_judge_stamp_code(enum certs_fault fault);

/* The file is not valid, and the first reason given stands. */
void pdf_verify_refuse(struct verify_report *report, enum verify_verdict verdict, const char *code);

#endif

/* The verifier of signed papers: what it calls valid is whole, signed by whom it says, and changed
 * by nothing but the revisions it lists. It explains every refusal and never repairs.
 *
 * Two profiles. Files by other software are judged by foreign_verify.h, which may also answer that
 * it cannot tell. Files that this house writes, or that say so, are judged strictly. Order:
 *   1. revision map: every byte of the file belongs to the header, to an object that a
 *      cross-reference table lists, or to that table; each revision ends at an %%EOF
 *   2. bans in catalogue and pages (actions, scripts, layers, XFA, foreign annotations)
 *   3. each revision's difference from the one before: one signature, the clerk's number and date,
 *      or validation data with a document timestamp (pdf_diff.h)
 *   4. each signature: ByteRange = [0 a b c], gap exactly the Contents, end = its revision's end
 *   5. document timestamps, newest first: the newest must hold now, an older one at the time of the
 *      next (so that they may be renewed for ever)
 *   6. CMS, its timestamp, and the chain at the trusted time, by the proofs that the file carries
 *   7. what the clerk filled in is vouched for by the agency; what the archive holds, is needed
 *
 * Nothing outside the file is asked but the anchors. Runs on bytes of strangers: the server calls
 * it only in the sandboxed child (sandbox.h). */
#ifndef MEETING_EDGE_PAPER_PDF_VERIFY_H
#define MEETING_EDGE_PAPER_PDF_VERIFY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"
#include "base/bytes.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/units.h"
#include "certs/certs.h"
#include "meeting/edge/paper/pdf_diff.h"
#include "meeting/edge/paper/reason.h"

enum verify_time_source {
    VERIFY_TIME_CLAIMED,  /* the signer's word only */
    VERIFY_TIME_STAMP,    /* a timestamp of this signature */
    VERIFY_TIME_DOCUMENT, /* the first timestamp of the whole file after it */
};

enum verify_verdict {
    VERIFY_INVALID, /* something is wrong */
    VERIFY_VALID,
    VERIFY_UNSIGNED,
    VERIFY_UNSUPPORTED, /* made in a way that this program cannot answer for */
};

/* By whose rules the file was judged. */
enum verify_profile { VERIFY_PROFILE_HOUSE, VERIFY_PROFILE_OTHER };

enum { VERIFY_FIELD_BYTES = 64, VERIFY_FILLED_BYTES = 96, VERIFY_FILLED_MAX = 2 };

struct verify_signature {
    char field[VERIFY_FIELD_BYTES];         /* PAPER_FIELD_… */
    struct certs_signer signer;             /* its position is the Report's "role" */
    utc_ms_t at;                            /* claimed time, 0 if it has none */
    utc_ms_t trusted_at;                    /* it existed by then; 0: nobody vouches for a time */
    enum verify_time_source source;         /* who does */
    char stamped_by[CERTS_NAME_TEXT_BYTES]; /* the timestamp authority; "" if none */
    struct certs_history history;           /* of its certificates, by the file's proofs */
    bool covers_file;                       /* nothing was added behind what it covers */
    enum verify_verdict verdict;
    const struct paper_reason *reason; /* NULL when valid */
};

/* A text that the clerk filled in. */
struct verify_filled {
    char field[VERIFY_FIELD_BYTES]; /* PAPER_FIELD_NUMBER, PAPER_FIELD_DATE */
    char text[VERIFY_FILLED_BYTES]; /* "07"; "ngày 23 tháng 11 năm 2026" */
};

/* A timestamp of the whole file. */
struct verify_stamp {
    struct certs_timestamp facts;
    const struct paper_reason *reason; /* NULL when good */
};

/* One revision after the first, in the order of the file. */
struct verify_change {
    enum pdf_change_kind kind;
    char field[VERIFY_FIELD_BYTES]; /* signed, filled (the first of them), or the timestamp's */
};

/* What a revision did. */
enum verify_revision_kind {
    VERIFY_REVISION_UNKNOWN, /* the file could not be taken apart so far */
    VERIFY_REVISION_MADE,    /* the first */
    VERIFY_REVISION_SIGNED,
    VERIFY_REVISION_FILLED,
    VERIFY_REVISION_ARCHIVED,
    VERIFY_REVISION_REFUSED, /* something else */
};

/* A revision of the file: what stands before `end` is the file as it was then. */
struct verify_revision {
    size_t end;
    enum verify_revision_kind kind;
};

struct verify_report {
    enum verify_profile profile;
    enum verify_verdict verdict;       /* valid only if there are signatures and all are valid */
    const struct paper_reason *reason; /* NULL when valid; else the first thing that is wrong */
    struct verify_signature signatures[LIMIT_SIGNATURES_PER_FILE]; /* in the order of signing */
    size_t signature_count;
    struct verify_filled filled[VERIFY_FILLED_MAX];
    size_t filled_count;
    bool sealed;                                           /* the agency's signature is good */
    struct verify_stamp stamps[LIMIT_SIGNATURES_PER_FILE]; /* oldest first */
    size_t stamp_count;
    struct verify_change changes[PDF_REVISIONS_MAX];
    size_t change_count;
    struct verify_revision revisions[PDF_REVISIONS_MAX]; /* oldest first; none when unsigned */
    size_t revision_count;
    char sha256[2 * CERTS_SHA256_BYTES + 1];
    uint32_t pages;
};

/* Judges `file` as of time `at`. Never fails: what cannot be read is not valid. */
void pdf_verify(struct bytes file, const struct certs_trust *trust, utc_ms_t at,
                struct verify_report *ret_report);

/* The Report object of docs/protocol.md, without a final newline. */
MUST_USE enum err pdf_verify_write_json(const struct verify_report *report,
                                        struct buffer *ret_json);

/* "valid", "invalid", "unsigned", "unsupported". */
const char *verify_verdict_name(enum verify_verdict verdict);

#endif

/* Why a paper was refused: a stable code, and one sentence in each language that says it.
 *
 * One table for uploads (document.…) and for verification (pdf.…, revision.…, signature.…, cms.…,
 * certificate.…). Entries are static: a pointer to one never ends. */
#ifndef MEETING_EDGE_PAPER_REASON_H
#define MEETING_EDGE_PAPER_REASON_H

struct paper_reason {
    const char *code;
    const char *vi;
    const char *en;
};

/* Needs: `code` is in the table (asserted). */
const struct paper_reason *paper_reason_of(const char *code);
/* NULL when it is not. */
const struct paper_reason *paper_reason_find(const char *code);

#endif

/* What papers signed by one person share: agency, number, date, stamps, signer, recipients. */
#ifndef MEETING_EDGE_PAPER_LETTER_H
#define MEETING_EDGE_PAPER_LETTER_H

#include "base/buffer.h"
#include "meeting/edge/paper/compose.h"

/* All texts UTF-8; NULL or "" where a thing is absent. Borrowed for the call. */
struct letter {
    const char *parent_body;
    const char *issuing_body;
    const char *symbol; /* behind "/GM-" */
    uint32_t number;    /* 0: the clerk gives it */
    const char *place;  /* địa danh */
    utc_ms_t date;      /* 0: the clerk gives it */
    utc_ms_t made_at;   /* the file's own date */
    enum paper_urgency urgency;
    const char *circulation;
    struct paper_signer signer; /* its field and tooltip are set by us */
    const char *const *recipients;
    size_t recipient_count;
    const char *kept; /* behind "Lưu: " */
    const struct paper_annex *annexes;
    size_t annex_count;
    const char *code;
    const char *url;
};

/* The paper with `body`; gives ERR_NO_MEMORY when its arena failed. */
MUST_USE enum err letter_compose(const struct letter *letter, enum paper_kind kind,
                                 const char *subject, const struct compose *body,
                                 struct paper *ret_paper);

#endif

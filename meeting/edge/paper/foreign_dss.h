/* The document security store of a foreign file (ISO 32000-2, section 12.8.4.3), with or without
 * /VRI, its streams filtered or not. */
#ifndef MEETING_EDGE_PAPER_FOREIGN_DSS_H
#define MEETING_EDGE_PAPER_FOREIGN_DSS_H

#include "certs/certs.h"
#include "meeting/edge/paper/foreign_file.h"
#include "meeting/edge/paper/pdf_dss.h"

/* Which objects the store is made of. */
struct foreign_dss_parts {
    bool *lists;   /* by number: its dictionaries and arrays, whatever they lead to but streams */
    bool *streams; /* by number: its certificates and proofs */
};
/* `references`: how often each object is referred to; what others use too is no part of it. */
MUST_USE enum err foreign_dss_find(const struct foreign_file *file, const uint32_t *references,
                                   struct foreign_dss_parts *ret_parts);
void foreign_dss_parts_done(struct foreign_dss_parts *parts);

/* What it holds. */
struct foreign_dss {
    struct buffer items[PDF_DSS_KINDS][PDF_DSS_ITEMS_MAX];
    struct bytes bytes[PDF_DSS_KINDS][PDF_DSS_ITEMS_MAX];
    size_t counts[PDF_DSS_KINDS];
};
/* False: an item could not be read, or there are too many. To be ended by foreign_dss_done() in any
 * case. `ret_dss` starts as zeros. */
bool foreign_dss_read(const struct foreign_file *file, struct foreign_dss *ret_dss);
void foreign_dss_done(struct foreign_dss *dss);

#endif

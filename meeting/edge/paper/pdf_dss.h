/* The document security store (ISO 32000-2, section 12.8.4.3; ETSI EN 319 142-1, section 5.4.2):
 * certificates and proofs of their validity, so that the file can be judged from itself alone.
 *
 *   catalogue ─ /DSS ─► << /Type /DSS /Certs [ … ] /CRLs [ … ] /OCSPs [ … ] >>
 *                                        one stream each, DER, never taken out again
 *
 * Without /VRI: which proof belongs to which certificate, the proofs say themselves. */
#ifndef MEETING_EDGE_PAPER_PDF_DSS_H
#define MEETING_EDGE_PAPER_PDF_DSS_H

#include "base/buffer.h"
#include "base/err.h"
#include "meeting/edge/paper/pdf_map.h"

enum pdf_dss_kind { PDF_DSS_CERTIFICATES, PDF_DSS_CRLS, PDF_DSS_OCSPS, PDF_DSS_KINDS };

enum { PDF_DSS_ITEMS_MAX = 128, PDF_DSS_ITEM_BYTES_MAX = 1024 * 1024 };

struct pdf_dss_list {
    uint32_t numbers[PDF_DSS_ITEMS_MAX];   /* of the streams' objects */
    struct bytes items[PDF_DSS_ITEMS_MAX]; /* DER, borrowed from the file */
    size_t count;
};

struct pdf_dss {
    uint32_t number; /* of its object; 0: the file has none */
    struct pdf_dss_list lists[PDF_DSS_KINDS];
};

/* The store as `revision` shows it. False when it is not as pades_stamp_prepare() writes it. */
MUST_USE bool pdf_dss_read(const struct pdf_map *map, size_t revision, struct pdf_dss *ret_dss);
/* Its dictionary, the one spelling of these lists. */
MUST_USE enum err pdf_dss_write(const struct pdf_dss *dss, struct buffer *ret_text);
/* Adds an item under the number of an object yet to be written, unless one with the same bytes is
 * there. True when it was added; false also when the list is full. */
bool pdf_dss_add(struct pdf_dss *dss, enum pdf_dss_kind kind, uint32_t number, struct bytes item);

#endif

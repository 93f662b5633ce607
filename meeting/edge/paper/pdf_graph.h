/* Which objects a value leads to: for finding what nobody uses, and what may not be there. */
#ifndef MEETING_EDGE_PAPER_PDF_GRAPH_H
#define MEETING_EDGE_PAPER_PDF_GRAPH_H

#include <stdbool.h>

#include "base/err.h"
#include "meeting/edge/paper/pdf_map.h"

/* A set of object numbers seen from one revision. */
struct pdf_graph {
    const struct pdf_map *map;
    size_t revision;
    bool *seen; /* by number, size of the revision */
    uint32_t *queue;
    size_t queued;
    size_t count;
    bool dangling; /* some reference leads to no object */
};

MUST_USE enum err pdf_graph_init(struct pdf_graph *graph, const struct pdf_map *map,
                                 size_t revision);
void pdf_graph_done(struct pdf_graph *graph);

/* Adds every object that `value` leads to. */
void pdf_graph_walk(struct pdf_graph *graph, struct pdf_value value);

/* Whether `value`, nested ones included, holds a name that minutes have no use for: scripts,
 * actions, layers, embedded files, encryption. */
bool pdf_graph_is_active(struct pdf_value value);

#endif

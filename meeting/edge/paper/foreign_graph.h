/* Who leads to whom in a foreign file: its pages, what they lead to, and how often each object is
 * referred to, so that nothing can play two parts at once (a proof's list that is a page's, too).
 */
#ifndef MEETING_EDGE_PAPER_FOREIGN_GRAPH_H
#define MEETING_EDGE_PAPER_FOREIGN_GRAPH_H

#include <stdbool.h>
#include <stdint.h>

#include "meeting/edge/paper/foreign_file.h"

struct foreign_graph {
    uint32_t *references; /* by number: by other objects, not by trailers */
    bool *is_page;
    bool *of_pages; /* a page, or something that a page leads to */
    uint32_t *queue;
    uint32_t pages;
};

/* NULL, or the reason's code: "unsupported.irregular" (a page tree that is none, a reference with a
 * generation), "verify.failed". To be ended by foreign_graph_done() in any case. */
const char *foreign_graph_make(const struct foreign_file *file, struct foreign_graph *ret_graph);
void foreign_graph_done(struct foreign_graph *graph);

#endif

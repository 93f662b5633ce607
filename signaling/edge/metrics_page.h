/* What the server counts, in Prometheus' text format 0.0.4. The names stand in docs/metrics.md,
 * which a test holds against this page. */
#ifndef SIGNALING_EDGE_METRICS_PAGE_H
#define SIGNALING_EDGE_METRICS_PAGE_H

#include "base/buffer.h"
#include "signaling/edge/door.h"

/* Each appends to `text`; without memory it is shorter. */
void metrics_page_write(const struct door *door, struct buffer *text);
void metrics_health_write(const struct door *door, struct buffer *text);
__attribute__((format(printf, 2, 3))) void metrics_put(struct buffer *text, const char *format,
                                                       ...);

#endif

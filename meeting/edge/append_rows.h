/* The statements that one event becomes; for append.c alone. */
#ifndef MEETING_EDGE_APPEND_ROWS_H
#define MEETING_EDGE_APPEND_ROWS_H

#include "meeting/core/fold.h"
#include "meeting/edge/service.h"

/* The log's row, chained to the meeting's head, which moves on. ERR_IO, ERR_NO_MEMORY. */
MUST_USE enum err append_row(struct meeting_service *service, struct service_meeting *meeting,
                             struct store_batch *batch, const struct event_row *row,
                             struct bytes body);

/* What lists and the register show, in the same transaction; after the fold. ERR_NO_MEMORY. */
MUST_USE enum err append_projection(struct meeting_service *service,
                                    struct service_meeting *meeting, struct store_batch *batch,
                                    const struct event_row *row);

#endif

/* From jansson's tree to compact bytes. */
#ifndef MEETING_EDGE_PAPER_JSON_OUT_H
#define MEETING_EDGE_PAPER_JSON_OUT_H

#include <jansson.h>

#include "base/buffer.h"
#include "base/err.h"

/* Takes `json` over; NULL (a tree that could not be built) is ERR_NO_MEMORY. */
MUST_USE enum err json_out(json_t *json, struct buffer *ret_json);

#endif

/* The members of every event body: the tables behind event_json. */
#ifndef MEETING_PROTO_EVENT_SHAPES_H
#define MEETING_PROTO_EVENT_SHAPES_H

#include "meeting/proto/event.h"
#include "meeting/proto/json_shape.h"

/* Of a whole struct meeting_event. Needs: kind < EVENT_KIND_COUNT. */
const struct shape *event_shape_of(enum event_kind kind);

/* Of a struct minutes_block. */
extern const struct shape minutes_block_shape;

#endif

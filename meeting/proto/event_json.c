#include "meeting/proto/event_json.h"

#include <assert.h>
#include <string.h>

#include "base/limits.h"
#include "meeting/proto/event_shapes.h"
#include "meeting/proto/json_shape.h"

static int buffer_append(const char *data, size_t size, void *argument)
{
    struct buffer *buffer = argument;
    return buffer_put(buffer, (struct bytes){(const uint8_t *)data, size}) == ERR_OK ? 0 : -1;
}

/* Appends `object` canonically. On failure `body` is as it was. */
static enum err object_append(const json_t *object, struct buffer *body)
{
    size_t before = body->size;
    if (json_dump_callback(object, buffer_append, body, JSON_COMPACT | JSON_SORT_KEYS) != 0) {
        body->size = before;
        return ERR_NO_MEMORY;
    }
    if (body->size - before > LIMIT_EVENT_BODY_BYTES) {
        body->size = before;
        return ERR_LIMIT;
    }
    return ERR_OK;
}

enum err event_json_write(const struct meeting_event *event, struct buffer *body)
{
    assert(event->kind < EVENT_KIND_COUNT);
    json_t *object;
    enum err err = shape_write(event_shape_of(event->kind), event, &object);
    if (err != ERR_OK)
        return err;
    err = object_append(object, body);
    json_decref(object);
    return err;
}

enum err event_json_parse(enum event_kind kind, struct bytes body, struct arena *arena,
                          struct meeting_event *ret_event)
{
    assert(kind < EVENT_KIND_COUNT);
    if (body.size > LIMIT_EVENT_BODY_BYTES)
        return ERR_LIMIT;
    json_t *object;
    enum err err = shape_load(body, &object);
    if (err != ERR_OK)
        return err;
    struct meeting_event event;
    memset(&event, 0, sizeof event);
    event.kind = kind;
    err = shape_read(event_shape_of(kind), object, arena, &event, NULL);
    json_decref(object);
    if (err == ERR_OK)
        *ret_event = event;
    return err;
}

enum err event_json_write_secretly(struct bytes vote_cast_body, struct buffer *body)
{
    json_t *object;
    enum err err = shape_load(vote_cast_body, &object);
    if (err != ERR_OK)
        return err;
    json_object_del(object, "choice");
    err = object_append(object, body);
    json_decref(object);
    return err;
}

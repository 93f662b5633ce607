#include "sfu/core/train.h"

#include <assert.h>

struct trains trains_init(struct worker_send *sends, uint32_t max, uint8_t *arena, size_t size)
{
    return (struct trains){.sends = sends, .max = max, .at = arena, .end = arena + size};
}

static bool add_car(struct trains *trains, size_t plain, size_t size)
{
    if (!trains_joins(trains, plain))
        return false;
    struct worker_send *last = &trains->sends[trains->count - 1];
    size_t each = last->segment_size ? last->segment_size : last->size;
    assert(size <= each);
    last->segment_size = (uint16_t)each;
    last->size += size;
    trains->cars++;
    trains->open =
        size == each && trains->cars < LIMIT_GSO_SEGMENTS && last->size + each <= LIMIT_GSO_BYTES;
    return true;
}

void trains_add(struct trains *trains, const struct outlet *outlet, size_t plain, size_t size)
{
    assert(size <= (size_t)(trains->end - trains->at));
    if (!add_car(trains, plain, size)) {
        assert(trains->count < trains->max);
        trains->sends[trains->count++] = (struct worker_send){
            .to = outlet->to,
            .endpoint = outlet->endpoint,
            .data = trains->at,
            .size = size,
        };
        trains->cars = 1;
        trains->plain = plain;
        trains->open = plain != TRAIN_ALONE;
    }
    trains->at += size;
}

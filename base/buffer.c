#include "base/buffer.h"

#include <stdlib.h>
#include <string.h>

enum { BUFFER_FIRST_BYTES = 256 };

void buffer_done(struct buffer *buffer)
{
    free(buffer->data);
    *buffer = (struct buffer){0};
}

enum err buffer_reserve(struct buffer *buffer, size_t more)
{
    size_t need;
    if (__builtin_add_overflow(buffer->size, more, &need))
        return ERR_NO_MEMORY;
    if (need <= buffer->capacity)
        return ERR_OK;
    size_t capacity = buffer->capacity ? buffer->capacity : BUFFER_FIRST_BYTES;
    while (capacity < need)
        if (__builtin_mul_overflow(capacity, 2, &capacity))
            return ERR_NO_MEMORY;
    uint8_t *data = realloc(buffer->data, capacity);
    if (!data)
        return ERR_NO_MEMORY;
    buffer->data = data;
    buffer->capacity = capacity;
    return ERR_OK;
}

enum err buffer_put(struct buffer *buffer, struct bytes bytes)
{
    enum err err = buffer_reserve(buffer, bytes.size);
    if (err != ERR_OK)
        return err;
    if (bytes.size)
        memcpy(buffer->data + buffer->size, bytes.data, bytes.size);
    buffer->size += bytes.size;
    return ERR_OK;
}

struct bytes buffer_bytes(const struct buffer *buffer)
{
    return (struct bytes){buffer->data, buffer->size};
}

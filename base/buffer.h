/* Bytes that grow, for edges: files, documents, answers. One owner; buffer_done() frees. */
#ifndef BASE_BUFFER_H
#define BASE_BUFFER_H

#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/err.h"

struct buffer {
    uint8_t *data; /* NULL while nothing was ever put in */
    size_t size;
    size_t capacity;
};

/* A zeroed struct is an empty buffer. Accepts one that is done already. */
void buffer_done(struct buffer *buffer);
/* Room for `more` bytes behind the present ones. ERR_NO_MEMORY leaves the buffer as it was. */
MUST_USE enum err buffer_reserve(struct buffer *buffer, size_t more);
MUST_USE enum err buffer_put(struct buffer *buffer, struct bytes bytes);
struct bytes buffer_bytes(const struct buffer *buffer);

#endif

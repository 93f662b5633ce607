#include "signaling/core/multipart.h"

#include <stdbool.h>
#include <string.h>

enum { BOUNDARY_BYTES_MAX = 72, HEADERS_BYTES_MAX = 4096 }; /* "--" and 70 (RFC 2046) */

/* Where `wanted` begins in `text`; NULL: nowhere. */
static const uint8_t *find(struct bytes text, struct bytes wanted)
{
    return text.size < wanted.size ? NULL : memmem(text.data, text.size, wanted.data, wanted.size);
}

static struct bytes from(struct bytes text, const uint8_t *at)
{
    return (struct bytes){at, (size_t)(text.data + text.size - at)};
}

/* A file's part says filename="…" or filename*=… in its Content-Disposition. */
static bool is_file(struct bytes headers)
{
    static const char name[] = "filename";
    for (size_t i = 0; i + sizeof name - 1 <= headers.size; i++) {
        size_t n = 0;
        while (n < sizeof name - 1 && (headers.data[i + n] | 0x20) == name[n])
            n++;
        if (n == sizeof name - 1)
            return true;
    }
    return false;
}

/* The boundary with its two hyphens: the first line. Empty: the body is no multipart. */
static struct bytes boundary_of(struct bytes body)
{
    struct bytes none = {NULL, 0};
    size_t most = body.size < BOUNDARY_BYTES_MAX + 2 ? body.size : BOUNDARY_BYTES_MAX + 2;
    if (body.size < 4 || body.data[0] != '-' || body.data[1] != '-')
        return none;
    const uint8_t *end = find((struct bytes){body.data, most}, bytes_of("\r\n"));
    return end && end - body.data > 2 ? (struct bytes){body.data, (size_t)(end - body.data)} : none;
}

enum err multipart_find_file(struct bytes body, struct bytes *ret_file)
{
    struct bytes boundary = boundary_of(body);
    if (boundary.size == 0) {
        *ret_file = body;
        return ERR_OK;
    }
    struct bytes rest = from(body, body.data + boundary.size);
    for (;;) {
        if (rest.size < 2 || memcmp(rest.data, "\r\n", 2) != 0)
            return ERR_FORMAT; /* "--": the end, and there was no file */
        rest = from(rest, rest.data + 2);
        size_t most = rest.size < HEADERS_BYTES_MAX ? rest.size : HEADERS_BYTES_MAX;
        const uint8_t *blank = find((struct bytes){rest.data, most}, bytes_of("\r\n\r\n"));
        if (!blank)
            return ERR_FORMAT;
        struct bytes headers = {rest.data, (size_t)(blank - rest.data)};
        struct bytes content = from(rest, blank + 4);
        /* The line end before a boundary belongs to the boundary. */
        const uint8_t *end = content.data;
        while ((end = find(from(content, end), boundary)) != NULL &&
               (end - content.data < 2 || end[-2] != '\r' || end[-1] != '\n'))
            end++;
        if (!end)
            return ERR_FORMAT;
        if (is_file(headers)) {
            *ret_file = (struct bytes){content.data, (size_t)(end - content.data) - 2};
            return ERR_OK;
        }
        rest = from(content, end + boundary.size);
    }
}

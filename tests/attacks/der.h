/* Writing DER by hand, for CMS that no library would make: elements are opened and closed, lengths
 * follow. */
#ifndef TESTS_ATTACKS_DER_H
#define TESTS_ATTACKS_DER_H

#include <assert.h>
#include <string.h>

#include "base/buffer.h"
#include "base/text.h"

__attribute__((unused)) static void der_put(struct buffer *der, struct bytes bytes)
{
    enum err err = buffer_put(der, bytes);
    assert(err == ERR_OK);
}

__attribute__((unused)) static void der_hex(struct buffer *der, const char *hex)
{
    uint8_t bytes[64];
    size_t size = strlen(hex) / 2;
    enum err err = size <= sizeof bytes ? hex_parse(bytes_of(hex), bytes, size) : ERR_LIMIT;
    assert(err == ERR_OK);
    der_put(der, (struct bytes){bytes, size});
}

/* Gives what der_close() needs. */
__attribute__((unused)) static size_t der_open(struct buffer *der, uint8_t tag)
{
    der_put(der, (struct bytes){&tag, 1});
    return der->size;
}

__attribute__((unused)) static void der_close(struct buffer *der, size_t open)
{
    size_t size = der->size - open;
    uint8_t head[4] = {(uint8_t)size};
    size_t count = 1;
    assert(size < 1 << 24);
    if (size >= 0x80) {
        count = size > 0xFFFF ? 4 : size > 0xFF ? 3 : 2;
        head[0] = (uint8_t)(0x80 | (count - 1));
        for (size_t i = 1; i < count; i++)
            head[i] = (uint8_t)(size >> (8 * (count - 1 - i)));
    }
    der_put(der, (struct bytes){head, count});
    memmove(der->data + open + count, der->data + open, size);
    memcpy(der->data + open, head, count);
}

__attribute__((unused)) static void der_element(struct buffer *der, uint8_t tag, struct bytes bytes)
{
    size_t open = der_open(der, tag);
    der_put(der, bytes);
    der_close(der, open);
}

#endif

#include "base/text.h"

#include <string.h>

void hex_write(const uint8_t *data, size_t size, char *ret_text)
{
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0; i < size; i++) {
        ret_text[2 * i] = digits[data[i] >> 4];
        ret_text[2 * i + 1] = digits[data[i] & 15];
    }
    ret_text[2 * size] = '\0';
}

static int hex_digit(uint8_t c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

enum err hex_parse(struct bytes text, uint8_t *ret_data, size_t size)
{
    if (text.size != 2 * size)
        return ERR_FORMAT;
    for (size_t i = 0; i < text.size; i++)
        if (hex_digit(text.data[i]) < 0)
            return ERR_FORMAT;
    for (size_t i = 0; i < size; i++)
        ret_data[i] = (uint8_t)(hex_digit(text.data[2 * i]) * 16 + hex_digit(text.data[2 * i + 1]));
    return ERR_OK;
}

/* Length of the sequence that `lead` opens, 0 if it opens none; the smallest value it may hold. */
static size_t utf8_length(uint8_t lead, uint32_t *ret_smallest)
{
    if (lead < 0x80)
        return *ret_smallest = 1, lead ? 1 : 0;
    if (lead >= 0xc2 && lead < 0xe0)
        return *ret_smallest = 0x80, 2;
    if (lead >= 0xe0 && lead < 0xf0)
        return *ret_smallest = 0x800, 3;
    if (lead >= 0xf0 && lead < 0xf5)
        return *ret_smallest = 0x10000, 4;
    return 0;
}

bool utf8_valid(struct bytes text)
{
    for (size_t i = 0; i < text.size;) {
        uint32_t smallest = 0;
        size_t length = utf8_length(text.data[i], &smallest);
        if (length == 0 || length > text.size - i)
            return false;
        uint32_t value = length == 1 ? text.data[i] : text.data[i] & (0xffu >> (length + 1));
        for (size_t k = 1; k < length; k++) {
            if ((text.data[i + k] & 0xc0) != 0x80)
                return false;
            value = value << 6 | (text.data[i + k] & 0x3f);
        }
        if (value < smallest || value > 0x10ffff || (value >= 0xd800 && value < 0xe000))
            return false;
        i += length;
    }
    return true;
}

enum err id_parse(struct bytes text, uint64_t *ret_id)
{
    if (text.size == 0 || text.size > 19 || text.data[0] == '0')
        return ERR_FORMAT;
    uint64_t id = 0;
    for (size_t i = 0; i < text.size; i++) {
        if (text.data[i] < '0' || text.data[i] > '9')
            return ERR_FORMAT;
        id = id * 10 + (uint64_t)(text.data[i] - '0'); /* 19 digits stay below 2^64 */
    }
    if (id > INT64_MAX)
        return ERR_FORMAT;
    *ret_id = id;
    return ERR_OK;
}

enum err text_copy(char *ret_text, size_t capacity, struct bytes text)
{
    if (text.size >= capacity)
        return ERR_LIMIT;
    if (text.size)
        memcpy(ret_text, text.data, text.size);
    ret_text[text.size] = '\0';
    return ERR_OK;
}

#include "meeting/edge/paper/pdf_text.h"

#include <string.h>

enum { UNIT_DIGITS = 4 };

void pdf_text_put(struct pdf_update *update, const char *utf8)
{
    pdf_update_print(update, "<FEFF");
    for (const uint8_t *at = (const uint8_t *)utf8; *at;) {
        int more = *at < 0x80 ? 0 : *at < 0xE0 ? 1 : *at < 0xF0 ? 2 : 3;
        uint32_t c = more == 0 ? *at : *at & (0x3Fu >> more);
        for (at++; more > 0; more--, at++)
            c = c << 6 | (*at & 0x3Fu);
        if (c > 0xFFFF)
            pdf_update_print(update, "%04X%04X", 0xD7C0u + (c >> 10), 0xDC00u + (c & 0x3FF));
        else
            pdf_update_print(update, "%04X", c);
    }
    pdf_update_print(update, ">");
}

/* One unit of four digits; upper case only, as it is written. */
static bool read_unit(const uint8_t *digits, uint32_t *ret_unit)
{
    uint32_t unit = 0;
    for (size_t i = 0; i < UNIT_DIGITS; i++) {
        uint8_t c = digits[i];
        if (c >= '0' && c <= '9')
            unit = unit << 4 | (uint32_t)(c - '0');
        else if (c >= 'A' && c <= 'F')
            unit = unit << 4 | (uint32_t)(c - 'A' + 10);
        else
            return false;
    }
    *ret_unit = unit;
    return true;
}

static void write_utf8(struct wr *wr, uint32_t c)
{
    if (c < 0x80) {
        wr_u8(wr, (uint8_t)c);
        return;
    }
    if (c < 0x800) {
        wr_u8(wr, (uint8_t)(0xC0 | c >> 6));
    } else if (c < 0x10000) {
        wr_u8(wr, (uint8_t)(0xE0 | c >> 12));
        wr_u8(wr, (uint8_t)(0x80 | (c >> 6 & 0x3F)));
    } else {
        wr_u8(wr, (uint8_t)(0xF0 | c >> 18));
        wr_u8(wr, (uint8_t)(0x80 | (c >> 12 & 0x3F)));
        wr_u8(wr, (uint8_t)(0x80 | (c >> 6 & 0x3F)));
    }
    wr_u8(wr, (uint8_t)(0x80 | (c & 0x3F)));
}

enum err pdf_text_read(struct pdf_value value, char *ret_text, size_t capacity)
{
    static const char mark[] = "<FEFF";
    size_t size = value.text.size;
    if (value.kind != PDF_HEX || size < sizeof mark || (size - sizeof mark) % UNIT_DIGITS != 0 ||
        memcmp(value.text.data, mark, sizeof mark - 1) != 0)
        return ERR_FORMAT;
    struct wr wr = wr_init((uint8_t *)ret_text, capacity);
    for (size_t at = sizeof mark - 1; at + 1 < size; at += UNIT_DIGITS) {
        uint32_t c = 0;
        uint32_t low = 0;
        if (!read_unit(value.text.data + at, &c) || c == 0 || (c >= 0xDC00 && c < 0xE000))
            return ERR_FORMAT;
        if (c >= 0xD800 && c < 0xDC00) {
            at += UNIT_DIGITS;
            if (at + 1 >= size || !read_unit(value.text.data + at, &low) || low < 0xDC00 ||
                low >= 0xE000)
                return ERR_FORMAT;
            c = ((c - 0xD7C0) << 10) + (low & 0x3FF);
        }
        write_utf8(&wr, c);
    }
    wr_u8(&wr, 0);
    return wr.failed ? ERR_LIMIT : ERR_OK;
}

#include "meeting/core/search_fold.h"

#include <stdbool.h>
#include <stddef.h>

/* Code points first to last, upper and lower case alike, stand for one plain letter (Unicode 15:
 * Latin-1 Supplement, Latin Extended-A and -B, Latin Extended Additional). */
static const struct {
    uint16_t first;
    uint16_t last;
    char letter;
} plain_letters[] = {
    {0x00c0, 0x00c5, 'a'}, {0x00c8, 0x00cb, 'e'}, {0x00cc, 0x00cf, 'i'}, {0x00d2, 0x00d6, 'o'},
    {0x00d9, 0x00dc, 'u'}, {0x00dd, 0x00dd, 'y'}, {0x00e0, 0x00e5, 'a'}, {0x00e8, 0x00eb, 'e'},
    {0x00ec, 0x00ef, 'i'}, {0x00f2, 0x00f6, 'o'}, {0x00f9, 0x00fc, 'u'}, {0x00fd, 0x00fd, 'y'},
    {0x0102, 0x0103, 'a'}, {0x0110, 0x0111, 'd'}, {0x0128, 0x0129, 'i'}, {0x0168, 0x0169, 'u'},
    {0x01a0, 0x01a1, 'o'}, {0x01af, 0x01b0, 'u'}, {0x1ea0, 0x1eb7, 'a'}, {0x1eb8, 0x1ec7, 'e'},
    {0x1ec8, 0x1ecb, 'i'}, {0x1ecc, 0x1ee3, 'o'}, {0x1ee4, 0x1ef1, 'u'}, {0x1ef2, 0x1ef9, 'y'},
};

enum { MARKS_FIRST = 0x0300, MARKS_LAST = 0x036f }; /* combining diacritical marks */

/* The code point at the start of `text` and its length; 0 when it is ill-formed or above U+FFFF,
 * where no Vietnamese letter is. */
static size_t point_at(struct bytes text, uint32_t *ret_point)
{
    uint8_t lead = text.data[0];
    size_t length = lead < 0x80 ? 1 : lead >= 0xe0 && lead < 0xf0 ? 3 : lead >= 0xc0 ? 2 : 0;
    if (length == 0 || lead >= 0xf0 || length > text.size)
        return 0;
    uint32_t point = length == 1 ? lead : lead & (0xffu >> (length + 1));
    for (size_t i = 1; i < length; i++) {
        if ((text.data[i] & 0xc0) != 0x80)
            return 0;
        point = point << 6 | (text.data[i] & 0x3f);
    }
    *ret_point = point;
    return length;
}

static char plain_letter(uint32_t point)
{
    if (point >= 'A' && point <= 'Z')
        return (char)(point - 'A' + 'a');
    if (point < 0x80)
        return (char)point;
    for (size_t i = 0; i < sizeof plain_letters / sizeof plain_letters[0]; i++)
        if (point >= plain_letters[i].first && point <= plain_letters[i].last)
            return plain_letters[i].letter;
    return 0;
}

enum err search_fold(struct bytes text, struct buffer *folded)
{
    size_t start = folded->size;
    enum err err = ERR_OK;
    while (err == ERR_OK && text.size > 0) {
        uint32_t point = 0;
        size_t length = point_at(text, &point);
        struct bytes whole = {text.data, length ? length : 1};
        text.data += whole.size;
        text.size -= whole.size;
        if (length == 0 || (point >= MARKS_FIRST && point <= MARKS_LAST))
            continue;
        uint8_t letter = (uint8_t)plain_letter(point);
        bool doubled =
            letter == ' ' && (folded->size == start || folded->data[folded->size - 1] == ' ');
        if (letter && !doubled)
            err = buffer_put(folded, (struct bytes){&letter, 1});
        else if (!letter)
            err = buffer_put(folded, whole);
    }
    if (folded->size > start && folded->data[folded->size - 1] == ' ')
        folded->size--;
    return err;
}

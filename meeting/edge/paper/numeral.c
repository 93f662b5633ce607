#include "meeting/edge/paper/numeral.h"

#include <assert.h>
#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>

void numeral_write_number(uint32_t number, char ret_text[NUMERAL_TEXT_BYTES])
{
    (void)snprintf(ret_text, NUMERAL_TEXT_BYTES, "%02" PRIu32, number);
}

void numeral_write_grouped(int64_t value, char ret_text[NUMERAL_TEXT_BYTES])
{
    char digits[NUMERAL_TEXT_BYTES];
    uint64_t size = value < 0 ? ~(uint64_t)value + 1 : (uint64_t)value;
    int count = snprintf(digits, sizeof digits, "%" PRIu64, size);
    char *to = ret_text;
    if (value < 0)
        *to++ = '-';
    for (int i = 0; i < count; i++) {
        if (i > 0 && (count - i) % 3 == 0)
            *to++ = '.';
        *to++ = digits[i];
    }
    *to = '\0';
}

void numeral_write_percent(uint64_t part, uint64_t whole, char ret_text[NUMERAL_TEXT_BYTES])
{
    assert(part <= UINT32_MAX && whole <= UINT32_MAX);
    uint64_t hundredths = whole ? (part * 20000 + whole) / (2 * whole) : 0;
    (void)snprintf(ret_text, NUMERAL_TEXT_BYTES, "%" PRIu64 ",%02" PRIu64 "%%", hundredths / 100,
                   hundredths % 100);
}

void numeral_write_roman(uint32_t number, char ret_text[NUMERAL_TEXT_BYTES])
{
    static const struct {
        uint32_t value;
        const char *letters;
    } steps[] = {{1000, "M"}, {900, "CM"}, {500, "D"}, {400, "CD"}, {100, "C"},
                 {90, "XC"},  {50, "L"},   {40, "XL"}, {10, "X"},   {9, "IX"},
                 {5, "V"},    {4, "IV"},   {1, "I"}};
    assert(number >= 1 && number <= 3999);
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++)
        for (; number >= steps[i].value; number -= steps[i].value)
            for (const char *letter = steps[i].letters; *letter; letter++)
                *ret_text++ = *letter;
    *ret_text = '\0';
}

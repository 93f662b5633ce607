#include "sfu/proto/sdp_line.h"

#include <string.h>

#include "base/limits.h"

struct sdp_lines sdp_lines_init(struct bytes text, uint32_t before)
{
    return (struct sdp_lines){text, before};
}

/* The next line without its end, which may be CRLF, LF or the end of the text. */
static struct bytes take_line(struct bytes *text)
{
    struct bytes line = sdp_take(text, '\n');
    if (line.size > 0 && line.data[line.size - 1] == '\r')
        line.size--;
    return line;
}

static bool is_clean(struct bytes line)
{
    for (size_t i = 0; i < line.size; i++)
        if ((line.data[i] < ' ' && line.data[i] != '\t') || line.data[i] == 0x7f)
            return false;
    return true;
}

enum err sdp_lines_check(struct bytes text, uint32_t *ret_line)
{
    uint32_t number = 0;
    while (text.size > 0) {
        struct bytes line = take_line(&text);
        enum err err = ERR_OK;
        number++;
        if (line.size > LIMIT_SDP_LINE_BYTES)
            err = ERR_LIMIT;
        else if (line.size < 2 || line.data[0] < 'a' || line.data[0] > 'z' || line.data[1] != '=' ||
                 !is_clean(line))
            err = ERR_FORMAT;
        if (err != ERR_OK) {
            *ret_line = number;
            return err;
        }
    }
    return ERR_OK;
}

bool sdp_lines_next(struct sdp_lines *lines, struct sdp_line *ret_line)
{
    if (lines->rest.size == 0)
        return false;
    struct bytes line = take_line(&lines->rest);
    lines->number++;
    ret_line->number = lines->number;
    ret_line->type = (char)line.data[0];
    ret_line->value = (struct bytes){line.data + 2, line.size - 2};
    return true;
}

bool sdp_line_attribute(const struct sdp_line *line, const char *name, struct bytes *ret_value)
{
    size_t size = strlen(name);
    if (line->type != 'a' || line->value.size < size || memcmp(line->value.data, name, size) != 0)
        return false;
    if (line->value.size == size) {
        *ret_value = (struct bytes){line->value.data + size, 0};
        return true;
    }
    if (line->value.data[size] != ':')
        return false;
    *ret_value = (struct bytes){line->value.data + size + 1, line->value.size - size - 1};
    return true;
}

struct bytes sdp_take(struct bytes *text, char separator)
{
    const uint8_t *at = text->size ? memchr(text->data, separator, text->size) : NULL;
    if (!at) {
        struct bytes all = *text;
        *text = (struct bytes){text->size ? text->data + text->size : text->data, 0};
        return all;
    }
    size_t size = (size_t)(at - text->data);
    struct bytes taken = {text->data, size};
    *text = (struct bytes){at + 1, text->size - size - 1};
    return taken;
}

struct bytes sdp_take_word(struct bytes *text)
{
    struct bytes word = {text->data, 0};
    while (text->size > 0 && word.size == 0)
        word = sdp_take(text, ' ');
    return word;
}

bool sdp_is(struct bytes text, const char *word)
{
    return bytes_equal(text, bytes_of(word));
}

static uint8_t lower(uint8_t c)
{
    return c >= 'A' && c <= 'Z' ? (uint8_t)(c + 'a' - 'A') : c;
}

bool sdp_is_caseless(struct bytes text, const char *word)
{
    struct bytes other = bytes_of(word);
    if (text.size != other.size)
        return false;
    for (size_t i = 0; i < text.size; i++)
        if (lower(text.data[i]) != lower(other.data[i]))
            return false;
    return true;
}

bool sdp_is_token(struct bytes text)
{
    static const char others[] = "!#$%&'*+-.^_`{|}~";
    for (size_t i = 0; i < text.size; i++) {
        uint8_t c = lower(text.data[i]);
        bool plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
        if (!plain && (c == '\0' || !strchr(others, c)))
            return false;
    }
    return text.size > 0;
}

bool sdp_number(struct bytes text, uint32_t max, uint32_t *ret_number)
{
    uint64_t number = 0;
    if (text.size == 0 || text.size > 10)
        return false;
    for (size_t i = 0; i < text.size; i++) {
        if (text.data[i] < '0' || text.data[i] > '9')
            return false;
        number = number * 10 + (uint64_t)(text.data[i] - '0');
    }
    if (number > max)
        return false;
    *ret_number = (uint32_t)number;
    return true;
}

#include "meeting/edge/paper/pdf_ends.h"

#include <assert.h>
#include <stdbool.h>
#include <string.h>

static bool is_space(uint8_t c)
{
    return c == ' ' || c == '\r' || c == '\n' || c == '\t';
}

static size_t skip_spaces_back(struct bytes file, size_t at)
{
    while (at > 0 && is_space(file.data[at - 1]))
        at--;
    return at;
}

/* Whether "startxref N" stands before `at`, with an N that leads somewhere: a linearized file has a
 * 0 behind its first part, which is no file without the rest. */
static bool has_startxref(struct bytes file, size_t at)
{
    static const char word[] = "startxref";
    const size_t word_size = sizeof word - 1;
    size_t end = skip_spaces_back(file, at);
    size_t start = end;
    bool leads = false;
    while (start > 0 && file.data[start - 1] >= '0' && file.data[start - 1] <= '9')
        leads |= file.data[--start] != '0';
    size_t word_end = skip_spaces_back(file, start);
    return leads && word_end < start && word_end >= word_size &&
           memcmp(file.data + word_end - word_size, word, word_size) == 0;
}

/* Behind the line break that follows, if one does. */
static size_t line_end(struct bytes file, size_t at)
{
    if (at < file.size && file.data[at] == '\r')
        at++;
    if (at < file.size && file.data[at] == '\n')
        at++;
    return at;
}

size_t pdf_ends_find(struct bytes file, size_t *ret_ends, size_t most)
{
    static const char mark[] = "%%EOF";
    const size_t mark_size = sizeof mark - 1;
    size_t count = 0;
    size_t at = 0;
    assert(most > 0);
    if (file.size == 0)
        return 0;
    while (count + 1 < most) {
        const uint8_t *found = memmem(file.data + at, file.size - at, mark, mark_size);
        if (!found)
            break;
        size_t start = (size_t)(found - file.data);
        at = start + mark_size;
        if (has_startxref(file, start) && line_end(file, at) < file.size)
            ret_ends[count++] = line_end(file, at);
    }
    ret_ends[count++] = file.size;
    return count;
}

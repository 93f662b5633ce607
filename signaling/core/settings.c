#include "signaling/core/settings.h"

#include <assert.h>
#include <string.h>

#include "base/text.h"

enum setting_type { TEXT, NUMBER, FLAG, CHOICE };

struct setting_row {
    enum setting_type type;
    const char *section;
    const char *key;
    const char *fallback;
    int64_t least;
    int64_t most;
    const char *unit; /* of a choice: its words, divided by spaces */
    const char *about;
};

static const struct setting_row ROWS[SETTING_COUNT] = {
#define X(name, type, section, key, fallback, least, most, unit, about)                            \
    [SETTING_##name] = {type, section, key, fallback, least, most, unit, about},
#include "signaling/core/settings_table.h"
#undef X
};

static enum err number_parse(struct bytes text, int64_t *ret_number)
{
    int64_t number = 0;
    if (text.size == 0 || text.size > 18)
        return ERR_FORMAT;
    for (size_t n = 0; n < text.size; n++) {
        if (text.data[n] < '0' || text.data[n] > '9')
            return ERR_FORMAT;
        number = number * 10 + (text.data[n] - '0');
    }
    *ret_number = number;
    return ERR_OK;
}

/* Which of the words, from 0. */
static enum err choice_parse(const char *words, struct bytes text, int64_t *ret_number)
{
    int64_t number = 0;
    while (*words) {
        size_t size = strcspn(words, " ");
        if (bytes_equal(text, (struct bytes){(const uint8_t *)words, size})) {
            *ret_number = number;
            return ERR_OK;
        }
        words += size + strspn(words + size, " ");
        number++;
    }
    return ERR_FORMAT;
}

static enum err value_set(struct settings *settings, size_t n, struct bytes value)
{
    const struct setting_row *row = &ROWS[n];
    int64_t number = 0;
    enum err err = ERR_OK;

    switch (row->type) {
    case TEXT:
        if (!utf8_valid(value))
            return ERR_FORMAT;
        return text_copy(settings->of[n].text, SETTINGS_TEXT_BYTES, value);
    case NUMBER:
        err = number_parse(value, &number);
        if (err == ERR_OK && (number < row->least || number > row->most))
            err = ERR_LIMIT;
        break;
    case FLAG:
        if (bytes_equal(value, bytes_of("yes")))
            number = 1;
        else if (!bytes_equal(value, bytes_of("no")))
            err = ERR_FORMAT;
        break;
    case CHOICE:
        err = choice_parse(row->unit, value, &number);
        break;
    }
    if (err == ERR_OK)
        settings->of[n].number = number;
    return err;
}

void settings_init(struct settings *settings)
{
    memset(settings, 0, sizeof *settings);
    for (size_t n = 0; n < SETTING_COUNT; n++) {
        enum err err = value_set(settings, n, bytes_of(ROWS[n].fallback));
        assert(err == ERR_OK); /* the table's own defaults are within its ranges */
        (void)err;
    }
}

enum err settings_set(struct settings *settings, struct bytes section, struct bytes key,
                      struct bytes value)
{
    for (size_t n = 0; n < SETTING_COUNT; n++)
        if (bytes_equal(section, bytes_of(ROWS[n].section)) &&
            bytes_equal(key, bytes_of(ROWS[n].key)))
            return value_set(settings, n, value);
    return ERR_UNKNOWN;
}

int64_t settings_number(const struct settings *settings, enum setting setting)
{
    assert(ROWS[setting].type == NUMBER);
    return settings->of[setting].number;
}

bool settings_flag(const struct settings *settings, enum setting setting)
{
    assert(ROWS[setting].type == FLAG);
    return settings->of[setting].number == 1;
}

uint32_t settings_choice(const struct settings *settings, enum setting setting)
{
    assert(ROWS[setting].type == CHOICE);
    return (uint32_t)settings->of[setting].number;
}

const char *settings_text(const struct settings *settings, enum setting setting)
{
    assert(ROWS[setting].type == TEXT);
    return settings->of[setting].text;
}

/* Comment lines of at most about 96 columns, broken at spaces. */
static void write_wrapped(struct wr *wr, const char *text)
{
    size_t column = 0;
    while (*text) {
        size_t word = strcspn(text, " ");
        if (column == 0 || column + 1 + word > 94) {
            wr_text(wr, column == 0 ? "#" : "\n#");
            column = 1;
        }
        wr_u8(wr, ' ');
        wr_bytes(wr, (struct bytes){(const uint8_t *)text, word});
        column += 1 + word;
        text += word;
        while (*text == ' ')
            text++;
    }
    wr_u8(wr, '\n');
}

void settings_write_example(struct wr *wr)
{
    const char *section = "";
    wr_text(wr, "# Diên Hồng. Every key is shown with its default; remove the # to change one.\n");
    for (size_t n = 0; n < SETTING_COUNT; n++) {
        const struct setting_row *row = &ROWS[n];
        if (strcmp(section, row->section) != 0) {
            section = row->section;
            wr_text(wr, "\n[");
            wr_text(wr, section);
            wr_text(wr, "]\n");
        }
        wr_u8(wr, '\n');
        write_wrapped(wr, row->about);
        if (row->type == NUMBER) {
            wr_text(wr, "# From ");
            wr_decimal(wr, (uint64_t)row->least);
            wr_text(wr, " to ");
            wr_decimal(wr, (uint64_t)row->most);
            if (*row->unit) {
                wr_u8(wr, ' ');
                wr_text(wr, row->unit);
            }
            wr_text(wr, ".\n");
        } else if (row->type == FLAG) {
            wr_text(wr, "# yes or no.\n");
        } else if (row->type == CHOICE) {
            wr_text(wr, "# One of: ");
            wr_text(wr, row->unit);
            wr_text(wr, ".\n");
        }
        wr_text(wr, "#");
        wr_text(wr, row->key);
        wr_text(wr, *row->fallback ? " = " : " =");
        wr_text(wr, row->fallback);
        wr_u8(wr, '\n');
    }
}

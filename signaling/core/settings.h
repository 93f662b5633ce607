/* The configuration: one table of keys, which checks what is read and writes the commented example.
 *
 * A key belongs to a section; its value is text, a number with unit and range, yes/no, or one of
 * a few words. The file is read by the edge (libinih), which hands over one value at a time. No
 * allocation, no file. */
#ifndef SIGNALING_CORE_SETTINGS_H
#define SIGNALING_CORE_SETTINGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/err.h"

enum { SETTINGS_TEXT_BYTES = 1024 };

enum setting {
#define X(name, type, section, key, fallback, least, most, unit, about) SETTING_##name,
#include "signaling/core/settings_table.h"
#undef X
    SETTING_COUNT,
};

struct settings {
    struct {
        int64_t number; /* of a number; 0 or 1 of a yes/no */
        char text[SETTINGS_TEXT_BYTES];
    } of[SETTING_COUNT];
};

/* Every key at its default. */
void settings_init(struct settings *settings);
/* ERR_UNKNOWN: no such key; ERR_FORMAT: not of its type; ERR_LIMIT: outside its range or too long.
 * On failure the value stays as it was. */
MUST_USE enum err settings_set(struct settings *settings, struct bytes section, struct bytes key,
                               struct bytes value);

/* Needs: a key of that type. */
int64_t settings_number(const struct settings *settings, enum setting setting);
bool settings_flag(const struct settings *settings, enum setting setting);
/* Which of its words, from 0. */
uint32_t settings_choice(const struct settings *settings, enum setting setting);
const char *settings_text(const struct settings *settings, enum setting setting);

/* The example file: every key with its meaning, unit, range and default, commented out. */
void settings_write_example(struct wr *wr);

#endif

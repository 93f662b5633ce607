#include "meeting/edge/paper/compose.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { BLOCKS_MIN = 16 };

const char *compose_text(struct arena *arena, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    int size = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    char *text = size < 0 ? NULL : arena_take(arena, (size_t)size + 1);
    if (!text)
        return "";
    va_start(arguments, format);
    (void)vsnprintf(text, (size_t)size + 1, format, arguments);
    va_end(arguments);
    return text;
}

void compose_add(struct compose *compose, struct paper_block block)
{
    if (compose->count == compose->capacity) {
        size_t capacity = compose->capacity ? 2 * compose->capacity : BLOCKS_MIN;
        struct paper_block *blocks = arena_take_list(compose->arena, capacity, sizeof *blocks);
        if (!blocks)
            return;
        if (compose->count > 0)
            memcpy(blocks, compose->blocks, compose->count * sizeof *blocks);
        compose->blocks = blocks;
        compose->capacity = capacity;
    }
    compose->blocks[compose->count++] = block;
}

static void add_run(struct compose *compose, enum paper_block_type type, const char *text,
                    bool keep_next)
{
    struct paper_run *run = arena_take(compose->arena, sizeof *run);
    if (!run)
        return;
    *run = (struct paper_run){.text = text};
    compose_add(compose, (struct paper_block){
                             .type = type, .runs = run, .run_count = 1, .keep_next = keep_next});
}

void compose_add_text(struct compose *compose, enum paper_block_type type, const char *text)
{
    add_run(compose, type, text, false);
}

void compose_add_lead(struct compose *compose, enum paper_block_type type, const char *text)
{
    add_run(compose, type, text, true);
}

const char *compose_stripped(struct arena *arena, const char *text)
{
    size_t size = strlen(text);
    while (size > 0 && (text[size - 1] == ' ' || text[size - 1] == '.' || text[size - 1] == ';' ||
                        text[size - 1] == '/'))
        size--;
    const char *stripped = arena_text(arena, text, size);
    return stripped ? stripped : "";
}

void compose_add_last(struct compose *compose, const struct paper_block *blocks, size_t count)
{
    for (size_t i = 0; i < count; i++)
        compose_add(compose, blocks[i]);
    if (count == 0 || compose->arena->failed)
        return;
    struct paper_block *last = &compose->blocks[compose->count - 1];
    if (last->type == PAPER_TABLE || last->run_count == 0)
        return;
    struct paper_run *runs = arena_take_list(compose->arena, last->run_count, sizeof *runs);
    if (!runs)
        return;
    memcpy(runs, last->runs, last->run_count * sizeof *runs);
    struct paper_run *end = &runs[last->run_count - 1];
    end->text = compose_text(compose->arena, "%s./.", compose_stripped(compose->arena, end->text));
    last->runs = runs;
}

static const char *part(struct arena *arena, const char *before, const char *text,
                        const char *behind)
{
    return text && *text ? compose_text(arena, "%s%s%s", before, text, behind) : "";
}

const char *compose_person(struct arena *arena, const struct paper_person *person)
{
    return compose_text(arena, "%s%s%s%s", person->name, part(arena, ", ", person->position, ""),
                        part(arena, ", ", person->unit, ""), part(arena, " (", person->note, ")"));
}

static void add_people_table(struct compose *compose, const struct paper_person *people,
                             size_t count)
{
    static const struct paper_column columns[] = {
        {.title = "STT", .share = 9, .align = PAPER_ALIGN_CENTRE},
        {.title = "Họ và tên", .share = 30},
        {.title = "Chức vụ, đơn vị", .share = 38},
        {.title = "Ghi chú", .share = 23},
    };
    enum { COLUMNS = sizeof columns / sizeof columns[0] };
    struct arena *arena = compose->arena;
    struct paper_table *table = arena_take(arena, sizeof *table);
    const char **cells = arena_take_list(arena, COLUMNS * count, sizeof *cells);
    if (!table || !cells)
        return;
    for (size_t i = 0; i < count; i++) {
        const struct paper_person *person = &people[i];
        bool both = person->position && *person->position && person->unit && *person->unit;
        const char **row = cells + COLUMNS * i;
        row[0] = compose_text(arena, "%zu", i + 1);
        row[1] = person->name;
        row[2] = compose_text(arena, "%s%s%s", person->position ? person->position : "",
                              both ? ", " : "", person->unit ? person->unit : "");
        row[3] = person->note;
    }
    *table = (struct paper_table){columns, COLUMNS, cells, count};
    compose_add(compose, (struct paper_block){.type = PAPER_TABLE, .table = table});
}

void compose_add_people(struct compose *compose, const struct paper_person *people, size_t count)
{
    if (count > COMPOSE_LISTED_MAX) {
        add_people_table(compose, people, count);
        return;
    }
    for (size_t i = 0; i < count; i++)
        compose_add_text(compose, PAPER_LISTED,
                         compose_text(compose->arena, "- %s%s",
                                      compose_person(compose->arena, &people[i]),
                                      i + 1 < count ? ";" : "."));
}

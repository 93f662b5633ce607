/* Making the body of a paper: blocks, one after the other, with their texts in an arena. Failure is
 * the arena's, sticky. */
#ifndef MEETING_EDGE_PAPER_COMPOSE_H
#define MEETING_EDGE_PAPER_COMPOSE_H

#include "base/err.h"
#include "meeting/edge/paper/paper.h"
#include "meeting/proto/arena.h"

struct compose {
    struct arena *arena;
    struct paper_block *blocks;
    size_t count;
    size_t capacity;
};

struct paper_person {
    const char *name;
    const char *position; /* chức vụ; "" or NULL if none */
    const char *unit;     /* cơ quan, đơn vị; "" or NULL if none */
    const char *note; /* "có mặt từ 08 giờ 05", "vắng có lý do"; "" or NULL if none */
};

/* A text made by printf's rules; "" without memory. */
__attribute__((format(printf, 2, 3))) const char *compose_text(struct arena *arena,
                                                               const char *format, ...);
/* Adds a block; the caller's runs and tables are borrowed. */
void compose_add(struct compose *compose, struct paper_block block);
/* Adds a block of plain text, which is borrowed too. */
void compose_add_text(struct compose *compose, enum paper_block_type type, const char *text);
/* As compose_add_text(), kept with what follows. */
void compose_add_lead(struct compose *compose, enum paper_block_type type, const char *text);
/* Copies of `blocks`; the last of them ends the paper: its full stop becomes "./.", as official
 * papers end. */
void compose_add_last(struct compose *compose, const struct paper_block *blocks, size_t count);
/* "- name, position, unit (note);" line by line, the last with a full stop; as a table with
 * running numbers when there are more than COMPOSE_LISTED_MAX. */
enum { COMPOSE_LISTED_MAX = 20 };
void compose_add_people(struct compose *compose, const struct paper_person *people, size_t count);
/* "name, position, unit (note)" */
const char *compose_person(struct arena *arena, const struct paper_person *person);
/* `text` without the full stops and blanks at its end. */
const char *compose_stripped(struct arena *arena, const char *text);

#endif

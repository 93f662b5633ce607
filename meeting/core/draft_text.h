/* Sentences into blocks: what minutes_draft.c writes with. */
#ifndef MEETING_CORE_DRAFT_TEXT_H
#define MEETING_CORE_DRAFT_TEXT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buffer.h"
#include "base/units.h"
#include "meeting/core/state.h"
#include "meeting/proto/arena.h"
#include "meeting/proto/minutes.h"

/* A draft being written: text gathers in `line` until a block takes it. */
struct draft {
    struct arena *arena;
    struct buffer line;
    struct minutes_block *blocks; /* room for LIMIT_MINUTES_BLOCKS */
    uint32_t block_count;
    size_t text_bytes;
    bool failed; /* sticky: no memory */
};

void draft_text(struct draft *draft, const char *text);
void draft_number(struct draft *draft, uint64_t number);
/* "08 giờ 05 phút": two digits, as official papers write times. */
void draft_hour(struct draft *draft, utc_ms_t at);
/* "ngày 05 tháng 01 năm 2026": days below 10 and the months 1 and 2 with a zero before them. */
void draft_date(struct draft *draft, utc_ms_t at);
/* "đồng chí Nguyễn Văn An, Chủ tịch Ủy ban nhân dân, Xã Hòa Bình": name, position and unit, as far
 * as known. */
void draft_person(struct draft *draft, const struct state_participant *participant);
/* "Nguyễn Văn An (Xã Hòa Bình)", for lists. */
void draft_name(struct draft *draft, const struct state_participant *participant);
/* Ends a sentence that somebody else wrote with a full stop, unless it ends already. */
void draft_stop(struct draft *draft);
/* "75,00%" of `whole`; "0,00%" of nothing. */
void draft_percent(struct draft *draft, uint32_t part, uint32_t whole);

/* Makes a block of the line, behind a bold `label` (may be NULL), and empties it. What goes beyond
 * the bounds of saved minutes is left out. */
void draft_block(struct draft *draft, enum block_type type, const char *label);

#endif

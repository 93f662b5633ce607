#include "meeting/core/draft_text.h"

#include <string.h>

#include "base/limits.h"
#include "meeting/core/local_time.h"
#include "meeting/core/minutes_draft.h"

void draft_text(struct draft *draft, const char *text)
{
    if (buffer_put(&draft->line, bytes_of(text)) != ERR_OK)
        draft->failed = true;
}

void draft_number(struct draft *draft, uint64_t number)
{
    char text[24] = {0};
    struct wr wr = wr_init((uint8_t *)text, sizeof text - 1);
    wr_decimal(&wr, number);
    draft_text(draft, text);
}

static void draft_two_digits(struct draft *draft, uint64_t number)
{
    if (number < 10)
        draft_text(draft, "0");
    draft_number(draft, number);
}

void draft_hour(struct draft *draft, utc_ms_t at)
{
    struct local_time local = local_time_of(at, MINUTES_DRAFT_ZONE_MINUTES);
    draft_two_digits(draft, local.hour);
    draft_text(draft, " giờ ");
    draft_two_digits(draft, local.minute);
    draft_text(draft, " phút");
}

void draft_date(struct draft *draft, utc_ms_t at)
{
    struct local_time local = local_time_of(at, MINUTES_DRAFT_ZONE_MINUTES);
    draft_text(draft, "ngày ");
    draft_two_digits(draft, local.day);
    draft_text(draft, local.month <= 2 ? " tháng 0" : " tháng ");
    draft_number(draft, local.month);
    draft_text(draft, " năm ");
    draft_number(draft, (uint64_t)local.year);
}

void draft_person(struct draft *draft, const struct state_participant *participant)
{
    draft_text(draft, "đồng chí ");
    draft_text(draft, participant->name);
    const char *more[] = {participant->position, participant->unit};
    for (size_t i = 0; i < 2; i++)
        if (more[i][0] && !(i == 1 && strstr(participant->position, more[i]))) {
            draft_text(draft, ", ");
            draft_text(draft, more[i]);
        }
}

void draft_name(struct draft *draft, const struct state_participant *participant)
{
    draft_text(draft, participant->name);
    if (!participant->unit[0])
        return;
    draft_text(draft, " (");
    draft_text(draft, participant->unit);
    draft_text(draft, ")");
}

void draft_stop(struct draft *draft)
{
    bool ends = draft->line.size > 0 && strchr(".?!;:", draft->line.data[draft->line.size - 1]);
    if (!ends)
        draft_text(draft, ".");
}

void draft_percent(struct draft *draft, uint32_t part, uint32_t whole)
{
    uint64_t hundredths = whole ? (part * UINT64_C(10000) + whole / 2) / whole : 0;
    draft_number(draft, hundredths / 100);
    draft_text(draft, ",");
    draft_two_digits(draft, hundredths % 100);
    draft_text(draft, "%");
}

void draft_block(struct draft *draft, enum block_type type, const char *label)
{
    size_t bytes = draft->line.size + (label ? strlen(label) : 0);
    if (draft->failed || draft->block_count == LIMIT_MINUTES_BLOCKS ||
        draft->text_bytes + bytes > LIMIT_MINUTES_BYTES) {
        draft->line.size = 0;
        return;
    }
    struct minutes_run *runs = arena_take_list(draft->arena, 2, sizeof *runs);
    const char *text = arena_text(draft->arena, (const char *)draft->line.data, draft->line.size);
    if (!runs || !text) {
        draft->failed = true;
        return;
    }
    uint32_t count = 0;
    if (label)
        runs[count++] = (struct minutes_run){.text = label, .bold = true};
    if (draft->line.size)
        runs[count++] = (struct minutes_run){.text = text};
    draft->blocks[draft->block_count++] =
        (struct minutes_block){.type = type, .run_count = count, .runs = runs};
    draft->text_bytes += bytes;
    draft->line.size = 0;
}

#include "meeting/edge/minutes_paper.h"

#include <string.h>

#include "meeting/core/minutes_draft.h"
#include "meeting/edge/service.h"

static const char *copy(struct arena *arena, const char *text)
{
    return arena_text(arena, text, strlen(text));
}

struct paper_person minutes_paper_person(struct arena *arena,
                                         const struct state_participant *participant)
{
    /* A position that names the unit already ("Chủ tịch UBND xã …") does not need it twice. */
    bool twice = strstr(participant->position, participant->unit) != NULL;
    return (struct paper_person){
        .name = copy(arena, participant->name),
        .position = copy(arena, participant->position),
        .unit = copy(arena, twice ? "" : participant->unit),
    };
}

/* Whoever was there at some time of the meeting; chair and secretary have lines of their own, and
 * technicians serve the meeting without being of it. */
static enum err attendees_make(const struct meeting_state *state, struct arena *arena,
                               struct minutes_paper *paper)
{
    struct paper_person *people = arena_take_list(arena, state->participant_count, sizeof *people);
    if (!people)
        return ERR_NO_MEMORY;
    for (uint32_t i = 2; i < state->participant_count; i++) {
        const struct state_participant *participant = &state->participants[i];
        uint32_t spans = participant->span_count;
        if (participant->capacity != CAPACITY_TECHNICIAN && spans > 0 &&
            participant->spans[spans - 1].out_at >= state->started_at)
            people[paper->attendee_count++] = minutes_paper_person(arena, participant);
    }
    paper->attendees = people;
    return ERR_OK;
}

static enum err blocks_make(const struct meeting_state *state, struct arena *arena,
                            struct minutes_paper *paper)
{
    static const enum paper_block_type type_of[BLOCK_TYPE_COUNT] = {
        [BLOCK_HEADING] = PAPER_HEADING,
        [BLOCK_PARAGRAPH] = PAPER_PARAGRAPH,
        [BLOCK_ITEM] = PAPER_ITEM,
    };
    struct minutes text;
    enum err err = minutes_text(state, arena, &text);
    if (err == ERR_OK)
        err = minutes_copy(text, arena, &text);
    struct paper_block *blocks =
        err == ERR_OK ? arena_take_list(arena, text.block_count, sizeof *blocks) : NULL;
    if (!blocks)
        return ERR_NO_MEMORY;
    for (uint32_t i = 0; i < text.block_count; i++) {
        const struct minutes_block *block = &text.blocks[i];
        struct paper_run *runs = arena_take_list(arena, block->run_count, sizeof *runs);
        if (!runs)
            return ERR_NO_MEMORY;
        for (uint32_t k = 0; k < block->run_count; k++)
            runs[k] =
                (struct paper_run){block->runs[k].text, block->runs[k].bold, block->runs[k].italic};
        blocks[i] = (struct paper_block){
            .type = type_of[block->type], .runs = runs, .run_count = block->run_count};
    }
    paper->blocks = blocks;
    paper->block_count = text.block_count;
    return ERR_OK;
}

/* The unit that has no other above it. */
const char *minutes_paper_body(const struct meeting_service *service, struct arena *arena)
{
    for (uint32_t i = 0; i < service->directory.unit_count; i++)
        if (service->directory.units[i]->unit.parent_id == 0)
            return copy(arena, service->directory.units[i]->unit.name);
    return "";
}

const char *minutes_paper_symbol(const char *body)
{
    static const char committee[] = "Ủy ban nhân dân";
    static const char council[] = "Hội đồng nhân dân";
    return strncmp(body, committee, sizeof committee - 1) == 0 ? "UBND"
           : strncmp(body, council, sizeof council - 1) == 0   ? "HĐND"
                                                               : NULL;
}

static const char *url_of(const struct meeting_service *service, const char *code,
                          struct arena *arena)
{
    struct buffer url = {0};
    enum err err = buffer_put(&url, bytes_of(service->public_url));
    if (err == ERR_OK)
        err = buffer_put(&url, bytes_of("/v/"));
    if (err == ERR_OK)
        err = buffer_put(&url, bytes_of(code));
    const char *text = err == ERR_OK ? arena_text(arena, (const char *)url.data, url.size) : NULL;
    buffer_done(&url);
    return text;
}

enum err minutes_paper_make(const struct meeting_service *service,
                            const struct meeting_state *state, const char *code,
                            struct arena *arena, struct minutes_paper *ret_paper)
{
    static const char *const recipients[] = {"Thành phần dự họp"};
    const char *body = minutes_paper_body(service, arena);
    if (!body)
        return ERR_NO_MEMORY;
    struct minutes_paper paper = {
        .issuing_body = body,
        .symbol = minutes_paper_symbol(body),
        .subject = copy(arena, state->title),
        .start = state->started_at,
        .end = state->ended_at,
        .place = copy(arena, state->place),
        .chair = minutes_paper_person(arena, &state->participants[0]),
        .secretary = minutes_paper_person(arena, &state->participants[1]),
        .recipients = recipients,
        .recipient_count = sizeof recipients / sizeof recipients[0],
        .code = copy(arena, code),
        .url = url_of(service, code, arena),
    };
    enum err err = attendees_make(state, arena, &paper);
    if (err == ERR_OK)
        err = blocks_make(state, arena, &paper);
    if (err != ERR_OK || arena->failed || !paper.url)
        return ERR_NO_MEMORY;
    *ret_paper = paper;
    return ERR_OK;
}

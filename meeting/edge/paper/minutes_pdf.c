#include "meeting/edge/paper/minutes_pdf.h"

#include "meeting/edge/paper/civil.h"
#include "meeting/edge/paper/paper_pdf.h"

/* A heading of a roll; with the number of people where they stand in a table. */
static void add_roll(struct compose *body, const char *label, const struct paper_person *people,
                     size_t count)
{
    if (count == 0)
        return;
    const char *lead = count > COMPOSE_LISTED_MAX
                           ? compose_text(body->arena, "%s: %zu người, gồm:", label, count)
                           : compose_text(body->arena, "%s:", label);
    compose_add_lead(body, PAPER_PARAGRAPH, lead);
    compose_add_people(body, people, count);
}

static void add_facts(struct compose *body, const struct minutes_paper *minutes)
{
    char moment[CIVIL_TEXT_BYTES];
    struct arena *arena = body->arena;
    civil_write_moment(minutes->start, moment);
    compose_add_text(body, PAPER_PARAGRAPH, compose_text(arena, "Thời gian bắt đầu: %s.", moment));
    compose_add_text(body, PAPER_PARAGRAPH,
                     compose_text(arena, "Địa điểm: %s", minutes->place ? minutes->place : ""));
    add_roll(body, "Thành phần tham dự", minutes->attendees, minutes->attendee_count);
    add_roll(body, "Vắng mặt", minutes->absentees, minutes->absentee_count);
    compose_add_text(
        body, PAPER_PARAGRAPH,
        compose_text(arena, "Chủ trì (chủ tọa): %s.", compose_person(arena, &minutes->chair)));
    compose_add_text(body, PAPER_PARAGRAPH,
                     compose_text(arena, "Thư ký (người ghi biên bản): %s.",
                                  compose_person(arena, &minutes->secretary)));
    compose_add_lead(body, PAPER_PARAGRAPH, "Nội dung (theo diễn biến cuộc họp):");
}

enum err minutes_pdf_compose(const struct minutes_paper *minutes, struct arena *arena,
                             struct paper *ret_paper)
{
    struct compose body = {.arena = arena};
    char moment[CIVIL_TEXT_BYTES];
    add_facts(&body, minutes);
    for (size_t i = 0; i < minutes->block_count; i++)
        compose_add(&body, minutes->blocks[i]);
    civil_write_moment(minutes->end, moment);
    compose_add_text(&body, PAPER_PARAGRAPH,
                     compose_text(arena, "Cuộc họp kết thúc vào %s./.", moment));
    if (arena->failed)
        return ERR_NO_MEMORY;
    *ret_paper = (struct paper){
        .kind = PAPER_MINUTES,
        .parent_body = minutes->parent_body,
        .issuing_body = minutes->issuing_body,
        .symbol = minutes->symbol,
        .made_at = minutes->end,
        .subject = minutes->subject,
        .blocks = body.blocks,
        .block_count = body.count,
        .signers = {{.title = "THƯ KÝ",
                     .name = minutes->secretary.name,
                     .field = PAPER_FIELD_SECRETARY,
                     .tooltip = "Chữ ký của thư ký"},
                    {.title = "CHỦ TỌA",
                     .name = minutes->chair.name,
                     .field = PAPER_FIELD_CHAIR,
                     .tooltip = "Chữ ký của chủ tọa"}},
        .signer_count = 2,
        .recipients = minutes->recipients,
        .recipient_count = minutes->recipient_count,
        .kept = "VT, Hồ sơ",
        .annexes = minutes->annexes,
        .annex_count = minutes->annex_count,
        .code = minutes->code,
        .url = minutes->url,
    };
    return ERR_OK;
}

enum err minutes_pdf_write(const struct minutes_paper *minutes, struct buffer *ret_pdf)
{
    struct arena arena = {0};
    struct paper paper;
    enum err err = minutes_pdf_compose(minutes, &arena, &paper);
    if (err == ERR_OK)
        err = paper_pdf_write(&paper, ret_pdf);
    arena_done(&arena);
    return err;
}

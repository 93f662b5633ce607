#include "meeting/edge/paper/invitation_pdf.h"

#include "meeting/edge/paper/civil.h"
#include "meeting/edge/paper/paper_pdf.h"

static bool in_annex(const struct invitation *invitation)
{
    return invitation->invited_count > COMPOSE_LISTED_MAX;
}

/* "… trân trọng kính mời: …": one person in the same line, several in a list. */
static void add_invited(struct compose *body, const struct invitation *invitation)
{
    struct arena *arena = body->arena;
    const char *lead = compose_text(arena, "%s trân trọng kính mời:", invitation->host);
    if (in_annex(invitation)) {
        compose_add_text(body, PAPER_PARAGRAPH,
                         compose_text(arena, "%s %zu đại biểu có tên tại Phụ lục kèm theo.", lead,
                                      invitation->invited_count));
    } else if (invitation->invited_count == 1) {
        compose_add_text(
            body, PAPER_PARAGRAPH,
            compose_text(arena, "%s %s.", lead, compose_person(arena, invitation->invited)));
    } else {
        compose_add_lead(body, PAPER_PARAGRAPH, lead);
        compose_add_people(body, invitation->invited, invitation->invited_count);
    }
}

static void add_agenda(struct compose *body, const struct invitation *invitation)
{
    if (invitation->agenda_count == 0)
        return;
    compose_add_lead(body, PAPER_PARAGRAPH, "Nội dung:");
    for (size_t i = 0; i < invitation->agenda_count; i++)
        compose_add_text(body, PAPER_LISTED,
                         compose_text(body->arena, "%zu. %s%s", i + 1, invitation->agenda[i],
                                      i + 1 < invitation->agenda_count ? ";" : "."));
}

/* The people as an annex of their own. */
static void add_annex(const struct invitation *invitation, struct arena *arena, struct paper *paper)
{
    struct compose list = {.arena = arena};
    struct paper_annex *annexes = arena_take_list(arena, paper->annex_count + 1, sizeof *annexes);
    if (!annexes)
        return;
    compose_add_people(&list, invitation->invited, invitation->invited_count);
    annexes[0] = (struct paper_annex){"Danh sách đại biểu được mời", list.blocks, list.count};
    for (size_t i = 0; i < paper->annex_count; i++)
        annexes[i + 1] = paper->annexes[i];
    paper->annexes = annexes;
    paper->annex_count++;
}

enum err invitation_pdf_compose(const struct invitation *invitation, struct arena *arena,
                                struct paper *ret_paper)
{
    struct compose body = {.arena = arena};
    char moment[CIVIL_TEXT_BYTES];
    struct paper paper;
    add_invited(&body, invitation);
    compose_add_text(
        &body, PAPER_PARAGRAPH,
        compose_text(arena, "Tới dự: %s.", compose_stripped(arena, invitation->occasion)));
    compose_add_text(
        &body, PAPER_PARAGRAPH,
        compose_text(arena, "Chủ trì: %s.", compose_person(arena, &invitation->chair)));
    civil_write_moment(invitation->start, moment);
    compose_add_text(&body, PAPER_PARAGRAPH, compose_text(arena, "Thời gian: %s.", moment));
    compose_add_text(
        &body, PAPER_PARAGRAPH,
        compose_text(arena, "Địa điểm: %s.", compose_stripped(arena, invitation->place)));
    add_agenda(&body, invitation);
    const struct paper_run plea = {
        .text = "Đề nghị các đại biểu dự họp đúng thành phần và thời gian nêu trên."};
    const struct paper_block last = {.type = PAPER_PARAGRAPH, .runs = &plea, .run_count = 1};
    if (invitation->note_count > 0)
        compose_add_last(&body, invitation->notes, invitation->note_count);
    else
        compose_add_last(&body, &last, 1);
    enum err err =
        letter_compose(&invitation->letter, PAPER_INVITATION, invitation->subject, &body, &paper);
    if (err == ERR_OK && in_annex(invitation))
        add_annex(invitation, arena, &paper);
    if (err != ERR_OK || arena->failed)
        return ERR_NO_MEMORY;
    *ret_paper = paper;
    return ERR_OK;
}

enum err invitation_pdf_write(const struct invitation *invitation, struct buffer *ret_pdf)
{
    struct arena arena = {0};
    struct paper paper;
    enum err err = invitation_pdf_compose(invitation, &arena, &paper);
    if (err == ERR_OK)
        err = paper_pdf_write(&paper, ret_pdf);
    arena_done(&arena);
    return err;
}

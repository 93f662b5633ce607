#include "meeting/edge/record_paper.h"

#include <stdlib.h>
#include <string.h>

#include "meeting/edge/minutes_paper.h"
#include "meeting/edge/paper/invitation_pdf.h"
#include "meeting/edge/paper/notice_pdf.h"
#include "meeting/edge/paper/signer.h"
#include "meeting/edge/service.h"

struct meeting_paper {
    struct arena arena;
    enum paper_kind kind;
    union {
        struct invitation invitation;
        struct notice notice;
    } of;
};

/* -- what both share ----------------------------------------------------------------------------
 */

static const char *copy(struct arena *arena, const char *text)
{
    return arena_text(arena, text, strlen(text));
}

/* "cuộc họp giao ban …" of the title "Họp giao ban …", to stand inside a sentence. */
static const char *occasion_of(struct arena *arena, const char *title)
{
    static const struct {
        const char *first;
        const char *said;
    } kinds[] = {{"Họp", "cuộc họp"},
                 {"Cuộc họp", "cuộc họp"},
                 {"Phiên họp", "phiên họp"},
                 {"Hội nghị", "hội nghị"},
                 {"Hội thảo", "hội thảo"}};
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        size_t size = strlen(kinds[i].first);
        if (strncmp(title, kinds[i].first, size) == 0 && (!title[size] || title[size] == ' '))
            return compose_text(arena, "%s%s", kinds[i].said, title + size);
    }
    return compose_text(arena, "cuộc họp “%s”", title);
}

/* Địa danh: the name of the unit where the body has its seat (Nghị định 30/2020, II.4.a). */
static const char *place_of(struct arena *arena, const char *body)
{
    static const struct {
        const char *level;
        const char *said;
    } levels[] = {{" tỉnh ", ""},
                  {" thành phố ", "Thành phố "},
                  {" xã ", ""},
                  {" phường ", "Phường "},
                  {" đặc khu ", "Đặc khu "}};
    for (size_t i = 0; i < sizeof levels / sizeof *levels; i++) {
        const char *at = strstr(body, levels[i].level);
        if (at)
            return compose_text(arena, "%s%s", levels[i].said, at + strlen(levels[i].level));
    }
    return NULL;
}

static enum err letter_make(const struct meeting_service *service,
                            const struct meeting_state *state,
                            const struct meeting_paper_request *request, struct arena *arena,
                            struct letter *ret_letter)
{
    const struct state_participant *chair = &state->participants[0];
    const struct directory_user *signer =
        meeting_user_find(service, request->signer ? request->signer : chair->user_id);
    if (!signer)
        return ERR_UNKNOWN;
    const char *body = minutes_paper_body(service, arena);
    if (!body)
        return ERR_NO_MEMORY;
    *ret_letter = (struct letter){
        .issuing_body = body,
        .symbol = minutes_paper_symbol(body),
        .place = place_of(arena, body),
        .made_at = state->last_at,
        .urgency = request->urgency,
        .signer = signer_of_position(arena, copy(arena, signer->name),
                                     copy(arena, signer->position), body),
        .kept = "VT",
    };
    return ERR_OK;
}

/* -- invitation ---------------------------------------------------------------------------------
 */

/* All who are to come but the chair, who invites, and technicians, who serve the meeting. */
static size_t invited_make(const struct meeting_state *state, struct arena *arena,
                           const struct paper_person **ret_people)
{
    struct paper_person *people = arena_take_list(arena, state->participant_count, sizeof *people);
    size_t count = 0;
    for (uint32_t i = 1; people && i < state->participant_count; i++)
        if (state->participants[i].capacity != CAPACITY_TECHNICIAN)
            people[count++] = minutes_paper_person(arena, &state->participants[i]);
    *ret_people = people;
    return count;
}

static enum err invitation_make(const struct meeting_service *service,
                                const struct meeting_state *state,
                                const struct meeting_paper_request *request, struct arena *arena,
                                struct invitation *invitation)
{
    static const char *const recipients[] = {"Như trên"};
    enum err err = letter_make(service, state, request, arena, &invitation->letter);
    if (err != ERR_OK)
        return err;
    const char **agenda = arena_take_list(arena, state->agenda_count, sizeof *agenda);
    if (!agenda)
        return ERR_NO_MEMORY;
    for (uint32_t i = 0; i < state->agenda_count; i++)
        agenda[i] = copy(arena, state->agenda[i].title);
    invitation->agenda = agenda;
    invitation->agenda_count = state->agenda_count;
    invitation->invited_count = invited_make(state, arena, &invitation->invited);
    if (invitation->invited_count == 0)
        return arena->failed ? ERR_NO_MEMORY : ERR_WRONG_STATE;
    invitation->letter.recipients = recipients;
    invitation->letter.recipient_count = sizeof recipients / sizeof *recipients;
    invitation->subject = copy(arena, state->title);
    invitation->host = invitation->letter.issuing_body;
    invitation->occasion = occasion_of(arena, state->title);
    invitation->chair = minutes_paper_person(arena, &state->participants[0]);
    invitation->start = state->start_at;
    invitation->place = copy(arena, state->place);
    return ERR_OK;
}

/* -- notice of conclusions ----------------------------------------------------------------------
 */

/* Numbered when there are several. */
static const struct paper_block *conclusions_make(const struct meeting_state *state,
                                                  struct arena *arena)
{
    struct compose body = {.arena = arena};
    for (uint32_t i = 0; i < state->conclusion_count; i++) {
        const char *text = compose_stripped(arena, state->conclusions[i].text);
        compose_add_text(&body, PAPER_PARAGRAPH,
                         state->conclusion_count > 1 ? compose_text(arena, "%u. %s.", i + 1, text)
                                                     : compose_text(arena, "%s.", text));
    }
    return body.blocks;
}

static enum err notice_make(const struct meeting_service *service,
                            const struct meeting_state *state,
                            const struct meeting_paper_request *request, struct arena *arena,
                            struct notice *notice)
{
    static const char *const recipients[] = {"Thành phần dự họp"};
    if (!state->ended_at || state->conclusion_count == 0)
        return ERR_WRONG_STATE;
    enum err err = letter_make(service, state, request, arena, &notice->letter);
    if (err != ERR_OK)
        return err;
    notice->letter.recipients = recipients;
    notice->letter.recipient_count = sizeof recipients / sizeof *recipients;
    notice->meeting = occasion_of(arena, state->title);
    notice->chair = minutes_paper_person(arena, &state->participants[0]);
    notice->held_at = state->started_at;
    notice->place = copy(arena, state->place);
    notice->conclusions = conclusions_make(state, arena);
    notice->conclusion_count = state->conclusion_count;
    return ERR_OK;
}

/* -- both ---------------------------------------------------------------------------------------
 */

enum err meeting_paper_prepare(const struct meeting_service *service,
                               const struct meeting_paper_request *request,
                               struct meeting_paper **ret_paper)
{
    const struct meeting_state *state = meeting_state_of(service, request->meeting);
    if (!state)
        return ERR_UNKNOWN;
    if (request->kind != PAPER_INVITATION && request->kind != PAPER_NOTICE)
        return ERR_UNSUPPORTED;
    struct meeting_paper *paper = calloc(1, sizeof *paper);
    if (!paper)
        return ERR_NO_MEMORY;
    paper->kind = request->kind;
    enum err err =
        paper->kind == PAPER_INVITATION
            ? invitation_make(service, state, request, &paper->arena, &paper->of.invitation)
            : notice_make(service, state, request, &paper->arena, &paper->of.notice);
    if (err == ERR_OK && paper->arena.failed)
        err = ERR_NO_MEMORY;
    if (err != ERR_OK) {
        meeting_paper_free(paper);
        return err;
    }
    *ret_paper = paper;
    return ERR_OK;
}

enum err meeting_paper_write(const struct meeting_paper *paper, struct buffer *ret_pdf)
{
    return paper->kind == PAPER_INVITATION ? invitation_pdf_write(&paper->of.invitation, ret_pdf)
                                           : notice_pdf_write(&paper->of.notice, ret_pdf);
}

void meeting_paper_free(struct meeting_paper *paper)
{
    if (!paper)
        return;
    arena_done(&paper->arena);
    free(paper);
}

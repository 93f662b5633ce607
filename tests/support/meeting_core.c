#include "tests/support/meeting_core.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "meeting/proto/event_json.h"

#define MUST(condition)                                                                            \
    do {                                                                                           \
        if (!(condition)) {                                                                        \
            fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #condition);                        \
            abort();                                                                               \
        }                                                                                          \
    } while (0)

static void row_fold(struct meeting_state *state, uint64_t seq, const struct core_row *row)
{
    struct arena arena = {0};
    struct event_row event = {.seq = seq, .at = row->at, .actor = row->actor};
    MUST(event_json_parse(row->kind, buffer_bytes(&row->body), &arena, &event.event) == ERR_OK);
    MUST(fold(state, &event) == ERR_OK);
    arena_done(&arena);
}

static void decision_keep(struct meeting_core *core, const struct decision *decision,
                          uint64_t actor)
{
    for (uint32_t i = 0; i < decision->event_count; i++) {
        MUST(core->row_count < CORE_ROWS_MAX);
        struct core_row *row = &core->rows[core->row_count++];
        *row = (struct core_row){decision->events[i].kind, core->now, actor, {0}};
        MUST(event_json_write(&decision->events[i], &row->body) == ERR_OK);
        row_fold(&core->state, core->row_count, row);
        if (row->kind == EVENT_ISSUE_NUMBERED) {
            const struct state_issue *issue = state_issue_now(&core->state);
            MUST(number_book_take(&core->book, issue->year, issue->type, issue->symbol,
                                  issue->number) == ERR_OK);
        }
    }
}

static const struct invitee people[] = {
    {CORE_CHAIR, "Trần Đình Khôi", "Phó Chủ tịch", "Ủy ban nhân dân tỉnh Lam Giang", 0},
    {CORE_SECRETARY, "Lê Thị Thu Hà", "Chuyên viên", "Văn phòng Ủy ban nhân dân tỉnh", 0},
    {CORE_MEMBER, "Đỗ Văn Hưng", "Chủ tịch Ủy ban nhân dân", "Xã Hòa Bình", CAPACITY_MEMBER},
    {CORE_MEMBER_2, "Lò Thị Nhung", "Chủ tịch Ủy ban nhân dân", "Xã Mỹ Đức", CAPACITY_MEMBER},
    {CORE_OBSERVER, "Vũ Minh Châu", "Phóng viên", "Báo Lam Giang", CAPACITY_OBSERVER},
    {CORE_TECHNICIAN, "Ngô Anh Tú", "Kỹ thuật viên", "", CAPACITY_TECHNICIAN},
};

void core_open(struct meeting_core *core)
{
    memset(core, 0, sizeof *core);
    core->now = CORE_START;
    core->next_id = 5000;
    state_init(&core->state, CORE_MEETING);
    struct meeting_plan plan = {
        .actor = CORE_SECRETARY,
        .title = "Họp giao ban công tác chuyển đổi số",
        .place = "Phòng họp số 1",
        .start_at = CORE_START,
        .end_at = CORE_START + 7200000,
    };
    struct decide_world world = {.now = core->now, .next_id = &core->next_id};
    struct decision decision;
    decide_creation(&plan, &world, "ABCDEFGH23", &people[0], &people[1], &decision);
    MUST(!decision.refusal);
    decision_keep(core, &decision, CORE_SECRETARY);
    decision_done(&decision);
}

void core_close(struct meeting_core *core)
{
    state_done(&core->state);
    number_book_done(&core->book);
    for (uint32_t i = 0; i < core->row_count; i++)
        buffer_done(&core->rows[i].body);
}

const struct refusal *core_do(struct meeting_core *core, uint64_t actor,
                              struct meeting_command command)
{
    static const struct invited_unit units[] = {{CORE_UNIT, "Xã Hòa Bình"},
                                                {CORE_UNIT + 1, "Xã Mỹ Đức"}};
    static const char symbol[] = "UBND";
    core->now += 1000;
    command.meeting = CORE_MEETING;
    command.actor = actor;
    struct decide_world world = {
        .now = core->now,
        .next_id = &core->next_id,
        .office = core_office(actor),
        .symbol = symbol,
        .number = number_book_next(&core->book, number_year_of(core->now), ISSUE_MINUTES, symbol),
        .unit_count = 2,
        .units = units,
        .invitee_count = 4,
        .invitees = people + 2,
    };
    struct decision decision;
    decide(&core->state, &world, &command, &decision);
    const struct refusal *refusal = decision.refusal;
    MUST(!refusal || decision.event_count == 0);
    decision_keep(core, &decision, actor);
    decision_done(&decision);
    return refusal;
}

struct actor_office core_office(uint64_t user)
{
    bool receives = user == CORE_MEMBER || user == CORE_MEMBER_2;
    return (struct actor_office){
        .clerk = user == CORE_CLERK,
        .receives = receives,
        .unit_id = receives ? CORE_UNIT + (user - CORE_MEMBER) : 0,
    };
}

uint64_t core_participant(const struct meeting_core *core, uint64_t user)
{
    const struct state_participant *participant = state_user_find(&core->state, user);
    return participant ? participant->id : 0;
}

#define STEP(user, ...) MUST(!core_do(core, user, (struct meeting_command){__VA_ARGS__}))

static void sign_minutes(struct meeting_core *core)
{
    static const char hash[] = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    STEP(CORE_SECRETARY, .action = ACTION_MINUTES_FINALISE,
         .of.minutes_finalise = {core->state.minutes.revision, "ABCDEFGHIJKLMN23", hash});
    STEP(CORE_SECRETARY, .action = ACTION_MINUTES_SIGN,
         .of.minutes_sign = {MINUTES_FIELD_SECRETARY, "0a", hash});
    STEP(CORE_CHAIR, .action = ACTION_MINUTES_SIGN,
         .of.minutes_sign = {MINUTES_FIELD_CHAIR, "0b", hash});
}

static void distribute(struct meeting_core *core)
{
    static const char hash[] = "f3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    STEP(CORE_CLERK, .action = ACTION_ISSUE_NUMBER);
    STEP(CORE_CLERK, .action = ACTION_ISSUE_WRITE, .of.issue_file = {NULL, hash});
    STEP(CORE_CLERK, .action = ACTION_ISSUE_SEAL, .of.issue_file = {"0c", hash});
    STEP(CORE_CLERK, .action = ACTION_ISSUE_DISTRIBUTE);
}

static void step_on(struct meeting_core *core)
{
    static const struct agenda_item items[] = {{.title = "Kết quả tháng 11", .planned_minutes = 30},
                                               {.title = "Nhiệm vụ tháng 12"}};
    switch ((int)core->state.phase) {
    case PHASE_DRAFT:
        STEP(CORE_SECRETARY, .action = ACTION_UNITS_INVITE);
        STEP(CORE_SECRETARY, .action = ACTION_AGENDA_SET, .of.agenda_set = {2, items});
        STEP(CORE_SECRETARY, .action = ACTION_SUBMIT);
        return;
    case PHASE_SUBMITTED:
        STEP(CORE_CHAIR, .action = ACTION_APPROVE);
        return;
    case PHASE_APPROVED:
        STEP(CORE_SECRETARY, .action = ACTION_ANNOUNCE);
        return;
    case PHASE_INVITED:
        for (uint64_t user = CORE_CHAIR; user < CORE_OUTSIDER; user++)
            STEP(user, .action = ACTION_ENTER);
        return;
    case PHASE_CHECKING_IN:
        STEP(CORE_CHAIR, .action = ACTION_START);
        return;
    case PHASE_LIVE:
        STEP(CORE_CHAIR, .action = ACTION_PAUSE);
        return;
    case PHASE_PAUSED:
        STEP(CORE_CHAIR, .action = ACTION_END);
        return;
    case PHASE_ENDED:
        sign_minutes(core);
        return;
    case PHASE_MINUTES_SIGNED:
        distribute(core);
        return;
    default:
        MUST(core->state.phase < PHASE_PUBLISHED); /* no step leads on from here */
    }
}

void core_bring_to(struct meeting_core *core, enum meeting_phase phase)
{
    if (phase == PHASE_CANCELLED)
        STEP(CORE_CHAIR, .action = ACTION_CANCEL, .of.reason = {"Hoãn do bão số 9."});
    while (core->state.phase != phase)
        step_on(core);
}

void core_refold(const struct meeting_core *core, struct meeting_state *ret_state)
{
    state_init(ret_state, CORE_MEETING);
    for (uint32_t i = 0; i < core->row_count; i++)
        row_fold(ret_state, i + 1, &core->rows[i]);
}

/* -- a state as text ----------------------------------------------------------------------------
 */

static void put_line(struct buffer *text, const char *line, int size, size_t capacity)
{
    MUST(size >= 0 && (size_t)size < capacity);
    MUST(buffer_put(text, bytes_of(line)) == ERR_OK);
}

#define say(text, ...)                                                                             \
    do {                                                                                           \
        char line[8192];                                                                           \
        put_line(text, line, snprintf(line, sizeof line, __VA_ARGS__), sizeof line);               \
    } while (0)

typedef unsigned long long u64;

static void say_people(struct buffer *text, const struct meeting_state *state)
{
    for (uint32_t i = 0; i < state->participant_count; i++) {
        const struct state_participant *p = &state->participants[i];
        say(text, "P %llu %llu %u %u %d %d %s|%s|%s", (u64)p->id, (u64)p->user_id, p->source,
            p->capacity, p->vote, p->present, p->name, p->position, p->unit);
        for (uint32_t k = 0; k < p->span_count; k++)
            say(text, " %lld-%lld", (long long)p->spans[k].in_at, (long long)p->spans[k].out_at);
        say(text, "\n");
    }
    for (uint32_t i = 0; i < state->unit_count; i++)
        say(text, "U %llu %s\n", (u64)state->units[i].id, state->units[i].name);
    for (uint32_t i = 0; i < state->request_count; i++)
        say(text, "R %llu %lld\n", (u64)state->requests[i].participant_id,
            (long long)state->requests[i].at);
    for (uint32_t i = 0; i < state->speech_count; i++)
        say(text, "S %llu %llu %lld %lld\n", (u64)state->speeches[i].participant_id,
            (u64)state->speeches[i].agenda_id, (long long)state->speeches[i].from_at,
            (long long)state->speeches[i].to_at);
}

static void say_matters(struct buffer *text, const struct meeting_state *state)
{
    for (uint32_t i = 0; i < state->agenda_count; i++)
        say(text, "A %llu %llu %u %s %lld %lld\n", (u64)state->agenda[i].id,
            (u64)state->agenda[i].presenter_id, state->agenda[i].planned_minutes,
            state->agenda[i].title, (long long)state->agenda[i].started_at,
            (long long)state->agenda[i].ended_at);
    for (uint32_t i = 0; i < state->document_count; i++)
        say(text, "D %llu %llu %llu %u %s %s\n", (u64)state->documents[i].id,
            (u64)state->documents[i].agenda_id, (u64)state->documents[i].size_bytes,
            state->documents[i].pages, state->documents[i].title, state->documents[i].sha256);
    for (uint32_t i = 0; i < state->vote_count; i++) {
        const struct state_vote *v = &state->votes[i];
        say(text, "V %llu %llu %s %u %lld %lld %u %u %u %u %u:", (u64)v->id, (u64)v->agenda_id,
            v->question, v->phase, (long long)v->opened_at, (long long)v->closed_at, v->eligible,
            v->cast, v->tally[0], v->tally[1], v->tally[2]);
        for (uint32_t k = 0; k < v->ballot_count; k++)
            say(text, "%u", v->ballots[k]);
        say(text, "\n");
    }
    for (uint32_t i = 0; i < state->conclusion_count; i++)
        say(text, "C %llu %llu %s %lld\n", (u64)state->conclusions[i].id,
            (u64)state->conclusions[i].agenda_id, state->conclusions[i].text,
            (long long)state->conclusions[i].at);
}

static void say_minutes(struct buffer *text, const struct state_minutes *minutes)
{
    say(text, "M %u %u %llu %lld %s %s\n", minutes->stage, minutes->revision,
        (u64)minutes->locked_by, (long long)minutes->saved_at, minutes->code, minutes->sha256);
    for (int i = 0; i < MINUTES_FIELD_COUNT; i++)
        say(text, "  %d %llu %lld %s\n", minutes->signatures[i].made,
            (u64)minutes->signatures[i].user_id, (long long)minutes->signatures[i].at,
            minutes->signatures[i].serial);
    for (uint32_t i = 0; i < minutes->text.block_count; i++)
        for (uint32_t k = 0; k < minutes->text.blocks[i].run_count; k++) {
            const struct minutes_run *run = &minutes->text.blocks[i].runs[k];
            say(text, "  %u %d%d %s\n", minutes->text.blocks[i].type, run->bold, run->italic,
                run->text);
        }
}

static void say_issues(struct buffer *text, const struct meeting_state *state)
{
    for (uint32_t i = 0; i < state->issue_count; i++) {
        const struct state_issue *issue = &state->issues[i];
        say(text, "I %llu %u %u %u %u %s %s %s %lld %lld %lld %lld %s %llu %u\n", (u64)issue->id,
            issue->type, issue->stage, issue->year, issue->number, issue->symbol, issue->code,
            issue->sha256, (long long)issue->numbered_at, (long long)issue->sealed_at,
            (long long)issue->distributed_at, (long long)issue->recalled_at,
            issue->reason ? issue->reason : "-", (u64)issue->replaced_by, issue->received_count);
        for (uint32_t k = 0; k < issue->recipient_count; k++) {
            const struct state_recipient *to = &issue->recipients[k];
            say(text, "  %llu %s %lld %llu %lld\n", (u64)to->unit_id, to->name,
                (long long)to->received_at, (u64)to->received_by, (long long)to->recall_seen_at);
        }
    }
    say(text, "%llu\n", (u64)state->minutes.issue_id);
}

struct buffer core_state_text(const struct meeting_state *state)
{
    struct buffer text = {0};
    say(&text, "%llu %llu %lld %u %s|%s|%s|%s %lld %lld %lld %lld %u %u\n", (u64)state->id,
        (u64)state->seq, (long long)state->last_at, state->phase, state->code, state->title,
        state->place, state->reason ? state->reason : "-", (long long)state->start_at,
        (long long)state->end_at, (long long)state->started_at, (long long)state->ended_at,
        state->next_source, state->present_count);
    say(&text, "%llu %llu %llu %llu %llu %u %u\n", (u64)state->agenda_now, (u64)state->floor_holder,
        (u64)state->stage, (u64)state->presented_document, (u64)state->presented_by,
        state->presented_page, state->presented_number);
    say_people(&text, state);
    say_matters(&text, state);
    say_minutes(&text, &state->minutes);
    say_issues(&text, state);
    MUST(buffer_put(&text, (struct bytes){(const uint8_t *)"", 1}) == ERR_OK);
    return text;
}

#include "meeting/core/minutes_draft.h"

#include <string.h>

#include "base/limits.h"
#include "meeting/core/draft_text.h"

enum {
    DRAFT_GAP_MS = 60 * 1000, /* a shorter absence is a line that broke, not a person who left */
    DRAFT_PUNCTUAL_MS = 5 * 60 * 1000, /* who comes or goes within this was there throughout */
    DRAFT_PEOPLE_LISTED = 500, /* beyond, the roll is an annex and only numbers stand here */
};

/* -- who was there ------------------------------------------------------------------------------
 */

/* The participant's next stretch of presence during the meeting, short gaps closed. */
static bool stretch_next(const struct meeting_state *state,
                         const struct state_participant *participant, uint32_t *at,
                         struct state_span *ret_stretch)
{
    while (*at < participant->span_count) {
        struct state_span stretch = participant->spans[(*at)++];
        if (!stretch.out_at)
            stretch.out_at = state->last_at;
        while (*at < participant->span_count &&
               participant->spans[*at].in_at - stretch.out_at < DRAFT_GAP_MS) {
            utc_ms_t out_at = participant->spans[(*at)++].out_at;
            stretch.out_at = out_at ? out_at : state->last_at;
        }
        if (stretch.out_at < state->started_at)
            continue; /* came to look before the meeting began */
        if (stretch.in_at < state->started_at)
            stretch.in_at = state->started_at;
        *ret_stretch = stretch;
        return true;
    }
    return false;
}

enum attendance { ATTENDANCE_NONE, ATTENDANCE_PART, ATTENDANCE_WHOLE, ATTENDANCE_COUNT };

/* Technicians serve the meeting; they are not of it. */
static bool is_on_roll(const struct state_participant *participant)
{
    return participant->capacity != CAPACITY_TECHNICIAN;
}

static enum attendance attendance_of(const struct meeting_state *state,
                                     const struct state_participant *participant)
{
    uint32_t at = 0;
    struct state_span stretch;
    if (!stretch_next(state, participant, &at, &stretch))
        return ATTENDANCE_NONE;
    utc_ms_t end_at = state->ended_at ? state->ended_at : state->last_at;
    bool whole = stretch.in_at - state->started_at <= DRAFT_PUNCTUAL_MS &&
                 end_at - stretch.out_at <= DRAFT_PUNCTUAL_MS;
    return whole ? ATTENDANCE_WHOLE : ATTENDANCE_PART;
}

/* One item a person: "Lò Thị Nhung (Xã Mỹ Đức): có mặt từ 08 giờ 02 phút đến 11 giờ 30 phút." */
static void write_person_times(struct draft *draft, const struct meeting_state *state,
                               const struct state_participant *participant)
{
    uint32_t at = 0;
    struct state_span stretch;
    draft_name(draft, participant);
    draft_text(draft, ": có mặt");
    for (bool first = true; stretch_next(state, participant, &at, &stretch); first = false) {
        draft_text(draft, first ? " từ " : "; từ ");
        draft_hour(draft, stretch.in_at);
        draft_text(draft, " đến ");
        draft_hour(draft, stretch.out_at);
    }
    draft_text(draft, ".");
    draft_block(draft, BLOCK_ITEM, NULL);
}

/* One paragraph with the names of all whose attendance is `wanted`; none when there is nobody. */
static void write_names(struct draft *draft, const struct meeting_state *state,
                        enum attendance wanted, const char *label)
{
    bool any = false;
    for (uint32_t i = 0; i < state->participant_count; i++) {
        const struct state_participant *participant = &state->participants[i];
        if (!is_on_roll(participant) || attendance_of(state, participant) != wanted)
            continue;
        draft_text(draft, any ? "; " : "");
        draft_name(draft, participant);
        any = true;
    }
    if (!any)
        return;
    draft_text(draft, ".");
    draft_block(draft, BLOCK_PARAGRAPH, label);
}

static void write_numbers(struct draft *draft, const uint32_t count[ATTENDANCE_COUNT])
{
    uint32_t present = count[ATTENDANCE_WHOLE] + count[ATTENDANCE_PART];
    draft_text(draft, "Có mặt ");
    draft_number(draft, present);
    draft_text(draft, "/");
    draft_number(draft, present + count[ATTENDANCE_NONE]);
    draft_text(draft, " người thuộc thành phần dự họp, trong đó ");
    draft_number(draft, count[ATTENDANCE_WHOLE]);
    draft_text(draft, " người có mặt từ đầu đến khi kết thúc cuộc họp.");
    draft_block(draft, BLOCK_PARAGRAPH, NULL);
}

static void write_presence(struct draft *draft, const struct meeting_state *state)
{
    uint32_t count[ATTENDANCE_COUNT] = {0};
    for (uint32_t i = 0; i < state->participant_count; i++)
        if (is_on_roll(&state->participants[i]))
            count[attendance_of(state, &state->participants[i])]++;
    draft_block(draft, BLOCK_HEADING, "I. TÌNH HÌNH DỰ HỌP");
    write_numbers(draft, count);
    if (state->participant_count > DRAFT_PEOPLE_LISTED) {
        draft_text(draft, "Danh sách đại biểu và thời gian có mặt được lưu trong hồ sơ cuộc họp.");
        draft_block(draft, BLOCK_PARAGRAPH, NULL);
        return;
    }
    write_names(draft, state, ATTENDANCE_WHOLE, "Có mặt từ đầu đến khi kết thúc: ");
    for (uint32_t i = 0; i < state->participant_count; i++) {
        const struct state_participant *participant = &state->participants[i];
        if (is_on_roll(participant) && attendance_of(state, participant) == ATTENDANCE_PART)
            write_person_times(draft, state, participant);
    }
    write_names(draft, state, ATTENDANCE_NONE, "Vắng mặt: ");
}

/* -- what was said and voted --------------------------------------------------------------------
 */

static void write_speeches(struct draft *draft, const struct meeting_state *state,
                           uint64_t agenda_id)
{
    for (uint32_t i = 0; i < state->speech_count; i++) {
        const struct state_speech *speech = &state->speeches[i];
        const struct state_participant *speaker =
            state_participant_find(state, speech->participant_id);
        if (speech->agenda_id != agenda_id || !speaker)
            continue;
        draft_text(draft, "từ ");
        draft_hour(draft, speech->from_at);
        draft_text(draft, " đến ");
        draft_hour(draft, speech->to_at ? speech->to_at : state->last_at);
        draft_text(draft, ", ");
        draft_person(draft, speaker);
        draft_text(draft, ".");
        draft_block(draft, BLOCK_ITEM, "Ý kiến phát biểu: ");
    }
}

static void write_choice(struct draft *draft, const struct state_vote *vote, const char *name,
                         enum choice choice)
{
    draft_text(draft, name);
    draft_number(draft, vote->tally[choice]);
    draft_text(draft, " (");
    draft_percent(draft, vote->tally[choice], vote->eligible);
    draft_text(draft, ")");
}

static void write_votes(struct draft *draft, const struct meeting_state *state, uint64_t agenda_id)
{
    for (uint32_t i = 0; i < state->vote_count; i++) {
        const struct state_vote *vote = &state->votes[i];
        if (vote->agenda_id != agenda_id || vote->phase != VOTE_CLOSED)
            continue;
        draft_text(draft, vote->question);
        draft_stop(draft);
        draft_block(draft, BLOCK_PARAGRAPH, "Nội dung biểu quyết: ");
        draft_text(draft, "có ");
        draft_number(draft, vote->cast);
        draft_text(draft, "/");
        draft_number(draft, vote->eligible);
        draft_text(draft, " người có quyền biểu quyết và có mặt tham gia biểu quyết; ");
        write_choice(draft, vote, "tán thành ", CHOICE_AGREE);
        write_choice(draft, vote, ", không tán thành ", CHOICE_DISAGREE);
        write_choice(draft, vote, ", không biểu quyết ", CHOICE_ABSTAIN);
        draft_text(draft, ".");
        draft_block(draft, BLOCK_PARAGRAPH, "Kết quả biểu quyết: ");
    }
}

static bool agenda_has_anything(const struct meeting_state *state, uint64_t agenda_id)
{
    for (uint32_t i = 0; i < state->speech_count; i++)
        if (state->speeches[i].agenda_id == agenda_id)
            return true;
    for (uint32_t i = 0; i < state->vote_count; i++)
        if (state->votes[i].agenda_id == agenda_id && state->votes[i].phase == VOTE_CLOSED)
            return true;
    return false;
}

static void write_agenda_item(struct draft *draft, const struct meeting_state *state,
                              const struct state_agenda_item *item, uint32_t number)
{
    draft_number(draft, number);
    draft_text(draft, ". ");
    draft_text(draft, item->title);
    draft_block(draft, BLOCK_HEADING, NULL);
    if (!item->started_at) {
        draft_text(draft, "Nội dung này chưa được đưa ra thảo luận tại cuộc họp.");
        draft_block(draft, BLOCK_PARAGRAPH, NULL);
        return;
    }
    draft_text(draft, "Thảo luận từ ");
    draft_hour(draft, item->started_at);
    draft_text(draft, " đến ");
    draft_hour(draft, item->ended_at ? item->ended_at : state->last_at);
    const struct state_participant *presenter = state_participant_find(state, item->presenter_id);
    if (presenter) {
        draft_text(draft, "; người trình bày: ");
        draft_person(draft, presenter);
    }
    draft_text(draft, ".");
    draft_block(draft, BLOCK_PARAGRAPH, NULL);
    write_speeches(draft, state, item->id);
    write_votes(draft, state, item->id);
}

static void write_proceedings(struct draft *draft, const struct meeting_state *state)
{
    draft_block(draft, BLOCK_HEADING, "II. DIỄN BIẾN CUỘC HỌP");
    const struct state_participant *chair = &state->participants[0];
    draft_text(draft, "Cuộc họp khai mạc lúc ");
    draft_hour(draft, state->started_at);
    draft_text(draft, ", ");
    draft_date(draft, state->started_at);
    draft_text(draft, "; chủ trì: ");
    draft_person(draft, chair);
    draft_text(draft, ".");
    draft_block(draft, BLOCK_PARAGRAPH, NULL);
    if (agenda_has_anything(state, 0)) {
        write_speeches(draft, state, 0);
        write_votes(draft, state, 0);
    }
    for (uint32_t i = 0; i < state->agenda_count; i++)
        write_agenda_item(draft, state, &state->agenda[i], i + 1);
}

static void write_conclusions(struct draft *draft, const struct meeting_state *state)
{
    if (state->conclusion_count == 0)
        return;
    draft_block(draft, BLOCK_HEADING, "III. KẾT LUẬN CỦA CHỦ TỌA");
    for (uint32_t i = 0; i < state->conclusion_count; i++) {
        draft_text(draft, state->conclusions[i].text);
        draft_stop(draft);
        draft_block(draft, BLOCK_ITEM, NULL);
    }
}

enum err minutes_draft(const struct meeting_state *state, struct arena *arena,
                       struct minutes *ret_minutes)
{
    struct draft draft = {.arena = arena};
    draft.blocks = arena_take_list(arena, LIMIT_MINUTES_BLOCKS, sizeof *draft.blocks);
    if (!draft.blocks)
        return ERR_NO_MEMORY;
    if (state->started_at) {
        write_presence(&draft, state);
        write_proceedings(&draft, state);
        write_conclusions(&draft, state);
    }
    buffer_done(&draft.line);
    if (draft.failed)
        return ERR_NO_MEMORY;
    *ret_minutes = (struct minutes){draft.block_count, draft.blocks};
    return ERR_OK;
}

enum err minutes_text(const struct meeting_state *state, struct arena *arena,
                      struct minutes *ret_minutes)
{
    if (state->minutes.revision == 0)
        return minutes_draft(state, arena, ret_minutes);
    *ret_minutes = state->minutes.text;
    return ERR_OK;
}

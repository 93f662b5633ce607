#include <string.h>

#include "meeting/core/fold_parts.h"
#include "meeting/core/state_memory.h"

static void request_remove(struct meeting_state *state, uint64_t participant_id)
{
    for (uint32_t i = 0; i < state->request_count; i++)
        if (state->requests[i].participant_id == participant_id) {
            state->request_count--;
            memmove(&state->requests[i], &state->requests[i + 1],
                    (state->request_count - i) * sizeof state->requests[0]);
            return;
        }
}

/* Ends the running speech, if any. */
static void speech_end(struct meeting_state *state, utc_ms_t at)
{
    if (state->floor_holder && state->speech_count)
        state->speeches[state->speech_count - 1].to_at = at;
    state->floor_holder = 0;
}

static void presence_end(struct meeting_state *state, struct state_participant *participant,
                         utc_ms_t at)
{
    if (!participant->present)
        return;
    struct state_span *span = &participant->spans[participant->span_count - 1];
    span->out_at = at > span->in_at ? at : span->in_at;
    participant->present = false;
    state->present_count--;
}

static void agenda_end(struct meeting_state *state, utc_ms_t at)
{
    for (uint32_t i = 0; i < state->agenda_count; i++)
        if (state->agenda[i].id == state->agenda_now)
            state->agenda[i].ended_at = at;
    state->agenda_now = 0;
}

enum err fold_entered(struct meeting_state *state, const struct event_row *row)
{
    struct state_participant *participant =
        fold_participant(state, row->event.of.entered.participant_id);
    if (!participant)
        return ERR_UNKNOWN;
    if (participant->present || !state_is_in_room(state))
        return ERR_WRONG_STATE;
    struct state_span *span =
        state_list_append(&participant->spans, &participant->span_count, sizeof *span);
    if (!span)
        return ERR_NO_MEMORY;
    span->in_at = row->at;
    participant->present = true;
    state->present_count++;
    return ERR_OK;
}

enum err fold_left(struct meeting_state *state, const struct event_row *row)
{
    struct state_participant *participant =
        fold_participant(state, row->event.of.left.participant_id);
    if (!participant)
        return ERR_UNKNOWN;
    if (!participant->present || participant->id == state->floor_holder)
        return ERR_WRONG_STATE;
    presence_end(state, participant, row->event.of.left.out_at);
    request_remove(state, participant->id);
    if (state->stage == participant->id && participant != &state->participants[0])
        state->stage = state->phase == PHASE_CHECKING_IN ? 0 : state->participants[0].id;
    return ERR_OK;
}

enum err fold_agenda_opened(struct meeting_state *state, const struct event_row *row)
{
    for (uint32_t i = 0; i < state->agenda_count; i++) {
        struct state_agenda_item *item = &state->agenda[i];
        if (item->id != row->event.of.agenda_opened.agenda_id)
            continue;
        agenda_end(state, row->at);
        if (!item->started_at)
            item->started_at = row->at;
        item->ended_at = 0;
        state->agenda_now = item->id;
        return ERR_OK;
    }
    return ERR_UNKNOWN;
}

enum err fold_floor_requested(struct meeting_state *state, const struct event_row *row)
{
    if (!fold_participant(state, row->event.of.participant.participant_id))
        return ERR_UNKNOWN;
    struct state_request *request =
        state_list_append(&state->requests, &state->request_count, sizeof *request);
    if (!request)
        return ERR_NO_MEMORY;
    *request = (struct state_request){row->event.of.participant.participant_id, row->at};
    return ERR_OK;
}

enum err fold_floor_withdrawn(struct meeting_state *state, const struct event_row *row)
{
    request_remove(state, row->event.of.participant.participant_id);
    return ERR_OK;
}

enum err fold_floor_granted(struct meeting_state *state, const struct event_row *row)
{
    const struct state_participant *participant =
        fold_participant(state, row->event.of.participant.participant_id);
    if (!participant)
        return ERR_UNKNOWN;
    if (!participant->present)
        return ERR_WRONG_STATE;
    speech_end(state, row->at); /* a grant ends the former holder's */
    request_remove(state, participant->id);
    struct state_speech *speech =
        state_list_append(&state->speeches, &state->speech_count, sizeof *speech);
    if (!speech)
        return ERR_NO_MEMORY;
    *speech = (struct state_speech){
        .participant_id = participant->id, .agenda_id = state->agenda_now, .from_at = row->at};
    state->floor_holder = participant->id;
    state->stage = participant->id;
    return ERR_OK;
}

enum err fold_floor_released(struct meeting_state *state, const struct event_row *row)
{
    if (!state->floor_holder || state->floor_holder != row->event.of.participant.participant_id)
        return ERR_WRONG_STATE;
    speech_end(state, row->at);
    state->stage = state->participants[0].id;
    return ERR_OK;
}

enum err fold_stage_set(struct meeting_state *state, const struct event_row *row)
{
    uint64_t participant_id = row->event.of.participant.participant_id;
    if (participant_id && !fold_participant(state, participant_id))
        return ERR_UNKNOWN;
    state->stage = participant_id;
    return ERR_OK;
}

enum err fold_presented(struct meeting_state *state, const struct event_row *row)
{
    state->presented_document = row->event.of.presented.document_id;
    state->presented_by = row->event.of.presented.participant_id;
    state->presented_page = row->event.of.presented.page;
    state->presented_number = row->event.of.presented.number;
    return ERR_OK;
}

enum err fold_ended(struct meeting_state *state, const struct event_row *row)
{
    if (state->phase != PHASE_LIVE && state->phase != PHASE_PAUSED)
        return ERR_WRONG_STATE;
    state->phase = PHASE_ENDED;
    state->ended_at = row->at;
    speech_end(state, row->at);
    agenda_end(state, row->at);
    for (uint32_t i = 0; i < state->participant_count; i++)
        presence_end(state, &state->participants[i], row->at);
    state->request_count = 0;
    state->stage = 0;
    state->presented_document = 0;
    state->presented_page = 0;
    state->minutes.stage = MINUTES_DRAFT;
    return ERR_OK;
}

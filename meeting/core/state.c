#include "meeting/core/state.h"

#include <stdlib.h>
#include <string.h>

#include "meeting/core/state_memory.h"

void state_init(struct meeting_state *state, uint64_t id)
{
    *state = (struct meeting_state){.id = id, .next_source = 1};
}

void state_participant_done(struct state_participant *participant)
{
    free(participant->name);
    free(participant->position);
    free(participant->unit);
    free(participant->spans);
}

void state_agenda_clear(struct meeting_state *state)
{
    for (uint32_t i = 0; i < state->agenda_count; i++)
        free(state->agenda[i].title);
    free(state->agenda);
    state->agenda = NULL;
    state->agenda_count = 0;
}

void state_units_clear(struct meeting_state *state)
{
    for (uint32_t i = 0; i < state->unit_count; i++)
        free(state->units[i].name);
    free(state->units);
    state->units = NULL;
    state->unit_count = 0;
}

void state_issue_done(struct state_issue *issue)
{
    for (uint32_t i = 0; i < issue->recipient_count; i++)
        free(issue->recipients[i].name);
    free(issue->recipients);
    free(issue->reason);
}

void state_done(struct meeting_state *state)
{
    for (uint32_t i = 0; i < state->participant_count; i++)
        state_participant_done(&state->participants[i]);
    for (uint32_t i = 0; i < state->document_count; i++)
        free(state->documents[i].title);
    for (uint32_t i = 0; i < state->vote_count; i++) {
        free(state->votes[i].question);
        free(state->votes[i].ballots);
    }
    for (uint32_t i = 0; i < state->conclusion_count; i++)
        free(state->conclusions[i].text);
    state_agenda_clear(state);
    state_units_clear(state);
    free(state->participants);
    free(state->documents);
    free(state->requests);
    free(state->speeches);
    free(state->votes);
    free(state->conclusions);
    free(state->code);
    free(state->title);
    free(state->place);
    free(state->reason);
    arena_done(&state->minutes.memory);
    for (uint32_t i = 0; i < state->issue_count; i++)
        state_issue_done(&state->issues[i]);
    free(state->issues);
    state_init(state, state->id);
}

enum err state_text_set(char **slot, const char *text)
{
    char *copy = NULL;
    if (text && !(copy = strdup(text)))
        return ERR_NO_MEMORY;
    free(*slot);
    *slot = copy;
    return ERR_OK;
}

void *state_list_append(void *list_slot, uint32_t *count, size_t size)
{
    uint8_t *list;
    memcpy(&list, list_slot, sizeof list);
    /* Grows at every power of two, so that no list needs a capacity of its own. */
    if ((*count & (*count - 1)) == 0) {
        list = realloc(list, (*count ? 2 * (size_t)*count : 1) * size);
        if (!list)
            return NULL;
        memcpy(list_slot, &list, sizeof list);
    }
    return memset(list + size * (*count)++, 0, size);
}

/* -- finding ------------------------------------------------------------------------------------
 */

#define FIND(list, count, key)                                                                     \
    for (uint32_t i = 0; i < (count); i++)                                                         \
        if ((list)[i].key)                                                                         \
            return &(list)[i];                                                                     \
    return NULL

const struct state_participant *state_participant_find(const struct meeting_state *state,
                                                       uint64_t participant_id)
{
    FIND(state->participants, state->participant_count, id == participant_id);
}

const struct state_participant *state_user_find(const struct meeting_state *state, uint64_t user)
{
    FIND(state->participants, state->participant_count, user_id == user);
}

const struct state_agenda_item *state_agenda_find(const struct meeting_state *state,
                                                  uint64_t agenda_id)
{
    FIND(state->agenda, state->agenda_count, id == agenda_id);
}

const struct state_document *state_document_find(const struct meeting_state *state,
                                                 uint64_t document_id)
{
    FIND(state->documents, state->document_count, id == document_id);
}

const struct state_vote *state_vote_find(const struct meeting_state *state, uint64_t vote_id)
{
    FIND(state->votes, state->vote_count, id == vote_id);
}

const struct state_vote *state_vote_open(const struct meeting_state *state)
{
    FIND(state->votes, state->vote_count, phase == VOTE_OPEN);
}

const struct state_conclusion *state_conclusion_find(const struct meeting_state *state,
                                                     uint64_t conclusion_id)
{
    FIND(state->conclusions, state->conclusion_count, id == conclusion_id);
}

const struct state_issue *state_issue_find(const struct meeting_state *state, uint64_t issue_id)
{
    FIND(state->issues, state->issue_count, id == issue_id);
}

const struct state_issue *state_issue_now(const struct meeting_state *state)
{
    return state->minutes.issue_id ? state_issue_find(state, state->minutes.issue_id) : NULL;
}

const struct state_recipient *state_recipient_find(const struct state_issue *issue, uint64_t unit)
{
    FIND(issue->recipients, issue->recipient_count, unit_id == unit);
}

enum ballot state_vote_ballot_of(const struct meeting_state *state, const struct state_vote *vote,
                                 const struct state_participant *participant)
{
    size_t index = (size_t)(participant - state->participants);
    return index < vote->ballot_count ? (enum ballot)vote->ballots[index] : BALLOT_NONE;
}

enum ballot state_vote_ballot(const struct meeting_state *state, const struct state_vote *vote,
                              uint64_t participant_id)
{
    const struct state_participant *participant = state_participant_find(state, participant_id);
    return participant ? state_vote_ballot_of(state, vote, participant) : BALLOT_NONE;
}

bool state_is_in_room(const struct meeting_state *state)
{
    return state->phase == PHASE_CHECKING_IN || state->phase == PHASE_LIVE ||
           state->phase == PHASE_PAUSED;
}

/* -- media --------------------------------------------------------------------------------------
 */

uint32_t state_media_rights(const struct meeting_state *state,
                            const struct state_participant *participant)
{
    if (!participant->present || !state_is_in_room(state))
        return 0;
    uint32_t rights = MEDIA_TILE;
    if (participant->capacity == CAPACITY_CHAIR || participant->id == state->floor_holder)
        rights |= MEDIA_STAGE | MEDIA_MICROPHONE | MEDIA_SCREEN;
    if (participant->id == state->stage)
        rights |= MEDIA_STAGE;
    return rights;
}

static uint32_t source_of_present(const struct meeting_state *state, uint64_t participant_id)
{
    const struct state_participant *participant = state_participant_find(state, participant_id);
    return participant && participant->present ? participant->source : 0;
}

struct meeting_media state_media(const struct meeting_state *state)
{
    struct meeting_media media = {0};
    if (!state_is_in_room(state) || state->participant_count == 0)
        return media;
    media.floor = source_of_present(state, state->floor_holder);
    media.stage = source_of_present(state, state->stage);
    /* Who speaks may show a screen; while nobody does, the chair may. */
    media.screen = media.floor ? media.floor : source_of_present(state, state->participants[0].id);
    return media;
}

#include <stdlib.h>
#include <string.h>

#include "meeting/core/fold_parts.h"
#include "meeting/core/state_memory.h"

static enum err participant_set(struct state_participant *participant,
                                const struct event_person *person)
{
    participant->id = person->id;
    participant->user_id = person->user_id;
    participant->source = person->source;
    participant->capacity = (enum capacity)person->capacity;
    participant->vote = person->vote;
    enum err err = state_text_set(&participant->name, person->name);
    if (err == ERR_OK)
        err = state_text_set(&participant->position, person->position);
    return err == ERR_OK ? state_text_set(&participant->unit, person->unit) : err;
}

static enum err participant_append(struct meeting_state *state, const struct event_person *person)
{
    struct state_participant *participant =
        state_list_append(&state->participants, &state->participant_count, sizeof *participant);
    if (!participant)
        return ERR_NO_MEMORY;
    if (person->source >= state->next_source)
        state->next_source = person->source + 1;
    return participant_set(participant, person);
}

enum err fold_created(struct meeting_state *state, const struct event_row *row)
{
    state->phase = PHASE_DRAFT;
    state->start_at = row->event.of.created.start_at;
    state->end_at = row->event.of.created.end_at;
    enum err err = state_text_set(&state->code, row->event.of.created.code);
    if (err == ERR_OK)
        err = state_text_set(&state->title, row->event.of.created.title);
    if (err == ERR_OK)
        err = state_text_set(&state->place, row->event.of.created.place);
    if (err == ERR_OK)
        err = participant_append(state, &row->event.of.created.chair);
    return err == ERR_OK ? participant_append(state, &row->event.of.created.secretary) : err;
}

enum err fold_agenda_set(struct meeting_state *state, const struct event_row *row)
{
    if (state->phase > PHASE_INVITED)
        return ERR_WRONG_STATE;
    state_agenda_clear(state);
    for (uint32_t i = 0; i < row->event.of.agenda_set.item_count; i++) {
        const struct event_agenda_item *from = &row->event.of.agenda_set.items[i];
        struct state_agenda_item *item =
            state_list_append(&state->agenda, &state->agenda_count, sizeof *item);
        if (!item)
            return ERR_NO_MEMORY;
        item->id = from->id;
        item->presenter_id = from->presenter_id;
        item->planned_minutes = from->planned_minutes;
        enum err err = state_text_set(&item->title, from->title);
        if (err != ERR_OK)
            return err;
    }
    return ERR_OK;
}

enum err fold_document_added(struct meeting_state *state, const struct event_row *row)
{
    struct state_document *document =
        state_list_append(&state->documents, &state->document_count, sizeof *document);
    if (!document)
        return ERR_NO_MEMORY;
    document->id = row->event.of.document_added.document_id;
    document->agenda_id = row->event.of.document_added.agenda_id;
    document->size_bytes = row->event.of.document_added.size_bytes;
    document->pages = row->event.of.document_added.pages;
    memcpy(document->sha256, row->event.of.document_added.sha256, sizeof document->sha256);
    return state_text_set(&document->title, row->event.of.document_added.title);
}

enum err fold_document_removed(struct meeting_state *state, const struct event_row *row)
{
    for (uint32_t i = 0; i < state->document_count; i++) {
        struct state_document *document = &state->documents[i];
        if (document->id != row->event.of.document_removed.document_id)
            continue;
        free(document->title);
        state->document_count--;
        memmove(document, document + 1, (state->document_count - i) * sizeof *document);
        return ERR_OK;
    }
    return ERR_UNKNOWN;
}

enum err fold_units_invited(struct meeting_state *state, const struct event_row *row)
{
    if (state->phase > PHASE_INVITED || state->participant_count < 2)
        return ERR_WRONG_STATE;
    state_units_clear(state);
    for (uint32_t i = 0; i < row->event.of.units_invited.unit_count; i++) {
        struct state_unit *unit =
            state_list_append(&state->units, &state->unit_count, sizeof *unit);
        if (!unit)
            return ERR_NO_MEMORY;
        unit->id = row->event.of.units_invited.units[i].id;
        enum err err = state_text_set(&unit->name, row->event.of.units_invited.units[i].name);
        if (err != ERR_OK)
            return err;
    }
    /* Nobody can be in the room yet, so there is no presence to carry over. */
    while (state->participant_count > 2)
        state_participant_done(&state->participants[--state->participant_count]);
    for (uint32_t i = 0; i < row->event.of.units_invited.person_count; i++) {
        enum err err = participant_append(state, &row->event.of.units_invited.people[i]);
        if (err != ERR_OK)
            return err;
    }
    return ERR_OK;
}

#include <string.h>

#include "meeting/core/fold_parts.h"
#include "meeting/core/number_book.h"
#include "meeting/core/state_memory.h"

static struct state_issue *issue_find(struct meeting_state *state, uint64_t issue_id)
{
    for (uint32_t i = 0; i < state->issue_count; i++)
        if (state->issues[i].id == issue_id)
            return &state->issues[i];
    return NULL;
}

/* The issue of the minutes as they stand, if it is `issue_id`. */
static struct state_issue *issue_now(struct meeting_state *state, uint64_t issue_id)
{
    const struct state_issue *now = state_issue_now(state);
    return now && now->id == issue_id ? issue_find(state, issue_id) : NULL;
}

/* event_json bounds the texts by the slots' own limits. */
static void text_fit(char *slot, size_t capacity, const char *text)
{
    size_t size = strlen(text);
    if (size >= capacity)
        size = capacity - 1;
    memcpy(slot, text, size);
    slot[size] = '\0';
}

enum err fold_issue_numbered(struct meeting_state *state, const struct event_row *row)
{
    if (state->minutes.stage != MINUTES_CHAIR_SIGNED || state_issue_now(state) ||
        state->issue_count >= LIMIT_ISSUES)
        return ERR_WRONG_STATE;
    if (issue_find(state, row->event.of.numbered.issue_id) || row->event.of.numbered.number == 0 ||
        row->event.of.numbered.year != number_year_of(row->at))
        return ERR_FORMAT;
    struct state_issue *issue =
        state_list_append(&state->issues, &state->issue_count, sizeof *issue);
    if (!issue)
        return ERR_NO_MEMORY;
    issue->id = row->event.of.numbered.issue_id;
    state->minutes.issue_id = issue->id;
    issue->type = (enum issue_type)row->event.of.numbered.type;
    issue->stage = ISSUE_NUMBERED;
    issue->year = row->event.of.numbered.year;
    issue->number = row->event.of.numbered.number;
    issue->numbered_at = row->at;
    text_fit(issue->symbol, sizeof issue->symbol, row->event.of.numbered.symbol);
    memcpy(issue->code, state->minutes.code, sizeof issue->code);
    memcpy(issue->sha256, state->minutes.sha256, sizeof issue->sha256);
    return ERR_OK;
}

enum err fold_issue_written(struct meeting_state *state, const struct event_row *row)
{
    struct state_issue *issue = issue_now(state, row->event.of.written.issue_id);
    if (!issue || issue->stage != ISSUE_NUMBERED)
        return ERR_WRONG_STATE;
    issue->stage = ISSUE_WRITTEN;
    /* Nobody vouches for the number before the seal: until then the minutes' file is as the chair
     * signed it, and this one is the clerk's. */
    text_fit(issue->sha256, sizeof issue->sha256, row->event.of.written.sha256);
    return ERR_OK;
}

enum err fold_issue_sealed(struct meeting_state *state, const struct event_row *row)
{
    struct state_issue *issue = issue_now(state, row->event.of.sealed.issue_id);
    if (!issue || issue->stage != ISSUE_WRITTEN)
        return ERR_WRONG_STATE;
    issue->stage = ISSUE_SEALED;
    issue->sealed_at = row->at;
    text_fit(issue->sha256, sizeof issue->sha256, row->event.of.sealed.sha256);
    text_fit(state->minutes.sha256, sizeof state->minutes.sha256, row->event.of.sealed.sha256);
    return ERR_OK;
}

/* The server's own doing: the same paper in a longer file. Between number and seal the clerk's file
 * is ahead of the minutes', so neither may grow. */
enum err fold_minutes_archived(struct meeting_state *state, const struct event_row *row)
{
    struct state_minutes *minutes = &state->minutes;
    const struct state_issue *now = state_issue_now(state);
    bool numbering = now && (now->stage == ISSUE_NUMBERED || now->stage == ISSUE_WRITTEN);
    if (minutes->stage < MINUTES_SECRETARY_SIGNED || numbering ||
        strcmp(minutes->sha256, row->event.of.archived.before) != 0)
        return ERR_WRONG_STATE;
    text_fit(minutes->sha256, sizeof minutes->sha256, row->event.of.archived.sha256);
    if (now)
        text_fit(issue_find(state, now->id)->sha256, sizeof now->sha256,
                 row->event.of.archived.sha256);
    return ERR_OK;
}

enum err fold_issue_distributed(struct meeting_state *state, const struct event_row *row)
{
    struct state_issue *issue = issue_now(state, row->event.of.distributed.issue_id);
    if (!issue || issue->stage != ISSUE_SEALED)
        return ERR_WRONG_STATE;
    for (uint32_t i = 0; i < row->event.of.distributed.unit_count; i++) {
        const struct event_unit *unit = &row->event.of.distributed.units[i];
        if (state_recipient_find(issue, unit->id))
            return ERR_FORMAT;
        struct state_recipient *recipient =
            state_list_append(&issue->recipients, &issue->recipient_count, sizeof *recipient);
        if (!recipient)
            return ERR_NO_MEMORY;
        recipient->unit_id = unit->id;
        enum err err = state_text_set(&recipient->name, unit->name);
        if (err != ERR_OK)
            return err;
    }
    issue->stage = ISSUE_DISTRIBUTED;
    issue->distributed_at = row->at;
    return ERR_OK;
}

enum err fold_issue_received(struct meeting_state *state, const struct event_row *row)
{
    struct state_issue *issue = issue_find(state, row->event.of.received.issue_id);
    if (!issue)
        return ERR_UNKNOWN;
    bool of_recall = row->event.of.received.of == RECEIPT_OF_RECALL;
    for (uint32_t i = 0; i < issue->recipient_count; i++) {
        struct state_recipient *recipient = &issue->recipients[i];
        if (recipient->unit_id != row->event.of.received.unit_id)
            continue;
        utc_ms_t *at = of_recall ? &recipient->recall_seen_at : &recipient->received_at;
        if (*at || of_recall != (issue->stage == ISSUE_RECALLED))
            return ERR_WRONG_STATE;
        *at = row->at;
        if (!of_recall) {
            recipient->received_by = row->actor;
            issue->received_count++;
        }
        return ERR_OK;
    }
    return ERR_UNKNOWN;
}

enum err fold_issue_recalled(struct meeting_state *state, const struct event_row *row)
{
    struct state_issue *issue = issue_now(state, row->event.of.recalled.issue_id);
    if (!issue || issue->stage == ISSUE_RECALLED)
        return ERR_WRONG_STATE;
    issue->stage = ISSUE_RECALLED;
    issue->recalled_at = row->at;
    return state_text_set(&issue->reason, row->event.of.recalled.reason);
}

enum err fold_issue_replaced(struct meeting_state *state, const struct event_row *row)
{
    struct state_issue *issue = issue_find(state, row->event.of.replaced.issue_id);
    const struct state_issue *by = issue_now(state, row->event.of.replaced.by);
    if (!issue || !by)
        return ERR_UNKNOWN;
    if (issue->stage != ISSUE_RECALLED || issue->replaced_by || by->stage != ISSUE_DISTRIBUTED)
        return ERR_WRONG_STATE;
    issue->replaced_by = by->id;
    return ERR_OK;
}

#include "meeting/edge/append_rows.h"

#include <stdlib.h>
#include <string.h>

#include "meeting/edge/register.h"

enum err append_row(struct meeting_service *service, struct service_meeting *meeting,
                    struct store_batch *batch, const struct event_row *row, struct bytes body)
{
    const char *kind = words_name(&event_kind_words, row->event.kind);
    struct chain_row link = {
        .meeting = meeting->state.id,
        .seq = row->seq,
        .epoch = service->epoch,
        .at = row->at,
        .actor = row->actor,
        .version = EVENT_VERSION,
        .kind = bytes_of(kind),
        .body = body,
    };
    memcpy(link.previous, meeting->head, sizeof link.previous);
    struct buffer bytes = {0};
    uint8_t hash[HASH_BYTES];
    enum err err = chain_write(&link, &bytes);
    if (err == ERR_OK)
        err = hash_sha256(buffer_bytes(&bytes), hash);
    buffer_done(&bytes);
    if (err != ERR_OK)
        return err;
    memcpy(meeting->head, hash, sizeof hash);
    store_batch_add(batch, STATEMENT_EVENT_INSERT);
    store_batch_int(batch, (int64_t)link.meeting);
    store_batch_int(batch, (int64_t)link.seq);
    store_batch_int(batch, (int64_t)link.epoch);
    store_batch_int(batch, link.at);
    store_batch_int(batch, (int64_t)link.actor);
    store_batch_text(batch, kind);
    store_batch_int(batch, link.version);
    store_batch_text_bytes(batch, body);
    store_batch_blob(batch, (struct bytes){hash, sizeof hash});
    return ERR_OK;
}

static void project_meeting(struct store_batch *batch, const struct meeting_state *state)
{
    store_batch_add(batch, STATEMENT_MEETING_UPSERT);
    store_batch_int(batch, (int64_t)state->id);
    store_batch_text(batch, state->code);
    store_batch_text(batch, state->title);
    store_batch_text(batch, state->place);
    store_batch_text(batch, words_name(&phase_words, state->phase));
    store_batch_int(batch, state->start_at);
    store_batch_int(batch, state->end_at);
    store_batch_int(batch, (int64_t)state->participants[0].user_id);
    store_batch_int(batch, (int64_t)state->participants[1].user_id);
    store_batch_int(batch, (int64_t)state->seq);
}

static void project_document(struct store_batch *batch, uint64_t meeting,
                             const struct meeting_event *event)
{
    store_batch_add(batch, STATEMENT_DOCUMENT_INSERT);
    store_batch_int(batch, (int64_t)event->of.document_added.document_id);
    store_batch_int(batch, (int64_t)meeting);
    store_batch_text(batch, event->of.document_added.sha256);
    store_batch_int(batch, (int64_t)event->of.document_added.size_bytes);
    store_batch_int(batch, event->of.document_added.pages);
    store_batch_text(batch, event->of.document_added.title);
}

/* Registers the file of the minutes as it stands now. */
static enum err project_issued(struct meeting_service *service, struct store_batch *batch,
                               const struct meeting_state *state)
{
    size_t size = (service->issued_count + (size_t)1) * sizeof *service->issued;
    struct issued_file *issued = realloc(service->issued, size);
    if (!issued)
        return ERR_NO_MEMORY;
    service->issued = issued;
    struct issued_file *file = &issued[service->issued_count++];
    *file = (struct issued_file){.meeting = state->id, .issued_at = state->last_at};
    memcpy(file->code, state->minutes.code, sizeof file->code);
    memcpy(file->sha256, state->minutes.sha256, sizeof file->sha256);
    store_batch_add(batch, STATEMENT_ISSUED_PUT);
    store_batch_text(batch, file->sha256);
    store_batch_text(batch, file->code);
    store_batch_int(batch, (int64_t)file->meeting);
    store_batch_int(batch, file->issued_at);
    return ERR_OK;
}

enum err append_projection(struct meeting_service *service, struct service_meeting *meeting,
                           struct store_batch *batch, const struct event_row *row)
{
    project_meeting(batch, &meeting->state);
    switch ((int)row->event.kind) {
    case EVENT_DOCUMENT_ADDED:
        project_document(batch, meeting->state.id, &row->event);
        return ERR_OK;
    case EVENT_DOCUMENT_REMOVED:
        store_batch_add(batch, STATEMENT_DOCUMENT_DELETE);
        store_batch_int(batch, (int64_t)row->event.of.document_removed.document_id);
        return ERR_OK;
    case EVENT_MINUTES_FINALISED:
    case EVENT_MINUTES_SIGNED:
        service->preserving_due = 0;
        return project_issued(service, batch, &meeting->state);
    case EVENT_MINUTES_ARCHIVED:
        register_project_file(batch, state_issue_now(&meeting->state));
        return project_issued(service, batch, &meeting->state);
    case EVENT_ISSUE_SEALED: {
        service->preserving_due = 0;
        enum err err = project_issued(service, batch, &meeting->state);
        return err == ERR_OK ? register_project(service, &meeting->state, batch, row) : err;
    }
    case EVENT_ISSUE_NUMBERED:
    case EVENT_ISSUE_WRITTEN:
    case EVENT_ISSUE_DISTRIBUTED:
    case EVENT_ISSUE_RECEIVED:
    case EVENT_ISSUE_RECALLED:
    case EVENT_ISSUE_REPLACED:
        return register_project(service, &meeting->state, batch, row);
    default:
        return ERR_OK;
    }
}

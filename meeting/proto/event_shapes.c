#include "meeting/proto/event_shapes.h"

#include <assert.h>

#include "base/limits.h"

#define COUNT(list) (sizeof(list) / sizeof(list)[0])

/* One member: `type` of struct, path to the member in it, name in JSON, kind, bound. */
#define MEMBER(type, path, name, kind, limit)                                                      \
    {                                                                                              \
        name, kind, limit, offsetof(type, path), 0, 0, 0                                           \
    }
#define WORD(type, path, name, words)                                                              \
    {                                                                                              \
        name, SHAPE_WORD, 0, offsetof(type, path), 0, &words, 0                                    \
    }
#define OBJECT(type, path, name, shape)                                                            \
    {                                                                                              \
        name, SHAPE_OBJECT, 0, offsetof(type, path), 0, 0, &shape                                  \
    }
#define LIST(type, path, count, name, limit, shape)                                                \
    {                                                                                              \
        name, SHAPE_LIST, limit, offsetof(type, path), offsetof(type, count), 0, &shape            \
    }
#define SHAPE(type, fields)                                                                        \
    {                                                                                              \
        sizeof(type), COUNT(fields), fields                                                        \
    }

static const struct shape_field run_fields[] = {
    MEMBER(struct minutes_run, text, "text", SHAPE_LINES, LIMIT_MINUTES_BYTES),
    MEMBER(struct minutes_run, bold, "bold", SHAPE_FLAG, 0),
    MEMBER(struct minutes_run, italic, "italic", SHAPE_FLAG, 0),
};
static const struct shape run_shape = SHAPE(struct minutes_run, run_fields);

static const struct shape_field block_fields[] = {
    WORD(struct minutes_block, type, "type", block_type_words),
    LIST(struct minutes_block, runs, run_count, "runs", LIMIT_MINUTES_RUNS, run_shape),
};
const struct shape minutes_block_shape = SHAPE(struct minutes_block, block_fields);

static const struct shape_field person_fields[] = {
    MEMBER(struct event_person, id, "id", SHAPE_ID, 0),
    MEMBER(struct event_person, source, "source", SHAPE_U32, UINT32_MAX),
    MEMBER(struct event_person, user_id, "userId", SHAPE_ID, 0),
    MEMBER(struct event_person, name, "name", SHAPE_TEXT, LIMIT_NAME_BYTES),
    MEMBER(struct event_person, position, "position", SHAPE_TEXT_ANY, LIMIT_POSITION_BYTES),
    MEMBER(struct event_person, unit, "unit", SHAPE_TEXT_ANY, LIMIT_TITLE_BYTES),
    WORD(struct event_person, capacity, "capacity", capacity_words),
    MEMBER(struct event_person, vote, "vote", SHAPE_BOOL, 0),
};
static const struct shape person_shape = SHAPE(struct event_person, person_fields);

static const struct shape_field unit_fields[] = {
    MEMBER(struct event_unit, id, "id", SHAPE_ID, 0),
    MEMBER(struct event_unit, name, "name", SHAPE_TEXT, LIMIT_TITLE_BYTES),
};
static const struct shape unit_shape = SHAPE(struct event_unit, unit_fields);

static const struct shape_field item_fields[] = {
    MEMBER(struct event_agenda_item, id, "id", SHAPE_ID, 0),
    MEMBER(struct event_agenda_item, title, "title", SHAPE_TEXT, LIMIT_TITLE_BYTES),
    MEMBER(struct event_agenda_item, presenter_id, "presenterId", SHAPE_ID_OR_NULL, 0),
    MEMBER(struct event_agenda_item, planned_minutes, "plannedMinutes", SHAPE_U32,
           LIMIT_PLANNED_MINUTES),
};
static const struct shape item_shape = SHAPE(struct event_agenda_item, item_fields);

/* The rest are members of struct meeting_event itself. */
#define AT(path, name, kind, limit) MEMBER(struct meeting_event, of.path, name, kind, limit)
#define AT_WORD(path, name, words) WORD(struct meeting_event, of.path, name, words)

static const struct shape_field created_fields[] = {
    AT(created.code, "code", SHAPE_TEXT, LIMIT_CODE_BYTES),
    AT(created.title, "title", SHAPE_TEXT, LIMIT_TITLE_BYTES),
    AT(created.place, "place", SHAPE_TEXT_ANY, LIMIT_TITLE_BYTES),
    AT(created.start_at, "startAt", SHAPE_TIME, 0),
    AT(created.end_at, "endAt", SHAPE_TIME, 0),
    OBJECT(struct meeting_event, of.created.chair, "chair", person_shape),
    OBJECT(struct meeting_event, of.created.secretary, "secretary", person_shape),
};
static const struct shape_field agenda_set_fields[] = {
    LIST(struct meeting_event, of.agenda_set.items, of.agenda_set.item_count, "items",
         LIMIT_AGENDA_ITEMS, item_shape),
};
static const struct shape_field document_added_fields[] = {
    AT(document_added.document_id, "id", SHAPE_ID, 0),
    AT(document_added.agenda_id, "agendaId", SHAPE_ID_OR_NULL, 0),
    AT(document_added.title, "title", SHAPE_TEXT, LIMIT_TITLE_BYTES),
    AT(document_added.sha256, "sha256", SHAPE_HEX256, 0),
    AT(document_added.size_bytes, "size", SHAPE_U53, 0),
    AT(document_added.pages, "pages", SHAPE_U32, LIMIT_DOCUMENT_PAGES),
};
static const struct shape_field document_removed_fields[] = {
    AT(document_removed.document_id, "documentId", SHAPE_ID, 0),
};
static const struct shape_field units_invited_fields[] = {
    LIST(struct meeting_event, of.units_invited.units, of.units_invited.unit_count, "units",
         LIMIT_PARTICIPANTS, unit_shape),
    LIST(struct meeting_event, of.units_invited.people, of.units_invited.person_count,
         "participants", LIMIT_PARTICIPANTS, person_shape),
};
static const struct shape_field reason_fields[] = {
    AT(reason.reason, "reason", SHAPE_LINES, LIMIT_TEXT_BYTES),
};
static const struct shape_field entered_fields[] = {
    AT(entered.participant_id, "participantId", SHAPE_ID, 0),
    AT_WORD(entered.method, "method", presence_method_words),
};
static const struct shape_field left_fields[] = {
    AT(left.participant_id, "participantId", SHAPE_ID, 0),
    AT_WORD(left.method, "method", presence_method_words),
    AT(left.out_at, "outAt", SHAPE_TIME, 0),
};
static const struct shape_field agenda_opened_fields[] = {
    AT(agenda_opened.agenda_id, "agendaId", SHAPE_ID, 0),
};
static const struct shape_field participant_fields[] = {
    AT(participant.participant_id, "participantId", SHAPE_ID, 0),
};
static const struct shape_field stage_set_fields[] = {
    AT(participant.participant_id, "participantId", SHAPE_ID_OR_NULL, 0),
};
static const struct shape_field presented_fields[] = {
    AT(presented.document_id, "documentId", SHAPE_ID_OR_NULL, 0),
    AT(presented.participant_id, "by", SHAPE_ID, 0),
    AT(presented.page, "page", SHAPE_U32, LIMIT_DOCUMENT_PAGES),
    AT(presented.number, "number", SHAPE_U32, UINT32_MAX),
};
static const struct shape_field vote_opened_fields[] = {
    AT(vote_opened.vote_id, "voteId", SHAPE_ID, 0),
    AT(vote_opened.question, "question", SHAPE_LINES, LIMIT_TEXT_BYTES),
    AT(vote_opened.eligible, "eligible", SHAPE_U32, LIMIT_PARTICIPANTS),
};
static const struct shape_field vote_cast_fields[] = {
    AT(vote_cast.vote_id, "voteId", SHAPE_ID, 0),
    AT(vote_cast.participant_id, "participantId", SHAPE_ID, 0),
    AT_WORD(vote_cast.choice, "choice", choice_words),
};
static const struct shape_field vote_closed_fields[] = {
    AT(vote_closed.vote_id, "voteId", SHAPE_ID, 0),
    AT(vote_closed.agree, "agree", SHAPE_U32, LIMIT_PARTICIPANTS),
    AT(vote_closed.disagree, "disagree", SHAPE_U32, LIMIT_PARTICIPANTS),
    AT(vote_closed.abstain, "abstain", SHAPE_U32, LIMIT_PARTICIPANTS),
};
static const struct shape_field conclusion_added_fields[] = {
    AT(conclusion_added.conclusion_id, "conclusionId", SHAPE_ID, 0),
    AT(conclusion_added.text, "text", SHAPE_LINES, LIMIT_TEXT_BYTES),
};
static const struct shape_field conclusion_removed_fields[] = {
    AT(conclusion_removed.conclusion_id, "conclusionId", SHAPE_ID, 0),
};
static const struct shape_field locked_fields[] = {
    AT(locked.user_id, "userId", SHAPE_ID, 0),
    AT(locked.takeover, "takeover", SHAPE_BOOL, 0),
};
static const struct shape_field unlocked_fields[] = {
    AT(unlocked.user_id, "userId", SHAPE_ID, 0),
};
static const struct shape_field saved_fields[] = {
    AT(saved.revision, "revision", SHAPE_U32, UINT32_MAX),
    LIST(struct meeting_event, of.saved.minutes.blocks, of.saved.minutes.block_count, "blocks",
         LIMIT_MINUTES_BLOCKS, minutes_block_shape),
};
static const struct shape_field finalised_fields[] = {
    AT(finalised.revision, "revision", SHAPE_U32, UINT32_MAX),
    AT(finalised.code, "code", SHAPE_TEXT, LIMIT_CODE_BYTES),
    AT(finalised.sha256, "sha256", SHAPE_HEX256, 0),
};
static const struct shape_field signed_by_fields[] = {
    AT_WORD(signed_by.field, "field", minutes_field_words),
    AT(signed_by.user_id, "userId", SHAPE_ID, 0),
    AT(signed_by.serial, "serial", SHAPE_TEXT, LIMIT_SERIAL_BYTES),
    AT(signed_by.sha256, "sha256", SHAPE_HEX256, 0),
};
static const struct shape_field numbered_fields[] = {
    AT(numbered.issue_id, "issueId", SHAPE_ID, 0),
    AT_WORD(numbered.type, "type", issue_type_words),
    AT(numbered.symbol, "symbol", SHAPE_TEXT_ANY, LIMIT_SYMBOL_BYTES),
    AT(numbered.year, "year", SHAPE_U32, LIMIT_YEAR),
    AT(numbered.number, "number", SHAPE_U32, UINT32_MAX),
};
static const struct shape_field written_fields[] = {
    AT(written.issue_id, "issueId", SHAPE_ID, 0),
    AT(written.sha256, "sha256", SHAPE_HEX256, 0),
};
static const struct shape_field archived_fields[] = {
    AT(archived.before, "before", SHAPE_HEX256, 0),
    AT(archived.sha256, "sha256", SHAPE_HEX256, 0),
};
static const struct shape_field sealed_fields[] = {
    AT(sealed.issue_id, "issueId", SHAPE_ID, 0),
    AT(sealed.serial, "serial", SHAPE_TEXT, LIMIT_SERIAL_BYTES),
    AT(sealed.sha256, "sha256", SHAPE_HEX256, 0),
};
static const struct shape_field distributed_fields[] = {
    AT(distributed.issue_id, "issueId", SHAPE_ID, 0),
    LIST(struct meeting_event, of.distributed.units, of.distributed.unit_count, "units",
         LIMIT_PARTICIPANTS, unit_shape),
};
static const struct shape_field received_fields[] = {
    AT(received.issue_id, "issueId", SHAPE_ID, 0),
    AT(received.unit_id, "unitId", SHAPE_ID, 0),
    AT_WORD(received.of, "of", receipt_of_words),
};
static const struct shape_field recalled_fields[] = {
    AT(recalled.issue_id, "issueId", SHAPE_ID, 0),
    AT(recalled.reason, "reason", SHAPE_LINES, LIMIT_TEXT_BYTES),
};
static const struct shape_field replaced_fields[] = {
    AT(replaced.issue_id, "issueId", SHAPE_ID, 0),
    AT(replaced.by, "by", SHAPE_ID, 0),
};

const struct shape *event_shape_of(enum event_kind kind)
{
#define MEMBERS(fields)                                                                            \
    {                                                                                              \
        sizeof(struct meeting_event), COUNT(fields), fields                                        \
    }
    static const struct shape created = MEMBERS(created_fields);
    static const struct shape agenda_set = MEMBERS(agenda_set_fields);
    static const struct shape document_added = MEMBERS(document_added_fields);
    static const struct shape document_removed = MEMBERS(document_removed_fields);
    static const struct shape units_invited = MEMBERS(units_invited_fields);
    static const struct shape reason = MEMBERS(reason_fields);
    static const struct shape entered = MEMBERS(entered_fields);
    static const struct shape left = MEMBERS(left_fields);
    static const struct shape agenda_opened = MEMBERS(agenda_opened_fields);
    static const struct shape participant = MEMBERS(participant_fields);
    static const struct shape stage_set = MEMBERS(stage_set_fields);
    static const struct shape presented = MEMBERS(presented_fields);
    static const struct shape vote_opened = MEMBERS(vote_opened_fields);
    static const struct shape vote_cast = MEMBERS(vote_cast_fields);
    static const struct shape vote_closed = MEMBERS(vote_closed_fields);
    static const struct shape conclusion_added = MEMBERS(conclusion_added_fields);
    static const struct shape conclusion_removed = MEMBERS(conclusion_removed_fields);
    static const struct shape locked = MEMBERS(locked_fields);
    static const struct shape unlocked = MEMBERS(unlocked_fields);
    static const struct shape saved = MEMBERS(saved_fields);
    static const struct shape finalised = MEMBERS(finalised_fields);
    static const struct shape signed_by = MEMBERS(signed_by_fields);
    static const struct shape numbered = MEMBERS(numbered_fields);
    static const struct shape written = MEMBERS(written_fields);
    static const struct shape sealed = MEMBERS(sealed_fields);
    static const struct shape archived = MEMBERS(archived_fields);
    static const struct shape distributed = MEMBERS(distributed_fields);
    static const struct shape received = MEMBERS(received_fields);
    static const struct shape recalled = MEMBERS(recalled_fields);
    static const struct shape replaced = MEMBERS(replaced_fields);
    static const struct shape empty = {sizeof(struct meeting_event), 0, NULL};
#define X(name, member, word) [EVENT_##name] = &member,
    static const struct shape *const shapes[] = {EVENT_KINDS(X)};
#undef X
    assert(kind < EVENT_KIND_COUNT);
    return kind == EVENT_STAGE_SET ? &stage_set : shapes[kind];
}

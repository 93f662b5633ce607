#include "meeting/core/command_json.h"

#include <stddef.h>
#include <string.h>

#include "base/limits.h"
#include "meeting/proto/event_shapes.h"
#include "meeting/proto/json_shape.h"

#define COUNT(list) (sizeof(list) / sizeof(list)[0])
#define MEMBER(type, path, name, kind, limit)                                                      \
    {                                                                                              \
        name, kind, limit, offsetof(type, path), 0, 0, 0                                           \
    }
#define AT(path, name, kind, limit) MEMBER(struct meeting_command, of.path, name, kind, limit)
#define LIST_AT(path, count, name, kind, limit, shape)                                             \
    {                                                                                              \
        name, kind, limit, offsetof(struct meeting_command, of.path),                              \
            offsetof(struct meeting_command, of.count), 0, shape                                   \
    }

static const struct shape_field item_fields[] = {
    MEMBER(struct agenda_item, id, "id", SHAPE_ID_OPTIONAL, 0),
    MEMBER(struct agenda_item, title, "title", SHAPE_TEXT, LIMIT_TITLE_BYTES),
    MEMBER(struct agenda_item, presenter_id, "presenterId", SHAPE_ID_OPTIONAL, 0),
    MEMBER(struct agenda_item, planned_minutes, "plannedMinutes", SHAPE_U32, LIMIT_PLANNED_MINUTES),
};
static const struct shape item_shape = {sizeof(struct agenda_item), COUNT(item_fields),
                                        item_fields};

static const struct shape_field agenda_set_fields[] = {
    LIST_AT(agenda_set.items, agenda_set.item_count, "items", SHAPE_LIST, LIMIT_AGENDA_ITEMS,
            &item_shape),
};
static const struct shape_field document_remove_fields[] = {
    AT(document_remove.document_id, "documentId", SHAPE_ID, 0),
};
static const struct shape_field units_invite_fields[] = {
    LIST_AT(units_invite.unit_ids, units_invite.unit_count, "unitIds", SHAPE_ID_LIST,
            LIMIT_PARTICIPANTS, NULL),
    LIST_AT(units_invite.user_ids, units_invite.user_count, "userIds", SHAPE_ID_LIST,
            LIMIT_PARTICIPANTS, NULL),
};
static const struct shape_field reason_fields[] = {
    AT(reason.reason, "reason", SHAPE_LINES, LIMIT_TEXT_BYTES),
};
static const struct shape_field agenda_open_fields[] = {
    AT(agenda_open.agenda_id, "agendaId", SHAPE_ID, 0),
};
static const struct shape_field participant_fields[] = {
    AT(participant.participant_id, "participantId", SHAPE_ID, 0),
};
static const struct shape_field stage_set_fields[] = {
    AT(participant.participant_id, "participantId", SHAPE_ID_OR_NULL, 0),
};
static const struct shape_field document_present_fields[] = {
    AT(document_present.document_id, "documentId", SHAPE_ID_OR_NULL, 0),
    AT(document_present.page, "page", SHAPE_U32_OPTIONAL, LIMIT_DOCUMENT_PAGES),
};
static const struct shape_field vote_open_fields[] = {
    AT(vote_open.question, "question", SHAPE_LINES, LIMIT_TEXT_BYTES),
};
static const struct shape_field vote_cast_fields[] = {
    AT(vote_cast.vote_id, "voteId", SHAPE_ID, 0),
    {"choice", SHAPE_WORD, 0, offsetof(struct meeting_command, of.vote_cast.choice), 0,
     &choice_words, 0},
};
static const struct shape_field vote_close_fields[] = {
    AT(vote_close.vote_id, "voteId", SHAPE_ID, 0),
};
static const struct shape_field conclusion_add_fields[] = {
    AT(conclusion_add.text, "text", SHAPE_LINES, LIMIT_TEXT_BYTES),
};
static const struct shape_field conclusion_remove_fields[] = {
    AT(conclusion_remove.conclusion_id, "conclusionId", SHAPE_ID, 0),
};
static const struct shape_field minutes_save_fields[] = {
    AT(minutes_save.base_revision, "baseRevision", SHAPE_U32, UINT32_MAX),
    LIST_AT(minutes_save.minutes.blocks, minutes_save.minutes.block_count, "blocks", SHAPE_LIST,
            LIMIT_MINUTES_BLOCKS, &minutes_block_shape),
};
static const struct shape_field minutes_finalise_fields[] = {
    AT(minutes_finalise.revision, "revision", SHAPE_U32, UINT32_MAX),
};

static const struct shape_field issue_distribute_fields[] = {
    LIST_AT(issue_distribute.unit_ids, issue_distribute.unit_count, "unitIds", SHAPE_ID_LIST,
            LIMIT_PARTICIPANTS, NULL),
};
static const struct shape_field issue_receive_fields[] = {
    AT(issue_receive.issue_id, "issueId", SHAPE_ID, 0),
};

#define EMPTY                                                                                      \
    {                                                                                              \
        sizeof(struct meeting_command), 0, NULL                                                    \
    }
#define PLAN(path, name, kind, limit) MEMBER(struct meeting_plan, path, name, kind, limit)

static const struct shape_field plan_fields[] = {
    PLAN(title, "title", SHAPE_TEXT, LIMIT_TITLE_BYTES),
    PLAN(start_at, "startAt", SHAPE_TIME, 0),
    PLAN(end_at, "endAt", SHAPE_TIME, 0),
    PLAN(place, "place", SHAPE_TEXT_ANY, LIMIT_TITLE_BYTES),
    PLAN(chair_id, "chairId", SHAPE_ID, 0),
    PLAN(secretary_id, "secretaryId", SHAPE_ID, 0),
};
static const struct shape plan_shape = {sizeof(struct meeting_plan), COUNT(plan_fields),
                                        plan_fields};

#define MEMBERS(fields)                                                                            \
    {                                                                                              \
        sizeof(struct meeting_command), COUNT(fields), fields                                      \
    }

/* The members of a client's command by action; `fields` NULL and size 0: the server alone makes it.
 */
static const struct shape command_shapes[ACTION_COUNT] = {
    [ACTION_AGENDA_SET] = MEMBERS(agenda_set_fields),
    [ACTION_DOCUMENT_REMOVE] = MEMBERS(document_remove_fields),
    [ACTION_UNITS_INVITE] = MEMBERS(units_invite_fields),
    [ACTION_SUBMIT] = EMPTY,
    [ACTION_APPROVE] = EMPTY,
    [ACTION_RETURN] = MEMBERS(reason_fields),
    [ACTION_ANNOUNCE] = EMPTY,
    [ACTION_CANCEL] = MEMBERS(reason_fields),
    [ACTION_START] = EMPTY,
    [ACTION_PAUSE] = EMPTY,
    [ACTION_RESUME] = EMPTY,
    [ACTION_END] = EMPTY,
    [ACTION_AGENDA_OPEN] = MEMBERS(agenda_open_fields),
    [ACTION_FLOOR_REQUEST] = EMPTY,
    [ACTION_FLOOR_WITHDRAW] = EMPTY,
    [ACTION_FLOOR_GRANT] = MEMBERS(participant_fields),
    [ACTION_FLOOR_RELEASE] = EMPTY,
    [ACTION_STAGE_SET] = MEMBERS(stage_set_fields),
    [ACTION_DOCUMENT_PRESENT] = MEMBERS(document_present_fields),
    [ACTION_VOTE_OPEN] = MEMBERS(vote_open_fields),
    [ACTION_VOTE_CAST] = MEMBERS(vote_cast_fields),
    [ACTION_VOTE_CLOSE] = MEMBERS(vote_close_fields),
    [ACTION_CONCLUSION_ADD] = MEMBERS(conclusion_add_fields),
    [ACTION_CONCLUSION_REMOVE] = MEMBERS(conclusion_remove_fields),
    [ACTION_MINUTES_LOCK] = EMPTY,
    [ACTION_MINUTES_UNLOCK] = EMPTY,
    [ACTION_MINUTES_TAKEOVER] = EMPTY,
    [ACTION_MINUTES_SAVE] = MEMBERS(minutes_save_fields),
    [ACTION_MINUTES_FINALISE] = MEMBERS(minutes_finalise_fields),
    [ACTION_MINUTES_REOPEN] = EMPTY,
    [ACTION_ISSUE_NUMBER] = EMPTY,
    [ACTION_ISSUE_DISTRIBUTE] = MEMBERS(issue_distribute_fields),
    [ACTION_ISSUE_RECEIVE] = MEMBERS(issue_receive_fields),
    [ACTION_ISSUE_RECALL] = MEMBERS(reason_fields),
};

static enum err action_read(json_t *object, enum meeting_action *ret_action)
{
    const json_t *kind = json_object_get(object, "kind");
    if (!json_is_string(kind))
        return ERR_FORMAT;
    struct bytes word = {(const uint8_t *)json_string_value(kind), json_string_length(kind)};
    uint32_t action;
    enum err err = words_find(&action_words, word, &action);
    if (err != ERR_OK)
        return err;
    if (command_shapes[action].size == 0)
        return ERR_FORBIDDEN;
    json_object_del(object, "kind");
    *ret_action = (enum meeting_action)action;
    return ERR_OK;
}

enum err command_json_parse(struct bytes json, struct arena *arena,
                            struct meeting_command *ret_command, const char **ret_where)
{
    if (json.size > LIMIT_JSON_BYTES)
        return ERR_LIMIT;
    json_t *object;
    enum err err = shape_load(json, &object);
    if (err != ERR_OK)
        return err;
    struct meeting_command command;
    memset(&command, 0, sizeof command);
    err = action_read(object, &command.action);
    if (err != ERR_OK && ret_where)
        *ret_where = "kind";
    if (err == ERR_OK)
        err = shape_read(&command_shapes[command.action], object, arena, &command, ret_where);
    json_decref(object);
    if (err == ERR_OK)
        *ret_command = command;
    return err;
}

enum err command_json_parse_plan(struct bytes json, struct arena *arena,
                                 struct meeting_plan *ret_plan, const char **ret_where)
{
    if (json.size > LIMIT_JSON_BYTES)
        return ERR_LIMIT;
    json_t *object;
    enum err err = shape_load(json, &object);
    if (err != ERR_OK)
        return err;
    struct meeting_plan plan;
    memset(&plan, 0, sizeof plan);
    err = shape_read(&plan_shape, object, arena, &plan, ret_where);
    json_decref(object);
    if (err == ERR_OK)
        *ret_plan = plan;
    return err;
}

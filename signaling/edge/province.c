#include "signaling/edge/province.h"

#include <stdlib.h>
#include <string.h>

#include <jansson.h>
#include <sodium.h>

#include "base/limits.h"
#include "base/log.h"

/* What the file's keys and logins stand for while it is read. */
struct import {
    struct meeting_service *service;
    const json_t *root;
    json_t *unit_ids; /* key → id */
    char password_hash[crypto_pwhash_STRBYTES];
    utc_ms_t now;
};

static enum err import_complain(const char *what, const char *which)
{
    log_line(LOG_ERROR, "door.province", "problem=\"%s\" at=\"%s\"", what, which);
    return ERR_FORMAT;
}

/* The text member `name`, or NULL after a complaint. */
static const char *import_text(const json_t *object, const char *name)
{
    const char *text = json_string_value(json_object_get(object, name));
    if (!text)
        (void)import_complain("a text is missing", name);
    return text;
}

static uint64_t import_unit_id(const struct import *import, const char *key)
{
    return (uint64_t)json_integer_value(json_object_get(import->unit_ids, key));
}

static enum err import_unit(struct import *import, const json_t *entry)
{
    const char *key = import_text(entry, "key");
    const char *name = import_text(entry, "name");
    const char *kind_word = import_text(entry, "kind");
    const char *parent = json_string_value(json_object_get(entry, "parent"));
    if (!key || !name || !kind_word)
        return ERR_FORMAT;

    uint32_t kind;
    if (words_find(&unit_kind_words, bytes_of(kind_word), &kind) != ERR_OK)
        return import_complain("no such kind of unit", kind_word);
    uint64_t parent_id = parent ? import_unit_id(import, parent) : 0;
    if (parent && parent_id == 0)
        return import_complain("the parent must stand before its units", parent);

    uint64_t id;
    struct directory_unit unit = {
        .parent_id = parent_id, .kind = (enum unit_kind)kind, .name = name};
    enum err err = meeting_directory_add_unit(import->service, &unit, &id);
    if (err != ERR_OK)
        return import_complain(err_name(err), key), err;
    return json_object_set_new(import->unit_ids, key, json_integer((json_int_t)id)) == 0
               ? ERR_OK
               : ERR_NO_MEMORY;
}

static enum err import_roles(const json_t *words, uint32_t *ret_roles)
{
    size_t i;
    json_t *word;
    uint32_t roles = 0;
    json_array_foreach(words, i, word)
    {
        uint32_t role;
        const char *text = json_string_value(word);
        if (!text || words_find(&user_role_words, bytes_of(text), &role) != ERR_OK)
            return import_complain("no such role", text ? text : "roles");
        roles |= 1u << role;
    }
    *ret_roles = roles;
    return roles ? ERR_OK : import_complain("a user without a role", "roles");
}

static enum err import_user(struct import *import, const json_t *entry)
{
    const char *login = import_text(entry, "login");
    const char *name = import_text(entry, "name");
    const char *position = import_text(entry, "position");
    const char *unit = import_text(entry, "unit");
    if (!login || !name || !position || !unit)
        return ERR_FORMAT;

    uint32_t roles;
    enum err err = import_roles(json_object_get(entry, "roles"), &roles);
    if (err != ERR_OK)
        return err;
    uint64_t unit_id = import_unit_id(import, unit);
    if (unit_id == 0)
        return import_complain("no such unit", unit);

    uint64_t id;
    struct directory_user user = {.unit_id = unit_id,
                                  .roles = roles,
                                  .login = login,
                                  .password_hash = import->password_hash,
                                  .name = name,
                                  .position = position};
    err = meeting_directory_add_user(import->service, &user, &id);
    return err == ERR_OK ? ERR_OK : (import_complain(err_name(err), login), err);
}

/* The id of the user with that login; 0 after a complaint. */
static uint64_t import_user_id(const struct import *import, const char *login)
{
    const struct directory_user *user =
        login ? meeting_user_by_login(import->service, bytes_of(login)) : NULL;
    if (!user)
        (void)import_complain("no such login", login ? login : "(none)");
    return user ? user->id : 0;
}

static enum err import_command(struct import *import, struct meeting_command *command)
{
    struct meeting_receipt receipt = meeting_submit(import->service, command, import->now);
    if (!receipt.refusal)
        return ERR_OK;
    return import_complain(receipt.refusal->en, words_name(&action_words, command->action)),
           receipt.refusal->err;
}

static enum err import_agenda(struct import *import, struct meeting_command *command,
                              const json_t *agenda)
{
    struct agenda_item items[LIMIT_AGENDA_ITEMS] = {0};
    size_t count = json_array_size(agenda);
    if (count > LIMIT_AGENDA_ITEMS)
        return import_complain("too many agenda items", "agenda");
    for (size_t i = 0; i < count; i++) {
        const json_t *entry = json_array_get(agenda, i);
        items[i].title = import_text(entry, "title");
        items[i].planned_minutes =
            (uint32_t)json_integer_value(json_object_get(entry, "plannedMinutes"));
        if (!items[i].title)
            return ERR_FORMAT;
        /* A presenter is a participant; only those who are one already can be named here. */
        const char *login = json_string_value(json_object_get(entry, "presenter"));
        const struct state_participant *presenter =
            login ? state_user_find(meeting_state_of(import->service, command->meeting),
                                    import_user_id(import, login))
                  : NULL;
        items[i].presenter_id = presenter ? presenter->id : 0;
    }
    command->action = ACTION_AGENDA_SET;
    command->of.agenda_set.item_count = (uint32_t)count;
    command->of.agenda_set.items = items;
    return import_command(import, command);
}

/* Every commune, in the file's order. Needs: room for all units of the file. */
static uint32_t import_communes(const struct import *import, uint64_t *ret_ids)
{
    size_t i;
    json_t *entry;
    uint32_t count = 0;
    json_array_foreach(json_object_get(import->root, "units"), i, entry)
    {
        if (strcmp(json_string_value(json_object_get(entry, "kind")), "commune") == 0)
            ret_ids[count++] =
                import_unit_id(import, json_string_value(json_object_get(entry, "key")));
    }
    return count;
}

static enum err import_invitations(struct import *import, struct meeting_command *command,
                                   const json_t *plan)
{
    const json_t *logins = json_object_get(plan, "inviteUsers");
    const char *units = json_string_value(json_object_get(plan, "inviteUnits"));
    size_t user_count = json_array_size(logins);
    size_t unit_room = json_array_size(json_object_get(import->root, "units"));
    uint64_t *ids = calloc(user_count + unit_room + 1, sizeof *ids);
    if (!ids)
        return ERR_NO_MEMORY;

    enum err err = ERR_OK;
    for (size_t i = 0; i < user_count && err == ERR_OK; i++) {
        ids[i] = import_user_id(import, json_string_value(json_array_get(logins, i)));
        err = ids[i] ? ERR_OK : ERR_FORMAT;
    }
    if (err == ERR_OK) {
        command->action = ACTION_UNITS_INVITE;
        command->of.units_invite.user_count = (uint32_t)user_count;
        command->of.units_invite.user_ids = ids;
        command->of.units_invite.unit_ids = ids + user_count;
        command->of.units_invite.unit_count =
            units && strcmp(units, "communes") == 0 ? import_communes(import, ids + user_count) : 0;
        err = import_command(import, command);
    }
    free(ids);
    return err;
}

static enum err import_meeting(struct import *import, const json_t *plan, uint64_t *ret_meeting)
{
    const char *title = import_text(plan, "title");
    const char *place = import_text(plan, "place");
    uint64_t chair = import_user_id(import, json_string_value(json_object_get(plan, "chair")));
    uint64_t secretary =
        import_user_id(import, json_string_value(json_object_get(plan, "secretary")));
    if (!title || !place || !chair || !secretary)
        return ERR_FORMAT;

    int64_t minutes = json_integer_value(json_object_get(plan, "durationMinutes"));
    struct meeting_plan made = {.actor = secretary,
                                .title = title,
                                .place = place,
                                .start_at = import->now,
                                .end_at = import->now + minutes * 60 * 1000,
                                .chair_id = chair,
                                .secretary_id = secretary};
    struct meeting_receipt receipt = meeting_create(import->service, &made, import->now);
    if (receipt.refusal)
        return import_complain(receipt.refusal->en, "meeting"), receipt.refusal->err;

    struct meeting_command command = {.meeting = receipt.id, .actor = secretary};
    enum err err = import_invitations(import, &command, plan);
    if (err == ERR_OK)
        err = import_agenda(import, &command, json_object_get(plan, "agenda"));

    static const enum meeting_action way[] = {ACTION_SUBMIT, ACTION_APPROVE, ACTION_ANNOUNCE};
    for (size_t i = 0; i < sizeof way / sizeof way[0] && err == ERR_OK; i++) {
        command = (struct meeting_command){.action = way[i], .meeting = receipt.id};
        command.actor = way[i] == ACTION_APPROVE ? chair : secretary;
        err = import_command(import, &command);
    }
    if (err == ERR_OK)
        *ret_meeting = receipt.id;
    return err;
}

/* One password stands for all accounts of the file, so one hash does too. */
static enum err import_password(struct import *import)
{
    const char *password = import_text(import->root, "password");
    if (!password)
        return ERR_FORMAT;
    return crypto_pwhash_str(import->password_hash, password, strlen(password),
                             crypto_pwhash_OPSLIMIT_INTERACTIVE,
                             crypto_pwhash_MEMLIMIT_INTERACTIVE) == 0
               ? ERR_OK
               : ERR_NO_MEMORY;
}

static enum err import_list(struct import *import, const char *name,
                            enum err (*import_one)(struct import *, const json_t *))
{
    size_t i;
    json_t *entry;
    json_array_foreach(json_object_get(import->root, name), i, entry)
    {
        enum err err = import_one(import, entry);
        if (err != ERR_OK)
            return err;
    }
    return i > 0 ? ERR_OK : import_complain("an empty list", name);
}

static enum err import_all(struct import *import, struct province_summary *ret_summary)
{
    const json_t *plan = json_object_get(import->root, "meeting");
    struct province_summary summary = {
        .units = (uint32_t)json_array_size(json_object_get(import->root, "units")),
        .users = (uint32_t)json_array_size(json_object_get(import->root, "users"))};

    enum err err = import_password(import);
    if (err == ERR_OK)
        err = import_list(import, "units", import_unit);
    if (err == ERR_OK)
        err = import_list(import, "users", import_user);
    if (err == ERR_OK && plan)
        err = import_meeting(import, plan, &summary.meeting);
    if (err == ERR_OK)
        err = meeting_flush(import->service);
    if (err == ERR_OK)
        *ret_summary = summary;
    return err;
}

enum err province_import(struct meeting_service *service, const char *json_path, utc_ms_t now,
                         struct province_summary *ret_summary)
{
    if (meeting_user_count(service) > 0)
        return ERR_CONFLICT;

    json_error_t where;
    json_t *root = json_load_file(json_path, JSON_REJECT_DUPLICATES, &where);
    if (!root) {
        log_line(LOG_ERROR, "door.province", "file=\"%s\" line=%d problem=\"%s\"", json_path,
                 where.line, where.text);
        return where.line < 0 ? ERR_IO : ERR_FORMAT;
    }
    struct import import = {.service = service, .root = root, .now = now};
    import.unit_ids = json_object();
    enum err err = import.unit_ids ? import_all(&import, ret_summary) : ERR_NO_MEMORY;
    json_decref(import.unit_ids);
    json_decref(root);
    return err;
}

#include "meeting/edge/directory.h"

#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/text.h"
#include "meeting/core/search_fold.h"
#include "meeting/edge/service.h"

/* -- in memory ----------------------------------------------------------------------------------
 */

static void unit_free(struct unit_entry *entry)
{
    if (!entry)
        return;
    free((void *)(uintptr_t)entry->unit.name);
    free(entry->folded);
    free(entry);
}

static void user_free(struct user_entry *entry)
{
    if (!entry)
        return;
    const char *texts[] = {entry->user.login, entry->user.password_hash, entry->user.name,
                           entry->user.position};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        free((void *)(uintptr_t)texts[i]);
    free(entry->folded);
    free(entry);
}

void directory_done(struct directory *directory)
{
    for (uint32_t i = 0; i < directory->unit_count; i++)
        unit_free(directory->units[i]);
    for (uint32_t i = 0; i < directory->user_count; i++)
        user_free(directory->users[i]);
    free(directory->units);
    free(directory->users);
    *directory = (struct directory){0};
}

/* The texts folded, one space apart, with a terminator; NULL without memory. */
static char *folded_of(const char *first, const char *second)
{
    struct buffer folded = {0};
    enum err err = search_fold(bytes_of(first), &folded);
    if (err == ERR_OK && second[0])
        err = buffer_put(&folded, bytes_of(" "));
    if (err == ERR_OK)
        err = search_fold(bytes_of(second), &folded);
    if (err == ERR_OK)
        err = buffer_put(&folded, (struct bytes){(const uint8_t *)"", 1});
    if (err == ERR_OK)
        return (char *)folded.data;
    buffer_done(&folded);
    return NULL;
}

/* Appends a pointer to a list that grows by powers of two. */
static bool pointer_append(void *list_slot, uint32_t *count, void *entry)
{
    void **list;
    memcpy(&list, list_slot, sizeof list);
    if ((*count & (*count - 1)) == 0) {
        list = realloc(list, (*count ? 2 * (size_t)*count : 1) * sizeof *list);
        if (!list)
            return false;
        memcpy(list_slot, &list, sizeof list);
    }
    list[(*count)++] = entry;
    return true;
}

enum err directory_keep_unit(struct directory *directory, const struct directory_unit *unit)
{
    struct unit_entry *entry = calloc(1, sizeof *entry);
    if (!entry)
        return ERR_NO_MEMORY;
    entry->unit = *unit;
    entry->unit.name = strdup(unit->name);
    entry->folded = folded_of(unit->name, "");
    if (!entry->unit.name || !entry->folded ||
        !pointer_append(&directory->units, &directory->unit_count, entry)) {
        unit_free(entry);
        return ERR_NO_MEMORY;
    }
    return ERR_OK;
}

enum err directory_keep_user(struct directory *directory, const struct directory_user *user)
{
    struct user_entry *entry = calloc(1, sizeof *entry);
    if (!entry)
        return ERR_NO_MEMORY;
    entry->user = *user;
    entry->user.login = strdup(user->login);
    entry->user.password_hash = strdup(user->password_hash);
    entry->user.name = strdup(user->name);
    entry->user.position = strdup(user->position);
    entry->folded = folded_of(user->name, user->position);
    if (!entry->user.login || !entry->user.password_hash || !entry->user.name ||
        !entry->user.position || !entry->folded ||
        !pointer_append(&directory->users, &directory->user_count, entry)) {
        user_free(entry);
        return ERR_NO_MEMORY;
    }
    return ERR_OK;
}

/* -- adding -------------------------------------------------------------------------------------
 */

static enum err text_check(const char *text, size_t limit)
{
    if (!text || !text[0] || !utf8_valid(bytes_of(text)))
        return ERR_FORMAT;
    return strlen(text) <= limit ? ERR_OK : ERR_LIMIT;
}

enum err meeting_directory_add_unit(struct meeting_service *service,
                                    const struct directory_unit *unit, uint64_t *ret_id)
{
    enum err err = text_check(unit->name, LIMIT_TITLE_BYTES);
    if (err == ERR_OK && unit->parent_id && !meeting_unit_find(service, unit->parent_id))
        err = ERR_UNKNOWN;
    if (err == ERR_OK && service->directory.unit_count >= LIMIT_UNITS)
        err = ERR_LIMIT;
    if (err != ERR_OK)
        return err;
    struct directory_unit kept = *unit;
    kept.id = service->next_id++;
    struct store_batch *batch = store_batch_create();
    if (!batch)
        return ERR_NO_MEMORY;
    store_batch_add(batch, STATEMENT_UNIT_INSERT);
    store_batch_int(batch, (int64_t)kept.id);
    store_batch_int(batch, (int64_t)kept.parent_id);
    store_batch_text(batch, words_name(&unit_kind_words, kept.kind));
    store_batch_text(batch, kept.name);
    uint64_t number;
    err = store_submit(service->store, batch, &number);
    if (err == ERR_OK)
        err = directory_keep_unit(&service->directory, &kept);
    if (err == ERR_OK)
        *ret_id = kept.id;
    return err;
}

static enum err user_check(const struct meeting_service *service, const struct directory_user *user)
{
    enum err err = text_check(user->login, LIMIT_NAME_BYTES);
    if (err == ERR_OK)
        err = text_check(user->name, LIMIT_NAME_BYTES);
    if (err == ERR_OK)
        err = text_check(user->password_hash, LIMIT_POSITION_BYTES);
    if (err == ERR_OK && !user->position)
        err = ERR_FORMAT;
    if (err == ERR_OK && user->position[0])
        err = text_check(user->position, LIMIT_POSITION_BYTES);
    if (err == ERR_OK && !meeting_unit_find(service, user->unit_id))
        err = ERR_UNKNOWN;
    if (err == ERR_OK && meeting_user_by_login(service, bytes_of(user->login)))
        err = ERR_CONFLICT;
    if (err == ERR_OK && service->directory.user_count >= LIMIT_USERS)
        err = ERR_LIMIT;
    return err;
}

enum err meeting_directory_add_user(struct meeting_service *service,
                                    const struct directory_user *user, uint64_t *ret_id)
{
    enum err err = user_check(service, user);
    if (err != ERR_OK)
        return err;
    struct directory_user kept = *user;
    kept.id = service->next_id++;
    struct store_batch *batch = store_batch_create();
    if (!batch)
        return ERR_NO_MEMORY;
    store_batch_add(batch, STATEMENT_USER_INSERT);
    store_batch_int(batch, (int64_t)kept.id);
    store_batch_text(batch, kept.login);
    store_batch_text(batch, kept.password_hash);
    store_batch_text(batch, kept.name);
    store_batch_text(batch, kept.position);
    store_batch_int(batch, (int64_t)kept.unit_id);
    store_batch_int(batch, kept.roles);
    uint64_t number;
    err = store_submit(service->store, batch, &number);
    if (err == ERR_OK)
        err = directory_keep_user(&service->directory, &kept);
    if (err == ERR_OK)
        *ret_id = kept.id;
    return err;
}

/* -- finding ------------------------------------------------------------------------------------
 */

const struct directory_unit *meeting_unit_find(const struct meeting_service *service, uint64_t id)
{
    uint32_t low = 0;
    uint32_t high = service->directory.unit_count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        const struct directory_unit *unit = &service->directory.units[middle]->unit;
        if (unit->id == id)
            return unit;
        if (unit->id < id)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

const struct directory_user *meeting_user_find(const struct meeting_service *service, uint64_t id)
{
    uint32_t low = 0;
    uint32_t high = service->directory.user_count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        const struct directory_user *user = &service->directory.users[middle]->user;
        if (user->id == id)
            return user;
        if (user->id < id)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

const struct directory_user *meeting_user_by_login(const struct meeting_service *service,
                                                   struct bytes login)
{
    for (uint32_t i = 0; i < service->directory.user_count; i++) {
        const struct directory_user *user = &service->directory.users[i]->user;
        if (bytes_equal(bytes_of(user->login), login))
            return user;
    }
    return NULL;
}

uint32_t meeting_user_count(const struct meeting_service *service)
{
    return service->directory.user_count;
}

static bool folded_has(const char *folded, const struct buffer *wanted)
{
    return wanted->size == 0 || memmem(folded, strlen(folded), wanted->data, wanted->size);
}

uint32_t meeting_unit_search(const struct meeting_service *service, struct bytes query,
                             uint64_t after, uint32_t capacity,
                             const struct directory_unit **ret_units)
{
    struct buffer wanted = {0};
    uint32_t found = 0;
    if (search_fold(query, &wanted) == ERR_OK)
        for (uint32_t i = 0; i < service->directory.unit_count && found < capacity; i++) {
            const struct unit_entry *entry = service->directory.units[i];
            if (entry->unit.id > after && folded_has(entry->folded, &wanted))
                ret_units[found++] = &entry->unit;
        }
    buffer_done(&wanted);
    return found;
}

static bool user_matches(const struct user_entry *entry, const struct directory_query *query,
                         const struct buffer *wanted)
{
    if (entry->user.id <= query->after)
        return false;
    if (query->unit_id && entry->user.unit_id != query->unit_id)
        return false;
    if (query->role != ROLE_COUNT && !(entry->user.roles >> query->role & 1))
        return false;
    return folded_has(entry->folded, wanted);
}

bool meeting_user_matches(const struct directory_user *user, struct bytes query)
{
    struct buffer wanted = {0};
    char *folded = folded_of(user->name, user->position);
    bool matches = folded && search_fold(query, &wanted) == ERR_OK && folded_has(folded, &wanted);
    buffer_done(&wanted);
    free(folded);
    return matches;
}

uint32_t meeting_user_search(const struct meeting_service *service,
                             const struct directory_query *query, uint32_t capacity,
                             const struct directory_user **ret_users)
{
    struct buffer wanted = {0};
    uint32_t found = 0;
    if (search_fold(query->text, &wanted) == ERR_OK)
        for (uint32_t i = 0; i < service->directory.user_count && found < capacity; i++)
            if (user_matches(service->directory.users[i], query, &wanted))
                ret_users[found++] = &service->directory.users[i]->user;
    buffer_done(&wanted);
    return found;
}

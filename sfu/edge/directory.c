#include "sfu/edge/directory.h"

#include <assert.h>
#include <stdlib.h>

#include "sfu/core/table.h"

struct directory {
    uint64_t seed;
    uint32_t capacity;
    uint32_t count;
    struct member **members;  /* dense: the first `count` */
    struct table by_endpoint; /* values are places in `members` */
};

enum err directory_create(uint32_t capacity, uint64_t seed, struct directory **ret_directory)
{
    struct directory *directory = calloc(1, sizeof *directory);
    if (!directory)
        return ERR_NO_MEMORY;
    directory->seed = seed;
    directory->capacity = capacity;
    directory->members = calloc(capacity, sizeof(struct member *));
    if (!directory->members || table_init(&directory->by_endpoint, capacity) != ERR_OK) {
        free(directory->members);
        free(directory);
        return ERR_NO_MEMORY;
    }
    *ret_directory = directory;
    return ERR_OK;
}

void directory_destroy(struct directory *directory)
{
    if (!directory)
        return;
    for (uint32_t i = 0; i < directory->count; i++)
        free(directory->members[i]);
    table_done(&directory->by_endpoint);
    free(directory->members);
    free(directory);
}

static uint64_t directory_hash(const struct directory *directory, uint64_t endpoint)
{
    return table_hash(directory->seed, endpoint, 0);
}

struct member *directory_find(const struct directory *directory, uint64_t endpoint)
{
    struct table_walk walk = {0};
    uint32_t place;
    while (table_next(&directory->by_endpoint, directory_hash(directory, endpoint), &walk, &place))
        if (directory->members[place]->endpoint == endpoint)
            return directory->members[place];
    return NULL;
}

enum err directory_put(struct directory *directory, const struct member *member)
{
    if (directory_find(directory, member->endpoint))
        return ERR_CONFLICT;
    if (directory->count == directory->capacity)
        return ERR_FULL;
    struct member *own = malloc(sizeof *own);
    if (!own)
        return ERR_NO_MEMORY;
    *own = *member;
    own->place = directory->count;
    enum err err =
        table_put(&directory->by_endpoint, directory_hash(directory, member->endpoint), own->place);
    if (err != ERR_OK) {
        free(own);
        return err;
    }
    directory->members[directory->count++] = own;
    return ERR_OK;
}

bool directory_has_source(const struct directory *directory, uint64_t room, uint32_t source)
{
    for (uint32_t i = 0; i < directory->count; i++)
        if (directory->members[i]->source == source && directory->members[i]->room == room)
            return true;
    return false;
}

/* The last one moves into the free place. */
void directory_remove(struct directory *directory, struct member *member)
{
    uint32_t place = member->place;
    assert(place < directory->count && directory->members[place] == member);
    (void)table_remove(&directory->by_endpoint, directory_hash(directory, member->endpoint), place);
    struct member *last = directory->members[--directory->count];
    if (last != member) {
        uint64_t hash = directory_hash(directory, last->endpoint);
        (void)table_remove(&directory->by_endpoint, hash, last->place);
        last->place = place;
        directory->members[place] = last;
        enum err err = table_put(&directory->by_endpoint, hash, place);
        assert(err == ERR_OK); /* its own entry was just removed */
        (void)err;
    }
    free(member);
}

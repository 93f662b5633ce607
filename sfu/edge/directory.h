/* The control thread's list of endpoints: which worker hosts each, and what its offer agreed on.
 * Rooms and rights are the door's and the workers' matter. One thread. */
#ifndef SFU_EDGE_DIRECTORY_H
#define SFU_EDGE_DIRECTORY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "sfu/core/session.h"

struct directory;

struct member {
    uint64_t endpoint;
    uint64_t room;
    uint32_t source; /* 0: sends nothing */
    uint32_t rights; /* as it joined; later ones are told to every worker */
    uint32_t worker;
    uint64_t session_id; /* of the answers' o= line */
    uint32_t answers;    /* how many were given: the version of the next one */
    uint32_t place;      /* the directory's */
    struct session session;
};

MUST_USE enum err directory_create(uint32_t capacity, uint64_t seed,
                                   struct directory **ret_directory);
void directory_destroy(struct directory *directory); /* accepts NULL */

/* Copies `member` in. ERR_CONFLICT when the endpoint is in already, ERR_FULL, ERR_NO_MEMORY. */
MUST_USE enum err directory_put(struct directory *directory, const struct member *member);
/* NULL when it is not in. Valid until it is removed. */
struct member *directory_find(const struct directory *directory, uint64_t endpoint);
/* Whether any endpoint sends as this source of the room. */
bool directory_has_source(const struct directory *directory, uint64_t room, uint32_t source);
/* Needs: the member is in. */
void directory_remove(struct directory *directory, struct member *member);

#endif

/* Units and users of the province, held in memory and searched without regard to case and
 * diacritics ("bac ninh" finds "Bắc Ninh"). Names are NFC.
 *
 * Thread rule: control thread. Strings belong to the directory and live as long as the service. */
#ifndef MEETING_EDGE_DIRECTORY_H
#define MEETING_EDGE_DIRECTORY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/err.h"
#include "meeting/proto/words.h"

struct meeting_service;

struct directory_unit {
    uint64_t id;
    uint64_t parent_id; /* 0: the province itself */
    enum unit_kind kind;
    const char *name;
};

struct directory_user {
    uint64_t id;
    uint64_t unit_id;
    uint32_t roles; /* 1 << enum user_role */
    const char *login;
    const char *password_hash; /* as libsodium's crypto_pwhash_str gives it */
    const char *name;
    const char *position;
};

/* For the loader of a province. The ids are made here. ERR_CONFLICT: the login exists; ERR_UNKNOWN:
 * no such unit; ERR_LIMIT, ERR_FORMAT (texts), ERR_NO_MEMORY. Held in memory at once, written with
 * the next batch; meeting_flush() waits for that. */
MUST_USE enum err meeting_directory_add_unit(struct meeting_service *service,
                                             const struct directory_unit *unit, uint64_t *ret_id);
MUST_USE enum err meeting_directory_add_user(struct meeting_service *service,
                                             const struct directory_user *user, uint64_t *ret_id);
/* Waits until everything submitted so far is committed. ERR_IO when some of it was not. */
MUST_USE enum err meeting_flush(struct meeting_service *service);

/* Each: NULL when there is none. */
const struct directory_unit *meeting_unit_find(const struct meeting_service *service, uint64_t id);
const struct directory_user *meeting_user_find(const struct meeting_service *service, uint64_t id);
const struct directory_user *meeting_user_by_login(const struct meeting_service *service,
                                                   struct bytes login);
uint32_t meeting_user_count(const struct meeting_service *service);
/* Whether a search for `query` finds this user of the directory; an empty one finds all. */
bool meeting_user_matches(const struct directory_user *user, struct bytes query);

/* One page of a search, in order of ids. `query` (may be empty) is matched as a substring after
 * folding; filters of 0 (or ROLE_COUNT) do not filter. Gives how many were found, at most
 * `capacity`; when the page is full, the last id is the next page's `after`. */
uint32_t meeting_unit_search(const struct meeting_service *service, struct bytes query,
                             uint64_t after, uint32_t capacity,
                             const struct directory_unit **ret_units);

struct directory_query {
    struct bytes text;
    uint64_t unit_id;
    enum user_role role; /* ROLE_COUNT: any */
    uint64_t after;
};

uint32_t meeting_user_search(const struct meeting_service *service,
                             const struct directory_query *query, uint32_t capacity,
                             const struct directory_user **ret_users);

#endif

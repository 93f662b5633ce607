/* The clerk's desk: what waits for number, seal and distribution, and what units receive.
 *
 *   minutes signed ─► number (cấp số) ─► number in the file ─► seal (đóng dấu)
 *                                    ─► distribution (phát hành) ─► receipts (xác nhận đã nhận)
 *
 * A number comes from the register of outgoing papers (sổ đăng ký văn bản đi) and is taken in the
 * transaction of the event that uses it: it survives a crash or was never given (Nghị định
 * 30/2020, Articles 14, 15, 18, 21, 32). Thread rule: control thread. */
#ifndef MEETING_EDGE_ISSUE_H
#define MEETING_EDGE_ISSUE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/err.h"
#include "base/units.h"
#include "meeting/core/number_book.h"
#include "meeting/core/state.h"

struct meeting_service;

/* What `user` is in the province. A clerk of a commune receives for it; the issuing body's clerk
 * is of the province or of one of its departments. */
struct actor_office meeting_office_of(const struct meeting_service *service, uint64_t user);

/* Whether the signed minutes of the meeting concern `user`: its participants, and the clerk once
 * the chair has signed. */
bool meeting_paper_is_visible(const struct meeting_service *service, uint64_t meeting,
                              uint64_t user);
/* Whether `user` receives for a unit to which a paper of the meeting was distributed. */
bool meeting_is_recipient(const struct meeting_service *service, uint64_t meeting, uint64_t user);

/* A paper with its number: borrowed, valid as long as meeting_state_of()'s. */
struct meeting_issue {
    const struct meeting_state *state;
    const struct state_issue *issue;
};

/* ERR_UNKNOWN. */
MUST_USE enum err meeting_issue_find(const struct meeting_service *service, uint64_t id,
                                     struct meeting_issue *ret_issue);

/* Whether `user` may read it: as above, and recipients of this very paper. */
bool meeting_issue_is_visible(const struct meeting_service *service,
                              const struct meeting_issue *one, uint64_t user);

/* The meetings whose signed minutes are not distributed yet, first signed first; walks by
 * `*cursor`, which starts 0. NULL at the end. */
const struct meeting_state *meeting_desk_next(const struct meeting_service *service,
                                              uint32_t *cursor);
/* When the last signature was made. */
utc_ms_t meeting_desk_since(const struct meeting_state *state);

/* Papers distributed on an earlier day than `now` that not all recipients have confirmed, oldest
 * first (Article 21: on the day of receipt); walks by `*cursor`. False at the end. */
bool meeting_overdue_next(const struct meeting_service *service, utc_ms_t now, uint32_t *cursor,
                          struct meeting_issue *ret_issue);
/* Papers that were distributed to unit `unit`, newest first; walks by `*cursor`. */
bool meeting_incoming_next(const struct meeting_service *service, uint64_t unit, uint32_t *cursor,
                           struct meeting_issue *ret_issue);

/* One page of the register, newest first. Values of 0 (ISSUE_TYPE_COUNT) do not filter; `text` is
 * matched against number and title without regard to case and diacritics. */
struct meeting_register_query {
    struct bytes text;
    uint32_t year;
    uint32_t number;
    enum issue_type type;
    uint64_t after; /* the last issue of the page before; 0: from the newest */
};

/* Gives how many were found, at most `capacity`: when the page is full, the last one's id is the
 * next page's `after`. */
uint32_t meeting_register(const struct meeting_service *service,
                          const struct meeting_register_query *query, uint32_t capacity,
                          struct meeting_issue *ret_issues);
/* The years that the register holds, newest first; at most `capacity`. */
uint32_t meeting_register_years(const struct meeting_service *service, uint32_t capacity,
                                uint32_t *ret_years);

#endif

/* A meeting in memory for tests of the core: no service, no database. Every event goes through its
 * stored form, which is kept, so that the log can be folded again. */
#ifndef TESTS_SUPPORT_MEETING_CORE_H
#define TESTS_SUPPORT_MEETING_CORE_H

#include "base/buffer.h"
#include "meeting/core/decide.h"
#include "meeting/core/fold.h"
#include "meeting/core/number_book.h"

enum {
    CORE_CHAIR = 1, /* users */
    CORE_SECRETARY,
    CORE_MEMBER,
    CORE_MEMBER_2,
    CORE_OBSERVER,
    CORE_TECHNICIAN,
    CORE_OUTSIDER,
    CORE_CLERK, /* văn thư: not at the meeting */
    CORE_USERS = CORE_CLERK,
    CORE_UNIT = 71, /* of CORE_MEMBER; the next one is CORE_MEMBER_2's */
    CORE_MEETING = 1000,
    CORE_ROWS_MAX = 8192,
};

#define CORE_START INT64_C(1795395600000) /* Monday 23 November 2026, 08:00 in Vietnam */

struct core_row {
    enum event_kind kind;
    utc_ms_t at;
    uint64_t actor;
    struct buffer body;
};

struct meeting_core {
    struct meeting_state state;
    utc_ms_t now;
    uint64_t next_id;
    struct number_book book;
    uint32_t row_count;
    struct core_row rows[CORE_ROWS_MAX];
};

/* A new meeting in draft. All functions abort on what must not happen. */
void core_open(struct meeting_core *core);
void core_close(struct meeting_core *core);
/* Decides, writes, reads and folds; NULL or why it was refused. Moves the clock by a second. */
const struct refusal *core_do(struct meeting_core *core, uint64_t actor,
                              struct meeting_command command);
/* Does what it takes, by way of everybody entering, until the meeting is in `phase`. */
void core_bring_to(struct meeting_core *core, enum meeting_phase phase);
/* What the user is in the province. */
struct actor_office core_office(uint64_t user);
uint64_t core_participant(const struct meeting_core *core, uint64_t user);
/* Folds the stored rows anew. */
void core_refold(const struct meeting_core *core, struct meeting_state *ret_state);
/* Everything a state says, as text with a terminator: equal states give equal texts. */
struct buffer core_state_text(const struct meeting_state *state);

#endif

/* A line test: a rehearsal of a big meeting with seats that a load generator takes
 * (docs/protocol.md, Line test). Nothing of it comes into a record.
 *
 *   start ─► RUNNING ──deleted, expired, empty too long, or meetings need the server──► over
 *
 * Senders have the sources 1 … `senders`; a seat that closes gives its number back. Meetings come
 * first: none begins while they use more than half of the server, and one that runs then ends.
 * Owner: the control thread. No clock, no allocation. */
#ifndef SIGNALING_CORE_LINE_TEST_H
#define SIGNALING_CORE_LINE_TEST_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/limits.h"
#include "base/units.h"
#include "signaling/core/refusal_text.h"

enum { LINE_TEST_EMPTY_MS = 60 * 1000 };

/* In media connections: what the server takes, and what meetings hold of it. */
struct line_test_load {
    uint32_t capacity;
    uint32_t meetings;
};

struct line_test {
    uint64_t id;
    uint32_t receivers; /* as announced */
    uint32_t senders;
    utc_ms_t expires_at;
    utc_ms_t empty_since; /* 0: somebody is there */
    uint32_t receivers_open;
    uint64_t senders_open; /* bit k: source k + 1 is taken */
    uint32_t seats_ever;   /* numbers given to seats so far */
    uint32_t stage;        /* the source that is to be on it; 0: none yet */
};

_Static_assert(LIMIT_LINE_TEST_SENDERS <= 64, "the senders' seats are one word");

/* DOOR_REFUSAL_COUNT when a test of that size may begin beside this load. */
enum door_refusal line_test_check(const struct line_test_load *load, uint32_t receivers,
                                  uint32_t senders);
/* Needs: line_test_check(), id > 0. */
void line_test_start(struct line_test *test, uint64_t id, uint32_t receivers, uint32_t senders,
                     utc_ms_t now);
/* A seat of that kind: its source (0 for a receiver) and its number among all. ERR_FULL. */
MUST_USE enum err line_test_take(struct line_test *test, bool sends, uint32_t *ret_source,
                                 uint32_t *ret_number);
/* Needs: line_test_take() gave it. */
void line_test_give(struct line_test *test, uint32_t source, utc_ms_t now);
uint32_t line_test_open(const struct line_test *test);
/* Whether it is time to end it. */
bool line_test_is_over(const struct line_test *test, const struct line_test_load *load,
                       utc_ms_t now);

#endif

/* A meeting's outgoing papers as its log tells them: number, seal, distribution, receipts. Part of
 * the state (state.h), which owns the texts and lists. */
#ifndef MEETING_CORE_STATE_ISSUE_H
#define MEETING_CORE_STATE_ISSUE_H

#include <stdint.h>

#include "base/limits.h"
#include "base/units.h"
#include "meeting/proto/words.h"

struct state_recipient {
    uint64_t unit_id;
    char *name;
    utc_ms_t received_at; /* 0: not confirmed */
    uint64_t received_by; /* user */
    utc_ms_t recall_seen_at;
};

/* A paper of the meeting that has a number: văn bản đi. */
struct state_issue {
    uint64_t id;
    enum issue_type type;
    enum issue_stage stage;
    uint32_t year;
    uint32_t number;
    char symbol[LIMIT_SYMBOL_BYTES + 1];
    char code[17];   /* under which its file is verified */
    char sha256[65]; /* of the file as it stands */
    utc_ms_t numbered_at;
    utc_ms_t sealed_at;
    utc_ms_t distributed_at;
    utc_ms_t recalled_at;
    char *reason;         /* why it was recalled; NULL otherwise */
    uint64_t replaced_by; /* issue */
    uint32_t recipient_count;
    uint32_t received_count;
    struct state_recipient *recipients;
};

#endif

/* Walks every chain of a data folder's database, read-only, and names the first broken row. */
#ifndef MEETING_EDGE_LOG_VERIFY_H
#define MEETING_EDGE_LOG_VERIFY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

struct log_report {
    bool intact;
    uint64_t meetings; /* walked to their end */
    uint64_t events;
    uint64_t broken_meeting; /* when not intact: where the chain breaks first */
    uint64_t broken_seq;
    char why[160]; /* in English, for the one who reads the report */
};

/* ERR_OK with a report, intact or not; ERR_IO when the database cannot be read. May be called from
 * any thread, also while a server is running on the folder. */
MUST_USE enum err meeting_log_verify(const char *data_folder, struct log_report *ret_report);

#endif

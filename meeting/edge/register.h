/* The register of outgoing papers from within: how commands take numbers, and how the tables
 * follow. For the files of meeting/edge alone; what the door reads is in issue.h. */
#ifndef MEETING_EDGE_REGISTER_H
#define MEETING_EDGE_REGISTER_H

#include "meeting/core/fold.h"
#include "meeting/edge/service.h"

/* A paper in the register; what is told of it stands in its meeting's state. */
struct register_entry {
    uint64_t issue;
    uint64_t meeting;
    char *folded; /* number and title, as search_fold() gives them */
};

/* issue.c: issue.number and issue.distribute, with what they need to know of the world. */
struct meeting_receipt issue_append(struct meeting_service *service,
                                    struct service_meeting *meeting, struct decide_world *world,
                                    const struct meeting_command *command, uint64_t ticket);

/* writing.c: number and date into the file of the meeting's paper, on Jobs; nothing happens unless
 * it has a number that is not in its file yet. */
void writing_begin(struct meeting_service *service, const struct meeting_state *state);
/* Begins what an earlier process left undone. */
void writing_resume(struct meeting_service *service);

/* What `row`, an event of an issue that is folded already, changes in register and tables.
 * ERR_CONFLICT: the number is not the next one; ERR_NO_MEMORY. */
MUST_USE enum err register_project(struct meeting_service *service,
                                   const struct meeting_state *state, struct store_batch *batch,
                                   const struct event_row *row);
/* The file of an issue as it stands now; nothing happens for NULL. */
void register_project_file(struct store_batch *batch, const struct state_issue *issue);
/* Register and numbers anew from the meetings' states, held against the table of the series.
 * ERR_FORMAT: a number is missing or given twice, or the table says otherwise; ERR_IO;
 * ERR_NO_MEMORY. */
MUST_USE enum err register_load(struct meeting_service *service);
/* Empties both. */
void register_done(struct meeting_service *service);

#endif

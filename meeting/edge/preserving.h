/* The task that keeps signed minutes verifiable: gives them the timestamps and proofs that were out
 * of reach when they were signed, archives them once the last person has signed and once they are
 * sealed, and renews the archive's timestamp before it ends (paper/preserve.h decides when).
 *
 *   signed, sealed ─► tick: read what the file lacks ─► ask the authorities ─► minutes.archived
 *                                                          │ out of reach: later, ever more rarely
 *
 * One file at a time, on Jobs. While somebody's prepared signing waits, or the file is away to be
 * signed, or the clerk's number waits for its seal, the file stays as it is, so that this never
 * makes their work stale. What a file lacks is read from the file itself; only failures are kept in
 * memory. Thread rule: control thread. */
#ifndef MEETING_EDGE_PRESERVING_H
#define MEETING_EDGE_PRESERVING_H

#include <stdint.h>

#include "base/units.h"

struct meeting_service;

enum meeting_keeping {
    MEETING_KEEPING_NONE,    /* nothing is signed, or it was not looked at yet */
    MEETING_KEEPING_PENDING, /* timestamps or proofs are missing: the task sees to it */
    MEETING_KEEPING_KEPT,    /* all there is to have by now */
};

/* How the minutes of a meeting stand, for telling people. */
enum meeting_keeping meeting_keeping_of(const struct meeting_service *service, uint64_t meeting);

/* When preserving_tick() wants to be called; INT64_MAX: not. */
utc_ms_t preserving_deadline(const struct meeting_service *service);
void preserving_tick(struct meeting_service *service, utc_ms_t now);

#endif

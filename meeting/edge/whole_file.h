/* Minutes signed by a program that returns the whole file (VGCA Sign Service; docs/vgca.md):
 *
 *   offer(field) ─► the file as it stands goes out ─► the program signs it, in its field ─► take()
 *
 * What comes back is a stranger's file until it is proved to be ours: its first bytes must be
 * exactly what went out, and what follows one valid signature, in that field, by a certificate that
 * the directory holds for that very person. It is read by the sandboxed child alone.
 * Thread rule: control thread; the work is done on Jobs. */
#ifndef MEETING_EDGE_WHOLE_FILE_H
#define MEETING_EDGE_WHOLE_FILE_H

#include "base/units.h"
#include "meeting/core/refusal.h"
#include "meeting/proto/words.h"

struct meeting_service;
struct meeting_receipt;

enum { WHOLE_FILE_AWAY_MS = 5 * 60 * 1000 };

/* What went out, to whom, for which field. */
struct whole_file_terms {
    uint64_t meeting;
    uint64_t user_id;
    enum minutes_field field;
    char base_sha256[65]; /* meeting_file_path() gives where it lies */
};

/* NULL and the terms, or why this person cannot sign that field now. For WHOLE_FILE_AWAY_MS the
 * server itself adds nothing to the file (preserving.h). */
const struct refusal *meeting_whole_file_offer(struct meeting_service *service, uint64_t meeting,
                                               uint64_t actor, enum minutes_field field,
                                               utc_ms_t now, struct whole_file_terms *ret_terms);

/* Takes the file at `path` (same file system as the data folder; gone afterwards, whatever
 * happens). The ticket ends in ERR_OK after minutes.signed is committed, or in a refusal:
 * signing.stale, signing.returned_other_file, signing.returned_not_signed, signing.wrong_person,
 * signing.unknown_certificate. */
struct meeting_receipt meeting_whole_file_take(struct meeting_service *service,
                                               const struct whole_file_terms *terms,
                                               const char *path, utc_ms_t now);

#endif

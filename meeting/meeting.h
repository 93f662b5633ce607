/* Meetings and their record: the one header of this product that the door includes.
 *
 *     door ── commands, plans, uploads ──►  service  ── batches ──►  store (SQLite, one writer)
 *          ◄── outputs: done, event ──────  (memory) ◄── committed ──┘
 *
 * A command is decided and folded at once in memory and persisted in batches; it is acknowledged
 * and announced only after its commit. If a commit fails, the meetings it touched are folded anew
 * from disk, their commands end in ERR_IO, and MEETING_OUTPUT_RESET tells clients to read again.
 *
 * Thread rule: everything here is called on the control thread alone. `now` is civil time and may
 * not matter to the second: inside one meeting it never goes back.
 *
 * Presence and restarts. A user may be connected several times (two tabs); the service counts
 * connections, and the record says "left" when the last one goes. After a restart everybody whom
 * the log shows as present keeps their span open for MEETING_RETURN_MS; who has entered again by
 * then never left. The others get a participant.left with method "restart" whose outAt is the last
 * time that the log itself vouches for. So nobody is counted twice, and nobody too long. */
#ifndef MEETING_MEETING_H
#define MEETING_MEETING_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buffer.h"
#include "base/bytes.h"
#include "base/err.h"
#include "base/jobs.h"
#include "base/units.h"
#include "meeting/core/command.h"
#include "meeting/core/command_json.h"
#include "meeting/core/guard.h"
#include "meeting/core/minutes_draft.h"
#include "meeting/core/refusal.h"
#include "meeting/core/state.h"
#include "meeting/edge/account.h"
#include "meeting/edge/directory.h"
#include "meeting/edge/issue.h"
#include "meeting/edge/key_request.h"
#include "meeting/edge/log_verify.h"
#include "meeting/edge/package.h"
#include "meeting/edge/paper/package_verify.h"
#include "meeting/edge/paper/sandbox.h"
#include "meeting/edge/preserving.h"
#include "meeting/edge/record_paper.h"
#include "meeting/edge/sealing.h"
#include "meeting/edge/signing.h"
#include "meeting/edge/whole_file.h"
#include "meeting/proto/event.h"
#include "meeting/proto/event_json.h"

enum { MEETING_RETURN_MS = 60 * 1000, MEETING_EVENTS_PAGE = 500 };

struct certs_device;
struct certs_ask;
struct certs_trust;
struct meeting_service;

struct meeting_config {
    const char *data_folder;         /* made if missing: dienhong.db, documents/, minutes/ */
    struct jobs *jobs;               /* borrowed; outlives the service */
    const char *public_url;          /* "https://host:8443": the QR code's prefix, without /v/ */
    struct bytes issuer;             /* DER of the CA that issues personal certificates; copied */
    const struct certs_trust *trust; /* what signatures must end in; borrowed */
    const char *trust_path;          /* the same as file or folder, for the sandboxed child */
    const struct certs_ask *ask;     /* for timestamps and proofs; NULL: none. Borrowed */
    struct certs_device *seal;       /* the agency's; borrowed; NULL: this server cannot seal */
};

/* Opens (and migrates) the data folder and folds every log. ERR_IO: the folder or database is not
 * usable; ERR_FORMAT: the log is broken (meeting_log_verify() names the row). */
MUST_USE enum err meeting_service_open(const struct meeting_config *config, utc_ms_t now,
                                       struct meeting_service **ret_service);
/* Waits for what was submitted to be committed. Accepts NULL. */
void meeting_service_close(struct meeting_service *service);

/* -- commands -----------------------------------------------------------------------------------
 */

/* What a call that changes something gives at once: refused with a reason, or a ticket whose
 * MEETING_OUTPUT_DONE comes later. */
struct meeting_receipt {
    const struct refusal *refusal; /* NULL: accepted */
    uint64_t ticket;
    uint64_t id; /* of what was made: meeting, signing; 0 otherwise */
};

struct meeting_receipt meeting_create(struct meeting_service *service,
                                      const struct meeting_plan *plan, utc_ms_t now);
/* ENTER and LEAVE come once per live connection; minutes.finalise is laid out on Jobs first. */
struct meeting_receipt meeting_submit(struct meeting_service *service,
                                      const struct meeting_command *command, utc_ms_t now);
/* Takes the file at `path` (same file system as the data folder; gone afterwards, whatever
 * happens): inspects it in the sandboxed child, hashes and syncs it, files it under its SHA-256,
 * and then adds it to the meeting. The receipt's id is 0: the output's `id` names the document. */
struct meeting_receipt meeting_document_add(struct meeting_service *service, uint64_t meeting,
                                            uint64_t actor, const char *path, const char *title,
                                            uint64_t agenda_id, utc_ms_t now);

enum meeting_output_kind {
    MEETING_OUTPUT_DONE,  /* ticket, err, refusal, seq, id */
    MEETING_OUTPUT_EVENT, /* meeting, seq, at, actor, event_kind, body */
    MEETING_OUTPUT_RESET, /* meeting: what was seen of it may not have been kept; read again */
};

struct meeting_output {
    enum meeting_output_kind kind;
    uint64_t meeting;
    uint64_t ticket;
    enum err err;                  /* DONE: ERR_OK once committed */
    const struct refusal *refusal; /* DONE: why, when it was refused late; NULL otherwise */
    uint64_t seq;                  /* DONE: of the meeting after the command */
    uint64_t id;                   /* DONE: of what was made: meeting, document, signing */
    utc_ms_t at;
    uint64_t actor; /* 0: the server itself */
    enum event_kind event_kind;
    struct bytes body; /* canonical JSON; valid until the next call of any function here.
                          vote.cast comes without its choice while the vote is open */
};

/* Readable while outputs wait. */
int meeting_fd(const struct meeting_service *service);
/* The oldest output; false when there is none. An event's outputs come before its command's DONE.
 * Drain after every wake-up. */
bool meeting_poll(struct meeting_service *service, utc_ms_t now, struct meeting_output *ret_output);
/* When meeting_tick() wants to be called; INT64_MAX: not. */
utc_ms_t meeting_deadline(const struct meeting_service *service);
void meeting_tick(struct meeting_service *service, utc_ms_t now);

/* For the metrics: changes handed to the database, the commits they shared, those not yet on disk.
 */
struct meeting_counters {
    uint64_t batches;
    uint64_t commits;
    uint32_t waiting;
};

struct meeting_counters meeting_counters(const struct meeting_service *service);

/* -- reading ------------------------------------------------------------------------------------
 */

/* NULL when there is no such meeting. Valid until the next call that takes `service` unconstly. It
 * may be ahead of the last committed event by what is on its way. */
const struct meeting_state *meeting_state_of(const struct meeting_service *service,
                                             uint64_t meeting);
/* Whether `user` takes part in (or may watch over) the meeting at all: 404 otherwise. */
bool meeting_is_visible(const struct meeting_service *service, uint64_t meeting, uint64_t user);
/* The meetings that `user` takes part in, latest start first; walks by `*cursor`, which starts 0.
 */
const struct meeting_state *meeting_next_of(const struct meeting_service *service, uint64_t user,
                                            uint32_t *cursor);

/* One page of the roll, in the order of the invitation. `text` (may be empty) is matched against
 * names, positions and units as in the directory. */
struct meeting_roll_query {
    struct bytes text;
    enum { MEETING_ROLL_ALL, MEETING_ROLL_PRESENT, MEETING_ROLL_ABSENT } who;
    uint64_t after; /* the last participant of the page before; 0: from the first */
};

/* Gives how many were found, at most `capacity`: when the page is full, the last one's id is the
 * next page's `after`. */
uint32_t meeting_roll(const struct meeting_state *state, const struct meeting_roll_query *query,
                      uint32_t capacity, const struct state_participant **ret_participants);

/* Appends to `json` a JSON array of Event objects with seq in (after, after + limit], as clients
 * see them. `ret_last` is the seq of the last one, or `after`. ERR_UNKNOWN, ERR_IO. */
MUST_USE enum err meeting_events_read(struct meeting_service *service, uint64_t meeting,
                                      uint64_t after, uint32_t limit, struct buffer *json,
                                      uint64_t *ret_last);

/* The meeting that document `id` belongs to and its description; ERR_UNKNOWN. */
MUST_USE enum err meeting_document_find(const struct meeting_service *service, uint64_t id,
                                        uint64_t *ret_meeting,
                                        const struct state_document **ret_document);
/* Path of the stored file with that SHA-256 (hexadecimal): a document or minutes. */
enum { MEETING_PATH_BYTES = 4096 };
MUST_USE enum err meeting_file_path(const struct meeting_service *service, const char *sha256,
                                    char ret_path[MEETING_PATH_BYTES]);

#endif

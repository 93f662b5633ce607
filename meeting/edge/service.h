/* The service from within: what the files of meeting/edge share. Nothing outside includes this. */
#ifndef MEETING_EDGE_SERVICE_H
#define MEETING_EDGE_SERVICE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/mailbox.h"
#include "meeting/core/chain.h"
#include "meeting/core/decide.h"
#include "meeting/core/number_book.h"
#include "meeting/edge/hash.h"
#include "meeting/edge/outbox.h"
#include "meeting/edge/paper/preserve.h"
#include "meeting/edge/store.h"
#include "meeting/meeting.h"

/* How many live connections a user has into a meeting. */
struct connections {
    uint64_t user;
    uint32_t count;
};

struct service_meeting {
    struct meeting_state state;
    uint8_t head[CHAIN_HASH_BYTES]; /* hash of the log's last row */
    uint32_t connection_count;
    struct connections *connections;
    utc_ms_t return_by;  /* 0: nobody is expected back after a restart */
    utc_ms_t vouched_at; /* the log's last word before the restart */
    utc_ms_t away_until; /* until then its file may come back signed, from a program elsewhere */
    struct {
        char sha256[HASH_HEX_BYTES]; /* of the file that the facts are about; "": none yet */
        struct preserve_facts facts;
    } keeping;
};

struct unit_entry {
    struct directory_unit unit;
    char *folded; /* name, as search_fold() gives it */
};

struct user_entry {
    struct directory_user user;
    char *folded; /* name and position */
};

struct directory {
    uint32_t unit_count;
    struct unit_entry **units; /* by rising id */
    uint32_t user_count;
    struct user_entry **users; /* by rising id */
};

struct accounts {
    uint32_t session_count;
    struct session *sessions;
    uint32_t certificate_count;
    struct certificate **certificates; /* oldest first */
    uint32_t key_request_count;
    struct key_request **key_requests; /* oldest first */
};

/* A prepared signing and what only we need to know of it. */
struct signing_entry {
    struct signing signing;
    char serial[CERTIFICATE_SERIAL_BYTES];
    char base_sha256[HASH_HEX_BYTES]; /* of the minutes as they stood when it was prepared */
};

struct meeting_service {
    char *data_folder;
    char *public_url;
    char *trust_path;
    struct buffer issuer;
    const struct certs_trust *trust;
    const struct certs_ask *ask;
    bool preserving; /* a file is being worked on */
    utc_ms_t preserving_due;
    struct certs_device *seal; /* NULL: none */
    struct jobs *jobs;
    struct store *store;
    uint64_t epoch;
    uint64_t next_id; /* the epoch in the upper 32 bits: no id is ever given twice */
    int fd;           /* epoll over the store's and the jobs' descriptors */
    uint32_t meeting_count;
    struct service_meeting **meetings; /* by rising id */
    struct service_meeting **by_start; /* by falling start time */
    struct outbox outbox;
    uint64_t next_ticket;
    struct directory directory;
    struct accounts accounts;
    uint32_t issued_count;
    struct issued_file *issued; /* oldest first */
    struct number_book numbers;
    uint32_t register_count;
    struct register_entry *register_entries; /* by rising issue: in the order of numbering */
    uint32_t signing_count;
    struct signing_entry *signings;
    struct mailbox *finished; /* struct work *, from Jobs */
    uint32_t working;         /* submitted to Jobs and not yet finished */
};

/* A piece of slow work: run() on a Jobs thread, then done() on the control thread, which owns and
 * frees it. Embedded as the first member of what it works on. */
struct work {
    struct meeting_service *service;
    void (*run)(struct work *work);
    void (*done)(struct work *work, utc_ms_t now);
};

/* -- service.c --------------------------------------------------------------------------------- */

struct service_meeting *service_meeting_find(const struct meeting_service *service, uint64_t id);
/* Adds an empty meeting with that id. NULL without memory. */
struct service_meeting *service_meeting_add(struct meeting_service *service, uint64_t id);
/* Keeps by_start in order once the meeting has its start time. */
void service_meeting_list(struct meeting_service *service, struct service_meeting *meeting);
/* ERR_FULL: Jobs take no more; `work` is then still the caller's. */
MUST_USE enum err service_work(struct meeting_service *service, struct work *work);
/* Takes in what the store has completed. False when something was not kept. */
bool service_absorb(struct meeting_service *service);

/* -- load.c ------------------------------------------------------------------------------------ */

/* Everything the database holds. ERR_IO, ERR_FORMAT, ERR_NO_MEMORY. */
MUST_USE enum err load_all(struct meeting_service *service);
/* One meeting anew, as it is on disk; false when it is not there at all. */
bool load_again(struct meeting_service *service, struct service_meeting *meeting);
MUST_USE enum err load_issued(struct meeting_service *service);

/* -- append.c ---------------------------------------------------------------------------------- */

struct meeting_receipt receipt_refused(enum refusal_id id);
/* Decides in `world` and appends; ends the ticket (0: a new one). */
struct meeting_receipt append_in_world(struct meeting_service *service,
                                       struct service_meeting *meeting, struct decide_world *world,
                                       const struct meeting_command *command, uint64_t ticket);
/* Persists and folds the decision's events; the receipt is its ticket's. */
struct meeting_receipt append_decision(struct meeting_service *service,
                                       struct service_meeting *meeting,
                                       const struct decision *decision, uint64_t actor,
                                       uint64_t ticket, utc_ms_t now);
/* Decides and appends; ends the ticket (0: a new one). */
struct meeting_receipt append_command(struct meeting_service *service,
                                      const struct meeting_command *command, uint64_t ticket,
                                      utc_ms_t now);
/* Ends a ticket that was promised earlier, at once: with what was made, or with a refusal. */
void append_late_done(struct meeting_service *service, uint64_t meeting, uint64_t ticket,
                      uint64_t id);
void append_late_refusal(struct meeting_service *service, uint64_t meeting, uint64_t ticket,
                         const struct refusal *refusal);

/* -- directory.c, account.c, key_request.c ----------------------------------------------------- */

void directory_done(struct directory *directory);
/* Puts an entry in memory only; copies. ERR_NO_MEMORY. */
MUST_USE enum err directory_keep_unit(struct directory *directory,
                                      const struct directory_unit *unit);
MUST_USE enum err directory_keep_user(struct directory *directory,
                                      const struct directory_user *user);
void accounts_done(struct accounts *accounts);
MUST_USE enum err accounts_keep_session(struct accounts *accounts, const struct session *session);
MUST_USE enum err accounts_keep_certificate(struct accounts *accounts,
                                            const struct certificate *certificate);
struct certificate *accounts_certificate(const struct accounts *accounts, const char *serial);
MUST_USE enum err accounts_keep_key_request(struct accounts *accounts,
                                            const struct key_request *request);
void accounts_free_key_requests(struct accounts *accounts);

/* -- files.c ----------------------------------------------------------------------------------- */

/* Makes the data folder and what belongs in it. ERR_IO. */
MUST_USE enum err files_prepare(const char *data_folder);
/* Files `bytes` under their SHA-256, synced. Any thread. ERR_IO. */
MUST_USE enum err files_put(const char *data_folder, struct bytes bytes,
                            char ret_sha256[HASH_HEX_BYTES]);
/* Files the file at `path` likewise; `path` is gone afterwards. Any thread. ERR_IO. */
MUST_USE enum err files_take(const char *data_folder, const char *path,
                             char ret_sha256[HASH_HEX_BYTES], uint64_t *ret_size_bytes);
/* Reads a filed file. Any thread. ERR_UNKNOWN, ERR_IO, ERR_LIMIT. */
MUST_USE enum err files_get(const char *data_folder, const char *sha256, struct buffer *ret_bytes);
/* Removes a filed file; nothing happens when there is none. */
void files_remove(const char *data_folder, const char *sha256);

/* -- finalise.c -------------------------------------------------------------------------------- */

/* minutes.finalise: lays out the PDF on Jobs and then appends. */
struct meeting_receipt finalise_begin(struct meeting_service *service,
                                      struct service_meeting *meeting,
                                      const struct meeting_command *command);

#endif

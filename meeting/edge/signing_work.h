/* The slow halves of a signature, for Jobs threads; for signing.c, and sealing.c, alone. */
#ifndef MEETING_EDGE_SIGNING_WORK_H
#define MEETING_EDGE_SIGNING_WORK_H

#include "meeting/edge/service.h"

/* Everything is copied in before the work begins, so no thread reads what another may change. */
struct signing_work {
    struct work work; /* first: the functions cast back */
    uint64_t ticket;
    utc_ms_t at;
    struct signing_entry entry;
    char *name;                /* of the signer, as invited */
    struct buffer certificate; /* DER */
    uint8_t signature[SIGNATURE_RAW_BYTES];
    const struct refusal *refusal; /* why it came to nothing; NULL: done */
    char signed_sha256[HASH_HEX_BYTES];
};

/* NULL when `actor` may sign `field` of the minutes now. Control thread, as the next one. */
const struct refusal *signing_check(const struct meeting_state *state, uint64_t actor,
                                    enum minutes_field field);
/* The certificate of that serial if it is the user's and holds; NULL otherwise. */
const struct certificate *signing_certificate(const struct meeting_service *service,
                                              const char *serial, uint64_t user, utc_ms_t now);
/* PAPER_FIELD_…; any thread. */
const char *signing_field_name(enum minutes_field field);

/* With the certificate's owner as the signer and a ticket of its own; NULL without memory. */
struct signing_work *signing_work_create(struct meeting_service *service,
                                         const struct meeting_state *state,
                                         const struct certificate *certificate);
/* Accepts NULL. */
void signing_work_free(struct signing_work *signing);

/* Somebody waits for the answer. */
enum { SIGNING_STAMP_TIMEOUT_MS = 4000 };

/* Puts a timestamp beside the signature just made, if the authority can be reached (`ask` NULL:
 * there is none). If not, the signature stays without: preserving.c sees to it later. */
void signing_stamp(const struct certs_ask *ask, struct buffer *file, const uint64_t byte_range[4],
                   uint64_t meeting, utc_ms_t now);
/* Adds the revision to be signed to the file as it stands, and files that. */
void signing_work_prepare(struct work *work);
/* Puts the signature in, verifies the whole file as a stranger's would be, and files it. */
void signing_work_complete(struct work *work);

#endif

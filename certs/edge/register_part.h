/* The register's file and what of it is held in memory; see register.h.
 *
 *   # Diên Hồng CA register 1
 *   HASH issue KIND SERIAL NOT_BEFORE NOT_AFTER SUBJECT
 *   HASH revoke SERIAL TIME REASON
 *
 * HASH: the first 16 bytes, in hexadecimal, of SHA-256 over the HASH of the line before and the
 * rest of this line. Times in milliseconds UTC. Whoever calls holds the CA's lock (ca_enter). */
#ifndef CERTS_EDGE_REGISTER_PART_H
#define CERTS_EDGE_REGISTER_PART_H

#include <stdbool.h>
#include <stdint.h>

#include "base/bytes.h"
#include "certs/edge/register.h"

enum { REGISTER_CHAIN_BYTES = 16, REGISTER_CHAIN_TEXT = 2 * REGISTER_CHAIN_BYTES + 1 };

struct ca_record {
    enum certs_kind kind;
    enum certs_reason reason;
    bool is_revoked;
    char serial[CERTS_SERIAL_TEXT_BYTES];
    utc_ms_t not_before;
    utc_ms_t not_after;
    utc_ms_t revoked_at;
    char *subject;
};

struct ca_register {
    int fd;
    uint64_t read_to; /* behind the last whole line taken in */
    char chain[REGISTER_CHAIN_TEXT];
    struct ca_record *records;
    uint32_t count;
    uint32_t capacity;
    uint32_t revoked_count;
    uint32_t *slots;     /* record number + 1 by the serial's hash; 0: free */
    uint32_t slot_count; /* a power of two, at least twice the capacity */
};

/* Opens or makes the file. ERR_IO, ERR_FORMAT. */
MUST_USE enum err register_open(struct ca_register *entries, const char *path);
/* Accepts one that never opened (fd -1). */
void register_close(struct ca_register *entries);

/* Takes in what other processes appended. ERR_FORMAT when a line was changed or taken out. */
MUST_USE enum err register_refresh(struct ca_register *entries);

/* NULL when there is none. Valid until the next change. */
const struct ca_record *register_find(const struct ca_register *entries, const char *serial);

/* Append one line, synced. Need the folder's lock and a fresh register. ERR_IO, ERR_LIMIT. */
MUST_USE enum err register_issue(struct ca_register *entries, const struct certs_entry *entry);
MUST_USE enum err register_revoke(struct ca_register *entries, const char *serial,
                                  enum certs_reason reason, utc_ms_t now);

#endif

/* What the edge itself must know about each endpoint of its worker: which one the door means, and
 * what its DTLS certificate must be. By the index of the worker's handles. One thread. */
#ifndef SFU_EDGE_PEERS_H
#define SFU_EDGE_PEERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/pool.h"
#include "sfu/edge/dtls.h"

struct peers;

MUST_USE enum err peers_create(uint32_t endpoints, struct peers **ret_peers);
void peers_destroy(struct peers *peers); /* accepts NULL */
size_t peers_entry_size(void);

/* A former tenant of the handle's index is forgotten. */
void peers_put(struct peers *peers, struct handle handle, uint64_t endpoint,
               const struct dtls_fingerprint *fingerprint);
/* NULL when the handle names nobody here. */
const struct dtls_fingerprint *peers_fingerprint(const struct peers *peers, struct handle handle);
/* Forgets the endpoint and says which handle it had; ERR_UNKNOWN. */
MUST_USE enum err peers_remove(struct peers *peers, uint64_t endpoint, struct handle *ret_handle);
/* Any endpoint that is here; false when none is. */
bool peers_any(const struct peers *peers, uint64_t *ret_endpoint);

#endif

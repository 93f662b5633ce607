/* SRTP by libsrtp2: for every profile but the one that srtp_gcm.h does itself, and the oracle that
 * a test holds ours against.
 *
 * libsrtp2 estimates packet indexes and keeps replay windows of its own, besides the worker's.
 * One direction of one endpoint; one thread at a time. */
#ifndef SFU_EDGE_SRTP_LIB_H
#define SFU_EDGE_SRTP_LIB_H

#include <stdbool.h>

#include "base/bytes.h"
#include "base/err.h"
#include "sfu/core/srtp.h"

enum srtp_lib_direction { SRTP_LIB_OUTBOUND, SRTP_LIB_INBOUND };

/* Starts libsrtp2 once for the whole process, which it insists on; any thread. */
bool srtp_lib_is_ready(void);

/* `profile` is a number of openssl/srtp.h. ERR_UNSUPPORTED for one that we never offer,
 * ERR_NO_MEMORY. */
MUST_USE enum err srtp_lib_create(unsigned long profile, enum srtp_lib_direction direction,
                                  struct bytes master_key, struct bytes master_salt,
                                  struct srtp_transform *ret_transform);
void srtp_lib_destroy(void *state); /* wipes the keys; accepts NULL */

extern const struct srtp_ops srtp_lib;

#endif

/* The record package of a meeting (hồ sơ): its log, its documents, every state of its papers and
 * what their signatures are judged by, as one ZIP with a manifest, which `dienhong verify` checks
 * offline (paper/package_verify.h). In two steps, so that the writing can run on a Jobs thread. */
#ifndef MEETING_EDGE_PACKAGE_H
#define MEETING_EDGE_PACKAGE_H

#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/err.h"
#include "base/units.h"

struct meeting_service;
struct meeting_package;

struct meeting_package_request {
    uint64_t meeting;
    utc_ms_t now;
    const struct bytes *crls; /* DER; of the issuing CA and the root, as far as there are any */
    size_t crl_count;
};

/* Control thread: copies what the log says; waits for what is on its way to disk. ERR_UNKNOWN: no
 * such meeting; ERR_FORMAT: the log is broken; ERR_LIMIT; ERR_IO; ERR_NO_MEMORY. To be freed by
 * meeting_package_free(). */
MUST_USE enum err meeting_package_prepare(struct meeting_service *service,
                                          const struct meeting_package_request *request,
                                          struct meeting_package **ret_package);
/* Any thread: makes the file at `path`, which must not exist. ERR_UNKNOWN: a stored file is gone;
 * ERR_LIMIT: larger than LIMIT_PACKAGE_BYTES; ERR_IO; ERR_NO_MEMORY. */
MUST_USE enum err meeting_package_write(struct meeting_package *package, const char *path);
/* Accepts NULL. */
void meeting_package_free(struct meeting_package *package);

#endif

/* The container of a record package: a plain ZIP, so that any archive opens it with what it has,
 * read and written by libzip. Nothing of it is trusted but through the manifest: members are taken
 * by the central directory, stored or deflated, without encryption, no name twice. */
#ifndef MEETING_EDGE_PAPER_PACKAGE_ZIP_H
#define MEETING_EDGE_PAPER_PACKAGE_ZIP_H

#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"
#include "base/bytes.h"
#include "base/err.h"

struct package_zip;

/* `archive` is borrowed until package_zip_close(). ERR_FORMAT: no such ZIP; ERR_LIMIT: more than
 * LIMIT_PACKAGE_FILES members beside the manifest, or larger than LIMIT_PACKAGE_UNPACKED_BYTES
 * together; ERR_NO_MEMORY. */
MUST_USE enum err package_zip_open(struct bytes archive, struct package_zip **ret_zip);
/* Accepts NULL. */
void package_zip_close(struct package_zip *zip);

size_t package_zip_count(const struct package_zip *zip);
/* Of member `index`. */
const char *package_zip_name(const struct package_zip *zip, size_t index);
/* The member of that name. ERR_UNKNOWN: there is none; ERR_LIMIT: larger than `most_bytes`;
 * ERR_FORMAT: damaged, or packed in another way; ERR_NO_MEMORY. */
MUST_USE enum err package_zip_read(struct package_zip *zip, const char *name, size_t most_bytes,
                                   struct buffer *ret_bytes);

#endif

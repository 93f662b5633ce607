/* The built web client, read whole into memory at start: path → type, ETag, Brotli and plain.
 *
 * Files under assets/ carry their hash in their name and never change; everything else is asked
 * for anew. A path without a file is a page of the client's own router and gets index.html.
 * Owner: the control thread; read-only after loading. */
#ifndef SIGNALING_EDGE_STATIC_FILES_H
#define SIGNALING_EDGE_STATIC_FILES_H

#include <stdbool.h>

#include "base/bytes.h"
#include "base/err.h"

struct static_files;

struct static_file {
    const char *type;
    char etag[48];
    bool is_immutable;
    struct bytes plain;
    struct bytes brotli; /* empty: only plain exists */
};

enum { STATIC_FILES_MAX = 2048 };

/* Symbolic links are not followed. ERR_IO (logged), ERR_LIMIT for too many or too large files. A
 * folder that does not exist gives an empty map and a line in the log. */
MUST_USE enum err static_files_load(const char *folder, struct static_files **ret_files);
/* Accepts NULL. */
void static_files_free(struct static_files *files);

/* The file of a path that begins with "/", or index.html for a path of the client's; NULL when a
 * name with an extension does not exist, or there is no client. */
const struct static_file *static_files_find(const struct static_files *files, const char *path);

#endif

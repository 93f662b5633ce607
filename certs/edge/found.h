/* Founding an authority: the folder is made whole under another name and renamed, so that a CA is
 * there or is not. */
#ifndef CERTS_EDGE_FOUND_H
#define CERTS_EDGE_FOUND_H

#include <stdbool.h>

#include "base/err.h"
#include "base/units.h"

struct found_plan {
    const char *folder;
    const char *province;
    const char *root_key_path; /* NULL: into the folder */
    const char *url;           /* where the root's CRL will be found; NULL: not said */
    utc_ms_t now;
    bool for_development; /* said in the names */
};

/* ERR_CONFLICT when the folder's or the root key's place is taken; ERR_IO. */
MUST_USE enum err found_folder(const struct found_plan *plan);
/* Files where the authority is found. ERR_IO, ERR_LIMIT. */
MUST_USE enum err found_url(const char *folder, const char *url);

#endif

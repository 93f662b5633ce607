/* The one file in a multipart/form-data body (RFC 7578, RFC 2046 section 5.1.1), as signing
 * programs return it; a body that is no multipart is the file itself. Pure. */
#ifndef SIGNALING_CORE_MULTIPART_H
#define SIGNALING_CORE_MULTIPART_H

#include "base/bytes.h"
#include "base/err.h"

/* `ret_file` points into `body`: the first part that has a file name, or all of a body that does
 * not begin with a boundary. ERR_FORMAT: a multipart body that is cut short or has no file. */
MUST_USE enum err multipart_find_file(struct bytes body, struct bytes *ret_file);

#endif

/* The names and addresses of this machine, as its TLS certificate and its announcement carry them.
 */
#ifndef SIGNALING_EDGE_NAMES_H
#define SIGNALING_EDGE_NAMES_H

#include <stddef.h>

enum { NAMES_MAX = 32, NAMES_TEXT_BYTES = 256 };

struct names {
    size_t count;
    char texts[NAMES_MAX][NAMES_TEXT_BYTES];
    const char *pointers[NAMES_MAX]; /* to the texts, as others want them */
};

/* First those of `configured` (divided by spaces), then the host's name, then every address that is
 * not loopback or link-local. Without duplicates; more than NAMES_MAX are left out. */
void names_read(struct names *ret_names, const char *configured);

#endif

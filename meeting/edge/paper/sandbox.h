/* The child that reads files of strangers. Whatever parses an uploaded PDF runs in a process of its
 * own: the executable starts itself again as `dienhong sandbox inspect|verify`, with the file as
 * descriptor 0, its answer as JSON on descriptor 1 and, for verify, the trusted certificates as
 * descriptor 3. Before it looks at a byte of the file it has no network, no other files, bounded
 * memory, time and output, no way to new privileges, another user if it was started by root, and a
 * short list of system calls (seccomp) of which any other kills it.
 *
 * The parent's calls block until the child answers or its deadline passes: call them on Jobs
 * threads. They may run in several threads at once. */
#ifndef MEETING_EDGE_PAPER_SANDBOX_H
#define MEETING_EDGE_PAPER_SANDBOX_H

#include "base/buffer.h"
#include "base/err.h"
#include "base/units.h"
#include "meeting/edge/paper/pdf_inspect.h"
#include "meeting/edge/paper/pdf_verify.h"

/* -- the child: main.c calls this when argv[1] is "sandbox" ------------------------------------ */

/* `argv[2]` is "inspect", "verify" or "package" (then argv[3] is the time to judge at, ms UTC).
 * Returns the exit status; 0 exactly when an answer was written. */
int sandbox_main(int argc, char **argv);

/* -- the parent ------------------------------------------------------------------------------ */

/* ERR_LIMIT: over the deadline or its memory; ERR_IO: could not start, or died; ERR_FORMAT: gave no
 * answer that we know. In all these cases the file is not to be trusted with another try at once.
 */
MUST_USE enum err sandbox_inspect(const char *path, struct pdf_inspection *ret_inspection);

/* `trust_path`: PEM file, or folder of them (certs_trust_load). `at`: chains are checked at this
 * time. *ret_json holds the Report. */
MUST_USE enum err sandbox_verify(const char *path, const char *trust_path, utc_ms_t at,
                                 enum verify_verdict *ret_verdict, struct buffer *ret_json);

/* Likewise for a record package (package_verify.h): whether nothing is wrong with it, and what was
 * found. */
MUST_USE enum err sandbox_package(const char *path, const char *trust_path, utc_ms_t at,
                                  bool *ret_whole, struct buffer *ret_json);

#endif

/* The table of contents of a record package: every file with its size and SHA-256, and the head of
 * the log's chain, on which everything in the package hangs.
 *
 *     {"format":"dienhong-record-1","meeting":"…","code":"…","title":"…","madeAt":ms,
 *      "head":{"seq":n,"hash":"hex"},"files":[{"path","size","sha256"}]}
 *
 * Read strictly: it comes from strangers. Pure. */
#ifndef MEETING_EDGE_PAPER_PACKAGE_MANIFEST_H
#define MEETING_EDGE_PAPER_PACKAGE_MANIFEST_H

#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"
#include "base/bytes.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/units.h"

#define PACKAGE_MANIFEST_PATH "manifest.json"
#define PACKAGE_LOG_PATH "log.jsonl"

enum { PACKAGE_HEX_BYTES = 65 };

struct package_file {
    char path[LIMIT_PACKAGE_PATH_BYTES + 1]; /* letters a–z, digits, '.', '-', '/' inside */
    uint64_t size_bytes;
    char sha256[PACKAGE_HEX_BYTES];
};

struct package_manifest {
    uint64_t meeting;
    char code[LIMIT_CODE_BYTES + 1];
    char title[LIMIT_TITLE_BYTES + 1];
    utc_ms_t made_at;
    uint64_t head_seq;
    char head_hash[PACKAGE_HEX_BYTES];
    size_t count;
    struct package_file *files; /* freed by package_manifest_done() */
};

void package_manifest_done(struct package_manifest *manifest);
/* ERR_LIMIT, ERR_NO_MEMORY. Needs: a good path, not yet in the list. */
MUST_USE enum err package_manifest_add(struct package_manifest *manifest, const char *path,
                                       uint64_t size_bytes, const char *sha256);
/* NULL when there is none. */
const struct package_file *package_manifest_find(const struct package_manifest *manifest,
                                                 const char *path);

/* ERR_NO_MEMORY. */
MUST_USE enum err package_manifest_write(const struct package_manifest *manifest,
                                         struct buffer *ret_json);
/* ERR_FORMAT: not exactly such an object, a path twice or one that leads out of the package;
 * ERR_LIMIT; ERR_NO_MEMORY. */
MUST_USE enum err package_manifest_parse(struct bytes json, struct package_manifest *ret_manifest);

#endif

/* Is this record package whole and unchanged? Offline, from the package and trusted certificates
 * alone:
 *
 *   1. the ZIP is one that we know, and holds exactly the files of its manifest
 *   2. every file has the size and SHA-256 that the manifest says
 *   3. the log: each row's hash is that of its bytes and of the row before, each event can follow
 *      the ones before it, and the last one is the manifest's head
 *   4. every file that the log speaks of is there, under the hash that the log says
 *   5. every paper that the log calls signed or sealed is valid (pdf_verify.h)
 *
 * The first thing that is wrong is named, and of every file is told what was found. Runs on bytes
 * of strangers: only in the sandboxed child. */
#ifndef MEETING_EDGE_PAPER_PACKAGE_VERIFY_H
#define MEETING_EDGE_PAPER_PACKAGE_VERIFY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"
#include "base/bytes.h"
#include "base/err.h"
#include "base/units.h"
#include "certs/certs.h"
#include "meeting/edge/paper/package_manifest.h"
#include "meeting/edge/paper/pdf_verify.h"

/* Code, Vietnamese, English. */
#define PACKAGE_FAULTS(X)                                                                          \
    X(NONE, "", "", "")                                                                            \
    X(ZIP, "package.zip", "Tệp này không phải gói hồ sơ hợp lệ, hoặc đã hỏng.",                    \
      "This is not a record package, or it is damaged.")                                           \
    X(MANIFEST, "package.manifest", "Bảng kê của gói hồ sơ bị thiếu hoặc sai.",                    \
      "The package's manifest is missing or wrong.")                                               \
    X(MISSING, "package.missing", "Gói hồ sơ thiếu tệp này.",                                      \
      "This file is missing from the package.")                                                    \
    X(EXTRA, "package.extra", "Tệp này không có trong bảng kê.",                                   \
      "This file is not in the manifest.")                                                         \
    X(CHANGED, "package.changed", "Tệp này khác với bảng kê: đã bị sửa hoặc thay.",                \
      "This file is not the one in the manifest: it was changed or exchanged.")                    \
    X(LOG_FORMAT, "log.format", "Dòng nhật ký này không đọc được.",                                \
      "This row of the log cannot be read.")                                                       \
    X(LOG_HASH, "log.hash", "Chuỗi băm đứt ở dòng nhật ký này: nhật ký đã bị sửa.",                \
      "The chain of hashes breaks at this row: the log was changed.")                              \
    X(LOG_ORDER, "log.order", "Sự kiện này không thể xảy ra sau các sự kiện trước nó.",            \
      "This event cannot follow the ones before it.")                                              \
    X(LOG_HEAD, "log.head", "Nhật ký không kết thúc ở dòng mà bảng kê nêu.",                       \
      "The log does not end at the row that the manifest names.")                                  \
    X(PAPER, "package.paper", "Văn bản đã ký này không hợp lệ.", "This signed paper is not valid.")

enum package_fault {
#define X(name, code, vi, en) PACKAGE_##name,
    PACKAGE_FAULTS(X)
#undef X
        PACKAGE_FAULT_COUNT,
};

enum package_file_state {
    PACKAGE_FILE_MISSING,
    PACKAGE_FILE_WHOLE,
    PACKAGE_FILE_CHANGED,
    PACKAGE_FILE_EXTRA, /* not in the manifest */
};

struct package_found {
    char path[LIMIT_PACKAGE_PATH_BYTES + 1]; /* cut; what is not ASCII shows as '?' */
    uint64_t size_bytes;                     /* as the manifest says; 0: extra */
    enum package_file_state state;
    bool is_judged; /* the log calls it signed, so it was verified: */
    enum verify_verdict verdict;
    const struct paper_reason *reason; /* NULL when valid */
    size_t signatures;
};

struct package_report {
    enum package_fault fault;                 /* PACKAGE_NONE: whole */
    char where[LIMIT_PACKAGE_PATH_BYTES + 1]; /* a file; "log.jsonl" with `row` */
    uint64_t row;                             /* of the log; 0: not about one */
    const char *paper_reason;                 /* code of pdf_verify.h; NULL */
    uint64_t meeting;
    char code[LIMIT_CODE_BYTES + 1];
    char title[LIMIT_TITLE_BYTES + 1];
    uint64_t rows;
    size_t files;
    size_t papers; /* signed ones that are valid */
    char head[PACKAGE_HEX_BYTES];
    size_t found_count; /* the manifest's files in its order, then what it does not name */
    struct package_found *found;
};

/* ERR_NO_MEMORY; everything that is wrong with the package is in the report, which is the caller's
 * to be done with. */
MUST_USE enum err package_verify(struct bytes archive, const struct certs_trust *trust, utc_ms_t at,
                                 struct package_report *ret_report);
void package_report_done(struct package_report *report);
/* The PackageReport object of docs/protocol.md, without a final newline. */
MUST_USE enum err package_report_write_json(const struct package_report *report,
                                            struct buffer *ret_json);

enum { PACKAGE_START_BYTES = 4 };

/* Whether the bytes (the first PACKAGE_START_BYTES will do) begin as a package does, so that it is
 * worth asking. */
bool package_looks_like(struct bytes start);

#endif

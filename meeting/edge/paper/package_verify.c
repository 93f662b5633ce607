#include "meeting/edge/paper/package_verify.h"

#include <inttypes.h>
#include <jansson.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "meeting/edge/paper/json_out.h"
#include "meeting/edge/paper/package_log.h"
#include "meeting/edge/paper/package_zip.h"
#include "meeting/edge/paper/pdf_verify.h"

/* A package under examination. */
struct examination {
    struct package_zip *zip;
    struct package_manifest manifest;
    const struct certs_trust *trust;
    utc_ms_t at;
    struct package_report *report;
    struct verify_report *paper; /* 80 kB, reused */
};

static bool is_whole(const struct examination *exam)
{
    return exam->report->fault == PACKAGE_NONE;
}

static void find_fault(struct examination *exam, enum package_fault fault, const char *where)
{
    if (!is_whole(exam))
        return; /* the first one counts */
    exam->report->fault = fault;
    (void)snprintf(exam->report->where, sizeof exam->report->where, "%s", where);
}

static void sha256_hex(struct bytes bytes, char ret_hex[PACKAGE_HEX_BYTES])
{
    uint8_t hash[CERTS_SHA256_BYTES] = {0};
    (void)EVP_Digest(bytes.size ? bytes.data : (const uint8_t *)"", bytes.size, hash, NULL,
                     EVP_sha256(), NULL);
    hex_write(hash, sizeof hash, ret_hex);
}

/* -- manifest and files -------------------------------------------------------------------------
 */

static void manifest_read(struct examination *exam)
{
    struct buffer json = {0};
    enum err err = package_zip_read(exam->zip, PACKAGE_MANIFEST_PATH, LIMIT_MANIFEST_BYTES, &json);
    if (err == ERR_OK)
        err = package_manifest_parse(buffer_bytes(&json), &exam->manifest);
    buffer_done(&json);
    if (err != ERR_OK) {
        find_fault(exam, PACKAGE_MANIFEST, PACKAGE_MANIFEST_PATH);
        return;
    }
    struct package_report *report = exam->report;
    report->meeting = exam->manifest.meeting;
    report->files = exam->manifest.count;
    memcpy(report->code, exam->manifest.code, sizeof report->code);
    memcpy(report->title, exam->manifest.title, sizeof report->title);
}

/* The file of the manifest, if it is the one that the manifest means. */
static bool file_take(struct examination *exam, const struct package_file *file,
                      struct buffer *ret_bytes)
{
    struct buffer bytes = {0};
    char hash[PACKAGE_HEX_BYTES];
    enum err err = package_zip_read(exam->zip, file->path, LIMIT_PDF_BYTES, &bytes);
    if (err != ERR_OK) {
        find_fault(exam, err == ERR_UNKNOWN ? PACKAGE_MISSING : PACKAGE_CHANGED, file->path);
        return false;
    }
    sha256_hex(buffer_bytes(&bytes), hash);
    if (bytes.size != file->size_bytes || strcmp(hash, file->sha256) != 0) {
        find_fault(exam, PACKAGE_CHANGED, file->path);
        buffer_done(&bytes);
        return false;
    }
    *ret_bytes = bytes;
    return true;
}

static void files_check(struct examination *exam)
{
    for (size_t i = 0; is_whole(exam) && i < package_zip_count(exam->zip); i++) {
        const char *name = package_zip_name(exam->zip, i);
        if (strcmp(name, PACKAGE_MANIFEST_PATH) != 0 &&
            !package_manifest_find(&exam->manifest, name))
            find_fault(exam, PACKAGE_EXTRA, name);
    }
    for (size_t i = 0; is_whole(exam) && i < exam->manifest.count; i++) {
        struct buffer bytes = {0};
        (void)file_take(exam, &exam->manifest.files[i], &bytes);
        buffer_done(&bytes);
    }
}

/* -- what the log says of the files -------------------------------------------------------------
 */

static const struct package_file *by_hash(const struct package_manifest *manifest,
                                          const char *sha256)
{
    for (size_t i = 0; i < manifest->count; i++)
        if (strcmp(manifest->files[i].sha256, sha256) == 0)
            return &manifest->files[i];
    return NULL;
}

/* The paper that an event made must be there; one that is signed must be valid. */
static void paper_check(struct examination *exam, uint64_t seq, const char *sha256, bool is_signed)
{
    const struct package_file *file = by_hash(&exam->manifest, sha256);
    struct buffer bytes = {0};
    if (!is_whole(exam))
        return;
    if (!file) {
        find_fault(exam, PACKAGE_MISSING, sha256);
        exam->report->row = seq;
        return;
    }
    if (!is_signed || !file_take(exam, file, &bytes))
        return;
    pdf_verify(buffer_bytes(&bytes), exam->trust, exam->at, exam->paper);
    buffer_done(&bytes);
    if (exam->paper->verdict == VERIFY_VALID) {
        exam->report->papers++;
        return;
    }
    find_fault(exam, PACKAGE_PAPER, file->path);
    exam->report->row = seq;
    exam->report->paper_reason = exam->paper->reason ? exam->paper->reason->code : NULL;
}

static void event_seen(void *argument, const struct meeting_state *state, uint64_t seq,
                       const struct meeting_event *event)
{
    struct examination *exam = argument;
    (void)state;
    switch ((int)event->kind) {
    case EVENT_MINUTES_FINALISED:
        paper_check(exam, seq, event->of.finalised.sha256, false);
        break;
    case EVENT_MINUTES_SIGNED:
        paper_check(exam, seq, event->of.signed_by.sha256, true);
        break;
    case EVENT_MINUTES_ARCHIVED:
        paper_check(exam, seq, event->of.archived.sha256, true);
        break;
    case EVENT_ISSUE_WRITTEN: /* nobody vouches for it until the seal */
        paper_check(exam, seq, event->of.written.sha256, false);
        break;
    case EVENT_ISSUE_SEALED:
        paper_check(exam, seq, event->of.sealed.sha256, true);
        break;
    default:
        break;
    }
}

static void documents_check(struct examination *exam, const struct meeting_state *state)
{
    for (uint32_t i = 0; is_whole(exam) && i < state->document_count; i++)
        if (!by_hash(&exam->manifest, state->documents[i].sha256))
            find_fault(exam, PACKAGE_MISSING, state->documents[i].sha256);
}

static enum package_fault fault_of(const char *fault)
{
    return strcmp(fault, "hash") == 0    ? PACKAGE_LOG_HASH
           : strcmp(fault, "order") == 0 ? PACKAGE_LOG_ORDER
                                         : PACKAGE_LOG_FORMAT;
}

static void log_check(struct examination *exam)
{
    const struct package_file *file = package_manifest_find(&exam->manifest, PACKAGE_LOG_PATH);
    struct buffer lines = {0};
    struct meeting_state state;
    if (!file) {
        find_fault(exam, PACKAGE_MISSING, PACKAGE_LOG_PATH);
        return;
    }
    if (!file_take(exam, file, &lines))
        return;
    struct package_log_result result =
        package_log_walk(buffer_bytes(&lines), exam->manifest.meeting, event_seen, exam, &state);
    exam->report->rows = result.rows;
    hex_write(result.head, sizeof result.head, exam->report->head);
    if (is_whole(exam) && result.fault) {
        find_fault(exam, fault_of(result.fault), PACKAGE_LOG_PATH);
        exam->report->row = result.rows + 1;
    }
    if (is_whole(exam) && (result.rows != exam->manifest.head_seq ||
                           strcmp(exam->report->head, exam->manifest.head_hash) != 0)) {
        find_fault(exam, PACKAGE_LOG_HEAD, PACKAGE_LOG_PATH);
        exam->report->row = exam->manifest.head_seq;
    }
    documents_check(exam, &state);
    state_done(&state);
    buffer_done(&lines);
}

/* -- the whole ----------------------------------------------------------------------------------
 */

enum err package_verify(struct bytes archive, const struct certs_trust *trust, utc_ms_t at,
                        struct package_report *ret_report)
{
    struct examination exam = {.trust = trust, .at = at, .report = ret_report};
    *ret_report = (struct package_report){0};
    exam.paper = malloc(sizeof *exam.paper);
    if (!exam.paper)
        return ERR_NO_MEMORY;
    enum err err = package_zip_open(archive, &exam.zip);
    if (err == ERR_OK)
        manifest_read(&exam);
    else
        find_fault(&exam, PACKAGE_ZIP, "");
    if (is_whole(&exam))
        files_check(&exam);
    if (is_whole(&exam))
        log_check(&exam);
    package_manifest_done(&exam.manifest);
    package_zip_close(exam.zip);
    free(exam.paper);
    return err == ERR_NO_MEMORY ? err : ERR_OK;
}

enum err package_report_write_json(const struct package_report *report, struct buffer *ret_json)
{
    static const struct {
        const char *code, *vi, *en;
    } faults[] = {
#define X(name, code, vi, en) {code, vi, en},
        PACKAGE_FAULTS(X)
#undef X
    };
    char meeting[24];
    (void)snprintf(meeting, sizeof meeting, "%" PRIu64, report->meeting);
    json_t *wrong = report->fault == PACKAGE_NONE
                        ? json_null()
                        : json_pack("{s:s, s:s, s:s, s:s, s:I, s:s?}", "code",
                                    faults[report->fault].code, "vi", faults[report->fault].vi,
                                    "en", faults[report->fault].en, "where", report->where, "row",
                                    (json_int_t)report->row, "paper", report->paper_reason);
    return json_out(json_pack("{s:s, s:o, s:s, s:s, s:s, s:I, s:I, s:I, s:s}", "verdict",
                              report->fault == PACKAGE_NONE ? "whole" : "broken", "wrong", wrong,
                              "meeting", meeting, "code", report->code, "title", report->title,
                              "rows", (json_int_t)report->rows, "files", (json_int_t)report->files,
                              "papers", (json_int_t)report->papers, "head", report->head),
                    ret_json);
}

bool package_looks_like(struct bytes start)
{
    return start.size >= 4 && memcmp(start.data, "PK\x03\x04", 4) == 0;
}

#include "meeting/edge/paper/package_verify.h"

#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "meeting/edge/paper/package_log.h"
#include "meeting/edge/paper/package_zip.h"

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

/* A name that a stranger chose, fit to be shown. */
static void path_copy(const char *name, char ret_path[LIMIT_PACKAGE_PATH_BYTES + 1])
{
    size_t size = strnlen(name, LIMIT_PACKAGE_PATH_BYTES);
    for (size_t i = 0; i < size; i++)
        ret_path[i] = name[i] >= ' ' && name[i] <= '~' ? name[i] : '?';
    ret_path[size] = 0;
}

/* `row`: of the log, or 0. False: something else was wrong before, and that is what counts. */
static bool find_fault(struct examination *exam, enum package_fault fault, const char *where,
                       uint64_t row)
{
    if (!is_whole(exam))
        return false;
    exam->report->fault = fault;
    exam->report->row = row;
    path_copy(where, exam->report->where);
    return true;
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
        (void)find_fault(exam, PACKAGE_MANIFEST, PACKAGE_MANIFEST_PATH, 0);
        return;
    }
    struct package_report *report = exam->report;
    report->meeting = exam->manifest.meeting;
    report->files = exam->manifest.count;
    memcpy(report->code, exam->manifest.code, sizeof report->code);
    memcpy(report->title, exam->manifest.title, sizeof report->title);
}

/* The file of the manifest, if it is the one that the manifest means. */
static enum package_file_state file_take(const struct examination *exam,
                                         const struct package_file *file, struct buffer *ret_bytes)
{
    struct buffer bytes = {0};
    char hash[PACKAGE_HEX_BYTES];
    enum err err = package_zip_read(exam->zip, file->path, LIMIT_PDF_BYTES, &bytes);
    if (err != ERR_OK)
        return err == ERR_UNKNOWN ? PACKAGE_FILE_MISSING : PACKAGE_FILE_CHANGED;
    sha256_hex(buffer_bytes(&bytes), hash);
    if (bytes.size != file->size_bytes || strcmp(hash, file->sha256) != 0) {
        buffer_done(&bytes);
        return PACKAGE_FILE_CHANGED;
    }
    *ret_bytes = bytes;
    return PACKAGE_FILE_WHOLE;
}

static struct package_found *found_of(const struct examination *exam,
                                      const struct package_file *file)
{
    return &exam->report->found[file - exam->manifest.files];
}

static void extras_check(struct examination *exam)
{
    struct package_report *report = exam->report;
    for (size_t i = 0; i < package_zip_count(exam->zip); i++) {
        const char *name = package_zip_name(exam->zip, i);
        if (strcmp(name, PACKAGE_MANIFEST_PATH) == 0 ||
            package_manifest_find(&exam->manifest, name))
            continue;
        struct package_found *found = &report->found[report->found_count++];
        found->state = PACKAGE_FILE_EXTRA;
        path_copy(name, found->path);
        (void)find_fault(exam, PACKAGE_EXTRA, name, 0);
    }
}

static enum err files_check(struct examination *exam)
{
    const struct package_manifest *manifest = &exam->manifest;
    size_t most = manifest->count + package_zip_count(exam->zip);
    exam->report->found = calloc(most, sizeof *exam->report->found);
    if (!exam->report->found)
        return ERR_NO_MEMORY;
    exam->report->found_count = manifest->count;
    extras_check(exam);
    for (size_t i = 0; i < manifest->count; i++) {
        const struct package_file *file = &manifest->files[i];
        struct package_found *found = found_of(exam, file);
        struct buffer bytes = {0};
        found->state = file_take(exam, file, &bytes);
        buffer_done(&bytes);
        found->size_bytes = file->size_bytes;
        path_copy(file->path, found->path);
        if (found->state != PACKAGE_FILE_WHOLE)
            (void)find_fault(
                exam, found->state == PACKAGE_FILE_MISSING ? PACKAGE_MISSING : PACKAGE_CHANGED,
                file->path, 0);
    }
    return ERR_OK;
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

/* Once for each file: many events may name the same one. */
static void paper_judge(struct examination *exam, const struct package_file *file)
{
    struct package_found *found = found_of(exam, file);
    struct buffer bytes = {0};
    if (found->is_judged || file_take(exam, file, &bytes) != PACKAGE_FILE_WHOLE)
        return;
    pdf_verify(buffer_bytes(&bytes), exam->trust, exam->at, exam->paper);
    buffer_done(&bytes);
    found->is_judged = true;
    found->verdict = exam->paper->verdict;
    found->reason = exam->paper->reason;
    found->signatures = exam->paper->signature_count;
    /* What the log calls signed was signed here. */
    if (found->verdict == VERIFY_VALID && exam->paper->profile != VERIFY_PROFILE_HOUSE) {
        found->verdict = VERIFY_INVALID;
        found->reason = paper_reason_of("pdf.structure");
    }
}

/* The paper that an event made must be there; one that is signed must be valid. */
static void paper_check(struct examination *exam, uint64_t seq, const char *sha256, bool is_signed)
{
    const struct package_file *file = by_hash(&exam->manifest, sha256);
    if (!file) {
        (void)find_fault(exam, PACKAGE_MISSING, sha256, seq);
        return;
    }
    if (!is_signed)
        return;
    paper_judge(exam, file);
    const struct package_found *found = found_of(exam, file);
    if (found->is_judged && found->verdict == VERIFY_VALID)
        exam->report->papers++;
    else if (find_fault(exam, PACKAGE_PAPER, file->path, seq))
        exam->report->paper_reason = found->reason ? found->reason->code : NULL;
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
            (void)find_fault(exam, PACKAGE_MISSING, state->documents[i].sha256, 0);
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
        (void)find_fault(exam, PACKAGE_MISSING, PACKAGE_LOG_PATH, 0);
        return;
    }
    if (file_take(exam, file, &lines) != PACKAGE_FILE_WHOLE)
        return; /* as was said already */
    struct package_log_result result =
        package_log_walk(buffer_bytes(&lines), exam->manifest.meeting, event_seen, exam, &state);
    exam->report->rows = result.rows;
    hex_write(result.head, sizeof result.head, exam->report->head);
    if (result.fault)
        (void)find_fault(exam, fault_of(result.fault), PACKAGE_LOG_PATH, result.rows + 1);
    else if (result.rows != exam->manifest.head_seq ||
             strcmp(exam->report->head, exam->manifest.head_hash) != 0)
        (void)find_fault(exam, PACKAGE_LOG_HEAD, PACKAGE_LOG_PATH, exam->manifest.head_seq);
    documents_check(exam, &state);
    state_done(&state);
    buffer_done(&lines);
}

/* -- the whole ----------------------------------------------------------------------------------
 */

enum err package_verify(struct bytes archive, const struct certs_trust *trust, utc_ms_t at,
                        struct package_report *ret_report)
{
    struct package_report report = {0};
    struct examination exam = {.trust = trust, .at = at, .report = &report};
    exam.paper = malloc(sizeof *exam.paper);
    if (!exam.paper)
        return ERR_NO_MEMORY;
    enum err err = package_zip_open(archive, &exam.zip);
    if (err == ERR_OK)
        manifest_read(&exam);
    else
        (void)find_fault(&exam, PACKAGE_ZIP, "", 0);
    if (err != ERR_NO_MEMORY && is_whole(&exam))
        err = files_check(&exam);
    if (err != ERR_NO_MEMORY && report.found)
        log_check(&exam);
    package_manifest_done(&exam.manifest);
    package_zip_close(exam.zip);
    free(exam.paper);
    if (err == ERR_NO_MEMORY) {
        package_report_done(&report);
        return err;
    }
    *ret_report = report;
    return ERR_OK;
}

void package_report_done(struct package_report *report)
{
    free(report->found);
    report->found = NULL;
    report->found_count = 0;
}

bool package_looks_like(struct bytes start)
{
    static const char mark[] = "PK\x03\x04";
    return start.size >= PACKAGE_START_BYTES && memcmp(start.data, mark, PACKAGE_START_BYTES) == 0;
}

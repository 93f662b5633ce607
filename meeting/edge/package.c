#include "meeting/edge/package.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <zip.h>

#include "base/log.h"
#include "base/text.h"
#include "certs/certs.h"
#include "meeting/edge/paper/package_log.h"
#include "meeting/edge/paper/package_manifest.h"
#include "meeting/edge/service.h"

/* A stored file under the name that it gets in the package. */
struct stored {
    char path[LIMIT_PACKAGE_PATH_BYTES + 1];
    char sha256[HASH_HEX_BYTES];
};

struct meeting_package {
    char *data_folder;
    char *trust_path;
    utc_ms_t made_at;
    struct package_manifest manifest;
    struct buffer lines;  /* of the log */
    struct buffer issuer; /* DER */
    struct buffer trust;  /* PEM, gathered while the ZIP is written */
    size_t crl_count;
    struct buffer *crls;
    size_t stored_count;
    struct stored *stored;
    struct buffer json; /* the manifest's, while the ZIP is written */
};

void meeting_package_free(struct meeting_package *package)
{
    if (!package)
        return;
    free(package->data_folder);
    free(package->trust_path);
    package_manifest_done(&package->manifest);
    buffer_done(&package->lines);
    buffer_done(&package->issuer);
    buffer_done(&package->trust);
    for (size_t i = 0; i < package->crl_count; i++)
        buffer_done(&package->crls[i]);
    free(package->crls);
    free(package->stored);
    buffer_done(&package->json);
    free(package);
}

/* -- what belongs in it -------------------------------------------------------------------------
 */

static enum err stored_add(struct meeting_package *package, const char *path, const char *sha256)
{
    struct stored *grown =
        realloc(package->stored, (package->stored_count + 1) * sizeof *package->stored);
    if (!grown)
        return ERR_NO_MEMORY;
    package->stored = grown;
    struct stored *one = &grown[package->stored_count++];
    (void)snprintf(one->path, sizeof one->path, "%s", path);
    memcpy(one->sha256, sha256, sizeof one->sha256);
    return ERR_OK;
}

/* The file that an event of a paper made; NULL for other events. */
static const char *paper_of(const struct meeting_event *event)
{
    switch ((int)event->kind) {
    case EVENT_MINUTES_FINALISED:
        return event->of.finalised.sha256;
    case EVENT_MINUTES_SIGNED:
        return event->of.signed_by.sha256;
    case EVENT_MINUTES_ARCHIVED:
        return event->of.archived.sha256;
    case EVENT_ISSUE_WRITTEN:
        return event->of.written.sha256;
    case EVENT_ISSUE_SEALED:
        return event->of.sealed.sha256;
    default:
        return NULL;
    }
}

static enum err paper_add(struct meeting_package *package, const struct chain_row *row)
{
    struct arena arena = {0};
    struct meeting_event event;
    uint32_t kind;
    enum err err = words_find(&event_kind_words, row->kind, &kind);
    if (err == ERR_OK)
        err = event_json_parse((enum event_kind)kind, row->body, &arena, &event);
    const char *sha256 = err == ERR_OK ? paper_of(&event) : NULL;
    if (sha256) {
        char path[LIMIT_PACKAGE_PATH_BYTES + 1];
        (void)snprintf(path, sizeof path, "papers/%06" PRIu64 "-%s.pdf", row->seq,
                       words_name(&event_kind_words, kind));
        err = stored_add(package, path, sha256);
    }
    arena_done(&arena);
    return err;
}

static enum err row_add(struct meeting_package *package, const struct store_query *query)
{
    struct bytes hash = query_bytes(query, 8);
    struct chain_row row = {
        .seq = (uint64_t)query_int(query, 1),
        .epoch = (uint64_t)query_int(query, 2),
        .at = query_int(query, 3),
        .actor = (uint64_t)query_int(query, 4),
        .kind = query_bytes(query, 5),
        .version = (uint32_t)query_int(query, 6),
        .body = query_bytes(query, 7),
    };
    if (hash.size != CHAIN_HASH_BYTES)
        return ERR_FORMAT;
    enum err err = package_log_write(&row, hash.data, &package->lines);
    if (err == ERR_OK)
        err = paper_add(package, &row);
    package->manifest.head_seq = row.seq;
    hex_write(hash.data, hash.size, package->manifest.head_hash);
    return err;
}

static enum err log_copy(struct meeting_service *service, uint64_t meeting,
                         struct meeting_package *package)
{
    store_wait(service->store);
    struct store_query *query = query_begin(service->store, STATEMENT_EVENT_WALK_ONE);
    query_bind_int(query, (int64_t)meeting);
    enum err err = ERR_OK;
    enum err step = ERR_OK;
    while (err == ERR_OK && (step = query_step(query)) == ERR_OK)
        err = row_add(package, query);
    query_end(query);
    return err == ERR_OK && step != ERR_AGAIN ? step : err;
}

static enum err documents_add(struct meeting_package *package, const struct meeting_state *state)
{
    enum err err = ERR_OK;
    for (uint32_t i = 0; err == ERR_OK && i < state->document_count; i++) {
        char path[LIMIT_PACKAGE_PATH_BYTES + 1];
        (void)snprintf(path, sizeof path, "documents/%03" PRIu32 ".pdf", i + 1);
        err = stored_add(package, path, state->documents[i].sha256);
    }
    return err;
}

static enum err facts_copy(const struct meeting_service *service,
                           const struct meeting_package_request *request,
                           const struct meeting_state *state, struct meeting_package *package)
{
    package->made_at = request->now;
    package->manifest.meeting = state->id;
    package->manifest.made_at = request->now;
    (void)snprintf(package->manifest.code, sizeof package->manifest.code, "%s", state->code);
    (void)snprintf(package->manifest.title, sizeof package->manifest.title, "%s", state->title);
    package->data_folder = strdup(service->data_folder);
    package->trust_path = strdup(service->trust_path);
    package->crls = calloc(request->crl_count + 1, sizeof *package->crls);
    if (!package->data_folder || !package->trust_path || !package->crls)
        return ERR_NO_MEMORY;
    enum err err = buffer_put(&package->issuer, buffer_bytes(&service->issuer));
    for (; err == ERR_OK && package->crl_count < request->crl_count; package->crl_count++)
        err = buffer_put(&package->crls[package->crl_count], request->crls[package->crl_count]);
    return err;
}

enum err meeting_package_prepare(struct meeting_service *service,
                                 const struct meeting_package_request *request,
                                 struct meeting_package **ret_package)
{
    const struct meeting_state *state = meeting_state_of(service, request->meeting);
    struct meeting_package *package = state ? calloc(1, sizeof *package) : NULL;
    if (!package)
        return state ? ERR_NO_MEMORY : ERR_UNKNOWN;
    enum err err = facts_copy(service, request, state, package);
    if (err == ERR_OK)
        err = log_copy(service, request->meeting, package);
    if (err == ERR_OK)
        err = documents_add(package, state);
    if (err != ERR_OK) {
        meeting_package_free(package);
        return err;
    }
    *ret_package = package;
    return ERR_OK;
}

/* -- the ZIP ------------------------------------------------------------------------------------
 */

/* Takes the source over. PDFs are packed inside already, so they are only stored. */
static enum err member_add(struct meeting_package *package, zip_t *archive, const char *path,
                           zip_source_t *source, bool store)
{
    zip_int64_t index = source ? zip_file_add(archive, path, source, ZIP_FL_ENC_UTF_8) : -1;
    if (index < 0) {
        zip_source_free(source);
        return ERR_IO;
    }
    time_t at = (time_t)(package->made_at / 1000);
    bool done = zip_file_set_mtime(archive, (zip_uint64_t)index, at, 0) == 0 &&
                zip_set_file_compression(archive, (zip_uint64_t)index,
                                         store ? ZIP_CM_STORE : ZIP_CM_DEFLATE, 0) == 0;
    return done ? ERR_OK : ERR_IO;
}

/* Bytes that stay where they are until the ZIP is closed; listed in the manifest. */
static enum err bytes_add(struct meeting_package *package, zip_t *archive, const char *path,
                          struct bytes bytes)
{
    char sha256[HASH_HEX_BYTES];
    enum err err = hash_sha256_hex(bytes, sha256);
    if (err == ERR_OK)
        err = package_manifest_add(&package->manifest, path, bytes.size, sha256);
    if (err != ERR_OK)
        return err;
    return member_add(package, archive, path, zip_source_buffer(archive, bytes.data, bytes.size, 0),
                      false);
}

static enum err stored_put(struct meeting_package *package, zip_t *archive,
                           const struct stored *one, uint64_t *whole_bytes)
{
    char path[MEETING_PATH_BYTES];
    struct stat status;
    if (snprintf(path, sizeof path, "%s/documents/%s", package->data_folder, one->sha256) >=
        (int)sizeof path)
        return ERR_IO;
    if (stat(path, &status) != 0)
        return ERR_UNKNOWN;
    *whole_bytes += (uint64_t)status.st_size;
    if (*whole_bytes > LIMIT_PACKAGE_BYTES)
        return ERR_LIMIT;
    enum err err =
        package_manifest_add(&package->manifest, one->path, (uint64_t)status.st_size, one->sha256);
    if (err != ERR_OK)
        return err;
    return member_add(package, archive, one->path, zip_source_file(archive, path, 0, -1), true);
}

static enum err validation_add(struct meeting_package *package, zip_t *archive)
{
    enum err err =
        bytes_add(package, archive, "validation/issuing.der", buffer_bytes(&package->issuer));
    for (size_t i = 0; err == ERR_OK && i < package->crl_count; i++) {
        char path[LIMIT_PACKAGE_PATH_BYTES + 1];
        (void)snprintf(path, sizeof path, "validation/%zu.crl", i + 1);
        err = bytes_add(package, archive, path, buffer_bytes(&package->crls[i]));
    }
    /* A house without anchors of its own has nothing to give here. */
    if (err != ERR_OK || certs_trust_gather(package->trust_path, &package->trust) != ERR_OK)
        return err;
    return bytes_add(package, archive, "validation/trust.pem", buffer_bytes(&package->trust));
}

static enum err members_add(struct meeting_package *package, zip_t *archive)
{
    uint64_t whole_bytes = package->lines.size;
    enum err err = bytes_add(package, archive, PACKAGE_LOG_PATH, buffer_bytes(&package->lines));
    for (size_t i = 0; err == ERR_OK && i < package->stored_count; i++)
        err = stored_put(package, archive, &package->stored[i], &whole_bytes);
    if (err == ERR_OK)
        err = validation_add(package, archive);
    if (err == ERR_OK)
        err = package_manifest_write(&package->manifest, &package->json);
    if (err == ERR_OK && package->json.size > LIMIT_MANIFEST_BYTES)
        err = ERR_LIMIT;
    return err == ERR_OK
               ? member_add(package, archive, PACKAGE_MANIFEST_PATH,
                            zip_source_buffer(archive, package->json.data, package->json.size, 0),
                            false)
               : err;
}

enum err meeting_package_write(struct meeting_package *package, const char *path)
{
    zip_t *archive = zip_open(path, ZIP_CREATE | ZIP_EXCL, NULL);
    if (!archive)
        return ERR_IO;
    enum err err = members_add(package, archive);
    if (err == ERR_OK && zip_close(archive) == 0)
        return ERR_OK;
    if (err == ERR_OK) {
        log_line(LOG_ERROR, "meeting.package", "meeting=%" PRIu64 " zip=\"%s\"",
                 package->manifest.meeting, zip_strerror(archive));
        err = ERR_IO;
    }
    zip_discard(archive);
    return err;
}

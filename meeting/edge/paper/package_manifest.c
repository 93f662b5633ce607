#include "meeting/edge/paper/package_manifest.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "meeting/edge/paper/json_out.h"

static const char FORMAT[] = "dienhong-record-1";

void package_manifest_done(struct package_manifest *manifest)
{
    free(manifest->files);
    *manifest = (struct package_manifest){0};
}

/* Names below the package's own root, in a form that every system takes for the same. */
static bool path_good(const char *path)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz0123456789.-/";
    size_t size = strlen(path);
    return size > 0 && size <= LIMIT_PACKAGE_PATH_BYTES && strspn(path, letters) == size &&
           path[0] != '/' && path[0] != '.' && path[size - 1] != '/' && !strstr(path, "//") &&
           !strstr(path, "/.") && strcmp(path, PACKAGE_MANIFEST_PATH) != 0;
}

static bool hash_good(const char *hex)
{
    return strlen(hex) == PACKAGE_HEX_BYTES - 1 &&
           strspn(hex, "0123456789abcdef") == PACKAGE_HEX_BYTES - 1;
}

const struct package_file *package_manifest_find(const struct package_manifest *manifest,
                                                 const char *path)
{
    for (size_t i = 0; i < manifest->count; i++)
        if (strcmp(manifest->files[i].path, path) == 0)
            return &manifest->files[i];
    return NULL;
}

enum err package_manifest_add(struct package_manifest *manifest, const char *path,
                              uint64_t size_bytes, const char *sha256)
{
    if (manifest->count >= LIMIT_PACKAGE_FILES || strlen(path) > LIMIT_PACKAGE_PATH_BYTES)
        return ERR_LIMIT;
    size_t size = (manifest->count + 1) * sizeof *manifest->files;
    struct package_file *grown = realloc(manifest->files, size);
    if (!grown)
        return ERR_NO_MEMORY;
    manifest->files = grown;
    struct package_file *file = &grown[manifest->count++];
    *file = (struct package_file){.size_bytes = size_bytes};
    memcpy(file->path, path, strlen(path) + 1);
    memcpy(file->sha256, sha256, PACKAGE_HEX_BYTES);
    return ERR_OK;
}

/* -- writing ------------------------------------------------------------------------------------
 */

enum err package_manifest_write(const struct package_manifest *manifest, struct buffer *ret_json)
{
    char meeting[24];
    (void)snprintf(meeting, sizeof meeting, "%" PRIu64, manifest->meeting);
    json_t *files = json_array();
    for (size_t i = 0; i < manifest->count; i++)
        json_array_append_new(files, json_pack("{s:s, s:I, s:s}", "path", manifest->files[i].path,
                                               "size", (json_int_t)manifest->files[i].size_bytes,
                                               "sha256", manifest->files[i].sha256));
    json_t *whole = json_pack(
        "{s:s, s:s, s:s, s:s, s:I, s:{s:I, s:s}, s:o}", "format", FORMAT, "meeting", meeting,
        "code", manifest->code, "title", manifest->title, "madeAt", (json_int_t)manifest->made_at,
        "head", "seq", (json_int_t)manifest->head_seq, "hash", manifest->head_hash, "files", files);
    return json_out(whole, ret_json);
}

/* -- reading ------------------------------------------------------------------------------------
 */

static bool text_fit(char *slot, size_t capacity, const char *text)
{
    size_t size = strlen(text);
    if (size >= capacity)
        return false;
    memcpy(slot, text, size + 1);
    return true;
}

static enum err file_read(json_t *entry, struct package_manifest *manifest)
{
    const char *path = NULL, *sha256 = NULL;
    json_int_t size = 0;
    if (json_unpack_ex(entry, NULL, JSON_STRICT, "{s:s, s:I, s:s}", "path", &path, "size", &size,
                       "sha256", &sha256) != 0 ||
        !path_good(path) || !hash_good(sha256) || size < 0 || package_manifest_find(manifest, path))
        return ERR_FORMAT;
    return package_manifest_add(manifest, path, (uint64_t)size, sha256);
}

static enum err whole_read(json_t *root, struct package_manifest *manifest)
{
    const char *format = NULL, *meeting = NULL, *code = NULL, *title = NULL, *hash = NULL;
    json_int_t made_at = 0, seq = 0;
    json_t *files = NULL;
    int done =
        json_unpack_ex(root, NULL, JSON_STRICT, "{s:s, s:s, s:s, s:s, s:I, s:{s:I, s:s}, s:o}",
                       "format", &format, "meeting", &meeting, "code", &code, "title", &title,
                       "madeAt", &made_at, "head", "seq", &seq, "hash", &hash, "files", &files);
    if (done != 0 || strcmp(format, FORMAT) != 0 || !json_is_array(files) || seq < 1 ||
        made_at < 0 || !hash_good(hash) ||
        id_parse(bytes_of(meeting), &manifest->meeting) != ERR_OK ||
        !text_fit(manifest->code, sizeof manifest->code, code) ||
        !text_fit(manifest->title, sizeof manifest->title, title))
        return ERR_FORMAT;
    manifest->made_at = made_at;
    manifest->head_seq = (uint64_t)seq;
    memcpy(manifest->head_hash, hash, PACKAGE_HEX_BYTES);
    enum err err = ERR_OK;
    for (size_t i = 0; err == ERR_OK && i < json_array_size(files); i++)
        err = file_read(json_array_get(files, i), manifest);
    return err;
}

enum err package_manifest_parse(struct bytes json, struct package_manifest *ret_manifest)
{
    if (json.size > LIMIT_MANIFEST_BYTES)
        return ERR_LIMIT;
    struct package_manifest manifest = {0};
    json_t *root = json_loadb((const char *)json.data, json.size, JSON_REJECT_DUPLICATES, NULL);
    enum err err = root ? whole_read(root, &manifest) : ERR_FORMAT;
    json_decref(root);
    if (err != ERR_OK) {
        package_manifest_done(&manifest);
        return err;
    }
    *ret_manifest = manifest;
    return ERR_OK;
}

#include "signaling/edge/static_files.h"

#include <fcntl.h>
#include <ftw.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/limits.h"
#include "base/log.h"
#include "base/text.h"

enum { PATH_BYTES = 512 };

struct entry {
    char path[PATH_BYTES]; /* from "/" on */
    struct static_file file;
};

struct static_files {
    size_t count;
    struct entry entries[STATIC_FILES_MAX]; /* sorted by path */
};

static const struct {
    const char *extension;
    const char *type;
} TYPES[] = {
    {".html", "text/html; charset=utf-8"},
    {".js", "text/javascript; charset=utf-8"},
    {".mjs", "text/javascript; charset=utf-8"},
    {".css", "text/css; charset=utf-8"},
    {".json", "application/json"},
    {".webmanifest", "application/manifest+json"},
    {".svg", "image/svg+xml"},
    {".png", "image/png"},
    {".ico", "image/x-icon"},
    {".webp", "image/webp"},
    {".woff2", "font/woff2"},
    {".wasm", "application/wasm"},
    {".bcmap", "application/octet-stream"},
    {".pfb", "application/octet-stream"},
    {".ttf", "font/ttf"},
    {".icc", "application/vnd.iccprofile"},
    {".txt", "text/plain; charset=utf-8"},
    {".map", "application/json"},
};

static const char *extension_of(const char *path)
{
    const char *slash = strrchr(path, '/');
    const char *dot = strrchr(slash ? slash : path, '.');
    return dot ? dot : "";
}

static const char *type_of(const char *path)
{
    const char *extension = extension_of(path);
    for (size_t n = 0; n < sizeof TYPES / sizeof TYPES[0]; n++)
        if (strcmp(extension, TYPES[n].extension) == 0)
            return TYPES[n].type;
    return "application/octet-stream";
}

static enum err read_whole(const char *path, struct bytes *ret_bytes)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    struct stat facts;
    if (fd < 0 || fstat(fd, &facts) != 0 || facts.st_size > LIMIT_DOCUMENT_BYTES) {
        if (fd >= 0)
            close(fd);
        return ERR_IO;
    }
    size_t size = (size_t)facts.st_size, at = 0;
    uint8_t *data = malloc(size ? size : 1);
    while (data && at < size) {
        ssize_t got = read(fd, data + at, size - at);
        if (got <= 0)
            break;
        at += (size_t)got;
    }
    close(fd);
    if (!data || at < size) {
        free(data);
        return data ? ERR_IO : ERR_NO_MEMORY;
    }
    *ret_bytes = (struct bytes){data, size};
    return ERR_OK;
}

static void etag_of(struct bytes bytes, char ret_etag[48])
{
    uint8_t hash[crypto_hash_sha256_BYTES];
    crypto_hash_sha256(hash, bytes.data, bytes.size);
    ret_etag[0] = '"';
    hex_write(hash, 16, ret_etag + 1);
    memcpy(ret_etag + 33, "\"", 2);
}

static int by_path(const void *a, const void *b)
{
    return strcmp(((const struct entry *)a)->path, ((const struct entry *)b)->path);
}

/* One file of the folder; its ".br" neighbour is read with it. */
static enum err entry_add(struct static_files *files, const char *folder, const char *path)
{
    char brotli_path[PATH_BYTES + 8];
    const char *inner = path + strlen(folder);
    if (files->count == STATIC_FILES_MAX || strlen(inner) >= PATH_BYTES ||
        strlen(path) >= PATH_BYTES)
        return ERR_LIMIT;

    struct entry *entry = &files->entries[files->count];
    memset(entry, 0, sizeof *entry);
    memcpy(entry->path, inner, strlen(inner) + 1);
    entry->file.type = type_of(inner);
    entry->file.is_immutable = strncmp(inner, "/assets/", 8) == 0;
    enum err err = read_whole(path, &entry->file.plain);
    if (err != ERR_OK)
        return err;
    etag_of(entry->file.plain, entry->file.etag);
    files->count++;

    snprintf(brotli_path, sizeof brotli_path, "%s.br", path);
    if (access(brotli_path, R_OK) == 0)
        err = read_whole(brotli_path, &entry->file.brotli);
    return err;
}

/* nftw() has no argument of the caller's; loading happens once, at start, in one thread. */
static _Thread_local struct {
    struct static_files *files;
    const char *folder;
    enum err err;
} walk;

static int on_file(const char *path, const struct stat *facts, int kind, struct FTW *place)
{
    (void)facts;
    (void)place;
    const char *extension = extension_of(path);
    if (kind != FTW_F || strcmp(extension, ".br") == 0 || strcmp(extension, ".gz") == 0)
        return 0;
    walk.err = entry_add(walk.files, walk.folder, path);
    return walk.err == ERR_OK ? 0 : 1;
}

enum err static_files_load(const char *folder, struct static_files **ret_files)
{
    struct static_files *files = calloc(1, sizeof *files);
    if (!files)
        return ERR_NO_MEMORY;
    walk.files = files;
    walk.folder = folder;
    walk.err = ERR_OK;
    if (access(folder, R_OK) != 0)
        log_line(LOG_WARN, "door.static", "folder=%s missing=yes", folder);
    else if (nftw(folder, on_file, 16, FTW_PHYS) != 0 && walk.err == ERR_OK)
        walk.err = ERR_IO;
    if (walk.err != ERR_OK) {
        log_line(LOG_ERROR, "door.static", "folder=%s err=%s", folder, err_name(walk.err));
        enum err err = walk.err;
        static_files_free(files);
        return err;
    }
    qsort(files->entries, files->count, sizeof files->entries[0], by_path);
    *ret_files = files;
    return ERR_OK;
}

static void bytes_free(struct bytes bytes)
{
    free((void *)(uintptr_t)bytes.data);
}

void static_files_free(struct static_files *files)
{
    if (!files)
        return;
    for (size_t n = 0; n < files->count; n++) {
        bytes_free(files->entries[n].file.plain);
        bytes_free(files->entries[n].file.brotli);
    }
    free(files);
}

static const struct static_file *find_exactly(const struct static_files *files, const char *path)
{
    size_t low = 0, high = files->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = strcmp(path, files->entries[middle].path);
        if (order == 0)
            return &files->entries[middle].file;
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return NULL;
}

const struct static_file *static_files_find(const struct static_files *files, const char *path)
{
    const struct static_file *file = find_exactly(files, path);
    if (file || *extension_of(path))
        return file;
    return find_exactly(files, "/index.html");
}

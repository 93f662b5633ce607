/* Content-addressed files: <data>/documents/<sha256>. Written under another name, synced, renamed,
 * and the folder synced, so a name always holds all of its bytes. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/limits.h"
#include "base/log.h"
#include "meeting/edge/service.h"

static enum err files_failed(const char *doing)
{
    log_line(LOG_ERROR, "meeting.files", "doing=%s errno=%d", doing, errno);
    return ERR_IO;
}

static enum err path_write(char ret_path[MEETING_PATH_BYTES], const char *folder, const char *name)
{
    int size = snprintf(ret_path, MEETING_PATH_BYTES, "%s/%s", folder, name);
    return size < MEETING_PATH_BYTES ? ERR_OK : ERR_IO;
}

enum err files_prepare(const char *data_folder)
{
    char documents[MEETING_PATH_BYTES];
    enum err err = path_write(documents, data_folder, "documents");
    if (err != ERR_OK)
        return err;
    if ((mkdir(data_folder, 0700) != 0 && errno != EEXIST) ||
        (mkdir(documents, 0700) != 0 && errno != EEXIST))
        return files_failed("mkdir");
    return ERR_OK;
}

static enum err folder_sync(const char *folder)
{
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return files_failed("open_folder");
    int synced = fsync(fd);
    close(fd);
    return synced == 0 ? ERR_OK : files_failed("sync_folder");
}

/* Gives the synced file at `path` its lasting name. */
static enum err file_settle(const char *data_folder, const char *path, const char *sha256)
{
    char documents[MEETING_PATH_BYTES];
    char lasting[MEETING_PATH_BYTES];
    enum err err = path_write(documents, data_folder, "documents");
    if (err == ERR_OK)
        err = path_write(lasting, documents, sha256);
    if (err != ERR_OK)
        return err;
    if (rename(path, lasting) != 0)
        return files_failed("rename");
    return folder_sync(documents);
}

static enum err bytes_write(int fd, struct bytes bytes)
{
    for (size_t done = 0; done < bytes.size;) {
        ssize_t wrote = write(fd, bytes.data + done, bytes.size - done);
        if (wrote < 0 && errno == EINTR)
            continue;
        if (wrote <= 0)
            return files_failed("write");
        done += (size_t)wrote;
    }
    return ERR_OK;
}

enum err files_put(const char *data_folder, struct bytes bytes, char ret_sha256[HASH_HEX_BYTES])
{
    char path[MEETING_PATH_BYTES];
    char sha256[HASH_HEX_BYTES];
    enum err err = hash_sha256_hex(bytes, sha256);
    if (err == ERR_OK)
        err = path_write(path, data_folder, "documents/new-XXXXXX");
    if (err != ERR_OK)
        return err;
    int fd = mkostemp(path, O_CLOEXEC);
    if (fd < 0)
        return files_failed("mkostemp");
    err = bytes_write(fd, bytes);
    if (err == ERR_OK && fsync(fd) != 0)
        err = files_failed("fsync");
    close(fd);
    if (err == ERR_OK)
        err = file_settle(data_folder, path, sha256);
    if (err != ERR_OK)
        unlink(path);
    else
        memcpy(ret_sha256, sha256, sizeof sha256);
    return err;
}

enum err files_take(const char *data_folder, const char *path, char ret_sha256[HASH_HEX_BYTES],
                    uint64_t *ret_size_bytes)
{
    char sha256[HASH_HEX_BYTES];
    uint64_t size_bytes = 0;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0)
        return files_failed("open");
    enum err err = hash_file(fd, sha256, &size_bytes);
    if (err == ERR_OK && fsync(fd) != 0)
        err = files_failed("fsync");
    close(fd);
    if (err == ERR_OK)
        err = file_settle(data_folder, path, sha256);
    if (err != ERR_OK) {
        unlink(path);
        return err;
    }
    memcpy(ret_sha256, sha256, sizeof sha256);
    *ret_size_bytes = size_bytes;
    return ERR_OK;
}

enum err files_get(const char *data_folder, const char *sha256, struct buffer *ret_bytes)
{
    char documents[MEETING_PATH_BYTES];
    char path[MEETING_PATH_BYTES];
    struct stat status;
    enum err err = path_write(documents, data_folder, "documents");
    if (err == ERR_OK)
        err = path_write(path, documents, sha256);
    if (err != ERR_OK)
        return err;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return errno == ENOENT ? ERR_UNKNOWN : files_failed("open");
    struct buffer bytes = {0};
    if (fstat(fd, &status) != 0)
        err = files_failed("fstat");
    else if (status.st_size > LIMIT_PDF_BYTES)
        err = ERR_LIMIT;
    else
        err = buffer_reserve(&bytes, (size_t)status.st_size);
    while (err == ERR_OK && bytes.size < (size_t)status.st_size) {
        ssize_t got = read(fd, bytes.data + bytes.size, (size_t)status.st_size - bytes.size);
        if (got <= 0)
            err = files_failed("read");
        else
            bytes.size += (size_t)got;
    }
    close(fd);
    if (err != ERR_OK)
        buffer_done(&bytes);
    else
        *ret_bytes = bytes;
    return err;
}

void files_remove(const char *data_folder, const char *sha256)
{
    char documents[MEETING_PATH_BYTES];
    char path[MEETING_PATH_BYTES];
    if (path_write(documents, data_folder, "documents") == ERR_OK &&
        path_write(path, documents, sha256) == ERR_OK)
        unlink(path);
}

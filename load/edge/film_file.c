#include "load/edge/film_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"

static enum err read_whole(int fd, uint8_t **ret_memory, size_t *ret_size)
{
    struct stat about;
    if (fstat(fd, &about) != 0 || !S_ISREG(about.st_mode))
        return ERR_IO;
    if (about.st_size > FILM_FILE_MAX_BYTES)
        return ERR_LIMIT;
    size_t size = (size_t)about.st_size;
    uint8_t *memory = malloc(size ? size : 1);
    if (!memory)
        return ERR_NO_MEMORY;
    for (size_t at = 0; at < size;) {
        ssize_t got = read(fd, memory + at, size - at);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0) {
            free(memory);
            return ERR_IO;
        }
        at += (size_t)got;
    }
    *ret_memory = memory;
    *ret_size = size;
    return ERR_OK;
}

enum err film_file_read(const char *path, uint8_t **ret_memory, struct film *ret_film)
{
    uint8_t *memory = NULL;
    size_t size = 0;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    enum err err = fd >= 0 ? read_whole(fd, &memory, &size) : ERR_IO;
    int saved = errno;
    if (fd >= 0)
        close(fd);
    if (err == ERR_OK)
        err = film_parse((struct bytes){memory, size}, ret_film);
    if (err != ERR_OK) {
        log_line(LOG_ERROR, "load.film", "event=unreadable error=%s errno=%d path=%s",
                 err_name(err), err == ERR_IO ? saved : 0, path);
        free(memory);
        return err;
    }
    *ret_memory = memory;
    return ERR_OK;
}

/* A film's file (load/core/film.h): read, and made by libvpx and libopus. */
#ifndef LOAD_EDGE_FILM_FILE_H
#define LOAD_EDGE_FILM_FILE_H

#include <stdint.h>

#include "base/err.h"
#include "load/core/film.h"

/* Gives the memory that the film lies in, to be freed behind film_done(). ERR_IO with a line in the
 * log, and film_parse()'s. */
MUST_USE enum err film_file_read(const char *path, uint8_t **ret_memory, struct film *ret_film);

/* Paints, speaks and encodes `seconds` of film: three layers of VP8 (180, 360 and 720 lines, 30
 * frames a second, a keyframe each second) and opus (20 ms). Takes about as long to make as to
 * play. ERR_IO with a line in the log; ERR_NO_MEMORY. */
MUST_USE enum err film_file_make(const char *path, uint32_t seconds);

#endif

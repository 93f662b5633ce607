/* A film's file, as a technician may have got it from anywhere (load/core/film.h). */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "load/core/film.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct film film;
    if (film_parse((struct bytes){data, size}, &film) != ERR_OK)
        return 0;
    size_t sum = 0;
    for (uint32_t t = 0; t < film.video_count + film.has_audio; t++)
        for (uint32_t i = 0; i < film.tracks[t].frame_count; i++)
            for (size_t at = 0; at < film.tracks[t].frames[i].size; at++)
                sum += film.tracks[t].frames[i].data[at]; /* every byte promised is there */
    if (film.video_count == 0 || !film_is_keyframe(film.tracks[0].frames[0]) || sum == SIZE_MAX)
        abort();
    film_done(&film);
    return 0;
}

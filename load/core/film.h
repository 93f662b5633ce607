/* A film: what a sender's microphone and camera see, encoded once and played over and over.
 *
 * The file, all integers big-endian:
 *
 *   "DHFILM" 0 1
 *   u32 tracks
 *     each: u32 codec (1 VP8, 2 opus) | u32 width | u32 height | u32 clock_hz | u32 ticks | u32
 * frames then the frames, in order of time, each: u32 track | u32 size | bytes
 *
 * Frames of a track follow each other at a distance of `ticks` of its clock. A VP8 track begins
 * with a keyframe and may have more: a sender that is asked for one goes on at the next. One to
 * three VP8 tracks, lowest picture first, then at most one of opus.
 *
 * The film borrows the file's bytes and owns only its index. Pure. */
#ifndef LOAD_CORE_FILM_H
#define LOAD_CORE_FILM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/err.h"
#include "base/limits.h"

enum {
    FILM_VIDEO_TRACKS_MAX = LIMIT_SIMULCAST_LAYERS,
    FILM_TRACKS_MAX = FILM_VIDEO_TRACKS_MAX + 1,
    FILM_FRAMES_MAX = 1 << 20,       /* of one track: nine hours of pictures */
    FILM_FRAME_MAX_BYTES = 1 << 20,  /* larger ones are refused */
    FILM_OPUS_MAX_BYTES = 1000,      /* a packet of its own */
    FILM_FILE_MAX_BYTES = 512 << 20, /* of a whole file */
    FILM_VIDEO_HZ = 90000,
    FILM_AUDIO_HZ = 48000,
};

enum film_codec { FILM_VP8 = 1, FILM_OPUS = 2 };

struct film_track {
    enum film_codec codec;
    uint32_t width; /* 0 for sound */
    uint32_t height;
    uint32_t clock_hz;
    uint32_t ticks; /* of one frame */
    uint32_t frame_count;
    struct bytes *frames; /* owned: where each one lies */
};

struct film {
    uint32_t video_count; /* tracks[0 … video_count - 1], lowest first */
    bool has_audio;       /* tracks[video_count] */
    struct film_track tracks[FILM_TRACKS_MAX];
};

/* Reads a whole file. ERR_SHORT, ERR_FORMAT, ERR_LIMIT, ERR_NO_MEMORY. */
MUST_USE enum err film_parse(struct bytes file, struct film *ret_film);
void film_done(struct film *film); /* accepts a zeroed one */

bool film_is_keyframe(struct bytes frame);
/* The first keyframe at or behind `from`, beginning again at the end. */
uint32_t film_next_keyframe(const struct film_track *track, uint32_t from);

/* ---- Making one ------------------------------------------------------------------------------ */

/* Head of a file; the tracks' `frames` are not looked at. */
void film_write_head(struct wr *wr, const struct film *film);
void film_write_frame_head(struct wr *wr, uint32_t track, uint32_t size);

enum { FILM_BENCH_FRAME_PACKETS = 5, FILM_BENCH_PACKET_BYTES = 1088, FILM_BENCH_AUDIO_BYTES = 80 };

/* The bench's stream (load.h, LOAD_PROFILE_BENCH): ten seconds, whose bytes are `seed`'s; the first
 * picture is the only keyframe. Gives the memory that the film lies in, to be freed behind
 * film_done(). ERR_NO_MEMORY. */
MUST_USE enum err film_make_bench(uint32_t frames_per_second, uint64_t seed, uint8_t **ret_memory,
                                  struct film *ret_film);

#endif

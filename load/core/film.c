#include "load/core/film.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/random.h"

static const uint8_t film_magic[8] = {'D', 'H', 'F', 'I', 'L', 'M', 0, 1};

/* ---- Reading --------------------------------------------------------------------------------- */

static bool is_good_video(const struct film_track *track)
{
    return track->codec == FILM_VP8 && track->clock_hz == FILM_VIDEO_HZ && track->width > 0 &&
           track->width <= 16383 && track->height > 0 && track->height <= 16383; /* RFC 6386, 9.1 */
}

static bool is_good_audio(const struct film_track *track)
{
    return track->codec == FILM_OPUS && track->clock_hz == FILM_AUDIO_HZ;
}

static enum err parse_track(struct rd *rd, struct film *film, uint32_t at)
{
    struct film_track *track = &film->tracks[at];
    *track = (struct film_track){.codec = rd_u32(rd)};
    track->width = rd_u32(rd);
    track->height = rd_u32(rd);
    track->clock_hz = rd_u32(rd);
    track->ticks = rd_u32(rd);
    track->frame_count = rd_u32(rd);
    if (rd->failed)
        return ERR_SHORT;
    /* Between a tenth of a millisecond and ten seconds: no sender spins, none stands still. */
    if (track->ticks < track->clock_hz / 10000 || track->ticks > track->clock_hz * 10)
        return ERR_FORMAT;
    if (track->frame_count == 0 || film->has_audio)
        return ERR_FORMAT;
    if (track->frame_count > FILM_FRAMES_MAX)
        return ERR_LIMIT;
    if (is_good_audio(track)) {
        film->has_audio = true;
        return ERR_OK;
    }
    if (!is_good_video(track) || film->video_count == FILM_VIDEO_TRACKS_MAX ||
        (at > 0 && track->height <= film->tracks[at - 1].height))
        return ERR_FORMAT;
    film->video_count++;
    return ERR_OK;
}

static enum err parse_tracks(struct rd *rd, struct film *film)
{
    struct bytes magic = rd_bytes(rd, sizeof film_magic);
    uint32_t count = rd_u32(rd);
    if (rd->failed)
        return ERR_SHORT;
    if (!bytes_equal(magic, (struct bytes){film_magic, sizeof film_magic}) || count == 0 ||
        count > FILM_TRACKS_MAX)
        return ERR_FORMAT;
    for (uint32_t i = 0; i < count; i++) {
        enum err err = parse_track(rd, film, i);
        if (err != ERR_OK)
            return err;
    }
    return film->video_count > 0 ? ERR_OK : ERR_FORMAT;
}

static enum err check_frame(const struct film_track *track, uint32_t at, struct bytes frame)
{
    size_t max = track->codec == FILM_VP8 ? FILM_FRAME_MAX_BYTES : FILM_OPUS_MAX_BYTES;
    if (frame.size == 0 || (track->codec == FILM_VP8 && at == 0 && !film_is_keyframe(frame)))
        return ERR_FORMAT;
    return frame.size <= max ? ERR_OK : ERR_LIMIT;
}

static enum err parse_frames(struct rd *rd, struct film *film)
{
    uint32_t seen[FILM_TRACKS_MAX] = {0};
    uint32_t tracks = film->video_count + film->has_audio;
    uint32_t expected = 0;
    for (uint32_t i = 0; i < tracks; i++)
        expected += film->tracks[i].frame_count;
    for (uint32_t i = 0; i < expected; i++) {
        uint32_t number = rd_u32(rd);
        struct bytes frame = rd_bytes(rd, rd_u32(rd));
        if (rd->failed)
            return ERR_SHORT;
        if (number >= tracks || seen[number] == film->tracks[number].frame_count)
            return ERR_FORMAT;
        struct film_track *track = &film->tracks[number];
        enum err err = check_frame(track, seen[number], frame);
        if (err != ERR_OK)
            return err;
        track->frames[seen[number]++] = frame;
    }
    return rd_left(rd) == 0 ? ERR_OK : ERR_FORMAT;
}

/* Every frame takes eight bytes at least: a head that promises more than the file can hold is
 * refused before memory is taken for it. */
static enum err make_index(struct film *film, size_t left)
{
    enum { FRAME_HEAD_BYTES = 8 };
    for (uint32_t i = 0; i < film->video_count + film->has_audio; i++) {
        struct film_track *track = &film->tracks[i];
        if (track->frame_count > left / FRAME_HEAD_BYTES)
            return ERR_SHORT;
        track->frames = calloc(track->frame_count, sizeof track->frames[0]);
        if (!track->frames)
            return ERR_NO_MEMORY;
    }
    return ERR_OK;
}

enum err film_parse(struct bytes file, struct film *ret_film)
{
    struct rd rd = rd_init(file);
    struct film film = {0};
    enum err err = file.size <= FILM_FILE_MAX_BYTES ? parse_tracks(&rd, &film) : ERR_LIMIT;
    if (err == ERR_OK)
        err = make_index(&film, rd_left(&rd));
    if (err == ERR_OK)
        err = parse_frames(&rd, &film);
    if (err == ERR_OK)
        *ret_film = film;
    else
        film_done(&film);
    return err;
}

void film_done(struct film *film)
{
    for (size_t i = 0; i < FILM_TRACKS_MAX; i++)
        free(film->tracks[i].frames);
    *film = (struct film){0};
}

bool film_is_keyframe(struct bytes frame)
{
    return frame.size > 0 && (frame.data[0] & 1) == 0; /* RFC 6386, section 9.1 */
}

uint32_t film_next_keyframe(const struct film_track *track, uint32_t from)
{
    for (uint32_t at = from; at < track->frame_count; at++)
        if (film_is_keyframe(track->frames[at]))
            return at;
    return 0;
}

/* ---- Making one ------------------------------------------------------------------------------ */

void film_write_head(struct wr *wr, const struct film *film)
{
    uint32_t tracks = film->video_count + film->has_audio;
    wr_bytes(wr, (struct bytes){film_magic, sizeof film_magic});
    wr_u32(wr, tracks);
    for (uint32_t i = 0; i < tracks; i++) {
        const struct film_track *track = &film->tracks[i];
        wr_u32(wr, track->codec);
        wr_u32(wr, track->width);
        wr_u32(wr, track->height);
        wr_u32(wr, track->clock_hz);
        wr_u32(wr, track->ticks);
        wr_u32(wr, track->frame_count);
    }
}

void film_write_frame_head(struct wr *wr, uint32_t track, uint32_t size)
{
    wr_u32(wr, track);
    wr_u32(wr, size);
}

/* A keyframe's first ten bytes: 1280x720 (RFC 6386, section 9.1). Of the others only the bit that
 * says so is set; the rest is noise. */
static void make_picture(struct rng *rng, uint8_t *frame, size_t size, bool keyframe)
{
    static const uint8_t head[] = {0x10, 0, 0, 0x9d, 0x01, 0x2a, 0x00, 0x05, 0xd0, 0x02};
    for (size_t i = 0; i < size; i++)
        frame[i] = (uint8_t)rng_u64(rng);
    frame[0] |= 1;
    if (keyframe)
        memcpy(frame, head, sizeof head);
}

enum err film_make_bench(uint32_t frames_per_second, uint64_t seed, uint8_t **ret_memory,
                         struct film *ret_film)
{
    enum { SECONDS = 10, DESCRIPTOR_BYTES = 4 };
    /* 50 a second at 30 frames, and the same mix at any other pace. */
    const uint32_t sounds_per_second = (frames_per_second * 5 + 2) / 3;
    const size_t picture =
        (size_t)FILM_BENCH_FRAME_PACKETS * (FILM_BENCH_PACKET_BYTES - DESCRIPTOR_BYTES);
    struct film film = {.video_count = 1, .has_audio = true};
    struct rng rng = rng_seed(seed);
    assert(frames_per_second > 0 && frames_per_second <= FILM_VIDEO_HZ);
    film.tracks[0] = (struct film_track){.codec = FILM_VP8,
                                         .width = 1280,
                                         .height = 720,
                                         .clock_hz = FILM_VIDEO_HZ,
                                         .ticks = FILM_VIDEO_HZ / frames_per_second,
                                         .frame_count = SECONDS * frames_per_second};
    film.tracks[1] = (struct film_track){.codec = FILM_OPUS,
                                         .clock_hz = FILM_AUDIO_HZ,
                                         .ticks = FILM_AUDIO_HZ / sounds_per_second,
                                         .frame_count = SECONDS * sounds_per_second};
    size_t pictures = picture * film.tracks[0].frame_count;
    uint8_t *memory = malloc(pictures + FILM_BENCH_AUDIO_BYTES * film.tracks[1].frame_count);
    if (!memory || make_index(&film, SIZE_MAX) != ERR_OK) {
        free(memory);
        film_done(&film);
        return ERR_NO_MEMORY;
    }
    for (uint32_t i = 0; i < film.tracks[0].frame_count; i++) {
        uint8_t *frame = memory + i * picture;
        make_picture(&rng, frame, picture, i == 0);
        film.tracks[0].frames[i] = (struct bytes){frame, picture};
    }
    for (uint32_t i = 0; i < film.tracks[1].frame_count; i++) {
        uint8_t *sound = memory + pictures + (size_t)i * FILM_BENCH_AUDIO_BYTES;
        make_picture(&rng, sound, FILM_BENCH_AUDIO_BYTES, false);
        film.tracks[1].frames[i] = (struct bytes){sound, FILM_BENCH_AUDIO_BYTES};
    }
    *ret_memory = memory;
    *ret_film = film;
    return ERR_OK;
}

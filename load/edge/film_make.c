/* Makes a film: painted by us, spoken by us, encoded by libvpx and libopus. */
#include <assert.h>
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <opus/opus.h>
#include <vpx/vp8cx.h>
#include <vpx/vpx_encoder.h>

#include "base/log.h"
#include "base/random.h"
#include "load/edge/film_file.h"

enum {
    LAYERS = FILM_VIDEO_TRACKS_MAX,
    WIDTH = 1280, /* of the painting; the lower layers are a half and a quarter of it */
    HEIGHT = 720,
    FRAMES_PER_SECOND = 30,
    SOUNDS_PER_SECOND = 50,
    SAMPLES = FILM_AUDIO_HZ / SOUNDS_PER_SECOND,
    SPEECH_BPS = 24000,
    HEAD_BYTES = 256,
    CHROMA_GREY = 128,
    REALTIME_SPEED = -8, /* libvpx: as fast as a browser encodes */
};

/* As the client sets them (web/src/media/encodings.ts). */
static const uint32_t layer_kbps[LAYERS] = {150, 450, 1500};

struct maker {
    FILE *file;
    struct film film; /* its tracks' heads */
    vpx_codec_ctx_t codecs[LAYERS];
    bool open[LAYERS];
    vpx_image_t *images[LAYERS]; /* the highest is painted, the others are made from it */
    OpusEncoder *voice;
    uint8_t texture[WIDTH * 2];
    double phase;
};

/* ---- What is seen and heard ------------------------------------------------------------------ */

/* A face-like disc that sways before a textured wall that drifts: enough to move for an encoder to
 * spend what it may, as a speaker before a bookshelf does. */
static void paint(struct maker *maker, uint32_t frame)
{
    vpx_image_t *image = maker->images[LAYERS - 1];
    double seconds = (double)frame / FRAMES_PER_SECOND;
    int cx = WIDTH / 2 + (int)(120 * sin(seconds * 1.7));
    int cy = HEIGHT / 2 + (int)(40 * sin(seconds * 2.9));
    uint32_t drift = frame * 2 % WIDTH;
    for (int y = 0; y < HEIGHT; y++) {
        uint8_t *row = image->planes[VPX_PLANE_Y] + (ptrdiff_t)y * image->stride[VPX_PLANE_Y];
        memcpy(row, maker->texture + (drift + (uint32_t)(y / 16) * 37) % WIDTH, WIDTH);
        int dy = y - cy;
        for (int x = cx - 200; x < cx + 200; x++)
            if ((x - cx) * (x - cx) + dy * dy < 200 * 200)
                row[x] = (uint8_t)(150 + (x - cx) / 8 + ((dy > 60 && frame / 3 % 2) ? -40 : 0));
    }
    for (int plane = VPX_PLANE_U; plane <= VPX_PLANE_V; plane++)
        for (int y = 0; y < HEIGHT / 2; y++)
            memset(image->planes[plane] + (ptrdiff_t)y * image->stride[plane],
                   CHROMA_GREY + (plane == VPX_PLANE_U ? -6 : 10), WIDTH / 2);
}

/* Each pixel the mean of four. */
static void halve(const vpx_image_t *from, vpx_image_t *to)
{
    for (int plane = VPX_PLANE_Y; plane <= VPX_PLANE_V; plane++) {
        uint32_t shift = plane == VPX_PLANE_Y ? 0 : 1;
        for (uint32_t y = 0; y < to->d_h >> shift; y++) {
            const uint8_t *a = from->planes[plane] + (ptrdiff_t)(2 * y) * from->stride[plane];
            const uint8_t *b = a + from->stride[plane];
            uint8_t *out = to->planes[plane] + (ptrdiff_t)y * to->stride[plane];
            for (uint32_t x = 0; x < to->d_w >> shift; x++)
                out[x] = (uint8_t)((a[2 * x] + a[2 * x + 1] + b[2 * x] + b[2 * x + 1] + 2) / 4);
        }
    }
}

/* A voice without words: a pitch that rises and falls, its overtones, three syllables a second. */
static void speak(struct maker *maker, uint32_t packet, opus_int16 sound[SAMPLES])
{
    for (uint32_t i = 0; i < SAMPLES; i++) {
        double seconds = (double)(packet * SAMPLES + i) / FILM_AUDIO_HZ;
        double pitch = 140 + 30 * sin(seconds * 2.1);
        maker->phase += 2 * M_PI * pitch / FILM_AUDIO_HZ;
        double syllable = 0.55 + 0.45 * sin(2 * M_PI * 3 * seconds);
        double voice = sin(maker->phase) + 0.5 * sin(2 * maker->phase) +
                       0.3 * sin(3 * maker->phase) + 0.2 * sin(7 * maker->phase);
        sound[i] = (opus_int16)(6000 * syllable * voice);
    }
}

/* ---- Encoding -------------------------------------------------------------------------------- */

static bool open_layer(struct maker *maker, uint32_t layer)
{
    vpx_codec_enc_cfg_t config;
    const struct film_track *track = &maker->film.tracks[layer];
    if (vpx_codec_enc_config_default(vpx_codec_vp8_cx(), &config, 0) != VPX_CODEC_OK)
        return false;
    config.g_w = track->width;
    config.g_h = track->height;
    config.g_timebase.num = 1;
    config.g_timebase.den = FRAMES_PER_SECOND;
    config.rc_target_bitrate = layer_kbps[layer];
    config.rc_end_usage = VPX_CBR;
    config.rc_dropframe_thresh = 0; /* every frame has its place in the file */
    config.g_lag_in_frames = 0;
    config.g_error_resilient = VPX_ERROR_RESILIENT_DEFAULT;
    config.kf_mode = VPX_KF_DISABLED; /* keyframes where we force them */
    config.g_threads = 1;
    maker->images[layer] = vpx_img_alloc(NULL, VPX_IMG_FMT_I420, track->width, track->height, 16);
    if (!maker->images[layer] ||
        vpx_codec_enc_init(&maker->codecs[layer], vpx_codec_vp8_cx(), &config, 0) != VPX_CODEC_OK)
        return false;
    maker->open[layer] = true;
    return vpx_codec_control(&maker->codecs[layer], VP8E_SET_CPUUSED, REALTIME_SPEED) ==
           VPX_CODEC_OK;
}

static bool put_frame(struct maker *maker, uint32_t track, struct bytes frame)
{
    uint8_t head[8];
    struct wr wr = wr_init(head, sizeof head);
    film_write_frame_head(&wr, track, (uint32_t)frame.size);
    return fwrite(head, 1, sizeof head, maker->file) == sizeof head &&
           fwrite(frame.data, 1, frame.size, maker->file) == frame.size;
}

static bool encode_layer(struct maker *maker, uint32_t layer, uint32_t frame)
{
    vpx_codec_iter_t iterator = NULL;
    bool keyframe = frame % FRAMES_PER_SECOND == 0;
    if (vpx_codec_encode(&maker->codecs[layer], maker->images[layer], (vpx_codec_pts_t)frame, 1,
                         keyframe ? VPX_EFLAG_FORCE_KF : 0, VPX_DL_REALTIME) != VPX_CODEC_OK)
        return false;
    const vpx_codec_cx_pkt_t *packet = vpx_codec_get_cx_data(&maker->codecs[layer], &iterator);
    return packet && packet->kind == VPX_CODEC_CX_FRAME_PKT &&
           put_frame(maker, layer, (struct bytes){packet->data.frame.buf, packet->data.frame.sz});
}

static bool make_picture(struct maker *maker, uint32_t frame)
{
    paint(maker, frame);
    for (uint32_t layer = LAYERS - 1; layer > 0; layer--)
        halve(maker->images[layer], maker->images[layer - 1]);
    bool done = true;
    for (uint32_t layer = 0; layer < LAYERS && done; layer++)
        done = encode_layer(maker, layer, frame);
    return done;
}

static bool make_sound(struct maker *maker, uint32_t packet)
{
    opus_int16 sound[SAMPLES];
    uint8_t out[FILM_OPUS_MAX_BYTES];
    speak(maker, packet, sound);
    opus_int32 size = opus_encode(maker->voice, sound, SAMPLES, out, sizeof out);
    return size > 0 && put_frame(maker, LAYERS, (struct bytes){out, (size_t)size});
}

/* ---- The file -------------------------------------------------------------------------------- */

static void plan(struct maker *maker, uint32_t seconds)
{
    struct rng rng = rng_seed(1284);
    maker->film.video_count = LAYERS;
    maker->film.has_audio = true;
    for (uint32_t i = 0; i < LAYERS; i++)
        maker->film.tracks[i] = (struct film_track){.codec = FILM_VP8,
                                                    .width = WIDTH >> (LAYERS - 1 - i),
                                                    .height = HEIGHT >> (LAYERS - 1 - i),
                                                    .clock_hz = FILM_VIDEO_HZ,
                                                    .ticks = FILM_VIDEO_HZ / FRAMES_PER_SECOND,
                                                    .frame_count = seconds * FRAMES_PER_SECOND};
    maker->film.tracks[LAYERS] = (struct film_track){.codec = FILM_OPUS,
                                                     .clock_hz = FILM_AUDIO_HZ,
                                                     .ticks = SAMPLES,
                                                     .frame_count = seconds * SOUNDS_PER_SECOND};
    for (size_t i = 0; i < sizeof maker->texture; i++)
        maker->texture[i] = (uint8_t)(60 + 40 * (i / 24 % 3) + rng_below(&rng, 24));
}

static bool maker_open(struct maker *maker)
{
    int error = OPUS_OK;
    bool done = true;
    for (uint32_t layer = 0; layer < LAYERS && done; layer++)
        done = open_layer(maker, layer);
    maker->voice = opus_encoder_create(FILM_AUDIO_HZ, 1, OPUS_APPLICATION_VOIP, &error);
    return done && maker->voice && error == OPUS_OK &&
           opus_encoder_ctl(maker->voice, OPUS_SET_BITRATE(SPEECH_BPS)) == OPUS_OK;
}

static void maker_close(struct maker *maker)
{
    for (uint32_t layer = 0; layer < LAYERS; layer++) {
        if (maker->open[layer])
            (void)vpx_codec_destroy(&maker->codecs[layer]);
        vpx_img_free(maker->images[layer]);
    }
    if (maker->voice)
        opus_encoder_destroy(maker->voice);
}

/* Pictures and sounds in the order of their times: 5 sounds to 3 pictures. */
static bool maker_run(struct maker *maker, uint32_t seconds)
{
    uint8_t head[HEAD_BYTES];
    struct wr wr = wr_init(head, sizeof head);
    film_write_head(&wr, &maker->film);
    assert(!wr.failed);
    bool done = fwrite(head, 1, wr_size(&wr), maker->file) == wr_size(&wr);
    uint32_t sounds = 0;
    for (uint32_t frame = 0; frame < seconds * FRAMES_PER_SECOND && done; frame++) {
        for (; sounds * FRAMES_PER_SECOND <= frame * SOUNDS_PER_SECOND && done; sounds++)
            done = make_sound(maker, sounds);
        done = done && make_picture(maker, frame);
    }
    for (; sounds < seconds * SOUNDS_PER_SECOND && done; sounds++)
        done = make_sound(maker, sounds);
    return done;
}

enum err film_file_make(const char *path, uint32_t seconds)
{
    struct maker *maker = calloc(1, sizeof *maker);
    if (!maker)
        return ERR_NO_MEMORY;
    plan(maker, seconds);
    maker->file = fopen(path, "we");
    int saved = errno;
    bool done = maker->file && maker_open(maker) && maker_run(maker, seconds);
    if (maker->file && fclose(maker->file) != 0) {
        saved = errno;
        done = false;
    }
    if (!done)
        log_line(LOG_ERROR, "load.film", "event=not_made errno=%d path=%s", saved, path);
    maker_close(maker);
    free(maker);
    return done ? ERR_OK : ERR_IO;
}

#include "load/edge/sample.h"

#include <stdlib.h>

#include <vpx/vp8dx.h>
#include <vpx/vpx_decoder.h>

#include "load/core/frames.h"

struct sample {
    bool decodes;
    vpx_codec_ctx_t codec;
    struct frames frames;
};

enum err sample_create(bool decodes, struct sample **ret_sample)
{
    struct sample *sample = calloc(1, sizeof *sample);
    if (!sample)
        return ERR_NO_MEMORY;
    if (decodes &&
        vpx_codec_dec_init(&sample->codec, vpx_codec_vp8_dx(), NULL, 0) != VPX_CODEC_OK) {
        free(sample);
        return ERR_NO_MEMORY;
    }
    sample->decodes = decodes;
    frames_init(&sample->frames);
    *ret_sample = sample;
    return ERR_OK;
}

void sample_destroy(struct sample *sample)
{
    if (!sample)
        return;
    if (sample->decodes)
        (void)vpx_codec_destroy(&sample->codec);
    free(sample);
}

static bool decode(struct sample *sample, struct bytes frame)
{
    vpx_codec_iter_t iterator = NULL;
    return vpx_codec_decode(&sample->codec, frame.data, (unsigned)frame.size, NULL, 0) ==
               VPX_CODEC_OK &&
           vpx_codec_get_frame(&sample->codec, &iterator) != NULL;
}

void sample_on_packet(struct sample *sample, uint64_t number, bool marker, struct bytes payload,
                      struct load_stats *stats)
{
    struct bytes frame;
    enum frames_result result;
    frames_on_packet(&sample->frames, number, marker, payload);
    while ((result = frames_next(&sample->frames, &frame)) != FRAMES_NONE) {
        stats->frames += result == FRAMES_WHOLE;
        stats->broken_frames += result == FRAMES_BROKEN;
        if (!sample->decodes || result != FRAMES_WHOLE)
            continue;
        if (decode(sample, frame))
            stats->decoded_frames++;
        else
            stats->decode_failures++;
    }
}

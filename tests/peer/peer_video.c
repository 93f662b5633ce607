#include "tests/peer/peer_video.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include <vpx/vp8cx.h>
#include <vpx/vp8dx.h>
#include <vpx/vpx_decoder.h>
#include <vpx/vpx_encoder.h>

enum { FRAMES_PER_SECOND = 15, CPU_USED = -12, BAR_PIXELS = 16, CHROMA_GREY = 128 };

struct peer_encoder {
    vpx_codec_ctx_t codec;
    vpx_image_t *image;
    uint32_t frames;
    uint8_t brightness;
};

struct peer_encoder *peer_encoder_create(uint32_t width, uint32_t height, uint32_t kbps,
                                         uint8_t brightness)
{
    vpx_codec_enc_cfg_t config;
    struct peer_encoder *encoder = calloc(1, sizeof *encoder);
    assert(encoder);
    vpx_codec_err_t status = vpx_codec_enc_config_default(vpx_codec_vp8_cx(), &config, 0);
    assert(status == VPX_CODEC_OK);
    config.g_w = width;
    config.g_h = height;
    config.g_timebase.num = 1;
    config.g_timebase.den = FRAMES_PER_SECOND;
    config.rc_target_bitrate = kbps;
    config.rc_end_usage = VPX_CBR;
    config.g_lag_in_frames = 0;
    config.g_error_resilient = VPX_ERROR_RESILIENT_DEFAULT;
    config.kf_mode = VPX_KF_DISABLED;
    config.g_threads = 1;
    status = vpx_codec_enc_init(&encoder->codec, vpx_codec_vp8_cx(), &config, 0);
    assert(status == VPX_CODEC_OK);
    (void)vpx_codec_control(&encoder->codec, VP8E_SET_CPUUSED, CPU_USED);
    encoder->image = vpx_img_alloc(NULL, VPX_IMG_FMT_I420, width, height, 16);
    assert(encoder->image);
    encoder->brightness = brightness;
    return encoder;
}

void peer_encoder_destroy(struct peer_encoder *encoder)
{
    if (!encoder)
        return;
    vpx_img_free(encoder->image);
    (void)vpx_codec_destroy(&encoder->codec);
    free(encoder);
}

/* One brightness, with noise in the upper quarter so that frames fill more than one packet, and a
 * bar that moves below; the centre stays plain. */
static void paint(struct peer_encoder *encoder)
{
    vpx_image_t *image = encoder->image;
    uint32_t noise = encoder->frames * 2654435761u + 1;
    for (uint32_t y = 0; y < image->d_h; y++) {
        uint8_t *row = image->planes[0] + (size_t)y * (size_t)image->stride[0];
        memset(row, encoder->brightness, image->d_w);
        for (uint32_t x = 0; y < image->d_h / 4 && x < image->d_w; x++) {
            noise = noise * 1664525u + 1013904223u;
            row[x] = (uint8_t)(encoder->brightness + (noise >> 26));
        }
        uint32_t bar = encoder->frames * 8 % (image->d_w - BAR_PIXELS);
        if (y > image->d_h * 3 / 4)
            memset(row + bar, UINT8_MAX - encoder->brightness, BAR_PIXELS);
    }
    for (uint32_t plane = 1; plane < 3; plane++)
        for (uint32_t y = 0; y < (image->d_h + 1) / 2; y++)
            memset(image->planes[plane] + (size_t)y * (size_t)image->stride[plane], CHROMA_GREY,
                   (image->d_w + 1) / 2);
}

struct bytes peer_encoder_next(struct peer_encoder *encoder, bool keyframe)
{
    vpx_codec_iter_t iterator = NULL;
    paint(encoder);
    vpx_codec_err_t status =
        vpx_codec_encode(&encoder->codec, encoder->image, (vpx_codec_pts_t)encoder->frames, 1,
                         keyframe ? VPX_EFLAG_FORCE_KF : 0, VPX_DL_REALTIME);
    assert(status == VPX_CODEC_OK);
    encoder->frames++;
    const vpx_codec_cx_pkt_t *packet = vpx_codec_get_cx_data(&encoder->codec, &iterator);
    if (!packet || packet->kind != VPX_CODEC_CX_FRAME_PKT)
        return (struct bytes){0};
    return (struct bytes){packet->data.frame.buf, packet->data.frame.sz};
}

struct peer_decoder {
    vpx_codec_ctx_t codec;
};

struct peer_decoder *peer_decoder_create(void)
{
    struct peer_decoder *decoder = calloc(1, sizeof *decoder);
    assert(decoder);
    vpx_codec_err_t status = vpx_codec_dec_init(&decoder->codec, vpx_codec_vp8_dx(), NULL, 0);
    assert(status == VPX_CODEC_OK);
    return decoder;
}

void peer_decoder_destroy(struct peer_decoder *decoder)
{
    if (!decoder)
        return;
    (void)vpx_codec_destroy(&decoder->codec);
    free(decoder);
}

bool peer_decoder_feed(struct peer_decoder *decoder, struct bytes frame,
                       struct peer_picture *ret_picture)
{
    vpx_codec_iter_t iterator = NULL;
    if (vpx_codec_decode(&decoder->codec, frame.data, (unsigned)frame.size, NULL, 0) !=
        VPX_CODEC_OK)
        return false;
    const vpx_image_t *image = vpx_codec_get_frame(&decoder->codec, &iterator);
    if (!image)
        return false;
    size_t centre = (size_t)(image->d_h / 2) * (size_t)image->stride[0] + image->d_w / 2;
    *ret_picture = (struct peer_picture){image->d_w, image->d_h, image->planes[0][centre]};
    return true;
}

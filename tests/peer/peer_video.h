/* VP8 of the test peer by libvpx: pictures of one brightness with a moving bar, and their way back.
 */
#ifndef TESTS_PEER_PEER_VIDEO_H
#define TESTS_PEER_PEER_VIDEO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"

struct peer_encoder;

struct peer_encoder *peer_encoder_create(uint32_t width, uint32_t height, uint32_t kbps,
                                         uint8_t brightness);
void peer_encoder_destroy(struct peer_encoder *encoder);
/* The next frame; valid until the next call. Empty when the encoder dropped it. */
struct bytes peer_encoder_next(struct peer_encoder *encoder, bool keyframe);

struct peer_decoder;

struct peer_picture {
    uint32_t width;
    uint32_t height;
    uint8_t brightness; /* at the centre */
};

struct peer_decoder *peer_decoder_create(void);
void peer_decoder_destroy(struct peer_decoder *decoder);
/* False when libvpx refuses the frame. */
bool peer_decoder_feed(struct peer_decoder *decoder, struct bytes frame,
                       struct peer_picture *ret_picture);

#endif

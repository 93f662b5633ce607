/* A model browser that sends: a camera in three simulcast layers, a screen, microphone and screen
 * sound. It keeps what it sent for a while and answers NACK on the RTX SSRC and PLI with a keyframe
 * on every layer (as libvpx does), and sends only the layers that are asked for. SSRCs are named by
 * header extensions only. */
#ifndef TESTS_SIM_PUBLISHER_H
#define TESTS_SIM_PUBLISHER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/random.h"
#include "base/units.h"
#include "sfu/core/command.h"
#include "sfu/core/session.h"
#include "tests/sim/seal.h"

enum {
    PUBLISHER_KEPT = 256,
    PUBLISHER_FRAME_US = 66667,
    PUBLISHER_AUDIO_US = 20000,
    SIM_MTU = 1200,
    PUBLISHER_SCREEN = LIMIT_SIMULCAST_LAYERS, /* its place behind the camera's layers */
    PUBLISHER_PICTURES,
};

/* What the peer hands to its network. */
struct outbox {
    void (*send)(void *world, uint32_t peer, const uint8_t *data, size_t size);
    void *world;
    uint32_t peer;
};

struct kept_packet {
    uint64_t sequence;
    uint32_t timestamp;
    bool marker;
    size_t size;
    uint8_t payload[SIM_MTU];
};

struct picture {
    uint32_t ssrc;
    uint32_t rtx_ssrc;
    uint64_t sequence;
    uint64_t rtx_sequence;
    bool on;
    bool keyframe_due;
    uint32_t frame;
    uint16_t picture_id;
    uint8_t tl0_index;
    struct kept_packet kept[PUBLISHER_KEPT];
};

struct publisher {
    struct outbox outbox;
    const struct session *session;
    struct seal *seal;
    uint32_t source;
    uint32_t timestamp_base;
    uint16_t transport_cc;
    bool camera_on;
    bool microphone_on;
    uint8_t level; /* of the microphone, RFC 6464 */
    uint32_t microphone_ssrc;
    uint64_t microphone_sequence;
    uint32_t asked_keyframes;
    uint32_t broken_layers; /* bits: layers the encoder does not make, whatever is asked */
    bool screen_on;
    bool sound_on;
    uint32_t sound_ssrc;
    uint64_t sound_sequence;
    struct picture pictures[PUBLISHER_PICTURES]; /* the camera's layers, then the screen */
};

/* What every model session agrees on. */
enum {
    SIM_OPUS = 111,
    SIM_VP8 = 96,
    SIM_RTX = 97,
    SIM_MID_ID = 1,
    SIM_RID_ID = 2,
    SIM_REPAIRED_RID_ID = 3,
    SIM_LEVEL_ID = 4,
    SIM_TRANSPORT_CC_ID = 5,
};

void publisher_init(struct publisher *publisher, struct rng *rng, uint32_t source);
void publisher_film(struct publisher *publisher, usec_t now);
void publisher_speak(struct publisher *publisher, usec_t now);
void publisher_on_layers(struct publisher *publisher, const struct sfu_layers *wanted);
/* A plain RTCP compound from the server. */
void publisher_on_rtcp(struct publisher *publisher, struct bytes compound);

#endif

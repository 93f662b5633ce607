#include "tests/peer/peer_sound.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

#include <opus/opus.h>

enum {
    SAMPLES = PEER_SOUND_HZ / 1000 * PEER_SOUND_MS,
    PACKET_BYTES = 400,
    LOUDNESS = 8000, /* of INT16_MAX */
};

struct peer_voice {
    OpusEncoder *encoder;
    uint32_t pitch_hz;
    uint32_t samples; /* so far */
    uint8_t packet[PACKET_BYTES];
};

struct peer_voice *peer_voice_create(uint32_t pitch_hz)
{
    int error = OPUS_OK;
    struct peer_voice *voice = calloc(1, sizeof *voice);
    assert(voice);
    voice->encoder = opus_encoder_create(PEER_SOUND_HZ, 1, OPUS_APPLICATION_VOIP, &error);
    assert(voice->encoder && error == OPUS_OK);
    voice->pitch_hz = pitch_hz;
    return voice;
}

void peer_voice_destroy(struct peer_voice *voice)
{
    if (!voice)
        return;
    opus_encoder_destroy(voice->encoder);
    free(voice);
}

struct bytes peer_voice_next(struct peer_voice *voice)
{
    opus_int16 sound[SAMPLES];
    for (uint32_t i = 0; i < SAMPLES; i++) {
        double turns = (double)voice->pitch_hz * (voice->samples + i) / PEER_SOUND_HZ;
        sound[i] = (opus_int16)(LOUDNESS * sin(2 * M_PI * turns));
    }
    voice->samples += SAMPLES;
    opus_int32 size = opus_encode(voice->encoder, sound, SAMPLES, voice->packet, PACKET_BYTES);
    assert(size > 0);
    return (struct bytes){voice->packet, (size_t)size};
}

struct peer_ear {
    OpusDecoder *decoder;
};

struct peer_ear *peer_ear_create(void)
{
    int error = OPUS_OK;
    struct peer_ear *ear = calloc(1, sizeof *ear);
    assert(ear);
    ear->decoder = opus_decoder_create(PEER_SOUND_HZ, 1, &error);
    assert(ear->decoder && error == OPUS_OK);
    return ear;
}

void peer_ear_destroy(struct peer_ear *ear)
{
    if (!ear)
        return;
    opus_decoder_destroy(ear->decoder);
    free(ear);
}

bool peer_ear_feed(struct peer_ear *ear, struct bytes packet, uint32_t *ret_pitch_hz)
{
    opus_int16 sound[SAMPLES];
    int samples =
        opus_decode(ear->decoder, packet.data, (opus_int32)packet.size, sound, SAMPLES, 0);
    if (samples <= 0)
        return false;
    uint32_t crossings = 0;
    for (int i = 1; i < samples; i++)
        crossings += (sound[i - 1] < 0) != (sound[i] < 0);
    *ret_pitch_hz = crossings * PEER_SOUND_HZ / (2 * (uint32_t)samples);
    return true;
}

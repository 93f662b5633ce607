/* Opus of the test peer by libopus: a voice of one pitch, and the ear that tells the pitch again.
 */
#ifndef TESTS_PEER_PEER_SOUND_H
#define TESTS_PEER_PEER_SOUND_H

#include <stdbool.h>
#include <stdint.h>

#include "base/bytes.h"

enum { PEER_SOUND_MS = 20, PEER_SOUND_HZ = 48000 };

struct peer_voice;

struct peer_voice *peer_voice_create(uint32_t pitch_hz);
void peer_voice_destroy(struct peer_voice *voice);
/* The next PEER_SOUND_MS as one packet (RFC 7587); valid until the next call. */
struct bytes peer_voice_next(struct peer_voice *voice);

struct peer_ear;

struct peer_ear *peer_ear_create(void);
void peer_ear_destroy(struct peer_ear *ear);
/* False when libopus refuses the packet. The pitch is that of the loudest regular tone, to within
 * 50 Hz: the packet's zero crossings. */
bool peer_ear_feed(struct peer_ear *ear, struct bytes packet, uint32_t *ret_pitch_hz);

#endif

/* The offer of one client of the crowd, and what it needs of the answer (docs/protocol.md, "Offer
 * order"; RFC 8829). The sections are a browser's, the codecs and extensions those that both
 * browsers and the server have. Pure. */
#ifndef LOAD_CORE_OFFER_H
#define LOAD_CORE_OFFER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/err.h"
#include "base/limits.h"

enum {
    OFFER_OPUS = 111, /* payload types */
    OFFER_VP8 = 96,
    OFFER_RTX = 97,
    OFFER_EXTENSION_LEVEL = 1, /* header extensions */
    OFFER_EXTENSION_TRANSPORT_CC = 3,
    OFFER_EXTENSION_MID = 4,
    OFFER_EXTENSION_RID = 10,
    OFFER_EXTENSION_REPAIRED_RID = 11,
    OFFER_SLOTS_MAX = LIMIT_AUDIO_SLOTS + 2 + LIMIT_TILES_PER_ENDPOINT,
    OFFER_CREDENTIAL_BYTES = 64, /* with a terminator */
    OFFER_DIGEST_BYTES = 32,     /* of sha-256 */
    OFFER_CANDIDATES_MAX = 8,
    OFFER_IP_BYTES = 48, /* with a terminator */
};

struct offer {
    const char *ufrag;
    const char *pwd;
    const char *fingerprint; /* "AB:CD:…", of sha-256 */
    bool sends;
    uint32_t layers; /* of the camera; 1: no simulcast, and the SSRCs are announced */
    uint32_t microphone_ssrc;
    uint32_t camera_ssrc; /* of the one layer; its RTX is one above */
    uint32_t audio_slots;
    uint32_t video_slots;
};

/* With a terminator. ERR_LIMIT. */
MUST_USE enum err offer_write(const struct offer *offer, char *ret_text, size_t capacity);
/* The mid of the microphone's or the camera's section: they come first. */
const char *offer_mid(bool camera);
/* "q", "h", "f". */
const char *offer_rid(uint32_t layer);

struct answer_slot {
    bool video;
    uint32_t ssrc;
    uint32_t rtx_ssrc; /* 0: none */
};

struct answer_candidate {
    char ip[OFFER_IP_BYTES]; /* as written */
    uint16_t port;
};

struct answer {
    char ufrag[OFFER_CREDENTIAL_BYTES];
    char pwd[OFFER_CREDENTIAL_BYTES];
    uint8_t digest[OFFER_DIGEST_BYTES];
    bool transport_cc;
    bool microphone; /* accepted; likewise the next */
    bool camera;
    uint32_t slot_count; /* in the offer's order */
    struct answer_slot slots[OFFER_SLOTS_MAX];
    uint32_t candidate_count; /* as many of UDP as fit, in the answer's order */
    struct answer_candidate candidates[OFFER_CANDIDATES_MAX];
};

/* ERR_FORMAT: no session description; ERR_UNSUPPORTED: one that lacks what we need. */
MUST_USE enum err answer_parse(struct bytes text, struct answer *ret_answer);

#endif

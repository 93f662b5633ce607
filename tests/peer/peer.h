/* An independent WebRTC client for tests: full ICE by libnice's NiceAgent, DTLS by OpenSSL as
 * client, SRTP by libsrtp2, pictures by libvpx and sound by libopus, encoded and decoded. It shares
 * with the server only the parsers of sfu/proto.
 *
 * It offers once, in the order of docs/protocol.md, applies the answer, sends what peer_play() says
 * and keeps a record of every stream it receives. It reassembles frames in order, asks for what it
 * lacks (NACK, until RTX brings it), and decodes: a picture counts only when libvpx took it.
 *
 * One GLib main loop on a thread of its own does everything; the functions here may be called from
 * the test's thread. Nothing sleeps: peer_wait() returns as soon as its condition holds. */
#ifndef TESTS_PEER_PEER_H
#define TESTS_PEER_PEER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum peer_profile { PEER_AES_GCM, PEER_AES_CM };

enum { PEER_LAYERS_MAX = 3, PEER_SLOTS_MAX = 64 };

struct peer_config {
    const char *address; /* local IPv4 address to check from */
    enum peer_profile profile;
    bool microphone;
    uint32_t camera_layers; /* 0: no camera; 1: known by its SSRC; 2 or 3: simulcast by rid */
    bool screen;            /* needs a camera */
    uint32_t audio_slots;
    bool stage;
    bool screen_slot; /* needs a stage */
    uint32_t tiles;   /* need a stage and a screen slot */
    bool no_rtx;      /* offer neither nack nor rtx */
    bool no_transport_cc;
    uint8_t brightness; /* of its pictures: tells in a decoded frame whose it is */
    uint32_t pitch_hz;  /* of its voice, likewise; 0: 440 */
};

struct peer;

struct peer *peer_create(const struct peer_config *config); /* never NULL: aborts the test */
void peer_destroy(struct peer *peer);                       /* accepts NULL */

/* The offer; the peer's memory. */
const char *peer_offer(struct peer *peer);
/* A new offer with new ICE credentials, for a restart. */
const char *peer_offer_restart(struct peer *peer);
/* Takes the answer and begins to check. False when it is not one. */
bool peer_accept(struct peer *peer, const char *answer);

/* What peer_play() may send; 0 stops. */
enum peer_media { PEER_MICROPHONE = 1, PEER_CAMERA = 2, PEER_SCREEN = 4 };

void peer_play(struct peer *peer, uint32_t media);
/* RFC 6464: 0 loudest, 127 silence. */
void peer_set_level(struct peer *peer, uint8_t level);

/* ---- What happened --------------------------------------------------------------------------- */

struct peer_state {
    bool ice_ready;
    uint32_t ice_state; /* as libnice numbers them: 2 connecting … 4 ready, 5 failed */
    bool dtls_ready;
    bool failed;            /* a certificate that is not the answer's, or no agreed profile */
    uint64_t sent;          /* RTP packets, without retransmissions */
    uint64_t resent;        /* on request, by RTX */
    uint64_t nacks;         /* sequence numbers asked of us */
    uint64_t plis;          /* keyframes asked of us, PLI or FIR */
    uint64_t reports;       /* reception reports about us */
    uint64_t transport_ccs; /* packets that transport-wide feedback called received */
    uint64_t undecrypted;   /* datagrams that libsrtp2 refused */
    uint64_t unknown;       /* packets of an SSRC the answer does not announce */
};

/* What one announced stream brought. */
struct peer_stream {
    uint64_t packets;  /* distinct ones, in whatever way they came */
    uint64_t repaired; /* of them by RTX */
    uint64_t duplicates;
    uint64_t skipped;   /* sequence numbers given up on */
    uint64_t frames;    /* decoded: pictures, or packets of sound */
    uint64_t broken;    /* refused by libvpx or libopus */
    uint64_t keyframes; /* decoded */
    uint64_t id_jumps;  /* picture ids that were not their predecessor's plus one */
    uint32_t source;    /* CSRC of the newest packet */
    uint32_t width;     /* of the newest decoded frame */
    uint32_t height;
    uint8_t brightness; /* at its centre */
    uint32_t pitch_hz;  /* of the newest decoded sound */
    uint32_t timestamp; /* of the newest packet */
};

struct peer_state peer_state(struct peer *peer);

enum peer_slot { PEER_SLOT_AUDIO, PEER_SLOT_STAGE, PEER_SLOT_SCREEN, PEER_SLOT_TILE };

/* SSRC that the answer announced for a slot; 0: none. */
uint32_t peer_slot_ssrc(struct peer *peer, enum peer_slot kind, uint32_t index);
struct peer_stream peer_stream(struct peer *peer, enum peer_slot kind, uint32_t index);

/* Until `holds` or `timeout_ms` have passed; asked again after everything that happens. */
bool peer_wait(struct peer *peer, bool (*holds)(struct peer *peer, void *context), void *context,
               uint32_t timeout_ms);
bool peer_wait_connected(struct peer *peer, uint32_t timeout_ms);

/* ---- What a network or an enemy may do ------------------------------------------------------- */

/* Loses every n-th arriving media packet before it is seen (0: none); RTX is spared. */
void peer_lose_every(struct peer *peer, uint32_t n);
/* Keeps back every n-th of its own media packets (0: none); RTX is spared. */
void peer_withhold_every(struct peer *peer, uint32_t n);
void peer_request_keyframe(struct peer *peer, enum peer_slot kind, uint32_t index);
/* Datagrams from the checked address: `count` of random bytes behind a plausible first byte. */
void peer_send_noise(struct peer *peer, uint32_t count, uint64_t seed);
/* The newest `count` protected packets again, byte by byte. */
void peer_send_replay(struct peer *peer, uint32_t count);
/* The newest `count` protected packets, each with one bit of its tag changed and its sequence
 * number moved ahead. */
void peer_send_forged(struct peer *peer, uint32_t count);

#endif

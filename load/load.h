/* A crowd of WebRTC clients in one thread: it joins a media server, sends what a film holds,
 * receives, checks and counts. For the bench, for tests, and for the technician's line test
 * (`dienhong load`, docs/line-test.md).
 *
 *   owner's thread                                 engine's own thread
 *   load_add ─► load_offer ─► [server] ─► load_answer ─► ICE check ─► DTLS ─► SRTP ─► media
 *                                                        with consent checks, transport-cc, RR,
 *                                                        NACK and PLI as a browser sends them
 *
 * Signalling is the owner's: it carries offers to the server and answers back, whichever way.
 *
 * What is checked. Of every RTP packet: its slot, its sequence number, its timestamp, its size, and
 * which packet of ours it is: one packet a segment (a stretch of one source and layer, see
 * sfu/core/rewrite.h) is decrypted and found again among those sent, and from there on numbers must
 * go in step. So each packet's delay is known, from our sending it to the kernel's receiving it.
 * Of a sample of receivers everything is decrypted by libsrtp2 and put together to frames, and
 * of those a sample is decoded by libvpx.
 *
 * All functions may be called from any one thread at a time; none blocks for longer than one round
 * of the engine. */
#ifndef LOAD_LOAD_H
#define LOAD_LOAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/err.h"
#include "base/units.h"
#include "load/core/stats.h"

struct load;

enum load_addresses {
    /* One IPv4 socket for all: peer n is 127.64.0.0 + n + 1. Only towards this host. */
    LOAD_ADDRESS_SHARED,
    /* A socket for each peer, IPv4 and IPv6, wherever the server is. */
    LOAD_ADDRESS_OWN,
};

enum load_profile {
    /* Film: three layers of VP8 (180, 360, 720 lines) and opus, as `dienhong load film` made it. */
    LOAD_PROFILE_FILM,
    /* Bench: one layer, 30 frames/s of 5 packets, 1,100 bytes each without the SRTP tag; opus of
     * 100 bytes, five to three frames. Headers are right, the pictures cannot be decoded. */
    LOAD_PROFILE_BENCH,
};

struct load_config {
    uint32_t peers; /* at most so many, 1 … LOAD_PEERS_MAX */
    enum load_addresses addresses;
    enum load_profile profile;
    const char *film_path;      /* for LOAD_PROFILE_FILM, when anybody sends */
    uint64_t seed;              /* of SSRCs, first numbers, phases, drops */
    uint32_t handshakes;        /* checks and handshakes under way at once; 0: 64 */
    uint32_t decrypt_every;     /* every n-th receiver is decrypted in full; 0: none */
    uint32_t decode_every;      /* every n-th of these is decoded too; 0: none */
    uint32_t drop_per_mille;    /* of RTP packets received, thrown away before anything counts them;
                                   retransmissions are not */
    uint32_t frames_per_second; /* of the bench profile; 0: 30 */
    bool spin;                  /* never sleeps while media flows: a core of its own */
};

enum { LOAD_PEERS_MAX = 8192 };

/* Starts the thread. ERR_IO with a line in the log that says what failed; ERR_FORMAT: the film;
 * ERR_NO_MEMORY. */
MUST_USE enum err load_create(const struct load_config *config, struct load **ret_load);
/* Stops the thread; says nothing to the server. Accepts NULL. */
void load_destroy(struct load *load);

/* ---- Peers ----------------------------------------------------------------------------------- */

struct load_peer {
    bool sends;      /* microphone and camera */
    uint32_t source; /* what the server will call it (CSRC); load_set_source() may come later */
    uint32_t audio_slots; /* received */
    uint32_t video_slots; /* stage, screen, tiles, in this order */
};

enum load_peer_state {
    LOAD_PEER_NEW,       /* waits for an answer */
    LOAD_PEER_WAITING,   /* has its answer and waits for its turn (`handshakes`) */
    LOAD_PEER_CHECKING,  /* ICE */
    LOAD_PEER_SHAKING,   /* DTLS */
    LOAD_PEER_CONNECTED, /* has keys */
    LOAD_PEER_FAILED,    /* no ICE answer or no handshake within 30 s, or refused */
    LOAD_PEER_LEFT,
};

/* A new peer and its number, counted from 0 in this order. ERR_FULL; ERR_IO: no socket. */
MUST_USE enum err load_add(struct load *load, const struct load_peer *peer, uint32_t *ret_peer);
void load_set_source(struct load *load, uint32_t peer, uint32_t source);
/* The peer's offer, with a terminator: docs/protocol.md, "Offer order". ERR_LIMIT when it does not
 * fit (LIMIT_SDP_BYTES is always enough). */
MUST_USE enum err load_offer(struct load *load, uint32_t peer, char *ret_offer, size_t capacity);
/* The server's answer: connecting begins. ERR_FORMAT, ERR_UNSUPPORTED (no candidate we can reach,
 * no section we can use), ERR_WRONG_STATE. */
MUST_USE enum err load_answer(struct load *load, uint32_t peer, struct bytes answer);
/* Falls silent. The server learns it from its owner, or by consent expiring. */
void load_leave(struct load *load, uint32_t peer);

struct load_peer_stats {
    enum load_peer_state state;
    const char *failure; /* stable code of what failed ("ice.no_answer", …), NULL if nothing did */
    usec_t connect_us;   /* from load_answer() to the keys; 0: not yet; likewise the next two */
    usec_t first_packet_us;
    usec_t first_frame_us; /* a whole keyframe on the stage */
    uint64_t packets;
    uint64_t lost;
    uint32_t stage; /* the source on its stage, 0: none yet */
};

struct load_peer_stats load_peer_stats(struct load *load, uint32_t peer);

/* ---- Sending --------------------------------------------------------------------------------- */

/* All senders, also those that come later, start (at a keyframe) or fall silent; they are silent at
 * first. */
void load_send(struct load *load, bool on);
/* Which layers a sender's server wants (SFU_LAYERS, `layers`), lowest first; all at first. */
void load_set_layers(struct load *load, uint32_t peer, const bool camera[3]);

/* ---- Measuring ------------------------------------------------------------------------------- */

/* Call it, then order the stage: from now on each connected receiver's first stage packet whose
 * CSRC is `source` counts into stats.stage_switch. */
void load_expect_stage(struct load *load, uint32_t source);

/* Everything since the start; two of them subtract count by count (times_since()). Large: not
 * for a small stack. */
void load_stats(struct load *load, struct load_stats *ret_stats);

/* ---- The command ----------------------------------------------------------------------------- */

/* `dienhong load …`: docs/line-test.md. */
int load_main(int argc, char **argv);

#endif

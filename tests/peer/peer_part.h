/* The test peer from within: one struct, three files that each do a part of it.
 *
 *   peer.c ── loop thread, ICE, DTLS, demultiplexing, the public functions
 *     ├── peer_sdp.c ── the offer, the answer
 *     ├── peer_send.c ── pictures and sound out, RTX, misbehaviour
 *     └── peer_receive.c ── streams in, feedback about them
 *
 * Everything below `lock` is touched under it only. */
#ifndef TESTS_PEER_PEER_PART_H
#define TESTS_PEER_PEER_PART_H

#include <pthread.h>

#include <glib.h>

#include "base/limits.h"
#include "base/random.h"
#include "sfu/proto/rtcp.h"
#include "sfu/proto/rtp.h"
#include "tests/peer/peer.h"
#include "tests/peer/peer_dtls.h"
#include "tests/peer/peer_sound.h"
#include "tests/peer/peer_srtp.h"
#include "tests/peer/peer_video.h"

enum {
    PEER_PT_OPUS = 111,
    PEER_PT_VP8 = 96,
    PEER_PT_RTX = 97,
    PEER_EXT_LEVEL = 1,
    PEER_EXT_MID = 4,
    PEER_EXT_TRANSPORT_CC = 3,
    PEER_EXT_RID = 10,
    PEER_EXT_REPAIRED_RID = 11,
};

enum { PEER_OFFER_BYTES = 64 * 1024, PEER_HISTORY = 512, PEER_WINDOW = 512, PEER_WIRE = 64 };
enum { PEER_MICROPHONE_AT, PEER_CAMERA_AT, PEER_SCREEN_AT = PEER_CAMERA_AT + PEER_LAYERS_MAX };
enum { PEER_OUTGOING_MAX = PEER_SCREEN_AT + 1, PEER_DATAGRAM_BYTES = 1500 };

struct peer_kept {
    bool used;
    uint16_t sequence;
    uint32_t timestamp;
    bool marker;
    size_t size;
    uint8_t payload[PEER_DATAGRAM_BYTES];
};

/* One stream we send. */
struct peer_outgoing {
    bool present;
    char mid[8];
    char rid[4]; /* empty: none */
    uint8_t payload_type;
    uint32_t ssrc;
    uint32_t rtx_ssrc;
    uint16_t sequence;
    uint16_t rtx_sequence;
    uint32_t timestamp;
    uint16_t picture_id;
    uint32_t packets;
    uint32_t bytes;
    bool want_keyframe;
    struct peer_encoder *encoder;           /* of pictures */
    struct peer_voice *voice;               /* of sound */
    struct peer_kept history[PEER_HISTORY]; /* by sequence number */
};

/* One slot we receive. */
struct peer_incoming {
    enum peer_slot kind;
    uint32_t index;
    bool video;
    uint32_t ssrc;
    uint32_t rtx_ssrc;
    bool transport_cc;
    struct peer_stream record;
    bool begun;
    uint64_t next;    /* extended sequence number to be delivered next */
    uint64_t highest; /* received */
    uint32_t arrived; /* packets on the main SSRC, for peer_lose_every() */
    struct peer_kept window[PEER_WINDOW];
    bool has_picture_id;
    uint16_t picture_id;
    size_t frame_size;
    uint8_t frame[256 * 1024];
    bool frame_broken;
    struct peer_decoder *decoder;
    struct peer_ear *ear;
};

struct peer_wire {
    size_t size;
    uint8_t bytes[PEER_DATAGRAM_BYTES + PEER_SRTP_ROOM_BYTES];
};

struct peer {
    struct peer_config config;
    GMainContext *context;
    GMainLoop *loop;
    GThread *thread;
    struct _NiceAgent *agent;
    unsigned stream;

    pthread_mutex_t lock;
    pthread_cond_t changed;
    struct rng rng;
    bool gathered;
    struct peer_state state;
    struct peer_dtls *dtls;
    struct peer_srtp *srtp;
    char their_fingerprint[128]; /* "sha-256 AB:…" of the answer */
    char offer[PEER_OFFER_BYTES];
    uint32_t offer_version;

    uint32_t media; /* of enum peer_media */
    uint8_t level;
    bool transport_cc_agreed;
    uint16_t transport_cc;
    struct peer_outgoing outgoing[PEER_OUTGOING_MAX];
    struct peer_wire wire[PEER_WIRE]; /* the newest protected packets */
    uint64_t wire_count;

    uint32_t withhold_every;
    uint32_t lose_every;
    uint32_t incoming_count;
    struct peer_incoming *incoming[PEER_SLOTS_MAX];
    uint8_t feedback_number;
    uint32_t arrival_count; /* transport-wide numbers since the last feedback */
    uint16_t arrival_number[LIMIT_TRANSPORT_CC_PACKETS];
    int64_t arrival_us[LIMIT_TRANSPORT_CC_PACKETS];
};

/* All with the lock held, on any thread. */
void peer_transmit(struct peer *peer, const uint8_t *datagram, size_t size);
void peer_transmit_rtcp(struct peer *peer, uint8_t *compound, size_t size);

/* peer_sdp.c */
void peer_sdp_write_offer(struct peer *peer, const char *ufrag, const char *pwd);
/* Fills `incoming` and `their_fingerprint`; false when the answer cannot be used. */
bool peer_sdp_read_answer(struct peer *peer, const char *answer);

/* peer_send.c */
void peer_send_init(struct peer *peer);
void peer_send_done(struct peer *peer);
void peer_send_sound(struct peer *peer);
void peer_send_pictures(struct peer *peer);
void peer_send_reports(struct peer *peer);
void peer_send_on_feedback(struct peer *peer, const struct rtcp_packet *packet);

/* peer_receive.c */
struct peer_incoming *peer_receive_add(struct peer *peer);
void peer_receive_done(struct peer *peer);
void peer_receive_rtp(struct peer *peer, const uint8_t *packet, size_t size);
void peer_receive_ask(struct peer *peer);    /* NACKs for what is lacking */
void peer_receive_report(struct peer *peer); /* RR */
void peer_receive_transport_cc(struct peer *peer);

#endif

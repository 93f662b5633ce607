/* One peer connection: where it is, its keys, what it sends (intake) and what it gets (slots). What
 * each packet to it touches stands apart, in outlet.h and the slots' feeds. */
#ifndef SFU_CORE_ENDPOINT_H
#define SFU_CORE_ENDPOINT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/pool.h"
#include "sfu/core/delivery.h"
#include "sfu/core/ice.h"
#include "sfu/core/intake.h"
#include "sfu/core/replay.h"
#include "sfu/core/room.h"
#include "sfu/core/slot.h"
#include "sfu/core/srtp.h"
#include "sfu/core/worker.h"

/* Each sender of RTCP counts SRTCP indexes of its own (RFC 3711, section 3.2.3). */
enum { ENDPOINT_RTCP_SENDERS = 16 };
enum { ENDPOINT_RESENDS = 128 };

struct rtcp_sender {
    uint32_t ssrc;
    bool used;
    struct replay replay;
};

struct resend {
    uint32_t slot;
    uint64_t sequence; /* as it was sent */
};

/* RTCP that waits to be written. */
enum control {
    CONTROL_NACK = 1,
    CONTROL_KEYFRAME = 2,
    CONTROL_TRANSPORT_CC = 4,
    CONTROL_REPORT = 8,
};

enum news { NEWS_CONNECTED = 1, NEWS_SLOTS = 2, NEWS_LAYERS = 4, NEWS_GONE = 8 };

struct endpoint {
    struct handle handle;
    uint64_t id;
    uint32_t room;
    uint64_t room_id; /* for its last event, when the room may be gone */
    uint32_t room_next;
    uint32_t room_previous;
    uint32_t source; /* index; INDEX_NONE: sends nothing, or another endpoint took it over */
    uint32_t number; /* its own source number, 0: none */
    char ufrag[WORKER_ICE_UFRAG_BYTES];
    char pwd[WORKER_ICE_PWD_BYTES];
    struct ice ice;
    bool keyed;
    bool connected; /* keyed, and has a valid path */
    bool gone;      /* only its last event is left */
    bool news_queued;
    uint8_t news; /* of enum news */
    enum sfu_gone_reason reason;
    struct srtp_pair keys;

    struct session_extensions extensions;
    struct session_source offered[SOURCE_KINDS];
    struct intake *intake; /* NULL until its first packet */
    struct rtcp_sender rtcp_senders[ENDPOINT_RTCP_SENDERS];
    usec_t feedback_at; /* USEC_NEVER while nothing waits */
    usec_t report_at;
    usec_t layers_at;
    struct sfu_layers layers_told;

    uint32_t rtcp_ssrc;
    uint32_t rtcp_index;
    uint32_t slot_count;
    uint32_t slots_number;
    struct sfu_view view;
    struct rate rtcp_rate;
    struct rate resend_rate;
    struct rate resend_bytes;
    struct resend resends[ENDPOINT_RESENDS];
    struct delivery delivery;
    uint32_t rtt_us;          /* 0: not known yet */
    uint8_t stage_layers_off; /* layers the stage goes without, because packets are lost */
    usec_t stage_judged;      /* when losses were last counted */
    usec_t stage_lossy;       /* when there were last many */
    /* Slots by bit: once a second all of them are asked, of which few do anything. */
    uint64_t cutting; /* cut_at is set */
    uint64_t begun;   /* a segment was begun, ever */
    struct slot slots[SESSION_SLOTS];
};

MUST_USE enum err endpoint_join(struct worker *worker, const struct worker_join *join);
MUST_USE enum err endpoint_restart(struct worker *worker, uint64_t id, const char *ufrag,
                                   const char *pwd);
/* NULL for a stale handle, or one that is gone. */
struct endpoint *endpoint_get(struct worker *worker, struct handle handle);
/* By the door's id; NULL when it is not here. */
struct endpoint *endpoint_find(struct worker *worker, uint64_t id);
void endpoint_leave(struct worker *worker, struct endpoint *endpoint, enum sfu_gone_reason reason);
/* Its last event was told: the place is free. */
void endpoint_free(struct worker *worker, struct endpoint *endpoint);
/* A taker of another endpoint's source: that one sends no more. */
void endpoint_lose_source(struct worker *worker, struct endpoint *endpoint);

void endpoint_on_binding(struct worker *worker, struct endpoint *endpoint,
                         const struct udp_address *from, bool nominated);
/* Nobody is at `to`, the network says: it is left out until the next check from there. */
void endpoint_on_unreachable(struct worker *worker, struct endpoint *endpoint,
                             const struct udp_address *to);
/* None of its addresses is its own any more. */
void endpoint_forget_paths(struct worker *worker, struct endpoint *endpoint);
/* Connected once it has keys and a valid path. */
void endpoint_try_connect(struct worker *worker, struct endpoint *endpoint);
void endpoint_on_keys(struct worker *worker, struct endpoint *endpoint,
                      const struct srtp_pair *keys);
/* Transforms that nobody uses (any more), for worker_next_spent(). */
void endpoint_spend_keys(struct worker *worker, const struct srtp_pair *keys);
/* Its deadline: consent, feedback, reports. */
void endpoint_on_due(struct worker *worker, struct endpoint *endpoint);

/* This slot has something to send. */
void endpoint_pend(struct worker *worker, struct endpoint *endpoint, uint32_t slot);
/* This RTCP is to be written. */
void endpoint_need_control(struct worker *worker, struct endpoint *endpoint, enum control control);
void endpoint_tell(struct worker *worker, struct endpoint *endpoint, enum news news);
/* What is watched of what it sends may have changed. */
void endpoint_on_wanted(struct worker *worker, struct endpoint *endpoint);
/* What is watched now. */
struct sfu_layers endpoint_layers(const struct worker *worker, const struct endpoint *endpoint);

#endif

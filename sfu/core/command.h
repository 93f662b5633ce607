/* What the door tells the media workers and what they tell it: plain values, nothing else crosses.
 *
 * Names. A *room* is a meeting's media. An *endpoint* is one peer connection. A *source* is what
 * one participant sends; its 32-bit number is carried as CSRC (RFC 3550, section 5.1), so a
 * receiver can tell whose picture a slot shows. A *slot* is a stream that the endpoint receives;
 * its SSRC never changes, what is shown in it does. */
#ifndef SFU_CORE_COMMAND_H
#define SFU_CORE_COMMAND_H

#include <stdbool.h>
#include <stdint.h>

#include "base/limits.h"

/* Enforced where packets are forwarded: what has no right is dropped, not merely asked to stop. */
enum sfu_right {
    SFU_RIGHT_TILE = 1,       /* camera may be shown in tiles: admitted to the room */
    SFU_RIGHT_STAGE = 2,      /* camera may be shown on the stage */
    SFU_RIGHT_MICROPHONE = 4, /* may be heard */
    SFU_RIGHT_SCREEN = 8,     /* screen and its sound may be shown */
};

/* Wanted picture heights in pixels; 0 pauses that kind. */
struct sfu_view {
    uint16_t stage_height;
    uint16_t screen_height;
    uint16_t tile_height;
    uint16_t tile_count;
    uint32_t tiles[LIMIT_TILES_PER_ENDPOINT]; /* sources; 0 leaves the tile empty */
};

enum sfu_command_kind {
    SFU_LEAVE,      /* endpoint */
    SFU_SET_RIGHTS, /* room, source, rights: hold for this source whether it is here yet or not */
    SFU_SET_FLOOR,  /* room, source (0: nobody): gets the first audio slot */
    SFU_SET_STAGE,  /* room, source (0: nobody) */
    SFU_SET_SCREEN, /* room, source (0: nobody) */
    SFU_SET_VIEW,   /* endpoint, view */
    SFU_CLOSE_ROOM, /* room: every endpoint of it leaves */
};

struct sfu_command {
    enum sfu_command_kind kind;
    uint64_t room;
    uint64_t endpoint;
    uint32_t source;
    uint32_t rights; /* of enum sfu_right */
    struct sfu_view view;
};

enum sfu_gone_reason {
    SFU_GONE_LEFT,            /* SFU_LEAVE or SFU_CLOSE_ROOM */
    SFU_GONE_CONSENT_EXPIRED, /* no authenticated check for 30 s (RFC 7675, section 5.1) */
    SFU_GONE_HANDSHAKE,       /* DTLS failed or its certificate is not the offer's */
    SFU_GONE_NEVER_CAME,      /* no valid check within the time given to connect */
};

enum sfu_event_kind {
    SFU_CONNECTED, /* endpoint: ICE and DTLS are done */
    SFU_GONE,      /* endpoint, reason; the last event of an endpoint */
    SFU_SLOTS,     /* endpoint, slots: what its slots show now */
    SFU_LAYERS,    /* endpoint, layers: what somebody watches of what it sends */
    SFU_SPEAKERS,  /* room, speakers: loudest first */
};

struct sfu_slots {
    uint32_t number; /* rises with every change; a lower one than seen is stale */
    uint32_t stage;
    uint32_t screen;
    uint16_t tile_count;
    uint32_t tiles[LIMIT_TILES_PER_ENDPOINT];
};

struct sfu_layers {
    bool camera[LIMIT_SIMULCAST_LAYERS]; /* lowest first */
    bool screen;
};

enum { SFU_SPEAKERS_MAX = 8 };

struct sfu_event {
    enum sfu_event_kind kind;
    uint64_t room;
    uint64_t endpoint;
    uint32_t source;
    enum sfu_gone_reason reason;
    union {
        struct sfu_slots slots;
        struct sfu_layers layers;
        struct {
            uint32_t count;
            uint32_t sources[SFU_SPEAKERS_MAX];
        } speakers;
    } of;
};

#endif

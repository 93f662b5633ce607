/* What one offer and its answer agreed on (RFC 8829 as far as one bundled transport needs it).
 *
 * Made by negotiate.h from an SDP offer, read by the worker that hosts the endpoint and, for what
 * the endpoint sends, by the workers it is relayed to. A plain value; nothing changes after
 * joining. */
#ifndef SFU_CORE_SESSION_H
#define SFU_CORE_SESSION_H

#include <stdbool.h>
#include <stdint.h>

#include "base/limits.h"

enum source_kind { SOURCE_MICROPHONE, SOURCE_CAMERA, SOURCE_SCREEN, SOURCE_SCREEN_SOUND };
enum { SOURCE_KINDS = 4 };

enum slot_kind { SLOT_AUDIO, SLOT_STAGE, SLOT_SCREEN, SLOT_TILE };
enum { SESSION_SLOTS = LIMIT_AUDIO_SLOTS + 2 + LIMIT_TILES_PER_ENDPOINT };

enum { SESSION_MID_BYTES = 32, SESSION_RID_BYTES = 16 };

/* What the endpoint sends in one section. SSRCs are 0 until the offer or a packet's MID and RID
 * header extensions (RFC 8852) name them. */
struct session_source {
    bool present;
    char mid[SESSION_MID_BYTES];
    uint8_t payload_type;     /* opus, or VP8 */
    uint8_t rtx_payload_type; /* RFC 4588; 0: none agreed */
    uint8_t red_payload_type; /* RFC 2198; 0: none agreed */
    bool transport_cc;        /* this section agreed on the transport-wide number: answer by it */
    uint8_t layer_count;      /* 1, or the number of simulcast rids (RFC 8853), lowest first */
    char rid[LIMIT_SIMULCAST_LAYERS][SESSION_RID_BYTES];
    uint32_t ssrc[LIMIT_SIMULCAST_LAYERS];
    uint32_t rtx_ssrc[LIMIT_SIMULCAST_LAYERS];
};

/* One stream the endpoint receives; the server chose the SSRCs and announced them in the answer. */
struct session_slot {
    enum slot_kind kind;
    uint8_t index; /* within its kind */
    char mid[SESSION_MID_BYTES];
    uint8_t payload_type;
    uint8_t rtx_payload_type; /* 0: none agreed, then nothing is ever resent */
    bool transport_cc;        /* number its packets; where false they would be counted as lost */
    uint32_t ssrc;
    uint32_t rtx_ssrc;
};

/* Identifiers of RTP header extensions (RFC 8285), the same for the whole bundle; 0: not agreed. */
struct session_extensions {
    uint8_t mid;
    uint8_t rid;
    uint8_t repaired_rid;
    uint8_t audio_level; /* RFC 6464 */
    uint8_t
        transport_cc; /* transport-wide sequence number, draft-holmer-rmcat-transport-wide-cc-01 */
};

struct session {
    struct session_extensions extensions;
    struct session_source sources[SOURCE_KINDS]; /* indexed by enum source_kind */
    uint32_t slot_count;
    struct session_slot slots[SESSION_SLOTS];
};

#endif

/* Writing the answer to a WebRTC offer (RFC 8829, section 5.3): one bundled transport, ICE-lite,
 * always the passive side of DTLS.
 *
 * Fingerprint and setup stand in every section: one current browser crashes when later sections of
 * a bundle leave them out. Failure is the writer's sticky one. */
#ifndef SFU_PROTO_SDP_ANSWER_H
#define SFU_PROTO_SDP_ANSWER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/address.h"
#include "base/bytes.h"
#include "sfu/proto/sdp.h"

struct sdp_answer_transport {
    const char *ufrag;
    const char *pwd;
    const char *fingerprint; /* "sha-256 AB:CD:…" */
    const struct udp_address *candidates;
    uint32_t candidate_count;
};

/* `bundle` are the mids of the accepted sections, separated by spaces. */
void sdp_answer_write_session(struct wr *wr, uint64_t id, uint32_t version, struct bytes bundle);

/* A section we cannot serve: port 0 (RFC 3264, section 6). */
void sdp_answer_write_refused(struct wr *wr, const struct sdp_section *offered);

enum sdp_feedback {
    SDP_FEEDBACK_NACK = 1,
    SDP_FEEDBACK_PLI = 2,
    SDP_FEEDBACK_FIR = 4,
    SDP_FEEDBACK_TRANSPORT_CC = 8,
};

struct sdp_answer_codec {
    uint8_t payload_type;
    const char *rtpmap;     /* "VP8/90000" */
    const char *parameters; /* of fmtp; NULL: none */
    uint8_t apt;            /* RTX: what it repeats; 0: `parameters` counts */
    uint32_t feedback;      /* of enum sdp_feedback */
};

struct sdp_answer_extension {
    uint8_t id;
    const char *uri;
};

enum { SDP_ANSWER_CODECS_MAX = 4, SDP_ANSWER_EXTENSIONS_MAX = 8, SDP_STREAM_BYTES = 16 };

struct sdp_answer_section {
    const struct sdp_section *offered;
    enum sdp_direction direction; /* ours */
    uint32_t codec_count;
    struct sdp_answer_codec codecs[SDP_ANSWER_CODECS_MAX];
    uint32_t extension_count;
    struct sdp_answer_extension extensions[SDP_ANSWER_EXTENSIONS_MAX];
    uint32_t rid_count; /* simulcast layers we take */
    struct bytes rids[LIMIT_SIMULCAST_LAYERS];
    /* Sent by us: one stream. ssrc 0: none. */
    uint32_t ssrc;
    uint32_t rtx_ssrc;
    const char *cname;
    char stream[SDP_STREAM_BYTES];         /* msid; empty: none */
    char red_parameters[SDP_STREAM_BYTES]; /* room for what `codecs` may point to */
    bool with_candidates;
};

void sdp_answer_write_section(struct wr *wr, const struct sdp_answer_transport *transport,
                              const struct sdp_answer_section *section);

#endif

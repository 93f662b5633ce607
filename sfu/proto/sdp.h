/* A session description as a WebRTC offer has it (RFC 8866; RFC 8829 for which attributes count).
 *
 *   v=0 …                     session part: ICE, DTLS and BUNDLE may stand here
 *   m=audio 9 UDP/… 111 63    section 0: what stands once in it is parsed into sdp_section,
 *   a=mid:0                   what repeats (codecs, extensions, SSRCs) is looked up in its
 *   a=rtpmap:111 opus/…       lines by the functions below
 *   m=video …                 section 1
 *
 * Reading is lenient about what does not concern us and strict about what does: an unknown
 * attribute is skipped, a malformed one that we need is an error with its line number. Everything
 * borrows the offer's bytes. Pure, no allocation. */
#ifndef SFU_PROTO_SDP_H
#define SFU_PROTO_SDP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/err.h"
#include "base/limits.h"

enum sdp_media { SDP_AUDIO, SDP_VIDEO, SDP_OTHER };
enum sdp_direction { SDP_SENDRECV, SDP_SENDONLY, SDP_RECVONLY, SDP_INACTIVE };
enum sdp_setup { SDP_SETUP_ABSENT, SDP_ACTPASS, SDP_ACTIVE, SDP_PASSIVE, SDP_HOLDCONN };

/* What may stand in a section or, for all of them, in the session part. Empty where absent. */
struct sdp_transport {
    struct bytes ice_ufrag;
    struct bytes ice_pwd;
    struct bytes fingerprint_hash;   /* "sha-256"; of several, the first we support */
    struct bytes fingerprint_digest; /* "AB:CD:…" */
    enum sdp_setup setup;
    bool ice_lite;
};

struct sdp_section {
    uint32_t line; /* of its m= */
    enum sdp_media media;
    struct bytes media_name;
    uint32_t port;
    struct bytes protocol;
    struct bytes formats; /* as written, to be echoed when the section is refused */
    uint32_t format_count;
    uint8_t format[LIMIT_SDP_FORMATS]; /* payload types, in the offerer's order */
    struct bytes lines;                /* everything behind m= */
    struct bytes mid;
    enum sdp_direction direction;
    bool rtcp_mux;
    bool rtcp_rsize;
    bool bundle_only;
    struct sdp_transport transport;
};

struct sdp {
    struct sdp_transport transport;
    enum sdp_direction direction; /* of sections that say nothing */
    bool has_bundle;
    struct bytes bundle; /* mids, separated by spaces */
    uint32_t section_count;
    struct sdp_section sections[LIMIT_SDP_SECTIONS];
};

/* Lines end in CRLF or, leniently, in LF. ERR_LIMIT above LIMIT_SDP_*; ERR_FORMAT. On failure
 * *ret_line is the line at fault, counted from 1, and *ret_sdp is not to be used. */
MUST_USE enum err sdp_parse(struct bytes text, struct sdp *ret_sdp, uint32_t *ret_line);

/* Whether certificates may be known by this hash: sha-256, sha-384 or sha-512. */
bool sdp_is_strong_hash(struct bytes hash);

/* Whether `mid` is in the BUNDLE group (RFC 9143). */
bool sdp_is_bundled(const struct sdp *sdp, struct bytes mid);

struct sdp_codec {
    uint8_t payload_type;
    uint32_t clock_hz;
    uint32_t channels;       /* 1 where not written */
    struct bytes parameters; /* of a=fmtp; empty without */
};

/* The codec of this name that the offerer likes best; names compare without case (RFC 4855). */
bool sdp_find_codec(const struct sdp_section *section, const char *name, uint32_t clock_hz,
                    struct sdp_codec *ret_codec);
/* The RTX payload type whose fmtp says apt=`payload_type` (RFC 4588, section 8.1). */
bool sdp_find_rtx(const struct sdp_section *section, uint8_t payload_type, uint8_t *ret_rtx);
/* Whether a=rtcp-fb offers exactly `feedback` ("nack pli") for the payload type or for all. */
bool sdp_has_feedback(const struct sdp_section *section, uint8_t payload_type,
                      const char *feedback);
/* The id of a header extension (RFC 8285, section 5); false when not offered or beyond 14, which
 * one-byte elements cannot carry. */
bool sdp_find_extension(const struct sdp_section *section, const char *uri, uint8_t *ret_id);
/* The rids of a=simulcast:send (RFC 8853), of alternatives the first; returns how many, at most
 * LIMIT_SIMULCAST_LAYERS. Only rids that a=rid declares as send count. */
uint32_t sdp_find_rids(const struct sdp_section *section,
                       struct bytes ret_rids[LIMIT_SIMULCAST_LAYERS]);
/* The first media SSRC the section announces (RFC 5576), and its RTX partner by FID (0: none). */
bool sdp_find_ssrc(const struct sdp_section *section, uint32_t *ret_ssrc, uint32_t *ret_rtx_ssrc);

#endif

/* RTCP compound packets: reading (RFC 3550, section 6; RFC 4585; RFC 5104; REMB; transport-wide
 * congestion control, draft-holmer-rmcat-transport-wide-cc-extensions-01).
 *
 * rtcp_walk_init() checks the framing of the whole compound, so that a malformed one has no effect
 * at all; the walk then gives packet after packet, and each kind has its own parser. Reduced-size
 * RTCP (RFC 5506) is accepted. Writers stand in rtcp_write.h. Pure; borrows the bytes. */
#ifndef SFU_PROTO_RTCP_H
#define SFU_PROTO_RTCP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/err.h"
#include "base/limits.h"

enum rtcp_type {
    RTCP_SR = 200,
    RTCP_RR = 201,
    RTCP_SDES = 202,
    RTCP_BYE = 203,
    RTCP_APP = 204,
    RTCP_RTPFB = 205, /* RFC 4585, section 6.2 */
    RTCP_PSFB = 206,  /* section 6.3 */
};

enum rtcp_format {
    RTCP_RTPFB_NACK = 1,
    RTCP_RTPFB_TRANSPORT_CC = 15,
    RTCP_PSFB_PLI = 1,
    RTCP_PSFB_FIR = 4, /* RFC 5104, section 4.3.1 */
    RTCP_PSFB_REMB = 15,
};

struct rtcp_packet {
    uint8_t type;      /* of enum rtcp_type, or something unknown */
    uint8_t count;     /* reception report count, source count or feedback format */
    struct bytes body; /* what follows the 4-byte header, without padding */
};

struct rtcp_walk {
    struct rd rd;
};

/* ERR_SHORT, ERR_FORMAT, or ERR_LIMIT above LIMIT_RTCP_COMPOUND_BLOCKS packets. */
MUST_USE enum err rtcp_walk_init(struct rtcp_walk *ret_walk, struct bytes compound);
/* False at the end. */
bool rtcp_walk_next(struct rtcp_walk *walk, struct rtcp_packet *ret_packet);

/* All parsers below: ERR_SHORT when the body ends early, ERR_FORMAT when it is of another kind. */

struct rtcp_sender_info {
    uint32_t ssrc;
    uint64_t ntp; /* 32.32 seconds since 1900 */
    uint32_t rtp_timestamp;
    uint32_t packets;
    uint32_t bytes;
};

MUST_USE enum err rtcp_parse_sr(const struct rtcp_packet *packet, struct rtcp_sender_info *ret_sr);

struct rtcp_report {
    uint32_t ssrc;
    uint8_t fraction_lost;   /* of 256 */
    int32_t cumulative_lost; /* 24 bits, may be negative */
    uint32_t highest_sequence;
    uint32_t jitter;
    uint32_t last_sr;             /* middle 32 bits of the NTP time */
    uint32_t delay_since_last_sr; /* 1/65536 s */
};

enum { RTCP_REPORTS_MAX = 31 };

/* The report blocks of an SR or RR. */
MUST_USE enum err rtcp_parse_reports(const struct rtcp_packet *packet, uint32_t *ret_sender,
                                     struct rtcp_report ret_reports[RTCP_REPORTS_MAX],
                                     uint32_t *ret_count);

/* CNAME of the first chunk of an SDES that has one. ERR_UNKNOWN when none has. */
MUST_USE enum err rtcp_parse_cname(const struct rtcp_packet *packet, uint32_t *ret_ssrc,
                                   struct bytes *ret_cname);

MUST_USE enum err rtcp_parse_bye(const struct rtcp_packet *packet,
                                 uint32_t ret_ssrcs[RTCP_REPORTS_MAX], uint32_t *ret_count);

/* Sequence numbers asked for again. A packet that asks for more than LIMIT_NACKS_PER_PACKET has
 * the first ones taken: what is still missing is asked for again. */
struct rtcp_nack {
    uint32_t sender_ssrc;
    uint32_t media_ssrc;
    uint32_t count;
    uint16_t sequences[LIMIT_NACKS_PER_PACKET];
};

MUST_USE enum err rtcp_parse_nack(const struct rtcp_packet *packet, struct rtcp_nack *ret_nack);

MUST_USE enum err rtcp_parse_pli(const struct rtcp_packet *packet, uint32_t *ret_media_ssrc);

struct rtcp_fir_entry {
    uint32_t ssrc;
    uint8_t sequence; /* the same number asks for the same keyframe */
};

enum { RTCP_FIR_ENTRIES_MAX = 64 };

/* Entries past RTCP_FIR_ENTRIES_MAX are left. */
MUST_USE enum err rtcp_parse_fir(const struct rtcp_packet *packet,
                                 struct rtcp_fir_entry ret_entries[RTCP_FIR_ENTRIES_MAX],
                                 uint32_t *ret_count);

/* Receiver estimated maximum bitrate (draft-alvestrand-rmcat-remb-03): read, never followed. */
MUST_USE enum err rtcp_parse_remb(const struct rtcp_packet *packet, uint64_t *ret_bitrate_bps);

enum { TRANSPORT_CC_TICK_US = 250, TRANSPORT_CC_REFERENCE_US = 64000 };

/* One packet's fate. Ticks may go backwards: packets overtake each other. */
struct transport_cc_arrival {
    bool received;
    int32_t ticks; /* of 250 us, after the reference time; 0 when not received */
};

struct transport_cc {
    uint32_t sender_ssrc;
    uint32_t media_ssrc;
    uint16_t base_sequence;
    uint8_t feedback_number;
    int32_t reference; /* 24 bits signed, units of 64 ms */
    uint32_t count;    /* 1 … LIMIT_TRANSPORT_CC_PACKETS; arrivals[i] is base_sequence + i */
    struct transport_cc_arrival arrivals[LIMIT_TRANSPORT_CC_PACKETS];
};

/* The same feedback, as far as it says what came: bit n % 64 of received[n / 64] is
 * base_sequence + n. */
struct transport_cc_received {
    uint16_t base_sequence;
    uint32_t count; /* 1 … LIMIT_TRANSPORT_CC_PACKETS */
    uint64_t received[LIMIT_TRANSPORT_CC_PACKETS / 64];
};

/* Refuses what rtcp_parse_transport_cc() refuses; words of `received` past `count` are not set. */
MUST_USE enum err rtcp_parse_transport_cc_received(const struct rtcp_packet *packet,
                                                   struct transport_cc_received *ret_feedback);

/* ERR_LIMIT besides, when it reports on more packets than LIMIT_TRANSPORT_CC_PACKETS. */
MUST_USE enum err rtcp_parse_transport_cc(const struct rtcp_packet *packet,
                                          struct transport_cc *ret_feedback);

#endif

/* From a client's one offer to a session and the answer (docs/protocol.md, "Offer order").
 *
 * Sections get their meaning by order alone: the first, second, … that sends, and that receives, of
 * each kind. sendrecv counts as send. What we cannot serve is refused section by section (port 0);
 * what makes a connection impossible refuses the whole offer with a stable code and a line.
 *
 *   send audio   1 microphone   2 screen sound       receive audio   1 … 4 audio slots
 *   send video   1 camera       2 screen             receive video   1 stage  2 screen  3 … tiles
 *
 * No clock, no socket; everything random comes from the caller's generator. One call, no state. */
#ifndef SFU_CORE_NEGOTIATE_H
#define SFU_CORE_NEGOTIATE_H

#include <stddef.h>
#include <stdint.h>

#include "base/address.h"
#include "base/bytes.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/random.h"
#include "sfu/core/session.h"

enum { NEGOTIATE_HASH_BYTES = 8, NEGOTIATE_DIGEST_BYTES = 64 };

/* Our side. */
struct negotiate_ours {
    const char *ufrag; /* fresh for each offer, at least 4 and 22 characters (RFC 8839, 5.4) */
    const char *pwd;
    const char *fingerprint; /* "sha-256 AB:CD:…" of the certificate */
    const struct udp_address *candidates;
    uint32_t candidate_count; /* at most LIMIT_SDP_CANDIDATES */
    uint64_t session_id;      /* of o=; below 2^63 */
    uint32_t session_version; /* rises with every answer of one session */
    struct rng *rng;          /* SSRCs and CNAME */
    /* NULL, or the session whose ICE restarts: then its SSRCs are kept, and an offer that agrees
     * on anything else is refused as sdp.changed. */
    const struct session *established;
};

/* Their side. */
struct negotiate_theirs {
    char ufrag[LIMIT_ICE_UFRAG_BYTES + 1];
    char pwd[LIMIT_ICE_PWD_BYTES + 1];
    char hash[NEGOTIATE_HASH_BYTES]; /* "sha-256", "sha-384" or "sha-512" */
    uint8_t digest[NEGOTIATE_DIGEST_BYTES];
    uint32_t digest_size;
};

struct negotiated {
    struct session session;
    struct negotiate_theirs theirs;
};

/* Why an offer was refused, in the words of sfu_refusal (sfu/sfu.h). Codes:
 * sdp.malformed, sdp.too_large, sdp.no_media, sdp.no_bundle, sdp.no_rtcp_mux, sdp.no_ice,
 * sdp.bad_ice, sdp.ice_lite, sdp.no_fingerprint, sdp.bad_fingerprint, sdp.bad_setup,
 * sdp.bad_mid, sdp.no_codec, sdp.changed. */
struct negotiate_refusal {
    const char *code;
    uint32_t line; /* of the offer; 0: none in particular */
};

/* Makes the session and writes the answer, without a terminator. ERR_FORMAT, ERR_UNSUPPORTED and
 * ERR_LIMIT fill *ret_refusal; ERR_FULL: the answer does not fit (LIMIT_SDP_BYTES always do). */
MUST_USE enum err negotiate_offer(struct bytes offer, const struct negotiate_ours *ours,
                                  struct negotiated *ret_negotiated, struct wr *answer,
                                  struct negotiate_refusal *ret_refusal);

#endif

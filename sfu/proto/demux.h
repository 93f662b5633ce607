/* Which protocol a datagram of the one media port belongs to, by its first bytes (RFC 7983, and
 * RFC 5761, section 4, for RTP against RTCP), and whose connectivity check a binding request is.
 *
 * The edge asks before anything is authenticated: the answers only choose who judges the bytes.
 * Pure; borrows the datagram. */
#ifndef SFU_PROTO_DEMUX_H
#define SFU_PROTO_DEMUX_H

#include "base/bytes.h"
#include "base/err.h"

enum demux_kind {
    DEMUX_STUN,
    DEMUX_DTLS,
    DEMUX_RTP,  /* or SRTP */
    DEMUX_RTCP, /* or SRTCP */
    DEMUX_OTHER,
};

/* Datagrams too short to hold the header of their protocol are DEMUX_OTHER. */
enum demux_kind demux_classify(struct bytes datagram);

/* The local ICE user fragment of a STUN binding request: USERNAME up to the colon (RFC 8445,
 * section 7.2.2: "<ufrag of the receiver>:<ufrag of the sender>"). Points into the datagram.
 * ERR_SHORT when the message ends early; ERR_FORMAT when it is no well-formed binding request or
 * its USERNAME has no colon; ERR_UNKNOWN without USERNAME. */
MUST_USE enum err demux_local_ufrag(struct bytes datagram, struct bytes *ret_ufrag);

#endif

#include "sfu/proto/demux.h"

#include <string.h>

#include "base/limits.h"
#include "sfu/proto/rtp.h"

/* RFC 8489, section 5 (header) and section 14 (attributes). */
enum {
    STUN_HEADER_BYTES = 20,
    STUN_BINDING_REQUEST = 0x0001,
    STUN_MAGIC_COOKIE = 0x2112a442,
    STUN_TRANSACTION_BYTES = 12,
    STUN_ATTRIBUTE_USERNAME = 0x0006,
    STUN_USERNAME_MAX_BYTES = 513,
};

enum { DTLS_RECORD_HEADER_BYTES = 13, RTCP_HEADER_BYTES = 8 };

/* RFC 5761, section 4: packet types 192 … 223 of RTCP, seen as marker bit and payload type. */
static bool is_rtcp_type(uint8_t second)
{
    return second >= 192 && second <= 223;
}

enum demux_kind demux_classify(struct bytes datagram)
{
    if (datagram.size < 2)
        return DEMUX_OTHER;
    uint8_t first = datagram.data[0];
    if (first <= 3)
        return datagram.size >= STUN_HEADER_BYTES ? DEMUX_STUN : DEMUX_OTHER;
    if (first >= 20 && first <= 63)
        return datagram.size >= DTLS_RECORD_HEADER_BYTES ? DEMUX_DTLS : DEMUX_OTHER;
    if (first < 128 || first > 191)
        return DEMUX_OTHER;
    if (is_rtcp_type(datagram.data[1]))
        return datagram.size >= RTCP_HEADER_BYTES ? DEMUX_RTCP : DEMUX_OTHER;
    return datagram.size >= RTP_FIXED_BYTES ? DEMUX_RTP : DEMUX_OTHER;
}

/* The fragment before the colon. */
static enum err split_username(struct bytes username, struct bytes *ret_ufrag)
{
    const uint8_t *colon = username.size ? memchr(username.data, ':', username.size) : NULL;
    if (!colon || colon == username.data)
        return ERR_FORMAT;
    size_t size = (size_t)(colon - username.data);
    if (size > LIMIT_ICE_UFRAG_BYTES)
        return ERR_FORMAT;
    *ret_ufrag = (struct bytes){username.data, size};
    return ERR_OK;
}

enum err demux_local_ufrag(struct bytes datagram, struct bytes *ret_ufrag)
{
    struct rd rd = rd_init(datagram);
    uint16_t type = rd_u16(&rd);
    uint16_t length = rd_u16(&rd);
    uint32_t cookie = rd_u32(&rd);
    rd_skip(&rd, STUN_TRANSACTION_BYTES);
    if (rd.failed)
        return ERR_SHORT;
    if (type != STUN_BINDING_REQUEST || cookie != STUN_MAGIC_COOKIE || length % 4 != 0)
        return ERR_FORMAT;
    if (length != rd_left(&rd))
        return length > rd_left(&rd) ? ERR_SHORT : ERR_FORMAT;

    while (rd_left(&rd) > 0) {
        uint16_t attribute = rd_u16(&rd);
        uint16_t size = rd_u16(&rd);
        struct bytes value = rd_bytes(&rd, size);
        rd_skip(&rd, (4u - size % 4u) % 4u);
        if (rd.failed)
            return ERR_SHORT;
        if (attribute == STUN_ATTRIBUTE_USERNAME)
            return size <= STUN_USERNAME_MAX_BYTES ? split_username(value, ret_ufrag) : ERR_FORMAT;
    }
    return ERR_UNKNOWN;
}

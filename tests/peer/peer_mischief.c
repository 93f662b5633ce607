/* What a network or an enemy may do, seen from the checked address. */
#include <string.h>

#include "sfu/proto/rtcp_write.h"
#include "tests/peer/peer_part.h"

static struct peer_incoming *find(struct peer *peer, enum peer_slot kind, uint32_t index)
{
    for (uint32_t i = 0; i < peer->incoming_count; i++)
        if (peer->incoming[i]->kind == kind && peer->incoming[i]->index == index)
            return peer->incoming[i];
    return NULL;
}

void peer_request_keyframe(struct peer *peer, enum peer_slot kind, uint32_t index)
{
    uint8_t space[128];
    struct wr wr = wr_init(space, sizeof space - PEER_SRTP_ROOM_BYTES);
    pthread_mutex_lock(&peer->lock);
    const struct peer_incoming *incoming = find(peer, kind, index);
    if (incoming) {
        rtcp_write_rr(&wr, 1, NULL, 0);
        rtcp_write_pli(&wr, 1, incoming->ssrc);
        peer_transmit_rtcp(peer, space, wr_size(&wr));
    }
    pthread_mutex_unlock(&peer->lock);
}

void peer_send_noise(struct peer *peer, uint32_t count, uint64_t seed)
{
    /* STUN, DTLS, RTP, RTCP, and what belongs to nobody. */
    static const uint8_t heads[][2] = {{0, 1}, {22, 254}, {0x90, 96}, {0x80, 200}, {70, 0}};
    struct rng rng = rng_seed(seed);
    pthread_mutex_lock(&peer->lock);
    for (uint32_t i = 0; i < count; i++) {
        uint8_t datagram[PEER_DATAGRAM_BYTES];
        size_t size = rng_below(&rng, sizeof datagram);
        for (size_t at = 0; at < size; at++)
            datagram[at] = (uint8_t)rng_u64(&rng);
        if (size >= 2)
            memcpy(datagram, heads[i % (sizeof heads / sizeof heads[0])], 2);
        peer_transmit(peer, datagram, size);
    }
    pthread_mutex_unlock(&peer->lock);
}

static const struct peer_wire *newest(const struct peer *peer, uint32_t back)
{
    if (back >= peer->wire_count || back >= PEER_WIRE)
        return NULL;
    return &peer->wire[(peer->wire_count - 1 - back) % PEER_WIRE];
}

void peer_send_replay(struct peer *peer, uint32_t count)
{
    pthread_mutex_lock(&peer->lock);
    for (uint32_t i = 0; i < count; i++) {
        const struct peer_wire *wire = newest(peer, i);
        if (wire)
            peer_transmit(peer, wire->bytes, wire->size);
    }
    pthread_mutex_unlock(&peer->lock);
}

void peer_send_forged(struct peer *peer, uint32_t count)
{
    pthread_mutex_lock(&peer->lock);
    for (uint32_t i = 0; i < count; i++) {
        const struct peer_wire *wire = newest(peer, i);
        if (!wire)
            break;
        struct peer_wire forged = *wire;
        forged.bytes[2] ^= 0x40; /* far ahead: must not move the replay window */
        forged.bytes[forged.size - 1] ^= 1;
        peer_transmit(peer, forged.bytes, forged.size);
    }
    pthread_mutex_unlock(&peer->lock);
}

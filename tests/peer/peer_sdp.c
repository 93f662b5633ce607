#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "sfu/proto/sdp.h"
#include "sfu/proto/sdp_line.h"
#include "tests/peer/peer_part.h"

#define TRANSPORT_CC_URI "http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01"

struct text {
    char *at;
    size_t left;
};

__attribute__((format(printf, 2, 3))) static void put(struct text *text, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    int size = vsnprintf(text->at, text->left, format, arguments);
    va_end(arguments);
    g_assert(size >= 0 && (size_t)size < text->left);
    text->at += size;
    text->left -= (size_t)size;
}

static void put_extension(struct text *text, int id, const char *uri)
{
    put(text, "a=extmap:%d %s\r\n", id, uri);
}

static void put_audio(struct text *text, const struct peer *peer)
{
    put(text, "a=rtpmap:%d opus/48000/2\r\na=fmtp:%d minptime=10;useinbandfec=1\r\n", PEER_PT_OPUS,
        PEER_PT_OPUS);
    put_extension(text, PEER_EXT_LEVEL, "urn:ietf:params:rtp-hdrext:ssrc-audio-level");
    if (!peer->config.no_transport_cc)
        put(text, "a=rtcp-fb:%d transport-cc\r\n", PEER_PT_OPUS);
}

static void put_video(struct text *text, const struct peer *peer)
{
    put(text, "a=rtpmap:%d VP8/90000\r\na=rtcp-fb:%d nack pli\r\na=rtcp-fb:%d ccm fir\r\n",
        PEER_PT_VP8, PEER_PT_VP8, PEER_PT_VP8);
    if (!peer->config.no_rtx)
        put(text, "a=rtcp-fb:%d nack\r\na=rtpmap:%d rtx/90000\r\na=fmtp:%d apt=%d\r\n", PEER_PT_VP8,
            PEER_PT_RTX, PEER_PT_RTX, PEER_PT_VP8);
    if (!peer->config.no_transport_cc)
        put(text, "a=rtcp-fb:%d transport-cc\r\n", PEER_PT_VP8);
    put_extension(text, PEER_EXT_RID, "urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id");
    put_extension(text, PEER_EXT_REPAIRED_RID,
                  "urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id");
}

static void put_section(struct text *text, const struct peer *peer, bool video, uint32_t mid,
                        const char *direction)
{
    if (video && peer->config.no_rtx)
        put(text, "m=video 9 UDP/TLS/RTP/SAVPF %d\r\n", PEER_PT_VP8);
    else if (video)
        put(text, "m=video 9 UDP/TLS/RTP/SAVPF %d %d\r\n", PEER_PT_VP8, PEER_PT_RTX);
    else
        put(text, "m=audio 9 UDP/TLS/RTP/SAVPF %d\r\n", PEER_PT_OPUS);
    put(text, "c=IN IP4 0.0.0.0\r\na=mid:%u\r\na=%s\r\na=rtcp-mux\r\na=rtcp-rsize\r\n", mid,
        direction);
    put_extension(text, PEER_EXT_MID, "urn:ietf:params:rtp-hdrext:sdes:mid");
    if (!peer->config.no_transport_cc)
        put_extension(text, PEER_EXT_TRANSPORT_CC, TRANSPORT_CC_URI);
    if (video)
        put_video(text, peer);
    else
        put_audio(text, peer);
}

static void put_stream(struct text *text, const struct peer *peer,
                       const struct peer_outgoing *outgoing)
{
    bool video = outgoing->payload_type == PEER_PT_VP8;
    if (video && !peer->config.no_rtx)
        put(text, "a=ssrc-group:FID %u %u\r\n", outgoing->ssrc, outgoing->rtx_ssrc);
    put(text, "a=ssrc:%u cname:peer\r\n", outgoing->ssrc);
    if (video && !peer->config.no_rtx)
        put(text, "a=ssrc:%u cname:peer\r\n", outgoing->rtx_ssrc);
}

static void put_layers(struct text *text, uint32_t layers)
{
    static const char *const rids[] = {"q", "h", "f"};
    for (uint32_t i = 0; i < layers; i++)
        put(text, "a=rid:%s send\r\n", rids[i]);
    put(text, "a=simulcast:send ");
    for (uint32_t i = 0; i < layers; i++)
        put(text, "%s%s", i ? ";" : "", rids[i]);
    put(text, "\r\n");
}

static uint32_t put_sending(struct text *text, struct peer *peer)
{
    uint32_t mid = 0;
    const struct peer_config *config = &peer->config;
    if (config->microphone) {
        (void)snprintf(peer->outgoing[PEER_MICROPHONE_AT].mid, 8, "%u", mid);
        put_section(text, peer, false, mid++, "sendonly");
        put_stream(text, peer, &peer->outgoing[PEER_MICROPHONE_AT]);
    }
    if (config->camera_layers) {
        for (uint32_t i = 0; i < config->camera_layers; i++)
            (void)snprintf(peer->outgoing[PEER_CAMERA_AT + i].mid, 8, "%u", mid);
        put_section(text, peer, true, mid++, "sendonly");
        if (config->camera_layers > 1)
            put_layers(text, config->camera_layers);
        else
            put_stream(text, peer, &peer->outgoing[PEER_CAMERA_AT]);
    }
    if (config->screen) {
        (void)snprintf(peer->outgoing[PEER_SCREEN_AT].mid, 8, "%u", mid);
        put_section(text, peer, true, mid++, "sendonly");
        put_stream(text, peer, &peer->outgoing[PEER_SCREEN_AT]);
    }
    return mid;
}

void peer_sdp_write_offer(struct peer *peer, const char *ufrag, const char *pwd)
{
    const struct peer_config *config = &peer->config;
    uint32_t audio = config->audio_slots;
    uint32_t video = (config->stage ? 1u : 0u) + (config->screen_slot ? 1u : 0u) + config->tiles;
    uint32_t sections =
        audio + video + config->microphone + (config->camera_layers > 0) + config->screen;
    struct text text = {peer->offer, sizeof peer->offer};
    put(&text, "v=0\r\no=- 1 %u IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\na=group:BUNDLE",
        ++peer->offer_version);
    for (uint32_t i = 0; i < sections; i++)
        put(&text, " %u", i);
    put(&text, "\r\na=ice-ufrag:%s\r\na=ice-pwd:%s\r\na=fingerprint:%s\r\na=setup:actpass\r\n",
        ufrag, pwd, peer_dtls_fingerprint(peer->dtls));
    uint32_t mid = put_sending(&text, peer);
    for (uint32_t i = 0; i < audio; i++)
        put_section(&text, peer, false, mid++, "recvonly");
    for (uint32_t i = 0; i < video; i++)
        put_section(&text, peer, true, mid++, "recvonly");
    g_assert(mid == sections);
}

/* ---- The answer ------------------------------------------------------------------------------ */

static void name_slot(struct peer_incoming *incoming, uint32_t ordinal)
{
    incoming->index = 0;
    if (!incoming->video) {
        incoming->kind = PEER_SLOT_AUDIO;
        incoming->index = ordinal;
    } else if (ordinal < 2) {
        incoming->kind = ordinal == 0 ? PEER_SLOT_STAGE : PEER_SLOT_SCREEN;
    } else {
        incoming->kind = PEER_SLOT_TILE;
        incoming->index = ordinal - 2;
    }
}

/* After a restart the slots are there already; their SSRCs must be the same. */
static bool read_slots(struct peer *peer, const struct sdp *sdp)
{
    bool again = peer->incoming_count > 0;
    uint32_t count = 0;
    uint32_t ordinals[2] = {0};
    for (uint32_t i = 0; i < sdp->section_count; i++) {
        const struct sdp_section *section = &sdp->sections[i];
        uint8_t id = 0;
        if (section->port == 0)
            return false;
        if (sdp_find_extension(section, TRANSPORT_CC_URI, &id))
            peer->transport_cc_agreed = true;
        if (section->direction != SDP_SENDONLY)
            continue;
        struct peer_incoming *incoming = again ? peer->incoming[count] : peer_receive_add(peer);
        uint32_t ssrc = 0;
        uint32_t rtx_ssrc = 0;
        if (!sdp_find_ssrc(section, &ssrc, &rtx_ssrc) || (again && incoming->ssrc != ssrc))
            return false;
        incoming->ssrc = ssrc;
        incoming->rtx_ssrc = rtx_ssrc;
        incoming->video = section->media == SDP_VIDEO;
        name_slot(incoming, ordinals[incoming->video]++);
        count++;
    }
    return true;
}

bool peer_sdp_read_answer(struct peer *peer, const char *answer)
{
    static struct sdp sdp; /* large; answers are read one at a time */
    uint32_t line = 0;
    if (sdp_parse(bytes_of(answer), &sdp, &line) != ERR_OK || sdp.section_count == 0)
        return false;
    const struct sdp_transport *transport = &sdp.sections[0].transport;
    if (!sdp.transport.ice_lite || transport->setup != SDP_PASSIVE)
        return false;
    (void)snprintf(peer->their_fingerprint, sizeof peer->their_fingerprint, "%.*s %.*s",
                   (int)transport->fingerprint_hash.size, transport->fingerprint_hash.data,
                   (int)transport->fingerprint_digest.size, transport->fingerprint_digest.data);
    return read_slots(peer, &sdp);
}

#include "load/core/offer.h"

#include <assert.h>

#include "base/text.h"
#include "sfu/proto/sdp.h"
#include "sfu/proto/sdp_line.h"

#define TRANSPORT_CC_URI "http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01"

static const char *const rids[LIMIT_SIMULCAST_LAYERS] = {"q", "h", "f"};

const char *offer_mid(bool camera)
{
    return camera ? "1" : "0";
}

const char *offer_rid(uint32_t layer)
{
    return rids[layer];
}

/* ---- Writing --------------------------------------------------------------------------------- */

static void put_line(struct wr *wr, const char *text)
{
    wr_text(wr, text);
    wr_text(wr, "\r\n");
}

static void put_pair(struct wr *wr, const char *name, const char *value)
{
    wr_text(wr, name);
    put_line(wr, value);
}

static void put_extension(struct wr *wr, uint32_t id, const char *uri)
{
    wr_text(wr, "a=extmap:");
    wr_decimal(wr, id);
    wr_text(wr, " ");
    put_line(wr, uri);
}

static void put_ssrc(struct wr *wr, uint32_t ssrc)
{
    wr_text(wr, "a=ssrc:");
    wr_decimal(wr, ssrc);
    put_line(wr, " cname:load");
}

static void put_audio(struct wr *wr)
{
    put_extension(wr, OFFER_EXTENSION_LEVEL, "urn:ietf:params:rtp-hdrext:ssrc-audio-level");
    put_line(wr, "a=rtpmap:111 opus/48000/2");
    put_line(wr, "a=rtcp-fb:111 transport-cc");
    put_line(wr, "a=fmtp:111 minptime=10;useinbandfec=1");
}

static void put_video(struct wr *wr)
{
    put_line(wr, "a=rtpmap:96 VP8/90000");
    put_line(wr, "a=rtcp-fb:96 transport-cc");
    put_line(wr, "a=rtcp-fb:96 ccm fir");
    put_line(wr, "a=rtcp-fb:96 nack");
    put_line(wr, "a=rtcp-fb:96 nack pli");
    put_line(wr, "a=rtpmap:97 rtx/90000");
    put_line(wr, "a=fmtp:97 apt=96");
}

static void put_section(struct wr *wr, uint32_t mid, bool video, const char *direction)
{
    put_line(wr, video ? "m=video 9 UDP/TLS/RTP/SAVPF 96 97" : "m=audio 9 UDP/TLS/RTP/SAVPF 111");
    put_line(wr, "c=IN IP4 0.0.0.0");
    wr_text(wr, "a=mid:");
    wr_decimal(wr, mid);
    put_line(wr, "");
    put_line(wr, direction);
    put_line(wr, "a=rtcp-mux");
    put_line(wr, "a=rtcp-rsize");
    put_extension(wr, OFFER_EXTENSION_TRANSPORT_CC, TRANSPORT_CC_URI);
    put_extension(wr, OFFER_EXTENSION_MID, "urn:ietf:params:rtp-hdrext:sdes:mid");
    if (video)
        put_video(wr);
    else
        put_audio(wr);
}

static void put_layers(struct wr *wr, uint32_t layers)
{
    assert(layers <= LIMIT_SIMULCAST_LAYERS);
    put_extension(wr, OFFER_EXTENSION_RID, "urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id");
    put_extension(wr, OFFER_EXTENSION_REPAIRED_RID,
                  "urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id");
    for (uint32_t i = 0; i < layers; i++) {
        wr_text(wr, "a=rid:");
        wr_text(wr, rids[i]);
        put_line(wr, " send");
    }
    wr_text(wr, "a=simulcast:send ");
    for (uint32_t i = 0; i < layers; i++) {
        wr_text(wr, i ? ";" : "");
        wr_text(wr, rids[i]);
    }
    put_line(wr, "");
}

static void put_camera_ssrcs(struct wr *wr, uint32_t ssrc)
{
    wr_text(wr, "a=ssrc-group:FID ");
    wr_decimal(wr, ssrc);
    wr_text(wr, " ");
    wr_decimal(wr, (uint64_t)ssrc + 1);
    put_line(wr, "");
    put_ssrc(wr, ssrc);
    put_ssrc(wr, ssrc + 1);
}

static void put_head(struct wr *wr, const struct offer *offer, uint32_t sections)
{
    put_line(wr, "v=0");
    put_line(wr, "o=- 1 1 IN IP4 0.0.0.0");
    put_line(wr, "s=-");
    put_line(wr, "t=0 0");
    wr_text(wr, "a=group:BUNDLE");
    for (uint32_t i = 0; i < sections; i++) {
        wr_text(wr, " ");
        wr_decimal(wr, i);
    }
    put_line(wr, "");
    put_pair(wr, "a=ice-ufrag:", offer->ufrag);
    put_pair(wr, "a=ice-pwd:", offer->pwd);
    put_pair(wr, "a=fingerprint:sha-256 ", offer->fingerprint);
    put_line(wr, "a=setup:actpass");
}

enum err offer_write(const struct offer *offer, char *ret_text, size_t capacity)
{
    struct wr wr = wr_init((uint8_t *)ret_text, capacity);
    uint32_t mid = 0;
    put_head(&wr, offer, (offer->sends ? 2 : 0) + offer->audio_slots + offer->video_slots);
    if (offer->sends) {
        put_section(&wr, mid++, false, "a=sendonly");
        put_ssrc(&wr, offer->microphone_ssrc);
        put_section(&wr, mid++, true, "a=sendonly");
        if (offer->layers > 1)
            put_layers(&wr, offer->layers);
        else
            put_camera_ssrcs(&wr, offer->camera_ssrc);
    }
    for (uint32_t i = 0; i < offer->audio_slots; i++)
        put_section(&wr, mid++, false, "a=recvonly");
    for (uint32_t i = 0; i < offer->video_slots; i++)
        put_section(&wr, mid++, true, "a=recvonly");
    wr_u8(&wr, '\0');
    return wr.failed ? ERR_LIMIT : ERR_OK;
}

/* ---- Reading --------------------------------------------------------------------------------- */

static bool read_digest(struct bytes text, uint8_t digest[OFFER_DIGEST_BYTES])
{
    for (size_t i = 0; i < OFFER_DIGEST_BYTES; i++) {
        struct bytes pair = sdp_take(&text, ':');
        if (hex_parse(pair, &digest[i], 1) != ERR_OK)
            return false;
    }
    return text.size == 0;
}

/* foundation 1 udp priority address port typ … (RFC 8839, section 5.1) */
static bool read_candidate(struct bytes value, struct answer_candidate *ret_candidate)
{
    uint32_t port = 0;
    (void)sdp_take_word(&value);
    if (!sdp_is(sdp_take_word(&value), "1") || !sdp_is_caseless(sdp_take_word(&value), "udp"))
        return false;
    (void)sdp_take_word(&value);
    if (text_copy(ret_candidate->ip, OFFER_IP_BYTES, sdp_take_word(&value)) != ERR_OK ||
        !sdp_number(sdp_take_word(&value), UINT16_MAX, &port) || port == 0)
        return false;
    ret_candidate->port = (uint16_t)port;
    return true;
}

static void read_candidates(struct bytes text, struct answer *answer)
{
    struct sdp_lines lines = sdp_lines_init(text, 0);
    struct sdp_line line;
    struct bytes value;
    while (sdp_lines_next(&lines, &line) && answer->candidate_count < OFFER_CANDIDATES_MAX)
        if (sdp_line_attribute(&line, "candidate", &value) &&
            read_candidate(value, &answer->candidates[answer->candidate_count]))
            answer->candidate_count++;
}

static void read_section(const struct sdp_section *section, struct answer *answer)
{
    uint8_t id = 0;
    bool video = section->media == SDP_VIDEO;
    if (section->port == 0 || section->direction == SDP_INACTIVE)
        return;
    if (sdp_find_extension(section, TRANSPORT_CC_URI, &id))
        answer->transport_cc = id == OFFER_EXTENSION_TRANSPORT_CC;
    if (section->direction == SDP_RECVONLY) {
        *(video ? &answer->camera : &answer->microphone) = true;
        return;
    }
    struct answer_slot slot = {.video = video};
    if (answer->slot_count < OFFER_SLOTS_MAX && sdp_find_ssrc(section, &slot.ssrc, &slot.rtx_ssrc))
        answer->slots[answer->slot_count++] = slot;
}

static const struct sdp_transport *transport_of(const struct sdp *sdp)
{
    return sdp->transport.ice_ufrag.size > 0 || sdp->section_count == 0
               ? &sdp->transport
               : &sdp->sections[0].transport;
}

enum err answer_parse(struct bytes text, struct answer *ret_answer)
{
    struct sdp sdp;
    struct answer answer = {0};
    uint32_t line = 0;
    if (sdp_parse(text, &sdp, &line) != ERR_OK || sdp.section_count == 0)
        return ERR_FORMAT;
    const struct sdp_transport *transport = transport_of(&sdp);
    if (text_copy(answer.ufrag, sizeof answer.ufrag, transport->ice_ufrag) != ERR_OK ||
        text_copy(answer.pwd, sizeof answer.pwd, transport->ice_pwd) != ERR_OK ||
        answer.ufrag[0] == 0 || answer.pwd[0] == 0)
        return ERR_UNSUPPORTED;
    if (!sdp_is_caseless(transport->fingerprint_hash, "sha-256") ||
        !read_digest(transport->fingerprint_digest, answer.digest))
        return ERR_UNSUPPORTED;
    read_candidates(text, &answer);
    for (uint32_t i = 0; i < sdp.section_count; i++)
        read_section(&sdp.sections[i], &answer);
    if (answer.candidate_count == 0 || (answer.slot_count == 0 && !answer.camera))
        return ERR_UNSUPPORTED;
    *ret_answer = answer;
    return ERR_OK;
}

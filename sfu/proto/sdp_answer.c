#include "sfu/proto/sdp_answer.h"

#include <stddef.h>

/* Of a host candidate for component 1 (RFC 8445, section 5.1.2.1): type preference 126, and a local
 * preference that falls with the place in the list. */
enum { CANDIDATE_TYPE_HOST = 126, CANDIDATE_LOCAL_MAX = 65535, CANDIDATE_COMPONENT_RTP = 1 };

static void write_line(struct wr *wr, const char *text)
{
    wr_text(wr, text);
    wr_text(wr, "\r\n");
}

static void write_pair(struct wr *wr, const char *head, struct bytes value)
{
    wr_text(wr, head);
    wr_bytes(wr, value);
    wr_text(wr, "\r\n");
}

/* a=<name>:<payload type> <value> */
static void write_payload(struct wr *wr, const char *name, uint8_t payload_type, const char *value)
{
    wr_text(wr, "a=");
    wr_text(wr, name);
    wr_text(wr, ":");
    wr_decimal(wr, payload_type);
    wr_text(wr, " ");
    write_line(wr, value);
}

void sdp_answer_write_session(struct wr *wr, uint64_t id, uint32_t version, struct bytes bundle)
{
    write_line(wr, "v=0");
    wr_text(wr, "o=- ");
    wr_decimal(wr, id);
    wr_text(wr, " ");
    wr_decimal(wr, version);
    write_line(wr, " IN IP4 0.0.0.0");
    write_line(wr, "s=-");
    write_line(wr, "t=0 0");
    if (bundle.size > 0)
        write_pair(wr, "a=group:BUNDLE ", bundle);
    write_line(wr, "a=ice-lite");
    write_line(wr, "a=msid-semantic: WMS *");
}

static void write_media(struct wr *wr, const struct sdp_section *offered, const char *port)
{
    wr_text(wr, "m=");
    wr_bytes(wr, offered->media_name);
    wr_text(wr, port);
    wr_bytes(wr, offered->protocol);
    wr_text(wr, " ");
}

void sdp_answer_write_refused(struct wr *wr, const struct sdp_section *offered)
{
    write_media(wr, offered, " 0 ");
    write_pair(wr, "", offered->formats);
    write_line(wr, "c=IN IP4 0.0.0.0");
    if (offered->mid.size > 0)
        write_pair(wr, "a=mid:", offered->mid);
    write_line(wr, "a=inactive");
}

/* Dotted decimal, or eight groups of hexadecimal without the shortened form. */
static void write_ip(struct wr *wr, const struct udp_address *address)
{
    static const char digits[] = "0123456789abcdef";
    if (udp_address_is_v4(address)) {
        for (size_t i = 12; i < 16; i++) {
            wr_decimal(wr, address->ip[i]);
            if (i < 15)
                wr_text(wr, ".");
        }
        return;
    }
    for (size_t i = 0; i < 16; i++) {
        if (i > 0 && i % 2 == 0)
            wr_text(wr, ":");
        wr_u8(wr, (uint8_t)digits[address->ip[i] >> 4]);
        wr_u8(wr, (uint8_t)digits[address->ip[i] & 15]);
    }
}

/* RFC 8839, section 5.1. */
static void write_candidates(struct wr *wr, const struct sdp_answer_transport *transport)
{
    for (uint32_t i = 0; i < transport->candidate_count; i++) {
        const struct udp_address *address = &transport->candidates[i];
        uint32_t priority = (uint32_t)CANDIDATE_TYPE_HOST << 24 | (CANDIDATE_LOCAL_MAX - i) << 8 |
                            (256 - CANDIDATE_COMPONENT_RTP);
        wr_text(wr, "a=candidate:");
        wr_decimal(wr, i + 1);
        wr_text(wr, " 1 udp ");
        wr_decimal(wr, priority);
        wr_text(wr, " ");
        write_ip(wr, address);
        wr_text(wr, " ");
        wr_decimal(wr, address->port);
        write_line(wr, " typ host");
    }
    write_line(wr, "a=end-of-candidates");
}

static void write_codec(struct wr *wr, const struct sdp_answer_codec *codec)
{
    static const struct {
        enum sdp_feedback feedback;
        const char *text;
    } feedbacks[] = {
        {SDP_FEEDBACK_NACK, "nack"},
        {SDP_FEEDBACK_PLI, "nack pli"},
        {SDP_FEEDBACK_FIR, "ccm fir"},
        {SDP_FEEDBACK_TRANSPORT_CC, "transport-cc"},
    };
    write_payload(wr, "rtpmap", codec->payload_type, codec->rtpmap);
    for (size_t i = 0; i < sizeof feedbacks / sizeof feedbacks[0]; i++)
        if (codec->feedback & (uint32_t)feedbacks[i].feedback)
            write_payload(wr, "rtcp-fb", codec->payload_type, feedbacks[i].text);
    if (codec->apt) {
        wr_text(wr, "a=fmtp:");
        wr_decimal(wr, codec->payload_type);
        wr_text(wr, " apt=");
        wr_decimal(wr, codec->apt);
        wr_text(wr, "\r\n");
    } else if (codec->parameters) {
        write_payload(wr, "fmtp", codec->payload_type, codec->parameters);
    }
}

static void write_simulcast(struct wr *wr, const struct sdp_answer_section *section)
{
    for (uint32_t i = 0; i < section->rid_count; i++) {
        wr_text(wr, "a=rid:");
        wr_bytes(wr, section->rids[i]);
        write_line(wr, " recv");
    }
    if (section->rid_count == 0)
        return;
    wr_text(wr, "a=simulcast:recv ");
    for (uint32_t i = 0; i < section->rid_count; i++) {
        if (i > 0)
            wr_text(wr, ";");
        wr_bytes(wr, section->rids[i]);
    }
    wr_text(wr, "\r\n");
}

static void write_ssrc(struct wr *wr, uint32_t ssrc, const char *cname)
{
    wr_text(wr, "a=ssrc:");
    wr_decimal(wr, ssrc);
    wr_text(wr, " cname:");
    write_line(wr, cname);
}

/* What we send: one stream, and its retransmissions (RFC 5576, RFC 4588). */
static void write_stream(struct wr *wr, const struct sdp_answer_section *section)
{
    if (section->ssrc == 0)
        return;
    wr_text(wr, "a=msid:");
    wr_text(wr, section->stream);
    wr_text(wr, " ");
    write_line(wr, section->stream);
    if (section->rtx_ssrc) {
        wr_text(wr, "a=ssrc-group:FID ");
        wr_decimal(wr, section->ssrc);
        wr_text(wr, " ");
        wr_decimal(wr, section->rtx_ssrc);
        wr_text(wr, "\r\n");
    }
    write_ssrc(wr, section->ssrc, section->cname);
    if (section->rtx_ssrc)
        write_ssrc(wr, section->rtx_ssrc, section->cname);
}

static void write_transport(struct wr *wr, const struct sdp_answer_transport *transport)
{
    write_pair(wr, "a=ice-ufrag:", bytes_of(transport->ufrag));
    write_pair(wr, "a=ice-pwd:", bytes_of(transport->pwd));
    write_pair(wr, "a=fingerprint:", bytes_of(transport->fingerprint));
    write_line(wr, "a=setup:passive");
}

void sdp_answer_write_section(struct wr *wr, const struct sdp_answer_transport *transport,
                              const struct sdp_answer_section *section)
{
    static const char *const directions[] = {
        [SDP_SENDRECV] = "a=sendrecv",
        [SDP_SENDONLY] = "a=sendonly",
        [SDP_RECVONLY] = "a=recvonly",
        [SDP_INACTIVE] = "a=inactive",
    };
    write_media(wr, section->offered, " 9 ");
    for (uint32_t i = 0; i < section->codec_count; i++) {
        if (i > 0)
            wr_text(wr, " ");
        wr_decimal(wr, section->codecs[i].payload_type);
    }
    wr_text(wr, "\r\n");
    write_line(wr, "c=IN IP4 0.0.0.0");
    if (section->offered->mid.size > 0)
        write_pair(wr, "a=mid:", section->offered->mid);
    write_transport(wr, transport);
    write_line(wr, directions[section->direction]);
    write_line(wr, "a=rtcp-mux");
    if (section->offered->rtcp_rsize)
        write_line(wr, "a=rtcp-rsize");
    for (uint32_t i = 0; i < section->extension_count; i++) {
        wr_text(wr, "a=extmap:");
        wr_decimal(wr, section->extensions[i].id);
        wr_text(wr, " ");
        write_line(wr, section->extensions[i].uri);
    }
    for (uint32_t i = 0; i < section->codec_count; i++)
        write_codec(wr, &section->codecs[i]);
    write_simulcast(wr, section);
    write_stream(wr, section);
    if (section->with_candidates)
        write_candidates(wr, transport);
}

#include "sfu/proto/rtcp.h"

enum {
    RTCP_VERSION = 2,
    SDES_END = 0,
    SDES_CNAME = 1,
    NACK_MASK_BITS = 16,
};

/* One packet's framing (RFC 3550, section 6.4.1): |V=2|P|count| PT | length in words - 1 |. */
static enum err read_packet(struct rd *rd, struct rtcp_packet *ret_packet)
{
    uint8_t first = rd_u8(rd);
    uint8_t type = rd_u8(rd);
    size_t size = (size_t)rd_u16(rd) * 4;
    struct bytes body = rd_bytes(rd, size);
    if (rd->failed)
        return ERR_SHORT;
    if (first >> 6 != RTCP_VERSION)
        return ERR_FORMAT;
    if (first & 0x20) {
        uint8_t padding = body.size ? body.data[body.size - 1] : 0;
        /* RFC 3550 wants whole words, but browsers pad transport-wide feedback by 1 to 3 bytes. */
        if (padding == 0 || padding > body.size)
            return ERR_FORMAT;
        body.size -= padding;
    }
    *ret_packet = (struct rtcp_packet){type, first & 0x1f, body};
    return ERR_OK;
}

enum err rtcp_walk_init(struct rtcp_walk *ret_walk, struct bytes compound)
{
    struct rd rd = rd_init(compound);
    uint32_t packets = 0;
    if (compound.size == 0)
        return ERR_SHORT;
    while (rd_left(&rd) > 0) {
        struct rtcp_packet packet;
        enum err err = read_packet(&rd, &packet);
        if (err != ERR_OK)
            return err;
        if (++packets > LIMIT_RTCP_COMPOUND_BLOCKS)
            return ERR_LIMIT;
    }
    ret_walk->rd = rd_init(compound);
    return ERR_OK;
}

bool rtcp_walk_next(struct rtcp_walk *walk, struct rtcp_packet *ret_packet)
{
    return rd_left(&walk->rd) > 0 && read_packet(&walk->rd, ret_packet) == ERR_OK;
}

enum err rtcp_parse_sr(const struct rtcp_packet *packet, struct rtcp_sender_info *ret_sr)
{
    struct rd rd = rd_init(packet->body);
    struct rtcp_sender_info sr;
    if (packet->type != RTCP_SR)
        return ERR_FORMAT;
    sr.ssrc = rd_u32(&rd);
    sr.ntp = rd_u64(&rd);
    sr.rtp_timestamp = rd_u32(&rd);
    sr.packets = rd_u32(&rd);
    sr.bytes = rd_u32(&rd);
    if (rd.failed)
        return ERR_SHORT;
    *ret_sr = sr;
    return ERR_OK;
}

static struct rtcp_report read_report(struct rd *rd)
{
    struct rtcp_report report;
    report.ssrc = rd_u32(rd);
    report.fraction_lost = rd_u8(rd);
    uint32_t lost = rd_u24(rd);
    report.cumulative_lost = lost & 0x800000 ? (int32_t)lost - 0x1000000 : (int32_t)lost;
    report.highest_sequence = rd_u32(rd);
    report.jitter = rd_u32(rd);
    report.last_sr = rd_u32(rd);
    report.delay_since_last_sr = rd_u32(rd);
    return report;
}

enum err rtcp_parse_reports(const struct rtcp_packet *packet, uint32_t *ret_sender,
                            struct rtcp_report ret_reports[RTCP_REPORTS_MAX], uint32_t *ret_count)
{
    enum { SENDER_INFO_BYTES = 20, REPORT_BYTES = 24 };
    struct rd rd = rd_init(packet->body);
    if (packet->type != RTCP_SR && packet->type != RTCP_RR)
        return ERR_FORMAT;
    uint32_t sender = rd_u32(&rd);
    if (packet->type == RTCP_SR)
        rd_skip(&rd, SENDER_INFO_BYTES);
    if (rd.failed || rd_left(&rd) < (size_t)packet->count * REPORT_BYTES)
        return ERR_SHORT;
    for (uint32_t i = 0; i < packet->count; i++)
        ret_reports[i] = read_report(&rd);
    *ret_sender = sender;
    *ret_count = packet->count;
    return ERR_OK;
}

/* The items of one chunk (RFC 3550, section 6.5), up to and with its padding. */
static void read_chunk(struct rd *rd, struct bytes *ret_cname, bool *ret_found)
{
    const uint8_t *start = rd->at;
    for (;;) {
        uint8_t item = rd_u8(rd);
        if (rd->failed || item == SDES_END)
            break;
        uint8_t size = rd_u8(rd);
        struct bytes text = rd_bytes(rd, size);
        if (item == SDES_CNAME && !rd->failed && !*ret_found) {
            *ret_cname = text;
            *ret_found = true;
        }
    }
    rd_skip(rd, (4 - (size_t)(rd->at - start) % 4) % 4);
}

enum err rtcp_parse_cname(const struct rtcp_packet *packet, uint32_t *ret_ssrc,
                          struct bytes *ret_cname)
{
    struct rd rd = rd_init(packet->body);
    if (packet->type != RTCP_SDES)
        return ERR_FORMAT;
    for (uint32_t i = 0; i < packet->count; i++) {
        uint32_t ssrc = rd_u32(&rd);
        struct bytes cname = {0};
        bool found = false;
        read_chunk(&rd, &cname, &found);
        if (rd.failed)
            return ERR_SHORT;
        if (found) {
            *ret_ssrc = ssrc;
            *ret_cname = cname;
            return ERR_OK;
        }
    }
    return ERR_UNKNOWN;
}

enum err rtcp_parse_bye(const struct rtcp_packet *packet, uint32_t ret_ssrcs[RTCP_REPORTS_MAX],
                        uint32_t *ret_count)
{
    struct rd rd = rd_init(packet->body);
    if (packet->type != RTCP_BYE)
        return ERR_FORMAT;
    if (rd_left(&rd) < (size_t)packet->count * 4)
        return ERR_SHORT;
    for (uint32_t i = 0; i < packet->count; i++)
        ret_ssrcs[i] = rd_u32(&rd);
    *ret_count = packet->count;
    return ERR_OK;
}

static bool is_feedback(const struct rtcp_packet *packet, enum rtcp_type type,
                        enum rtcp_format format)
{
    return packet->type == (uint8_t)type && packet->count == (uint8_t)format;
}

static void nack_add(struct rtcp_nack *nack, uint16_t sequence)
{
    if (nack->count < LIMIT_NACKS_PER_PACKET)
        nack->sequences[nack->count++] = sequence;
}

enum err rtcp_parse_nack(const struct rtcp_packet *packet, struct rtcp_nack *ret_nack)
{
    struct rd rd = rd_init(packet->body);
    if (!is_feedback(packet, RTCP_RTPFB, RTCP_RTPFB_NACK))
        return ERR_FORMAT;
    uint32_t sender = rd_u32(&rd);
    uint32_t media = rd_u32(&rd);
    if (rd.failed || rd_left(&rd) < 4)
        return ERR_SHORT;
    ret_nack->sender_ssrc = sender;
    ret_nack->media_ssrc = media;
    ret_nack->count = 0;
    while (rd_left(&rd) >= 4 && ret_nack->count < LIMIT_NACKS_PER_PACKET) {
        uint16_t first = rd_u16(&rd);
        uint16_t mask = rd_u16(&rd);
        nack_add(ret_nack, first);
        for (uint32_t bit = 0; bit < NACK_MASK_BITS; bit++)
            if (mask >> bit & 1)
                nack_add(ret_nack, (uint16_t)(first + 1 + bit));
    }
    return ERR_OK;
}

enum err rtcp_parse_pli(const struct rtcp_packet *packet, uint32_t *ret_media_ssrc)
{
    struct rd rd = rd_init(packet->body);
    if (!is_feedback(packet, RTCP_PSFB, RTCP_PSFB_PLI))
        return ERR_FORMAT;
    rd_skip(&rd, 4);
    uint32_t media = rd_u32(&rd);
    if (rd.failed)
        return ERR_SHORT;
    *ret_media_ssrc = media;
    return ERR_OK;
}

enum err rtcp_parse_fir(const struct rtcp_packet *packet,
                        struct rtcp_fir_entry ret_entries[RTCP_FIR_ENTRIES_MAX],
                        uint32_t *ret_count)
{
    enum { ENTRY_BYTES = 8 };
    struct rd rd = rd_init(packet->body);
    if (!is_feedback(packet, RTCP_PSFB, RTCP_PSFB_FIR))
        return ERR_FORMAT;
    rd_skip(&rd, 8);
    if (rd.failed || rd_left(&rd) < ENTRY_BYTES)
        return ERR_SHORT;
    uint32_t count = 0;
    while (rd_left(&rd) >= ENTRY_BYTES && count < RTCP_FIR_ENTRIES_MAX) {
        ret_entries[count].ssrc = rd_u32(&rd);
        ret_entries[count].sequence = rd_u8(&rd);
        rd_skip(&rd, 3);
        count++;
    }
    *ret_count = count;
    return ERR_OK;
}

enum err rtcp_parse_remb(const struct rtcp_packet *packet, uint64_t *ret_bitrate_bps)
{
    enum { REMB_NAME = 0x52454d42 }; /* "REMB" */
    struct rd rd = rd_init(packet->body);
    if (!is_feedback(packet, RTCP_PSFB, RTCP_PSFB_REMB))
        return ERR_FORMAT;
    rd_skip(&rd, 8);
    uint32_t name = rd_u32(&rd);
    rd_skip(&rd, 1); /* how many SSRCs follow */
    uint32_t packed = rd_u24(&rd);
    if (rd.failed)
        return ERR_SHORT;
    /* |exponent 6|mantissa 18|; beyond 46 the value would not fit 64 bits. */
    uint32_t exponent = packed >> 18;
    if (name != REMB_NAME || exponent > 46)
        return ERR_FORMAT;
    *ret_bitrate_bps = (uint64_t)(packed & 0x3ffff) << exponent;
    return ERR_OK;
}

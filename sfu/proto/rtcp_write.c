#include "sfu/proto/rtcp_write.h"

#include <assert.h>

enum { SDES_CNAME = 1, NACK_MASK_BITS = 16, NACK_PAIRS_MAX = LIMIT_NACKS_PER_PACKET };

static void write_head(struct wr *wr, uint32_t count, enum rtcp_type type, size_t body_bytes)
{
    assert(count <= 31 && body_bytes % 4 == 0);
    wr_u8(wr, (uint8_t)(2 << 6 | count));
    wr_u8(wr, (uint8_t)type);
    wr_u16(wr, (uint16_t)(body_bytes / 4));
}

static void write_reports(struct wr *wr, const struct rtcp_report *reports, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        const struct rtcp_report *report = &reports[i];
        wr_u32(wr, report->ssrc);
        wr_u8(wr, report->fraction_lost);
        wr_u24(wr, (uint32_t)report->cumulative_lost & 0xffffff);
        wr_u32(wr, report->highest_sequence);
        wr_u32(wr, report->jitter);
        wr_u32(wr, report->last_sr);
        wr_u32(wr, report->delay_since_last_sr);
    }
}

void rtcp_write_sr(struct wr *wr, const struct rtcp_sender_info *sr,
                   const struct rtcp_report *reports, uint32_t count)
{
    assert(count <= RTCP_REPORTS_MAX);
    write_head(wr, count, RTCP_SR, 24 + (size_t)count * 24);
    wr_u32(wr, sr->ssrc);
    wr_u64(wr, sr->ntp);
    wr_u32(wr, sr->rtp_timestamp);
    wr_u32(wr, sr->packets);
    wr_u32(wr, sr->bytes);
    write_reports(wr, reports, count);
}

void rtcp_write_rr(struct wr *wr, uint32_t sender_ssrc, const struct rtcp_report *reports,
                   uint32_t count)
{
    assert(count <= RTCP_REPORTS_MAX);
    write_head(wr, count, RTCP_RR, 4 + (size_t)count * 24);
    wr_u32(wr, sender_ssrc);
    write_reports(wr, reports, count);
}

void rtcp_write_cname(struct wr *wr, uint32_t ssrc, struct bytes cname)
{
    assert(cname.size <= UINT8_MAX);
    /* At least one zero byte ends the items. */
    size_t items = 2 + cname.size + 1;
    size_t filling = (4 - items % 4) % 4;
    write_head(wr, 1, RTCP_SDES, 4 + items + filling);
    wr_u32(wr, ssrc);
    wr_u8(wr, SDES_CNAME);
    wr_u8(wr, (uint8_t)cname.size);
    wr_bytes(wr, cname);
    wr_fill(wr, 0, 1 + filling);
}

void rtcp_write_bye(struct wr *wr, const uint32_t *ssrcs, uint32_t count)
{
    assert(count <= RTCP_REPORTS_MAX);
    write_head(wr, count, RTCP_BYE, (size_t)count * 4);
    for (uint32_t i = 0; i < count; i++)
        wr_u32(wr, ssrcs[i]);
}

void rtcp_write_nack(struct wr *wr, uint32_t sender_ssrc, uint32_t media_ssrc,
                     const uint16_t *sequences, uint32_t count)
{
    uint16_t first[NACK_PAIRS_MAX];
    uint16_t mask[NACK_PAIRS_MAX];
    uint32_t pairs = 0;
    assert(count > 0 && count <= LIMIT_NACKS_PER_PACKET);
    for (uint32_t i = 0; i < count; i++) {
        uint16_t behind = pairs ? (uint16_t)(sequences[i] - first[pairs - 1]) : 0;
        if (pairs && behind >= 1 && behind <= NACK_MASK_BITS) {
            mask[pairs - 1] = (uint16_t)(mask[pairs - 1] | 1u << (behind - 1));
        } else {
            first[pairs] = sequences[i];
            mask[pairs++] = 0;
        }
    }
    write_head(wr, RTCP_RTPFB_NACK, RTCP_RTPFB, 8 + (size_t)pairs * 4);
    wr_u32(wr, sender_ssrc);
    wr_u32(wr, media_ssrc);
    for (uint32_t i = 0; i < pairs; i++) {
        wr_u16(wr, first[i]);
        wr_u16(wr, mask[i]);
    }
}

void rtcp_write_pli(struct wr *wr, uint32_t sender_ssrc, uint32_t media_ssrc)
{
    write_head(wr, RTCP_PSFB_PLI, RTCP_PSFB, 8);
    wr_u32(wr, sender_ssrc);
    wr_u32(wr, media_ssrc);
}

void rtcp_write_fir(struct wr *wr, uint32_t sender_ssrc, struct rtcp_fir_entry entry)
{
    write_head(wr, RTCP_PSFB_FIR, RTCP_PSFB, 16);
    wr_u32(wr, sender_ssrc);
    wr_u32(wr, 0); /* the entry names the stream (RFC 5104, section 4.3.1.2) */
    wr_u32(wr, entry.ssrc);
    wr_u8(wr, entry.sequence);
    wr_u24(wr, 0);
}

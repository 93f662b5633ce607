/* Writing RTCP packets; the readers and the sources stand in rtcp.h.
 *
 * Each function appends one packet to a compound; failure is the writer's sticky one, checked once
 * by the caller. */
#ifndef SFU_PROTO_RTCP_WRITE_H
#define SFU_PROTO_RTCP_WRITE_H

#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/err.h"
#include "sfu/proto/rtcp.h"

/* Needs: count <= RTCP_REPORTS_MAX. */
void rtcp_write_sr(struct wr *wr, const struct rtcp_sender_info *sr,
                   const struct rtcp_report *reports, uint32_t count);
void rtcp_write_rr(struct wr *wr, uint32_t sender_ssrc, const struct rtcp_report *reports,
                   uint32_t count);
/* One chunk with one CNAME. Needs: cname.size <= 255. */
void rtcp_write_cname(struct wr *wr, uint32_t ssrc, struct bytes cname);
/* Needs: count <= RTCP_REPORTS_MAX. */
void rtcp_write_bye(struct wr *wr, const uint32_t *ssrcs, uint32_t count);
/* Needs: sequences in rising order (modulo 2^16), so that neighbours share a mask. */
void rtcp_write_nack(struct wr *wr, uint32_t sender_ssrc, uint32_t media_ssrc,
                     const uint16_t *sequences, uint32_t count);
void rtcp_write_pli(struct wr *wr, uint32_t sender_ssrc, uint32_t media_ssrc);
void rtcp_write_fir(struct wr *wr, uint32_t sender_ssrc, struct rtcp_fir_entry entry);
/* ERR_FORMAT, with nothing written, when two neighbours lie more than 16 bits of ticks apart (then
 * the feedback has to be split) or nothing was received; ERR_LIMIT when the writer is full. */
MUST_USE enum err rtcp_write_transport_cc(struct wr *wr, const struct transport_cc *feedback);

#endif

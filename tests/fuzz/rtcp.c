/* Whatever the bytes: every parser over every packet of the compound; transport-wide feedback that
 * was read is written and reads the same again. */
#include <assert.h>
#include <stdint.h>

#include "sfu/proto/rtcp.h"
#include "sfu/proto/rtcp_write.h"

static void check_transport_cc(const struct rtcp_packet *packet)
{
    static struct transport_cc read;
    static struct transport_cc again;
    static uint8_t space[8192];
    struct transport_cc_received received;
    enum err err = rtcp_parse_transport_cc(packet, &read);
    assert(rtcp_parse_transport_cc_received(packet, &received) == err);
    if (err != ERR_OK)
        return;
    for (uint32_t i = 0; i < read.count; i++)
        assert((received.received[i / 64] >> (i % 64) & 1) == read.arrivals[i].received);
    struct wr wr = wr_init(space, sizeof space);
    if (rtcp_write_transport_cc(&wr, &read) != ERR_OK)
        return;
    struct rtcp_walk walk;
    struct rtcp_packet written;
    assert(rtcp_walk_init(&walk, wr_written(&wr)) == ERR_OK && rtcp_walk_next(&walk, &written));
    assert(rtcp_parse_transport_cc(&written, &again) == ERR_OK && again.count == read.count);
    for (uint32_t i = 0; i < read.count; i++) {
        assert(again.arrivals[i].received == read.arrivals[i].received);
        assert(again.arrivals[i].ticks == read.arrivals[i].ticks);
    }
}

static void run_parsers(const struct rtcp_packet *packet)
{
    struct rtcp_sender_info sr;
    struct rtcp_report reports[RTCP_REPORTS_MAX];
    struct rtcp_nack nack;
    struct rtcp_fir_entry entries[RTCP_FIR_ENTRIES_MAX];
    struct bytes cname;
    uint32_t ssrcs[RTCP_REPORTS_MAX];
    uint32_t number = 0;
    uint32_t count = 0;
    uint64_t bitrate_bps = 0;

    (void)!rtcp_parse_sr(packet, &sr);
    if (rtcp_parse_reports(packet, &number, reports, &count) == ERR_OK)
        assert(count <= RTCP_REPORTS_MAX);
    if (rtcp_parse_cname(packet, &number, &cname) == ERR_OK)
        assert(cname.size <= packet->body.size);
    if (rtcp_parse_bye(packet, ssrcs, &count) == ERR_OK)
        assert(count <= RTCP_REPORTS_MAX);
    if (rtcp_parse_nack(packet, &nack) == ERR_OK)
        assert(nack.count > 0 && nack.count <= LIMIT_NACKS_PER_PACKET);
    if (rtcp_parse_fir(packet, entries, &count) == ERR_OK)
        assert(count <= RTCP_FIR_ENTRIES_MAX);
    (void)!rtcp_parse_pli(packet, &number);
    (void)!rtcp_parse_remb(packet, &bitrate_bps);
    check_transport_cc(packet);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct rtcp_walk walk;
    struct rtcp_packet packet;
    if (rtcp_walk_init(&walk, (struct bytes){data, size}) != ERR_OK)
        return 0;
    uint32_t packets = 0;
    while (rtcp_walk_next(&walk, &packet)) {
        packets++;
        run_parsers(&packet);
    }
    assert(packets > 0 && packets <= LIMIT_RTCP_COMPOUND_BLOCKS);
    return 0;
}

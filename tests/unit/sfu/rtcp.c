#include "sfu/proto/rtcp.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "sfu/proto/rtcp_write.h"

static const struct rtcp_report report = {.ssrc = 0xaabbccdd,
                                          .fraction_lost = 64,
                                          .cumulative_lost = -3,
                                          .highest_sequence = 0x00010002,
                                          .jitter = 33,
                                          .last_sr = 0x12345678,
                                          .delay_since_last_sr = 65536};
static const struct rtcp_sender_info sender = {.ssrc = 1,
                                               .ntp = UINT64_C(0xe000000080000000),
                                               .rtp_timestamp = 90000,
                                               .packets = 10,
                                               .bytes = 1000};

static struct rtcp_packet first_packet(struct bytes compound)
{
    struct rtcp_walk walk;
    struct rtcp_packet packet;
    assert_int_equal(rtcp_walk_init(&walk, compound), ERR_OK);
    assert_true(rtcp_walk_next(&walk, &packet));
    return packet;
}

static void a_compound_is_walked_packet_by_packet(void **state)
{
    (void)state;
    uint8_t space[256];
    struct wr wr = wr_init(space, sizeof space);
    struct rtcp_walk walk;
    struct rtcp_packet packet;
    const uint32_t gone[] = {1, 2};
    rtcp_write_sr(&wr, &sender, &report, 1);
    rtcp_write_cname(&wr, 1, bytes_of("dienhong"));
    rtcp_write_bye(&wr, gone, 2);
    assert_false(wr.failed);
    assert_int_equal(rtcp_walk_init(&walk, wr_written(&wr)), ERR_OK);
    static const uint8_t types[] = {RTCP_SR, RTCP_SDES, RTCP_BYE};
    for (size_t i = 0; i < sizeof types; i++) {
        assert_true(rtcp_walk_next(&walk, &packet));
        assert_int_equal(packet.type, types[i]);
    }
    assert_false(rtcp_walk_next(&walk, &packet));
}

static void every_truncation_of_a_compound_is_refused_whole(void **state)
{
    (void)state;
    uint8_t space[256];
    struct wr wr = wr_init(space, sizeof space);
    struct rtcp_walk walk;
    rtcp_write_sr(&wr, &sender, &report, 1);
    size_t first_size = wr_size(&wr);
    rtcp_write_pli(&wr, 1, 2);
    for (size_t size = 0; size < wr_size(&wr); size++)
        if (size != first_size) /* there a shorter compound ends */
            assert_int_equal(rtcp_walk_init(&walk, (struct bytes){space, size}), ERR_SHORT);
}

static void a_compound_of_too_many_packets_is_refused(void **state)
{
    (void)state;
    uint8_t space[(LIMIT_RTCP_COMPOUND_BLOCKS + 1) * 12];
    struct wr wr = wr_init(space, sizeof space);
    struct rtcp_walk walk;
    for (uint32_t i = 0; i < LIMIT_RTCP_COMPOUND_BLOCKS; i++)
        rtcp_write_pli(&wr, 1, 2);
    assert_int_equal(rtcp_walk_init(&walk, wr_written(&wr)), ERR_OK);
    rtcp_write_pli(&wr, 1, 2);
    assert_false(wr.failed);
    assert_int_equal(rtcp_walk_init(&walk, wr_written(&wr)), ERR_LIMIT);
}

static void padding_is_taken_off_and_must_fit(void **state)
{
    (void)state;
    uint8_t pli[] = {0xa1, 206, 0, 3, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 4};
    struct rtcp_walk walk;
    assert_int_equal(first_packet((struct bytes){pli, sizeof pli}).body.size, 8);
    pli[sizeof pli - 1] = 13;
    assert_int_equal(rtcp_walk_init(&walk, (struct bytes){pli, sizeof pli}), ERR_FORMAT);
    pli[sizeof pli - 1] = 0;
    assert_int_equal(rtcp_walk_init(&walk, (struct bytes){pli, sizeof pli}), ERR_FORMAT);
    pli[0] = 0x61; /* version 1 */
    assert_int_equal(rtcp_walk_init(&walk, (struct bytes){pli, sizeof pli}), ERR_FORMAT);
}

static void reports_read_as_written(void **state)
{
    (void)state;
    uint8_t space[256];
    struct rtcp_sender_info sr;
    struct rtcp_report reports[RTCP_REPORTS_MAX];
    uint32_t from = 0;
    uint32_t count = 0;
    struct wr wr = wr_init(space, sizeof space);
    rtcp_write_sr(&wr, &sender, &report, 1);
    struct rtcp_packet packet = first_packet(wr_written(&wr));
    assert_int_equal(rtcp_parse_sr(&packet, &sr), ERR_OK);
    assert_int_equal(sr.ssrc, sender.ssrc);
    assert_true(sr.ntp == sender.ntp);
    assert_int_equal(sr.rtp_timestamp, sender.rtp_timestamp);
    assert_int_equal(sr.packets, sender.packets);
    assert_int_equal(sr.bytes, sender.bytes);
    assert_int_equal(rtcp_parse_reports(&packet, &from, reports, &count), ERR_OK);
    assert_int_equal(from, 1);
    assert_int_equal(count, 1);
    assert_int_equal(reports[0].ssrc, report.ssrc);
    assert_int_equal(reports[0].fraction_lost, report.fraction_lost);
    assert_int_equal(reports[0].cumulative_lost, report.cumulative_lost);
    assert_int_equal(reports[0].highest_sequence, report.highest_sequence);
    assert_int_equal(reports[0].jitter, report.jitter);
    assert_int_equal(reports[0].last_sr, report.last_sr);
    assert_int_equal(reports[0].delay_since_last_sr, report.delay_since_last_sr);

    wr = wr_init(space, sizeof space);
    rtcp_write_rr(&wr, 9, &report, 1);
    packet = first_packet(wr_written(&wr));
    assert_int_equal(rtcp_parse_sr(&packet, &sr), ERR_FORMAT);
    assert_int_equal(rtcp_parse_reports(&packet, &from, reports, &count), ERR_OK);
    assert_int_equal(from, 9);
    packet.count = 2; /* promises more than it holds */
    assert_int_equal(rtcp_parse_reports(&packet, &from, reports, &count), ERR_SHORT);
}

static void the_name_of_a_source_is_found(void **state)
{
    (void)state;
    static const char *const names[] = {"", "a", "ab", "abc", "abcd"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        uint8_t space[64];
        struct wr wr = wr_init(space, sizeof space);
        struct bytes cname;
        uint32_t ssrc = 0;
        rtcp_write_cname(&wr, 77, bytes_of(names[i]));
        struct rtcp_packet packet = first_packet(wr_written(&wr));
        assert_int_equal(rtcp_parse_cname(&packet, &ssrc, &cname), ERR_OK);
        assert_int_equal(ssrc, 77);
        assert_true(bytes_equal(cname, bytes_of(names[i])));
    }
    /* A chunk with a note first, and one without a CNAME before that. */
    static const uint8_t two[] = {0x82, 202, 0, 6, 0,   0, 0, 1,   7,   1, 'n', 0, 0, 0,
                                  0,    2,   7, 1, 'n', 1, 2, 'm', 'e', 0, 0,   0, 0, 0};
    struct rtcp_packet packet = first_packet((struct bytes){two, sizeof two});
    struct bytes cname;
    uint32_t ssrc = 0;
    assert_int_equal(rtcp_parse_cname(&packet, &ssrc, &cname), ERR_OK);
    assert_int_equal(ssrc, 2);
    assert_true(bytes_equal(cname, bytes_of("me")));
    packet.body.size = 8;
    assert_int_equal(rtcp_parse_cname(&packet, &ssrc, &cname), ERR_SHORT);
    packet.count = 1;
    assert_int_equal(rtcp_parse_cname(&packet, &ssrc, &cname), ERR_UNKNOWN);
}

static void lost_packets_are_asked_for_in_pairs_and_masks(void **state)
{
    (void)state;
    static const uint16_t wanted[] = {65534, 65535, 14, 15, 16, 500};
    uint8_t space[64];
    struct wr wr = wr_init(space, sizeof space);
    struct rtcp_nack nack;
    rtcp_write_nack(&wr, 1, 2, wanted, 6);
    /* 65534 with a mask over 65535 and 14, then 15 with 16, then 500. */
    assert_int_equal(wr_size(&wr), 12 + 3 * 4);
    struct rtcp_packet packet = first_packet(wr_written(&wr));
    assert_int_equal(rtcp_parse_nack(&packet, &nack), ERR_OK);
    assert_int_equal(nack.sender_ssrc, 1);
    assert_int_equal(nack.media_ssrc, 2);
    assert_int_equal(nack.count, 6);
    assert_memory_equal(nack.sequences, wanted, sizeof wanted);
    for (size_t size = 0; size < 12; size++) {
        packet.body.size = size;
        assert_int_equal(rtcp_parse_nack(&packet, &nack), ERR_SHORT);
    }
}

static void a_greedy_request_is_cut_at_the_limit(void **state)
{
    (void)state;
    uint8_t space[8 + 100 * 4];
    struct wr wr = wr_init(space, sizeof space);
    struct rtcp_nack nack;
    wr_u64(&wr, 0);
    for (uint32_t i = 0; i < 100; i++)
        wr_u32(&wr, (i * 17) << 16 | 0xffff);
    const struct rtcp_packet packet = {RTCP_RTPFB, RTCP_RTPFB_NACK, wr_written(&wr)};
    assert_int_equal(rtcp_parse_nack(&packet, &nack), ERR_OK);
    assert_int_equal(nack.count, LIMIT_NACKS_PER_PACKET);
    for (uint32_t i = 0; i < nack.count; i++)
        assert_int_equal(nack.sequences[i], i);
}

static void keyframes_are_asked_for_both_ways(void **state)
{
    (void)state;
    uint8_t space[64];
    struct wr wr = wr_init(space, sizeof space);
    struct rtcp_fir_entry entries[RTCP_FIR_ENTRIES_MAX];
    uint32_t media = 0;
    uint32_t count = 0;
    rtcp_write_pli(&wr, 1, 0xdeadbeef);
    struct rtcp_packet packet = first_packet(wr_written(&wr));
    assert_int_equal(rtcp_parse_pli(&packet, &media), ERR_OK);
    assert_int_equal(media, 0xdeadbeef);
    assert_int_equal(rtcp_parse_fir(&packet, entries, &count), ERR_FORMAT);
    packet.body.size = 7;
    assert_int_equal(rtcp_parse_pli(&packet, &media), ERR_SHORT);

    wr = wr_init(space, sizeof space);
    rtcp_write_fir(&wr, 1, (struct rtcp_fir_entry){5, 200});
    packet = first_packet(wr_written(&wr));
    assert_int_equal(rtcp_parse_fir(&packet, entries, &count), ERR_OK);
    assert_int_equal(count, 1);
    assert_int_equal(entries[0].ssrc, 5);
    assert_int_equal(entries[0].sequence, 200);
    packet.body.size = 15;
    assert_int_equal(rtcp_parse_fir(&packet, entries, &count), ERR_SHORT);
}

static void an_estimated_bitrate_is_read_and_cannot_overflow(void **state)
{
    (void)state;
    uint8_t remb[] = {0, 0, 0, 1, 0, 0, 0, 0, 'R', 'E', 'M', 'B', 1, 0x13, 0xf7, 0xa0, 0, 0, 0, 2};
    struct rtcp_packet packet = {RTCP_PSFB, RTCP_PSFB_REMB, {remb, sizeof remb}};
    uint64_t bitrate_bps = 0;
    assert_int_equal(rtcp_parse_remb(&packet, &bitrate_bps), ERR_OK);
    assert_int_equal(bitrate_bps, UINT64_C(0x3f7a0) << 4);
    remb[13] = 0xff;
    assert_int_equal(rtcp_parse_remb(&packet, &bitrate_bps), ERR_FORMAT);
    remb[8] = 'X';
    assert_int_equal(rtcp_parse_remb(&packet, &bitrate_bps), ERR_FORMAT);
    packet.body.size = 15;
    assert_int_equal(rtcp_parse_remb(&packet, &bitrate_bps), ERR_SHORT);
}

static void a_full_writer_fails_and_stays_failed(void **state)
{
    (void)state;
    uint8_t space[16];
    struct wr wr = wr_init(space, sizeof space);
    rtcp_write_pli(&wr, 1, 2);
    assert_false(wr.failed);
    rtcp_write_pli(&wr, 1, 2);
    assert_true(wr.failed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_compound_is_walked_packet_by_packet),
        cmocka_unit_test(every_truncation_of_a_compound_is_refused_whole),
        cmocka_unit_test(a_compound_of_too_many_packets_is_refused),
        cmocka_unit_test(padding_is_taken_off_and_must_fit),
        cmocka_unit_test(reports_read_as_written),
        cmocka_unit_test(the_name_of_a_source_is_found),
        cmocka_unit_test(lost_packets_are_asked_for_in_pairs_and_masks),
        cmocka_unit_test(a_greedy_request_is_cut_at_the_limit),
        cmocka_unit_test(keyframes_are_asked_for_both_ways),
        cmocka_unit_test(an_estimated_bitrate_is_read_and_cannot_overflow),
        cmocka_unit_test(a_full_writer_fails_and_stays_failed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

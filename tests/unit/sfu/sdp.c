#include "sfu/proto/sdp.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "sfu/proto/sdp_line.h"

#define HEAD "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\n"

static struct sdp sdp; /* large */
static uint32_t line_at_fault;

static enum err parse(const char *text)
{
    line_at_fault = 999;
    return sdp_parse(bytes_of(text), &sdp, &line_at_fault);
}

static void check_refused(const char *text, enum err err, uint32_t line)
{
    assert_int_equal(parse(text), err);
    assert_int_equal(line_at_fault, line);
}

static void what_stands_once_is_parsed(void **state)
{
    (void)state;
    assert_int_equal(parse(HEAD "a=group:BUNDLE 0 cam\r\na=ice-lite\r\n"
                                "m=audio 9 UDP/TLS/RTP/SAVPF 111 63\r\nc=IN IP4 0.0.0.0\r\n"
                                "a=mid:0\r\na=sendonly\r\na=rtcp-mux\r\na=setup:actpass\r\n"
                                "a=ice-ufrag:uf\r\na=ice-pwd:pw\r\n"
                                "a=fingerprint:sha-1 00\r\na=fingerprint:SHA-256 AB:CD\r\n"
                                "m=video 0 UDP/TLS/RTP/SAVPF 96\na=bundle-only\na=mid:cam\n"
                                "a=recvonly\na=rtcp-rsize\na=unknown:thing\n"
                                "m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\na=mid:d"),
                     ERR_OK);
    assert_int_equal(sdp.section_count, 3);
    assert_true(sdp.transport.ice_lite);
    const struct sdp_section *audio = &sdp.sections[0];
    assert_int_equal(audio->line, 7);
    assert_int_equal(audio->media, SDP_AUDIO);
    assert_int_equal(audio->port, 9);
    assert_int_equal(audio->format_count, 2);
    assert_int_equal(audio->format[1], 63);
    assert_int_equal(audio->direction, SDP_SENDONLY);
    assert_true(audio->rtcp_mux && !audio->rtcp_rsize && !audio->bundle_only);
    assert_int_equal(audio->transport.setup, SDP_ACTPASS);
    assert_true(sdp_is(audio->transport.ice_ufrag, "uf"));
    assert_true(sdp_is(audio->transport.ice_pwd, "pw"));
    /* The stronger one of two certificates' hashes. */
    assert_true(sdp_is(audio->transport.fingerprint_hash, "SHA-256"));
    assert_true(sdp_is(audio->transport.fingerprint_digest, "AB:CD"));
    const struct sdp_section *video = &sdp.sections[1];
    assert_int_equal(video->media, SDP_VIDEO);
    assert_true(video->bundle_only && video->rtcp_rsize);
    assert_int_equal(video->direction, SDP_RECVONLY);
    assert_int_equal(sdp.sections[2].media, SDP_OTHER);
    assert_int_equal(sdp.sections[2].direction, SDP_SENDRECV);
    assert_true(sdp_is_bundled(&sdp, video->mid));
    assert_false(sdp_is_bundled(&sdp, sdp.sections[2].mid));
    assert_false(sdp_is_bundled(&sdp, bytes_of("ca")));
}

static void the_line_at_fault_is_named(void **state)
{
    (void)state;
    check_refused("", ERR_FORMAT, 1);
    check_refused("v=1\r\n", ERR_FORMAT, 1);
    check_refused("o=- 1 1\r\nv=0\r\n", ERR_FORMAT, 1);
    check_refused("v=0\r\n\r\ns=-\r\n", ERR_FORMAT, 2);
    check_refused("v=0\r\ns=\x01\r\n", ERR_FORMAT, 2);
    check_refused("v=0\r\nS=-\r\n", ERR_FORMAT, 2);
    check_refused("v=0\r\nnonsense\r\n", ERR_FORMAT, 2);
    check_refused(HEAD "m=audio\r\n", ERR_FORMAT, 5);
    check_refused(HEAD "m=audio 9 UDP/TLS/RTP/SAVPF\r\n", ERR_FORMAT, 5);
    check_refused(HEAD "m=audio 70000 UDP/TLS/RTP/SAVPF 1\r\n", ERR_FORMAT, 5);
    check_refused(HEAD "m=audio 9/2 UDP/TLS/RTP/SAVPF 1\r\n", ERR_FORMAT, 5);
    check_refused(HEAD "m=audio 9 UDP//RTP 1\r\n", ERR_FORMAT, 5);
    check_refused(HEAD "m=audio 9 UDP/TLS/RTP/SAVPF 128\r\n", ERR_FORMAT, 5);
    check_refused(HEAD "m=audio 9 UDP/TLS/RTP/SAVPF opus\r\n", ERR_FORMAT, 5);
    check_refused(HEAD "m=audio 9 RTP/SAVPF 1\r\na=mid:0\r\na=mid:1\r\n", ERR_FORMAT, 7);
    check_refused(HEAD "m=audio 9 RTP/SAVPF 1\r\na=mid:a b\r\n", ERR_FORMAT, 6);
    check_refused(HEAD "m=audio 9 RTP/SAVPF 1\r\na=ice-pwd:\r\n", ERR_FORMAT, 6);
    check_refused(HEAD "m=audio 9 RTP/SAVPF 1\r\na=setup:both\r\n", ERR_FORMAT, 6);
    check_refused(HEAD "a=fingerprint:sha-256\r\n", ERR_FORMAT, 5);
}

static void limits_are_kept(void **state)
{
    (void)state;
    static char text[LIMIT_SDP_BYTES + 2];
    struct wr wr = wr_init((uint8_t *)text, sizeof text - 1);
    wr_text(&wr, HEAD "m=audio 9 RTP/SAVPF");
    for (uint32_t i = 0; i <= LIMIT_SDP_FORMATS; i++)
        wr_text(&wr, " 1");
    wr_u8(&wr, 0);
    check_refused(text, ERR_LIMIT, 5);

    wr = wr_init((uint8_t *)text, sizeof text - 1);
    wr_text(&wr, HEAD);
    for (uint32_t i = 0; i <= LIMIT_SDP_SECTIONS; i++)
        wr_text(&wr, "m=audio 9 RTP/SAVPF 1\r\n");
    wr_u8(&wr, 0);
    check_refused(text, ERR_LIMIT, 5 + LIMIT_SDP_SECTIONS);

    wr = wr_init((uint8_t *)text, sizeof text - 1);
    wr_text(&wr, HEAD "a=");
    wr_fill(&wr, 'x', LIMIT_SDP_LINE_BYTES - 1);
    wr_u8(&wr, 0);
    check_refused(text, ERR_LIMIT, 5);

    memset(text, 'a', sizeof text - 1);
    check_refused(text, ERR_LIMIT, 0);
}

static void codecs_are_found_in_the_offerers_order(void **state)
{
    (void)state;
    assert_int_equal(parse(HEAD "m=video 9 UDP/TLS/RTP/SAVPF 98 100 96 97 99\r\n"
                                "a=rtpmap:95 VP8/90000\r\na=rtpmap:96 VP8/90000\r\n"
                                "a=rtpmap:97 rtx/90000\r\na=fmtp:97 apt=96\r\n"
                                "a=rtpmap:98 VP9/90000\r\na=fmtp:98 profile-id=0\r\n"
                                "a=rtpmap:99 rtx/90000\r\na=fmtp:99 rtx-time=200;apt=100\r\n"
                                "a=rtpmap:100 vp8/90000\r\na=fmtp:100 max-fs=12288;max-fr=60\r\n"
                                "m=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=rtpmap:111 OPUS/48000/2\r\n"),
                     ERR_OK);
    struct sdp_codec codec;
    uint8_t rtx = 0;
    const struct sdp_section *video = &sdp.sections[0];
    assert_true(sdp_find_codec(video, "VP8", 90000, &codec));
    assert_int_equal(codec.payload_type, 100); /* before 96 in the m= line; 95 is not in it */
    assert_true(sdp_is(codec.parameters, "max-fs=12288;max-fr=60"));
    assert_true(sdp_find_rtx(video, 100, &rtx));
    assert_int_equal(rtx, 99);
    assert_true(sdp_find_rtx(video, 96, &rtx));
    assert_int_equal(rtx, 97);
    assert_false(sdp_find_rtx(video, 98, &rtx));
    assert_false(sdp_find_codec(video, "VP8", 48000, &codec));
    assert_false(sdp_find_codec(video, "AV1", 90000, &codec));
    assert_true(sdp_find_codec(&sdp.sections[1], "opus", 48000, &codec));
    assert_int_equal(codec.channels, 2);
    assert_int_equal(codec.parameters.size, 0);
}

static void feedback_counts_for_its_payload_type_or_for_all(void **state)
{
    (void)state;
    assert_int_equal(parse(HEAD "m=video 9 UDP/TLS/RTP/SAVPF 96 98\r\n"
                                "a=rtcp-fb:96 nack\r\na=rtcp-fb:98 nack pli\r\n"
                                "a=rtcp-fb:* ccm fir\r\n"),
                     ERR_OK);
    const struct sdp_section *video = &sdp.sections[0];
    assert_true(sdp_has_feedback(video, 96, "nack"));
    assert_false(sdp_has_feedback(video, 96, "nack pli"));
    assert_true(sdp_has_feedback(video, 98, "nack pli"));
    assert_true(sdp_has_feedback(video, 98, "ccm fir"));
}

static void extensions_are_found_by_name_and_must_fit_one_byte(void **state)
{
    (void)state;
    assert_int_equal(parse(HEAD "m=video 9 UDP/TLS/RTP/SAVPF 96\r\n"
                                "a=extmap:2/recvonly urn:a\r\na=extmap:14 urn:b with attributes\r\n"
                                "a=extmap:15 urn:c\r\na=extmap:0 urn:d\r\n"),
                     ERR_OK);
    uint8_t id = 0;
    assert_true(sdp_find_extension(&sdp.sections[0], "urn:a", &id));
    assert_int_equal(id, 2);
    assert_true(sdp_find_extension(&sdp.sections[0], "urn:b", &id));
    assert_int_equal(id, 14);
    assert_false(sdp_find_extension(&sdp.sections[0], "urn:c", &id));
    assert_false(sdp_find_extension(&sdp.sections[0], "urn:d", &id));
    assert_false(sdp_find_extension(&sdp.sections[0], "urn", &id));
}

static void simulcast_layers_are_the_declared_rids_in_order(void **state)
{
    (void)state;
    struct bytes rids[LIMIT_SIMULCAST_LAYERS];
    assert_int_equal(parse(HEAD "m=video 9 UDP/TLS/RTP/SAVPF 96\r\na=rid:q send pt=96\r\n"
                                "a=rid:h send\r\na=rid:f send\r\na=rid:g send\r\na=rid:r recv\r\n"
                                "a=simulcast:recv r send r;q;~h,x;f;g\r\n"),
                     ERR_OK);
    assert_int_equal(sdp_find_rids(&sdp.sections[0], rids), 3);
    assert_true(sdp_is(rids[0], "q") && sdp_is(rids[1], "h") && sdp_is(rids[2], "f"));
    assert_int_equal(parse(HEAD "m=video 9 UDP/TLS/RTP/SAVPF 96\r\na=simulcast:send\r\n"
                                "a=rid:q send\r\n"),
                     ERR_OK);
    assert_int_equal(sdp_find_rids(&sdp.sections[0], rids), 0);
}

static void announced_streams_are_found_with_their_retransmissions(void **state)
{
    (void)state;
    uint32_t ssrc = 0;
    uint32_t rtx = 9;
    assert_int_equal(parse(HEAD
                           "m=video 9 UDP/TLS/RTP/SAVPF 96\r\n"
                           "a=ssrc:7 cname:x\r\na=ssrc-group:SIM 5 6\r\n"
                           "a=ssrc-group:FID 4294967295 8\r\n"
                           "m=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=ssrc:11 cname:x\r\n"
                           "m=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=ssrc:99999999999 cname:x\r\n"),
                     ERR_OK);
    assert_true(sdp_find_ssrc(&sdp.sections[0], &ssrc, &rtx));
    assert_true(ssrc == UINT32_MAX);
    assert_int_equal(rtx, 8);
    assert_true(sdp_find_ssrc(&sdp.sections[1], &ssrc, &rtx));
    assert_int_equal(ssrc, 11);
    assert_int_equal(rtx, 0);
    assert_false(sdp_find_ssrc(&sdp.sections[2], &ssrc, &rtx));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_stands_once_is_parsed),
        cmocka_unit_test(the_line_at_fault_is_named),
        cmocka_unit_test(limits_are_kept),
        cmocka_unit_test(codecs_are_found_in_the_offerers_order),
        cmocka_unit_test(feedback_counts_for_its_payload_type_or_for_all),
        cmocka_unit_test(extensions_are_found_by_name_and_must_fit_one_byte),
        cmocka_unit_test(simulcast_layers_are_the_declared_rids_in_order),
        cmocka_unit_test(announced_streams_are_found_with_their_retransmissions),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "sfu/core/negotiate.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "sfu/proto/sdp.h"
#include "sfu/proto/sdp_line.h"

#define HEAD "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\n"
#define DIGEST                                                                                     \
    "4E:9F:B3:E7:C3:FA:F6:AB:C8:1E:99:B5:4A:5D:7C:D8:55:DC:8E:42:8E:13:DF:66:8D:7A:61:AF:D2:81:"   \
    "2B:"                                                                                          \
    "18"
#define ICE "a=ice-ufrag:Zqmu\r\na=ice-pwd:xRxXKbYUdOUmGP/mebyfQc4N\r\n"
#define FINGERPRINT "a=fingerprint:sha-256 " DIGEST "\r\n"
#define TRANSPORT ICE FINGERPRINT "a=setup:actpass\r\n"
#define OPUS "a=rtcp-mux\r\na=rtpmap:111 opus/48000/2\r\n"
#define VP8                                                                                        \
    "a=rtcp-mux\r\na=rtpmap:96 VP8/90000\r\na=rtcp-fb:96 nack\r\na=rtcp-fb:96 nack pli\r\n"        \
    "a=rtpmap:97 rtx/90000\r\na=fmtp:97 apt=96\r\n"
#define TRANSPORT_CC "http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01"

static uint8_t answer[LIMIT_SDP_BYTES];
static struct bytes answer_text;
static struct negotiated result;
static struct negotiate_refusal refusal;

static enum err negotiate_again(const char *offer, const struct session *established)
{
    const struct udp_address candidates[] = {
        {{[10] = 0xff, 0xff, 192, 0, 2, 9}, 5000},
        {{0x20, 0x01, 0x0d, 0xb8, [15] = 1}, 5000},
    };
    struct rng rng = rng_seed(established ? 6 : 5);
    const struct negotiate_ours ours = {.ufrag = "ourufrag",
                                        .pwd = "ourpasswordourpassword",
                                        .fingerprint = "sha-256 " DIGEST,
                                        .candidates = candidates,
                                        .candidate_count = 2,
                                        .session_id = 77,
                                        .session_version = 2,
                                        .rng = &rng,
                                        .established = established};
    struct wr wr = wr_init(answer, sizeof answer);
    refusal = (struct negotiate_refusal){NULL, 999};
    enum err err = negotiate_offer(bytes_of(offer), &ours, &result, &wr, &refusal);
    answer_text = wr_written(&wr);
    return err;
}

static enum err negotiate(const char *offer)
{
    return negotiate_again(offer, NULL);
}

static void check_refused(const char *offer, const char *code, uint32_t line)
{
    assert_int_not_equal(negotiate(offer), ERR_OK);
    assert_string_equal(refusal.code, code);
    assert_int_equal(refusal.line, line);
}

static bool answer_has(const char *text)
{
    size_t size = strlen(text);
    for (size_t i = 0; i + size <= answer_text.size; i++)
        if (memcmp(answer_text.data + i, text, size) == 0)
            return true;
    return false;
}

static void a_whip_client_is_a_microphone_and_a_camera(void **state)
{
    (void)state;
    assert_int_equal(negotiate(HEAD "a=group:BUNDLE a v\r\n"
                                    "m=audio 9 UDP/TLS/RTP/SAVPF 111\r\n" TRANSPORT
                                    "a=mid:a\r\na=sendrecv\r\n" OPUS "a=ssrc:11 cname:x\r\n"
                                    "m=video 9 UDP/TLS/RTP/SAVPF 96 97\r\n" TRANSPORT
                                    "a=mid:v\r\na=sendonly\r\n" VP8 "a=ssrc-group:FID 21 22\r\n"),
                     ERR_OK);
    const struct session_source *microphone = &result.session.sources[SOURCE_MICROPHONE];
    const struct session_source *camera = &result.session.sources[SOURCE_CAMERA];
    assert_true(microphone->present && camera->present);
    assert_false(result.session.sources[SOURCE_SCREEN].present);
    assert_int_equal(result.session.slot_count, 0);
    assert_int_equal(microphone->payload_type, 111);
    assert_int_equal(microphone->ssrc[0], 11);
    assert_string_equal(camera->mid, "v");
    assert_int_equal(camera->layer_count, 1);
    assert_int_equal(camera->rtx_payload_type, 97);
    assert_int_equal(camera->ssrc[0], 21);
    assert_int_equal(camera->rtx_ssrc[0], 22);
    assert_false(camera->transport_cc);
    assert_string_equal(result.theirs.ufrag, "Zqmu");
    assert_string_equal(result.theirs.pwd, "xRxXKbYUdOUmGP/mebyfQc4N");
    assert_string_equal(result.theirs.hash, "sha-256");
    assert_int_equal(result.theirs.digest_size, 32);
    assert_int_equal(result.theirs.digest[0], 0x4e);
    assert_int_equal(result.theirs.digest[31], 0x18);
}

static void a_whep_client_hears_the_mix_and_sees_the_stage(void **state)
{
    (void)state;
    assert_int_equal(negotiate(HEAD "a=group:BUNDLE a v\r\n"
                                    "m=audio 9 UDP/TLS/RTP/SAVPF 111\r\n" TRANSPORT
                                    "a=mid:a\r\na=recvonly\r\n" OPUS
                                    "m=video 9 UDP/TLS/RTP/SAVPF 96 97\r\n" TRANSPORT
                                    "a=mid:v\r\na=recvonly\r\n" VP8),
                     ERR_OK);
    assert_int_equal(result.session.slot_count, 2);
    assert_int_equal(result.session.slots[0].kind, SLOT_AUDIO);
    assert_int_equal(result.session.slots[1].kind, SLOT_STAGE);
    assert_string_equal(result.session.slots[1].mid, "v");
    assert_int_not_equal(result.session.slots[1].ssrc, 0);
    assert_int_not_equal(result.session.slots[1].rtx_ssrc, 0);
    assert_int_equal(result.session.slots[0].rtx_ssrc, 0); /* opus has no retransmissions */
    assert_true(answer_has("a=sendonly\r\n"));
}

static void the_answer_repeats_the_transport_in_every_section(void **state)
{
    (void)state;
    static struct sdp sdp;
    uint32_t line = 0;
    a_whep_client_hears_the_mix_and_sees_the_stage(state);
    assert_int_equal(sdp_parse(answer_text, &sdp, &line), ERR_OK);
    assert_true(sdp.transport.ice_lite);
    assert_int_equal(sdp.section_count, 2);
    for (uint32_t i = 0; i < sdp.section_count; i++) {
        const struct sdp_transport *transport = &sdp.sections[i].transport;
        assert_true(sdp_is(transport->ice_ufrag, "ourufrag"));
        assert_true(sdp_is(transport->ice_pwd, "ourpasswordourpassword"));
        assert_true(sdp_is(transport->fingerprint_digest, DIGEST));
        assert_int_equal(transport->setup, SDP_PASSIVE);
        assert_true(sdp.sections[i].rtcp_mux);
    }
    assert_true(answer_has("a=candidate:1 1 udp 2130706431 192.0.2.9 5000 typ host\r\n"));
    assert_true(answer_has(" 2001:0db8:0000:0000:0000:0000:0000:0001 5000 typ host\r\n"));
    uint32_t ssrc = 0;
    uint32_t rtx = 0;
    assert_true(sdp_find_ssrc(&sdp.sections[1], &ssrc, &rtx));
    assert_true(ssrc == result.session.slots[1].ssrc && rtx == result.session.slots[1].rtx_ssrc);
}

static void simulcast_layers_and_extensions_are_agreed(void **state)
{
    (void)state;
    assert_int_equal(
        negotiate(HEAD "a=group:BUNDLE 0 1\r\n"
                       "m=audio 9 UDP/TLS/RTP/SAVPF 111\r\n" TRANSPORT "a=mid:0\r\na=sendonly\r\n"
                       "a=extmap:1 urn:ietf:params:rtp-hdrext:ssrc-audio-level\r\n"
                       "a=extmap:3 " TRANSPORT_CC "\r\na=rtcp-fb:111 transport-cc\r\n" OPUS
                       "m=video 9 UDP/TLS/RTP/SAVPF 96 97\r\n" TRANSPORT "a=mid:1\r\na=sendonly\r\n"
                       "a=extmap:4 urn:ietf:params:rtp-hdrext:sdes:mid\r\n"
                       "a=extmap:1 urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id\r\n" VP8
                       "a=rid:q send\r\na=simulcast:send q\r\n"),
        ERR_OK);
    /* Id 1 already means the audio level, so rids cannot be told and simulcast falls away. */
    assert_int_equal(result.session.extensions.audio_level, 1);
    assert_int_equal(result.session.extensions.rid, 0);
    assert_int_equal(result.session.sources[SOURCE_CAMERA].layer_count, 1);
    assert_false(answer_has("a=simulcast"));
    assert_true(result.session.sources[SOURCE_MICROPHONE].transport_cc);
    assert_int_equal(result.session.extensions.transport_cc, 3);

    assert_int_equal(negotiate(HEAD
                               "m=video 9 UDP/TLS/RTP/SAVPF 96 97\r\n" TRANSPORT "a=sendonly\r\n"
                               "a=extmap:10 urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id\r\n" VP8
                               "a=rid:q send\r\na=rid:h send\r\na=rid:f send\r\n"
                               "a=simulcast:send q;h;f\r\na=ssrc:5 cname:x\r\n"),
                     ERR_OK);
    const struct session_source *camera = &result.session.sources[SOURCE_CAMERA];
    assert_int_equal(camera->layer_count, 3);
    assert_string_equal(camera->rid[0], "q");
    assert_string_equal(camera->rid[2], "f");
    assert_int_equal(camera->ssrc[0], 0); /* the packets will tell */
    assert_true(answer_has("a=simulcast:recv q;h;f\r\n"));
    assert_false(answer_has("a=group"));
}

static void redundant_audio_keeps_the_senders_order(void **state)
{
    (void)state;
    assert_int_equal(negotiate(HEAD "m=audio 9 UDP/TLS/RTP/SAVPF 63 111\r\n" TRANSPORT
                                    "a=sendonly\r\n" OPUS
                                    "a=rtpmap:63 red/48000/2\r\na=fmtp:63 111/111\r\n"),
                     ERR_OK);
    assert_int_equal(result.session.sources[SOURCE_MICROPHONE].red_payload_type, 63);
    assert_true(answer_has("SAVPF 63 111\r\n"));
    assert_true(answer_has("a=fmtp:63 111/111\r\n"));
    assert_int_equal(negotiate(HEAD "m=audio 9 UDP/TLS/RTP/SAVPF 63 111\r\n" TRANSPORT
                                    "a=sendonly\r\n" OPUS
                                    "a=rtpmap:63 red/48000/2\r\na=fmtp:63 9/9\r\n"),
                     ERR_OK);
    assert_int_equal(result.session.sources[SOURCE_MICROPHONE].red_payload_type, 0);
}

static void sections_that_cannot_be_served_are_refused_alone(void **state)
{
    (void)state;
    assert_int_equal(negotiate(HEAD "a=group:BUNDLE d a x\r\n" TRANSPORT
                                    "m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\n"
                                    "a=mid:d\r\n"
                                    "m=video 0 UDP/TLS/RTP/SAVPF 98\r\na=bundle-only\r\na=mid:x\r\n"
                                    "a=rtcp-mux\r\na=sendonly\r\na=rtpmap:98 VP9/90000\r\n"
                                    "m=audio 0 UDP/TLS/RTP/SAVPF 111\r\na=bundle-only\r\n"
                                    "a=mid:a\r\na=recvonly\r\n" OPUS),
                     ERR_OK);
    assert_true(answer_has("a=group:BUNDLE a\r\n"));
    assert_true(answer_has("m=application 0 UDP/DTLS/SCTP webrtc-datachannel\r\n"));
    assert_true(answer_has("m=video 0 UDP/TLS/RTP/SAVPF 98\r\n"));
    assert_true(answer_has("m=audio 9 UDP/TLS/RTP/SAVPF 111\r\n"));
    assert_false(result.session.sources[SOURCE_CAMERA].present);
    assert_int_equal(result.session.slot_count, 1);
}

#define AUDIO "m=audio 9 UDP/TLS/RTP/SAVPF 111\r\n"

static void a_whole_offer_is_refused_with_code_and_line(void **state)
{
    (void)state;
    check_refused("nonsense", "sdp.malformed", 1);
    check_refused(HEAD, "sdp.no_media", 0);
    check_refused(HEAD "a=group:BUNDLE b\r\n" AUDIO "a=mid:a\r\n" TRANSPORT OPUS, "sdp.no_bundle",
                  0);
    check_refused(HEAD AUDIO FINGERPRINT OPUS, "sdp.no_ice", 5);
    check_refused(HEAD AUDIO "a=ice-ufrag:abcd\r\na=ice-pwd:short\r\n" FINGERPRINT OPUS,
                  "sdp.bad_ice", 5);
    check_refused(HEAD AUDIO
                  "a=ice-ufrag:ab:d\r\na=ice-pwd:aaaaaaaaaaaaaaaaaaaaaa\r\n" FINGERPRINT OPUS,
                  "sdp.bad_ice", 5);
    check_refused(HEAD "a=ice-lite\r\n" AUDIO TRANSPORT OPUS, "sdp.ice_lite", 6);
    check_refused(HEAD AUDIO ICE OPUS, "sdp.no_fingerprint", 5);
    check_refused(HEAD AUDIO ICE "a=fingerprint:sha-1 AB:CD\r\n" OPUS, "sdp.bad_fingerprint", 5);
    check_refused(HEAD AUDIO ICE "a=fingerprint:sha-256 AB:CD\r\n" OPUS, "sdp.bad_fingerprint", 5);
    check_refused(HEAD AUDIO ICE "a=fingerprint:sha-384 " DIGEST "\r\n" OPUS, "sdp.bad_fingerprint",
                  5);
    check_refused(HEAD AUDIO ICE FINGERPRINT "a=setup:passive\r\n" OPUS, "sdp.bad_setup", 5);
    check_refused(HEAD AUDIO TRANSPORT "a=rtpmap:111 opus/48000/2\r\n", "sdp.no_rtcp_mux", 5);
    check_refused(HEAD AUDIO TRANSPORT "a=rtpmap:111 PCMU/8000\r\n", "sdp.no_codec", 0);
    check_refused(HEAD AUDIO TRANSPORT "a=inactive\r\n" OPUS, "sdp.no_codec", 0);
    check_refused(HEAD AUDIO TRANSPORT "a=mid:a\r\n" OPUS AUDIO "a=mid:a\r\n", "sdp.bad_mid", 13);
    check_refused(HEAD AUDIO "a=mid:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\r\n", "sdp.bad_mid", 5);
}

static void the_part_that_is_refused_leaves_results_alone(void **state)
{
    (void)state;
    memset(&result, 0x5a, sizeof result);
    struct negotiated before = result;
    assert_int_equal(negotiate(HEAD AUDIO FINGERPRINT OPUS), ERR_FORMAT);
    assert_memory_equal(&before, &result, sizeof result);
    assert_int_equal(answer_text.size, 0);
}

static void a_restart_keeps_the_streams_and_nothing_else_may_change(void **state)
{
    (void)state;
    a_whep_client_hears_the_mix_and_sees_the_stage(state);
    const struct session established = result.session;
    static const char again[] =
        HEAD "a=group:BUNDLE a v\r\n"
             "m=audio 9 UDP/TLS/RTP/SAVPF 111\r\n" FINGERPRINT
             "a=ice-ufrag:newu\r\na=ice-pwd:newpasswordnewpassword\r\n"
             "a=mid:a\r\na=recvonly\r\n" OPUS "m=video 9 UDP/TLS/RTP/SAVPF 96 97\r\n"
             "a=mid:v\r\na=recvonly\r\n" VP8;
    assert_int_equal(negotiate_again(again, &established), ERR_OK);
    assert_string_equal(result.theirs.ufrag, "newu");
    assert_int_equal(result.session.slots[1].ssrc, established.slots[1].ssrc);
    assert_true(answer_has("o=- 77 2 "));

    struct session other = established;
    other.slots[1].payload_type = 98;
    assert_int_equal(negotiate_again(again, &other), ERR_UNSUPPORTED);
    assert_string_equal(refusal.code, "sdp.changed");
    other = established;
    other.sources[SOURCE_CAMERA].present = true;
    assert_int_equal(negotiate_again(again, &other), ERR_UNSUPPORTED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_whip_client_is_a_microphone_and_a_camera),
        cmocka_unit_test(a_whep_client_hears_the_mix_and_sees_the_stage),
        cmocka_unit_test(the_answer_repeats_the_transport_in_every_section),
        cmocka_unit_test(simulcast_layers_and_extensions_are_agreed),
        cmocka_unit_test(redundant_audio_keeps_the_senders_order),
        cmocka_unit_test(sections_that_cannot_be_served_are_refused_alone),
        cmocka_unit_test(a_whole_offer_is_refused_with_code_and_line),
        cmocka_unit_test(the_part_that_is_refused_leaves_results_alone),
        cmocka_unit_test(a_restart_keeps_the_streams_and_nothing_else_may_change),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

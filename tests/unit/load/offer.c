#include "load/core/offer.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "sfu/proto/sdp.h"

enum { TEXT_BYTES = 64 * 1024 };

static char text[TEXT_BYTES];

static struct offer sender(uint32_t layers)
{
    return (struct offer){.ufrag = "abcd",
                          .pwd = "0123456789abcdef01234567",
                          .fingerprint = "00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF:"
                                         "00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF",
                          .sends = true,
                          .layers = layers,
                          .microphone_ssrc = 11,
                          .camera_ssrc = 21};
}

static void a_receivers_offer_is_read_by_the_server(void **state)
{
    (void)state;
    static struct sdp sdp;
    uint32_t line = 0;
    struct offer offer = sender(0);
    offer.sends = false;
    offer.audio_slots = 4;
    offer.video_slots = 14;
    assert_int_equal(offer_write(&offer, text, sizeof text), ERR_OK);
    assert_int_equal(sdp_parse(bytes_of(text), &sdp, &line), ERR_OK);
    assert_int_equal(sdp.section_count, 18);
    for (uint32_t i = 0; i < sdp.section_count; i++) {
        const struct sdp_section *section = &sdp.sections[i];
        uint8_t rtx = 0;
        assert_int_equal(section->media, i < 4 ? SDP_AUDIO : SDP_VIDEO);
        assert_int_equal(section->direction, SDP_RECVONLY);
        assert_true(sdp_is_bundled(&sdp, section->mid) && section->rtcp_mux);
        assert_true(i < 4 || sdp_find_rtx(section, OFFER_VP8, &rtx));
    }
}

static void a_simulcast_offer_names_its_layers(void **state)
{
    (void)state;
    static struct sdp sdp;
    struct bytes rids[LIMIT_SIMULCAST_LAYERS];
    uint32_t line = 0;
    uint32_t ssrc = 0;
    uint32_t rtx = 0;
    struct offer offer = sender(3);
    assert_int_equal(offer_write(&offer, text, sizeof text), ERR_OK);
    assert_int_equal(sdp_parse(bytes_of(text), &sdp, &line), ERR_OK);
    assert_int_equal(sdp.section_count, 2);
    assert_int_equal(sdp_find_rids(&sdp.sections[1], rids), 3);
    assert_true(bytes_equal(rids[2], bytes_of(offer_rid(2))));
    assert_true(bytes_equal(sdp.sections[1].mid, bytes_of(offer_mid(true))));
    assert_true(sdp_find_ssrc(&sdp.sections[0], &ssrc, &rtx) && ssrc == 11);
}

static void an_offer_of_one_layer_names_its_ssrcs(void **state)
{
    (void)state;
    static struct sdp sdp;
    uint32_t line = 0;
    uint32_t ssrc = 0;
    uint32_t rtx = 0;
    struct offer offer = sender(1);
    assert_int_equal(offer_write(&offer, text, sizeof text), ERR_OK);
    assert_int_equal(sdp_parse(bytes_of(text), &sdp, &line), ERR_OK);
    assert_true(sdp_find_ssrc(&sdp.sections[1], &ssrc, &rtx));
    assert_int_equal(ssrc, 21);
    assert_int_equal(rtx, 22);
}

static void an_offer_that_does_not_fit_is_not_written(void **state)
{
    (void)state;
    struct offer offer = sender(3);
    assert_int_equal(offer_write(&offer, text, sizeof text), ERR_OK);
    size_t size = strlen(text) + 1;
    for (size_t capacity = 0; capacity < size; capacity += 7)
        assert_int_equal(offer_write(&offer, text, capacity), ERR_LIMIT);
    assert_int_equal(offer_write(&offer, text, size), ERR_OK);
}

static const char good_answer[] =
    "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\na=group:BUNDLE 0 1\r\na=ice-lite\r\n"
    "m=audio 7 UDP/TLS/RTP/SAVPF 111\r\nc=IN IP4 0.0.0.0\r\na=mid:0\r\na=sendonly\r\n"
    "a=ice-ufrag:server\r\na=ice-pwd:passwordpasswordpassword\r\n"
    "a=fingerprint:sha-256 00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF:"
    "00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:0F\r\na=setup:passive\r\na=rtcp-mux\r\n"
    "a=rtpmap:111 opus/48000/2\r\na=ssrc:5 cname:x\r\n"
    "a=candidate:1 1 udp 2130706431 192.0.2.7 5000 typ host\r\n"
    "a=candidate:2 1 tcp 2130706431 192.0.2.7 5001 typ host\r\n"
    "a=candidate:3 1 udp 2130706431 2001:db8::7 5000 typ host\r\n"
    "m=video 7 UDP/TLS/RTP/SAVPF 96 97\r\nc=IN IP4 0.0.0.0\r\na=mid:1\r\na=sendonly\r\n"
    "a=rtcp-mux\r\na=rtpmap:96 VP8/90000\r\na=rtpmap:97 rtx/90000\r\na=fmtp:97 apt=96\r\n"
    "a=extmap:3 http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01\r\n"
    "a=ssrc-group:FID 6 7\r\na=ssrc:6 cname:x\r\na=ssrc:7 cname:x\r\n";

static void an_answer_gives_slots_candidates_and_identity(void **state)
{
    (void)state;
    struct answer answer;
    assert_int_equal(answer_parse(bytes_of(good_answer), &answer), ERR_OK);
    assert_string_equal(answer.ufrag, "server");
    assert_int_equal(answer.digest[1], 0x11);
    assert_int_equal(answer.digest[31], 0x0f);
    assert_int_equal(answer.slot_count, 2);
    assert_false(answer.slots[0].video);
    assert_true(answer.slots[1].video && answer.transport_cc);
    assert_int_equal(answer.slots[1].ssrc, 6);
    assert_int_equal(answer.slots[1].rtx_ssrc, 7);
    assert_int_equal(answer.candidate_count, 2);
    assert_string_equal(answer.candidates[0].ip, "192.0.2.7");
    assert_int_equal(answer.candidates[0].port, 5000);
    assert_string_equal(answer.candidates[1].ip, "2001:db8::7");
}

/* What is cut is refused, or is a shorter answer whose every part was whole. */
static void an_answer_cut_anywhere_is_no_trap(void **state)
{
    (void)state;
    struct answer answer;
    for (size_t size = 0; size < sizeof good_answer - 1; size++) {
        uint8_t *part = malloc(size ? size : 1);
        assert_non_null(part);
        memcpy(part, good_answer, size);
        enum err err = answer_parse((struct bytes){part, size}, &answer);
        assert_true(err == ERR_OK || err == ERR_FORMAT || err == ERR_UNSUPPORTED);
        if (err == ERR_OK)
            assert_true(answer.candidate_count > 0 && answer.slot_count > 0);
        free(part);
    }
}

static void an_answer_without_a_candidate_or_identity_is_of_no_use(void **state)
{
    (void)state;
    static const char *const needed[] = {"a=ice-pwd", "a=fingerprint", "a=ice-ufrag"};
    struct answer answer;
    for (size_t i = 0; i < sizeof needed / sizeof needed[0]; i++) {
        memcpy(text, good_answer, sizeof good_answer);
        char *at = strstr(text, needed[i]);
        assert_non_null(at);
        at[2] = 'x';
        assert_int_equal(answer_parse(bytes_of(text), &answer), ERR_UNSUPPORTED);
    }
    memcpy(text, good_answer, sizeof good_answer);
    for (char *at = strstr(text, "a=candidate"); at; at = strstr(text, "a=candidate"))
        at[2] = 'x';
    assert_int_equal(answer_parse(bytes_of(text), &answer), ERR_UNSUPPORTED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_receivers_offer_is_read_by_the_server),
        cmocka_unit_test(a_simulcast_offer_names_its_layers),
        cmocka_unit_test(an_offer_of_one_layer_names_its_ssrcs),
        cmocka_unit_test(an_offer_that_does_not_fit_is_not_written),
        cmocka_unit_test(an_answer_gives_slots_candidates_and_identity),
        cmocka_unit_test(an_answer_cut_anywhere_is_no_trap),
        cmocka_unit_test(an_answer_without_a_candidate_or_identity_is_of_no_use),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

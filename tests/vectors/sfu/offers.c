/* Offers as real clients made them: Chromium 156 and Firefox 153 with the room's sections (with and
 * without setCodecPreferences), GStreamer 1.22's webrtcbin sending and receiving. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "sfu/core/negotiate.h"
#include "sfu/proto/sdp.h"

static uint8_t offer[LIMIT_SDP_BYTES];
static uint8_t answer[LIMIT_SDP_BYTES];
static size_t answer_size;
static struct negotiated result;

static void negotiate_file(const char *name)
{
    char path[128];
    (void)snprintf(path, sizeof path, "tests/vectors/sfu/%s.sdp", name);
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    size_t size = fread(offer, 1, sizeof offer, file);
    (void)fclose(file);

    const struct udp_address candidate = {{[10] = 0xff, 0xff, 192, 0, 2, 9}, 5000};
    struct rng rng = rng_seed(3);
    const struct negotiate_ours ours = {.ufrag = "ourufrag",
                                        .pwd = "ourpasswordourpassword",
                                        .fingerprint = "sha-256 AB",
                                        .candidates = &candidate,
                                        .candidate_count = 1,
                                        .session_id = 1,
                                        .rng = &rng};
    struct wr wr = wr_init(answer, sizeof answer);
    struct negotiate_refusal refusal = {0};
    enum err err = negotiate_offer((struct bytes){offer, size}, &ours, &result, &wr, &refusal);
    if (err != ERR_OK)
        fail_msg("%s: %s in line %u", name, refusal.code, refusal.line);
    answer_size = wr_size(&wr);
}

static void check_room(const char *name)
{
    static struct sdp sdp;
    uint32_t line = 0;
    negotiate_file(name);
    const struct session *session = &result.session;
    for (uint32_t i = 0; i < SOURCE_KINDS; i++) {
        assert_true(session->sources[i].present);
        assert_true(session->sources[i].transport_cc);
    }
    const struct session_source *camera = &session->sources[SOURCE_CAMERA];
    assert_int_equal(camera->layer_count, 3);
    assert_string_equal(camera->rid[0], "q");
    assert_string_equal(camera->rid[1], "h");
    assert_string_equal(camera->rid[2], "f");
    assert_int_not_equal(camera->rtx_payload_type, 0);
    assert_int_equal(session->sources[SOURCE_SCREEN].layer_count, 1);
    assert_int_not_equal(session->sources[SOURCE_SCREEN].ssrc[0], 0);
    assert_int_equal(session->slot_count, 4 + 2 + 12);
    assert_int_equal(session->slots[3].kind, SLOT_AUDIO);
    assert_int_equal(session->slots[4].kind, SLOT_STAGE);
    assert_int_equal(session->slots[5].kind, SLOT_SCREEN);
    assert_int_equal(session->slots[6].kind, SLOT_TILE);
    assert_int_equal(session->slots[17].index, 11);
    assert_true(session->extensions.mid && session->extensions.rid &&
                session->extensions.repaired_rid && session->extensions.audio_level &&
                session->extensions.transport_cc);
    assert_int_equal(sdp_parse((struct bytes){answer, answer_size}, &sdp, &line), ERR_OK);
    assert_int_equal(sdp.section_count, 22);
    for (uint32_t i = 0; i < sdp.section_count; i++)
        assert_int_equal(sdp.sections[i].port, 9);
}

static void a_chromium_room_is_served_whole(void **state)
{
    (void)state;
    check_room("chromium_room");
    assert_int_equal(result.session.sources[SOURCE_MICROPHONE].red_payload_type, 63);
    check_room("chromium_all_codecs");
}

static void a_firefox_room_is_served_whole(void **state)
{
    (void)state;
    check_room("firefox_room");
    check_room("firefox_all_codecs");
}

static void gstreamer_sends_as_microphone_and_camera(void **state)
{
    (void)state;
    negotiate_file("gstreamer_send");
    const struct session *session = &result.session;
    assert_true(session->sources[SOURCE_MICROPHONE].present);
    assert_true(session->sources[SOURCE_CAMERA].present);
    assert_int_equal(session->sources[SOURCE_CAMERA].layer_count, 1);
    assert_int_not_equal(session->sources[SOURCE_CAMERA].ssrc[0], 0);
    assert_int_equal(session->sources[SOURCE_CAMERA].rtx_payload_type, 0);
    assert_int_equal(session->extensions.transport_cc, 0);
    assert_int_equal(session->slot_count, 0);
}

static void gstreamer_receives_mix_and_stage(void **state)
{
    (void)state;
    negotiate_file("gstreamer_recv");
    assert_int_equal(result.session.slot_count, 2);
    assert_int_equal(result.session.slots[0].kind, SLOT_AUDIO);
    assert_int_equal(result.session.slots[1].kind, SLOT_STAGE);
    assert_false(result.session.slots[1].transport_cc);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_chromium_room_is_served_whole),
        cmocka_unit_test(a_firefox_room_is_served_whole),
        cmocka_unit_test(gstreamer_sends_as_microphone_and_camera),
        cmocka_unit_test(gstreamer_receives_mix_and_stage),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

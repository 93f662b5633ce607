/* One room over two workers, seen by independent clients: what one publishes, another decodes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/limits.h"
#include "tests/peer/peer.h"
#include "tests/support/media_house.h"

enum {
    WORKERS = 2,
    ENDPOINTS = 16,
    ROOM = 9,
    PATIENCE_MS = 30000,
    EVERY_RIGHT = SFU_RIGHT_TILE | SFU_RIGHT_STAGE | SFU_RIGHT_MICROPHONE | SFU_RIGHT_SCREEN,
    ANNA = 101, /* sources; their endpoints are numbered alike */
    BINH = 102,
    CUONG = 103,
    ANNA_BRIGHTNESS = 60,
    BINH_BRIGHTNESS = 180,
    BRIGHTNESS_TOLERANCE = 8, /* of a lossy codec */
    ANNA_PITCH_HZ = 700,
    PITCH_TOLERANCE_HZ = 60, /* of counting crossings in 20 ms */
};

static struct media_house house;
static char answer[LIMIT_SDP_BYTES];

static int open_house(void **state)
{
    (void)state;
    return media_house_open(&house, WORKERS, ENDPOINTS) ? 0 : -1;
}

static int close_house(void **state)
{
    (void)state;
    media_house_close(&house);
    return 0;
}

static const struct peer_config speaker = {.address = "127.0.0.1",
                                           .profile = PEER_AES_GCM,
                                           .microphone = true,
                                           .camera_layers = 3,
                                           .brightness = ANNA_BRIGHTNESS,
                                           .pitch_hz = ANNA_PITCH_HZ};

static const struct peer_config listener = {.address = "127.0.0.1",
                                            .profile = PEER_AES_GCM,
                                            .audio_slots = 4,
                                            .stage = true,
                                            .screen_slot = true,
                                            .tiles = 2};

/* A house, a stage set, and people who come in. */
static struct peer *enter(const struct peer_config *config, uint32_t source, uint32_t rights)
{
    struct peer *peer = peer_create(config);
    const char *offer = peer_offer(peer);
    struct sfu_refusal refusal = {0};
    const struct sfu_join join = {.room = ROOM,
                                  .endpoint = source,
                                  .source = source,
                                  .rights = rights,
                                  .offer = bytes_of(offer)};
    if (sfu_join(house.sfu, &join, answer, sizeof answer, &refusal) != ERR_OK)
        fail_msg("refused: %s in line %u", refusal.code ? refusal.code : "-", refusal.line);
    assert_true(peer_accept(peer, answer));
    if (!peer_wait_connected(peer, PATIENCE_MS)) {
        struct peer_state now = peer_state(peer);
        struct worker_counters all = media_house_counters(&house, WORKERS);
        fail_msg(
            "ice %d, dtls %d, failed %d; server: %llu received, %llu malformed, %llu of unknown "
            "addresses, %llu handshake",
            now.ice_state, now.dtls_ready, now.failed, (unsigned long long)all.received_packets,
            (unsigned long long)all.drop_malformed, (unsigned long long)all.drop_unknown_address,
            (unsigned long long)all.drop_handshake);
    }
    return peer;
}

static void command(struct sfu_command what)
{
    what.room = ROOM;
    assert_int_equal(sfu_command(house.sfu, &what), ERR_OK);
}

static void set_stage(uint32_t source)
{
    command((struct sfu_command){.kind = SFU_SET_STAGE, .source = source});
}

static void set_rights(uint32_t source, uint32_t rights)
{
    command((struct sfu_command){.kind = SFU_SET_RIGHTS, .source = source, .rights = rights});
}

static void watch(uint32_t endpoint, uint16_t stage_height, uint32_t tile)
{
    command((struct sfu_command){.kind = SFU_SET_VIEW,
                                 .endpoint = endpoint,
                                 .view = {.stage_height = stage_height,
                                          .screen_height = 720,
                                          .tile_height = 90,
                                          .tile_count = tile ? 1 : 0,
                                          .tiles = {tile}}});
}

/* ---- What is waited for ---------------------------------------------------------------------- */

/* A stage that shows `source` in `brightness`, at least `frames` and `repaired` further on. */
struct wish {
    enum peer_slot slot;
    uint32_t source;
    int brightness;
    uint64_t frames;
    uint64_t repaired;
    uint32_t height; /* 0: any */
};

static bool shows(struct peer *peer, void *context)
{
    const struct wish *wish = context;
    struct peer_stream stream = peer_stream(peer, wish->slot, 0);
    int off = (int)stream.brightness - wish->brightness;
    return stream.source == wish->source && stream.frames >= wish->frames &&
           stream.repaired >= wish->repaired && off >= -BRIGHTNESS_TOLERANCE &&
           off <= BRIGHTNESS_TOLERANCE && (wish->height == 0 || stream.height == wish->height);
}

static void await_picture(struct peer *peer, struct wish wish)
{
    if (peer_wait(peer, shows, &wish, PATIENCE_MS))
        return;
    struct peer_stream stream = peer_stream(peer, wish.slot, 0);
    fail_msg(
        "source %u, %llu packets, %llu frames, %llu broken, %llu repaired, brightness %u, %ux%u",
        stream.source, (unsigned long long)stream.packets, (unsigned long long)stream.frames,
        (unsigned long long)stream.broken, (unsigned long long)stream.repaired, stream.brightness,
        stream.width, stream.height);
}

static void check_flawless(struct peer *peer, enum peer_slot slot)
{
    struct peer_stream stream = peer_stream(peer, slot, 0);
    assert_int_equal(stream.broken, 0);
    assert_int_equal(stream.skipped, 0);
    assert_int_equal(stream.id_jumps, 0);
    assert_int_equal(peer_state(peer).unknown, 0);
    assert_int_equal(peer_state(peer).undecrypted, 0);
}

static bool hears(struct peer *peer, void *context)
{
    const struct peer_stream *more_than = context;
    struct peer_stream stream = peer_stream(peer, PEER_SLOT_AUDIO, 0);
    int32_t off = (int32_t)stream.pitch_hz - (int32_t)more_than->pitch_hz;
    return stream.source == more_than->source && stream.packets > more_than->packets &&
           off >= -PITCH_TOLERANCE_HZ && off <= PITCH_TOLERANCE_HZ;
}

static bool has_sent(struct peer *peer, void *context)
{
    return peer_state(peer).sent >= *(const uint64_t *)context;
}

/* Lets the publisher send so many more packets: time enough for what must not arrive. */
static void await_sent(struct peer *peer, uint64_t more)
{
    uint64_t target = peer_state(peer).sent + more;
    assert_true(peer_wait(peer, has_sent, &target, PATIENCE_MS));
}

/* ---- Tests ----------------------------------------------------------------------------------- */

static void hold_a_room(const struct peer_config *sender, const struct peer_config *receiver)
{
    struct peer *anna = enter(sender, ANNA, EVERY_RIGHT);
    struct peer *binh = enter(receiver, BINH, SFU_RIGHT_TILE);
    struct peer *cuong = enter(receiver, CUONG, SFU_RIGHT_TILE); /* the other worker's */
    set_stage(ANNA);
    command((struct sfu_command){.kind = SFU_SET_FLOOR, .source = ANNA});
    watch(BINH, 720, ANNA);
    watch(CUONG, 180, 0);
    peer_set_level(anna, 20);
    peer_play(anna, PEER_MICROPHONE | PEER_CAMERA);

    const struct wish big = {PEER_SLOT_STAGE, ANNA, ANNA_BRIGHTNESS, 20, 0, 360};
    const struct wish half = {PEER_SLOT_STAGE, ANNA, ANNA_BRIGHTNESS, 20, 0, 180};
    const struct wish tile = {PEER_SLOT_TILE, ANNA, ANNA_BRIGHTNESS, 20, 0, 90};
    await_picture(binh, big);
    await_picture(binh, tile);
    await_picture(cuong, half);
    struct peer_stream heard = {.source = ANNA, .packets = 50, .pitch_hz = ANNA_PITCH_HZ};
    assert_true(peer_wait(binh, hears, &heard, PATIENCE_MS));
    assert_true(peer_wait(cuong, hears, &heard, PATIENCE_MS));
    check_flawless(binh, PEER_SLOT_STAGE);
    check_flawless(binh, PEER_SLOT_TILE);
    check_flawless(cuong, PEER_SLOT_STAGE);
    assert_true(peer_state(anna).reports > 0);
    assert_true(peer_state(anna).transport_ccs > 0);
    peer_destroy(anna);
    peer_destroy(binh);
    peer_destroy(cuong);
}

static void a_published_picture_is_decoded_on_both_workers(void **state)
{
    (void)state;
    hold_a_room(&speaker, &listener);
}

static void the_older_srtp_profile_serves_as_well(void **state)
{
    (void)state;
    struct peer_config old_speaker = speaker;
    struct peer_config old_listener = listener;
    old_speaker.profile = PEER_AES_CM;
    old_listener.profile = PEER_AES_CM;
    hold_a_room(&old_speaker, &old_listener);
}

static void each_member_may_have_a_profile_of_its_own(void **state)
{
    (void)state;
    struct peer_config old_listener = listener;
    old_listener.profile = PEER_AES_CM;
    hold_a_room(&speaker, &old_listener);
}

static void what_the_downlink_loses_is_sent_again(void **state)
{
    (void)state;
    struct peer *anna = enter(&speaker, ANNA, EVERY_RIGHT);
    struct peer *binh = enter(&listener, BINH, SFU_RIGHT_TILE);
    struct peer *cuong = enter(&listener, CUONG, SFU_RIGHT_TILE);
    set_stage(ANNA);
    watch(BINH, 720, 0);
    watch(CUONG, 720, 0);
    peer_lose_every(binh, 8);
    peer_lose_every(cuong, 11);
    peer_play(anna, PEER_CAMERA);
    const struct wish wish = {PEER_SLOT_STAGE, ANNA, ANNA_BRIGHTNESS, 40, 5, 0};
    await_picture(binh, wish);
    await_picture(cuong, wish);
    check_flawless(binh, PEER_SLOT_STAGE);
    check_flawless(cuong, PEER_SLOT_STAGE);
    /* The audience's losses are the server's to repair, not the publisher's. */
    assert_int_equal(peer_state(anna).nacks, 0);
    peer_destroy(anna);
    peer_destroy(binh);
    peer_destroy(cuong);
}

static void what_the_uplink_loses_is_asked_for(void **state)
{
    (void)state;
    struct peer *anna = enter(&speaker, ANNA, EVERY_RIGHT);
    struct peer *binh = enter(&listener, BINH, SFU_RIGHT_TILE);
    set_stage(ANNA);
    watch(BINH, 720, 0);
    peer_withhold_every(anna, 9);
    peer_play(anna, PEER_CAMERA);
    const struct wish wish = {PEER_SLOT_STAGE, ANNA, ANNA_BRIGHTNESS, 40, 0, 0};
    await_picture(binh, wish);
    assert_int_equal(peer_stream(binh, PEER_SLOT_STAGE, 0).broken, 0);
    assert_true(peer_state(anna).nacks > 0);
    assert_true(peer_state(anna).resent > 0);
    peer_destroy(anna);
    peer_destroy(binh);
}

static void what_has_no_right_is_dropped_where_it_is_forwarded(void **state)
{
    (void)state;
    struct peer *anna = enter(&speaker, ANNA, SFU_RIGHT_TILE);
    struct peer *binh = enter(&listener, BINH, SFU_RIGHT_TILE);
    struct peer *cuong = enter(&listener, CUONG, SFU_RIGHT_TILE);
    set_stage(ANNA);
    command((struct sfu_command){.kind = SFU_SET_FLOOR, .source = ANNA});
    watch(BINH, 720, 0);
    watch(CUONG, 720, 0);
    peer_set_level(anna, 5);
    peer_play(anna, PEER_MICROPHONE | PEER_CAMERA);
    await_sent(anna, 200);
    assert_int_equal(peer_stream(binh, PEER_SLOT_STAGE, 0).packets, 0);
    assert_int_equal(peer_stream(cuong, PEER_SLOT_STAGE, 0).packets, 0);
    assert_int_equal(peer_stream(binh, PEER_SLOT_AUDIO, 0).packets, 0);
    assert_int_equal(peer_stream(cuong, PEER_SLOT_AUDIO, 0).packets, 0);
    assert_true(media_house_counters(&house, WORKERS).drop_no_right > 0);

    set_rights(ANNA, EVERY_RIGHT);
    const struct wish wish = {PEER_SLOT_STAGE, ANNA, ANNA_BRIGHTNESS, 10, 0, 0};
    await_picture(binh, wish);
    await_picture(cuong, wish);

    set_rights(ANNA, SFU_RIGHT_TILE);
    await_sent(anna, 40); /* what was under way arrives */
    struct peer_stream before = peer_stream(cuong, PEER_SLOT_STAGE, 0);
    await_sent(anna, 200);
    assert_int_equal(peer_stream(cuong, PEER_SLOT_STAGE, 0).packets, before.packets);
    peer_destroy(anna);
    peer_destroy(binh);
    peer_destroy(cuong);
}

static void another_speaker_takes_the_stage_without_a_seam(void **state)
{
    (void)state;
    struct peer_config second = speaker;
    second.brightness = BINH_BRIGHTNESS;
    struct peer *anna = enter(&speaker, ANNA, EVERY_RIGHT);
    struct peer *binh = enter(&second, BINH, EVERY_RIGHT);
    struct peer *cuong = enter(&listener, CUONG, SFU_RIGHT_TILE);
    peer_play(anna, PEER_CAMERA);
    peer_play(binh, PEER_CAMERA);
    watch(CUONG, 720, 0);
    for (uint32_t round = 0; round < 3; round++) {
        uint64_t frames = peer_stream(cuong, PEER_SLOT_STAGE, 0).frames;
        const struct wish first = {PEER_SLOT_STAGE, ANNA, ANNA_BRIGHTNESS, frames + 5, 0, 0};
        set_stage(ANNA);
        await_picture(cuong, first);
        frames = peer_stream(cuong, PEER_SLOT_STAGE, 0).frames;
        const struct wish other = {PEER_SLOT_STAGE, BINH, BINH_BRIGHTNESS, frames + 5, 0, 0};
        set_stage(BINH);
        await_picture(cuong, other);
    }
    check_flawless(cuong, PEER_SLOT_STAGE);
    peer_destroy(anna);
    peer_destroy(binh);
    peer_destroy(cuong);
}

static void a_smaller_window_gets_a_smaller_picture(void **state)
{
    (void)state;
    static const uint16_t windows[] = {720, 90, 180, 90, 360}; /* each is one layer's height */
    static const uint32_t heights[] = {360, 90, 180, 90, 360};
    struct peer *anna = enter(&speaker, ANNA, EVERY_RIGHT);
    struct peer *binh = enter(&listener, BINH, SFU_RIGHT_TILE);
    struct peer *cuong = enter(&listener, CUONG, SFU_RIGHT_TILE);
    set_stage(ANNA);
    peer_play(anna, PEER_CAMERA);
    for (size_t i = 0; i < sizeof windows / sizeof windows[0]; i++) {
        struct wish wish = {PEER_SLOT_STAGE, ANNA, ANNA_BRIGHTNESS, 0, 0, heights[i]};
        watch(BINH, windows[i], 0);
        watch(CUONG, windows[i], 0);
        await_picture(binh, wish);
        await_picture(cuong, wish);
    }
    check_flawless(binh, PEER_SLOT_STAGE);
    check_flawless(cuong, PEER_SLOT_STAGE);
    peer_destroy(anna);
    peer_destroy(binh);
    peer_destroy(cuong);
}

static void the_screen_has_a_slot_of_its_own(void **state)
{
    (void)state;
    struct peer_config presenter = speaker;
    presenter.screen = true;
    struct peer *anna = enter(&presenter, ANNA, EVERY_RIGHT);
    struct peer *binh = enter(&listener, BINH, SFU_RIGHT_TILE);
    set_stage(ANNA);
    command((struct sfu_command){.kind = SFU_SET_SCREEN, .source = ANNA});
    watch(BINH, 720, 0);
    peer_play(anna, PEER_CAMERA | PEER_SCREEN);
    const struct wish screen = {PEER_SLOT_SCREEN, ANNA, UINT8_MAX - ANNA_BRIGHTNESS, 15, 0, 480};
    const struct wish stage = {PEER_SLOT_STAGE, ANNA, ANNA_BRIGHTNESS, 15, 0, 360};
    await_picture(binh, screen);
    await_picture(binh, stage);
    check_flawless(binh, PEER_SLOT_SCREEN);
    peer_destroy(anna);
    peer_destroy(binh);
}

static void a_viewer_without_rtx_or_transport_cc_is_served(void **state)
{
    (void)state;
    struct peer_config plain = listener;
    plain.no_rtx = true;
    plain.no_transport_cc = true;
    hold_a_room(&speaker, &plain);
}

static void an_enemy_with_a_seat_harms_nobody(void **state)
{
    (void)state;
    struct peer *anna = enter(&speaker, ANNA, EVERY_RIGHT);
    struct peer *binh = enter(&listener, BINH, SFU_RIGHT_TILE);
    struct peer *enemy = enter(&speaker, CUONG, SFU_RIGHT_TILE);
    set_stage(ANNA);
    watch(BINH, 720, CUONG);
    peer_play(anna, PEER_CAMERA);
    peer_play(enemy, PEER_CAMERA);
    const struct wish wish = {PEER_SLOT_STAGE, ANNA, ANNA_BRIGHTNESS, 10, 0, 0};
    const struct wish tile = {PEER_SLOT_TILE, CUONG, ANNA_BRIGHTNESS, 10, 0, 0};
    await_picture(binh, wish);
    await_picture(binh, tile);

    struct worker_counters before = media_house_counters(&house, WORKERS);
    peer_send_replay(enemy, 32);
    peer_send_forged(enemy, 32);
    peer_send_noise(enemy, 500, 1);
    const struct wish later = {PEER_SLOT_STAGE, ANNA, ANNA_BRIGHTNESS, 40, 0, 0};
    /* Even the enemy's own stream goes on: nothing forged moved its windows. */
    const struct wish tile_later = {PEER_SLOT_TILE, CUONG, ANNA_BRIGHTNESS, 40, 0, 0};
    await_picture(binh, later);
    await_picture(binh, tile_later);
    check_flawless(binh, PEER_SLOT_STAGE);
    check_flawless(binh, PEER_SLOT_TILE);
    struct worker_counters after = media_house_counters(&house, WORKERS);
    assert_true(after.drop_replay >= before.drop_replay + 32);
    assert_true(after.drop_auth >= before.drop_auth + 32);
    peer_destroy(anna);
    peer_destroy(binh);
    peer_destroy(enemy);
}

static void an_ice_restart_keeps_the_picture(void **state)
{
    (void)state;
    struct peer *anna = enter(&speaker, ANNA, EVERY_RIGHT);
    struct peer *binh = enter(&listener, BINH, SFU_RIGHT_TILE);
    struct sfu_refusal refusal = {0};
    set_stage(ANNA);
    watch(BINH, 720, 0);
    peer_play(anna, PEER_CAMERA);
    const struct wish wish = {PEER_SLOT_STAGE, ANNA, ANNA_BRIGHTNESS, 10, 0, 0};
    await_picture(binh, wish);
    const char *offer = peer_offer_restart(binh);
    assert_int_equal(sfu_restart(house.sfu, BINH, bytes_of(offer), answer, sizeof answer, &refusal),
                     ERR_OK);
    assert_true(peer_accept(binh, answer));
    assert_true(peer_wait_connected(binh, PATIENCE_MS));
    const struct wish later = {PEER_SLOT_STAGE,
                               ANNA,
                               ANNA_BRIGHTNESS,
                               peer_stream(binh, PEER_SLOT_STAGE, 0).frames + 20,
                               0,
                               0};
    await_picture(binh, later);
    check_flawless(binh, PEER_SLOT_STAGE);
    peer_destroy(anna);
    peer_destroy(binh);
}

#define IN_A_HOUSE(test) cmocka_unit_test_setup_teardown(test, open_house, close_house)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_A_HOUSE(a_published_picture_is_decoded_on_both_workers),
        IN_A_HOUSE(the_older_srtp_profile_serves_as_well),
        IN_A_HOUSE(each_member_may_have_a_profile_of_its_own),
        IN_A_HOUSE(a_viewer_without_rtx_or_transport_cc_is_served),
        IN_A_HOUSE(a_smaller_window_gets_a_smaller_picture),
        IN_A_HOUSE(the_screen_has_a_slot_of_its_own),
        IN_A_HOUSE(what_the_downlink_loses_is_sent_again),
        IN_A_HOUSE(what_the_uplink_loses_is_asked_for),
        IN_A_HOUSE(what_has_no_right_is_dropped_where_it_is_forwarded),
        IN_A_HOUSE(another_speaker_takes_the_stage_without_a_seam),
        IN_A_HOUSE(an_enemy_with_a_seat_harms_nobody),
        IN_A_HOUSE(an_ice_restart_keeps_the_picture),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

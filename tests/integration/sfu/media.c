/* Peers on real sockets, two workers, one room: what reaches whom, and what is refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/random.h"
#include "tests/support/media_house.h"

enum {
    WORKERS = 2,
    ENDPOINTS = 16,
    ROOM = 7,
    SPEAKER = 100, /* sources; endpoint n has source 100 + n - 1 */
    EVERY_RIGHT = SFU_RIGHT_TILE | SFU_RIGHT_STAGE | SFU_RIGHT_MICROPHONE | SFU_RIGHT_SCREEN,
    TRIES = 100,
    TRY_MS = 20,
    FLOOD_DATAGRAMS = 20000,
};

/* Counters are told at the end of a worker's round: a little after what it sent has arrived. */
#define assert_eventually(condition)                                                               \
    do {                                                                                           \
        for (int waited_ms = 0; waited_ms < 2000 && !(condition); waited_ms++)                     \
            usleep(1000);                                                                          \
        assert_true(condition);                                                                    \
    } while (0)

static const struct media_client_options sends_and_receives = {
    .sends = true, .audio_slots = 4, .video_slots = 4};

static struct media_house house;

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

static struct sfu_join seat(uint64_t endpoint, uint32_t rights)
{
    return (struct sfu_join){.room = ROOM,
                             .endpoint = endpoint,
                             .source = SPEAKER + (uint32_t)endpoint - 1,
                             .rights = rights};
}

static void connect_seat(struct media_client *client, uint64_t endpoint, uint32_t rights)
{
    struct sfu_join who = seat(endpoint, rights);
    struct sfu_event event;
    assert_true(media_client_connect(client, &sends_and_receives, house.sfu, &who));
    assert_true(media_house_await(&house, SFU_CONNECTED, endpoint, &event));
}

static void order(enum sfu_command_kind kind, uint32_t source)
{
    struct sfu_command command = {.kind = kind, .room = ROOM, .source = source};
    assert_int_equal(sfu_command(house.sfu, &command), ERR_OK);
}

static uint32_t csrc_of(const struct media_packet *packet)
{
    struct rd rd = rd_init((struct bytes){packet->data, packet->size});
    uint8_t first = rd_u8(&rd);
    rd_skip(&rd, 11);
    return first & 15 ? rd_u32(&rd) : 0;
}

/* Speaks until a packet comes out of the listener's slot. */
static bool hears(struct media_client *speaker, struct media_client *listener, uint32_t slot,
                  struct media_packet *ret_packet)
{
    static uint16_t sequence = 1000;
    for (int i = 0; i < TRIES; i++) {
        uint8_t packet[CLIENT_PACKET_BYTES];
        sequence++;
        struct media_rtp rtp = {CLIENT_MICROPHONE_SSRC, sequence, sequence * 960U, 20};
        size_t size = media_house_audio(&rtp, packet);
        assert_true(media_client_send_rtp(speaker, (struct bytes){packet, size}));
        if (media_client_receive_rtp(listener, listener->slot_ssrc[slot], TRY_MS, ret_packet))
            return true;
    }
    return false;
}

static void the_floor_is_heard_on_another_worker(void **state)
{
    (void)state;
    struct media_client speaker;
    struct media_client listener;
    connect_seat(&speaker, 1, EVERY_RIGHT);
    connect_seat(&listener, 2, EVERY_RIGHT);
    assert_int_not_equal(speaker.remote_port, listener.remote_port);
    order(SFU_SET_FLOOR, SPEAKER);
    struct media_packet packet;
    assert_true(hears(&speaker, &listener, 0, &packet));
    assert_int_equal(csrc_of(&packet), SPEAKER);
    assert_eventually(media_house_counters(&house, WORKERS).relayed_packets > 0);
    media_client_close(&speaker);
    media_client_close(&listener);
}

static bool sees(struct media_client *speaker, struct media_client *viewer, uint32_t slot,
                 struct media_packet *ret_packet)
{
    static uint16_t sequence = 5000;
    for (int i = 0; i < TRIES; i++) {
        uint8_t packet[CLIENT_PACKET_BYTES];
        sequence++;
        struct media_video video = {
            .rtp = {CLIENT_CAMERA_SSRC, sequence, sequence * 3000U, 0},
            .picture = sequence & 0x7fff,
            .parts = MEDIA_KEYFRAME | MEDIA_FIRST | MEDIA_LAST,
            .size = 800,
        };
        size_t size = media_house_video(&video, packet);
        assert_true(media_client_send_rtp(speaker, (struct bytes){packet, size}));
        if (media_client_receive_rtp(viewer, viewer->slot_ssrc[slot], TRY_MS, ret_packet))
            return true;
    }
    return false;
}

static void the_stage_is_seen_on_another_worker(void **state)
{
    (void)state;
    struct media_client speaker;
    struct media_client viewer;
    connect_seat(&speaker, 1, EVERY_RIGHT);
    connect_seat(&viewer, 2, EVERY_RIGHT);
    order(SFU_SET_STAGE, SPEAKER);
    struct sfu_command view = {.kind = SFU_SET_VIEW, .endpoint = 2, .view = {.stage_height = 720}};
    assert_int_equal(sfu_command(house.sfu, &view), ERR_OK);
    struct media_packet packet;
    uint32_t stage = sends_and_receives.audio_slots;
    assert_true(sees(&speaker, &viewer, stage, &packet));
    assert_int_equal(csrc_of(&packet), SPEAKER);
    struct sfu_event event;
    order(SFU_SET_STAGE, SPEAKER + 1);
    assert_true(media_house_await(&house, SFU_SLOTS, 2, &event));
    media_client_close(&speaker);
    media_client_close(&viewer);
}

static void a_microphone_without_the_right_is_not_forwarded(void **state)
{
    (void)state;
    struct media_client speaker;
    struct media_client listener;
    connect_seat(&speaker, 1, SFU_RIGHT_TILE);
    connect_seat(&listener, 2, EVERY_RIGHT);
    order(SFU_SET_FLOOR, SPEAKER);
    struct media_packet packet;
    assert_false(hears(&speaker, &listener, 0, &packet));
    assert_eventually(media_house_counters(&house, WORKERS).drop_no_right >= TRIES - 1);
    struct sfu_command grant = {
        .kind = SFU_SET_RIGHTS, .room = ROOM, .source = SPEAKER, .rights = EVERY_RIGHT};
    assert_int_equal(sfu_command(house.sfu, &grant), ERR_OK);
    assert_true(hears(&speaker, &listener, 0, &packet));
    media_client_close(&speaker);
    media_client_close(&listener);
}

static void every_srtp_profile_is_heard(void **state)
{
    (void)state;
    static const char *const profiles[] = {"SRTP_AEAD_AES_256_GCM", "SRTP_AES128_CM_SHA1_80",
                                           "SRTP_AEAD_AES_128_GCM"};
    struct media_client speaker;
    connect_seat(&speaker, 1, EVERY_RIGHT);
    order(SFU_SET_FLOOR, SPEAKER);
    for (uint64_t i = 0; i < sizeof profiles / sizeof profiles[0]; i++) {
        struct media_client listener;
        struct media_client_options options = sends_and_receives;
        options.srtp_profiles = profiles[i];
        struct sfu_join who = seat(2 + i, EVERY_RIGHT);
        assert_true(media_client_connect(&listener, &options, house.sfu, &who));
        struct media_packet packet;
        assert_true(hears(&speaker, &listener, 0, &packet));
        media_client_close(&listener);
    }
    media_client_close(&speaker);
}

static void a_wrong_password_is_refused_and_counted(void **state)
{
    (void)state;
    struct media_client client;
    struct sfu_join who = seat(1, EVERY_RIGHT);
    assert_true(media_client_open(&client, &sends_and_receives));
    assert_true(media_client_join(&client, &sends_and_receives, house.sfu, &who));
    int error;
    assert_false(media_client_check(&client, "not-the-password-of-anyone", &error));
    assert_int_equal(error, 401);
    assert_eventually(media_house_counters(&house, WORKERS).drop_auth == 1);
    assert_false(media_client_handshake(&client)); /* the address stays unknown */
    media_client_close(&client);
}

static void an_unknown_user_name_is_not_answered(void **state)
{
    (void)state;
    struct media_client client;
    struct sfu_join who = seat(1, EVERY_RIGHT);
    assert_true(media_client_open(&client, &sends_and_receives));
    assert_true(media_client_join(&client, &sends_and_receives, house.sfu, &who));
    memcpy(client.remote_ufrag, "nobody", sizeof "nobody");
    int error;
    assert_false(media_client_check(&client, NULL, &error));
    assert_int_equal(error, -1);
    assert_eventually(media_house_counters(&house, WORKERS).drop_unknown_address == 1);
    media_client_close(&client);
}

static void a_handshake_from_an_unchecked_address_is_not_answered(void **state)
{
    (void)state;
    struct media_client client;
    struct sfu_join who = seat(1, EVERY_RIGHT);
    assert_true(media_client_open(&client, &sends_and_receives));
    assert_true(media_client_join(&client, &sends_and_receives, house.sfu, &who));
    assert_false(media_client_handshake(&client));
    assert_eventually(media_house_counters(&house, WORKERS).drop_unknown_address > 0);
    assert_int_equal(media_house_counters(&house, WORKERS).drop_handshake, 0);
    media_client_close(&client);
}

static void a_certificate_that_the_offer_did_not_name_ends_the_endpoint(void **state)
{
    (void)state;
    struct media_client client;
    struct media_client_options options = sends_and_receives;
    options.offered_digest = "00:01:02:03:04:05:06:07:08:09:0A:0B:0C:0D:0E:0F:"
                             "10:11:12:13:14:15:16:17:18:19:1A:1B:1C:1D:1E:1F";
    struct sfu_join who = seat(1, EVERY_RIGHT);
    assert_false(media_client_connect(&client, &options, house.sfu, &who));
    struct sfu_event event;
    assert_true(media_house_await(&house, SFU_GONE, 1, &event));
    assert_int_equal(event.reason, SFU_GONE_HANDSHAKE);
    media_client_close(&client);
}

static void a_flood_of_malformed_datagrams_is_counted_and_harms_nobody(void **state)
{
    (void)state;
    static const uint8_t beginnings[] = {0, 1, 20, 22, 23, 63, 64, 128, 144, 200, 255};
    struct media_client speaker;
    struct media_client listener;
    struct media_client stranger;
    connect_seat(&speaker, 1, EVERY_RIGHT);
    connect_seat(&listener, 2, EVERY_RIGHT);
    order(SFU_SET_FLOOR, SPEAKER);
    struct sfu_join who = seat(3, EVERY_RIGHT);
    assert_true(media_client_open(&stranger, &sends_and_receives));
    assert_true(media_client_join(&stranger, &sends_and_receives, house.sfu, &who));
    struct rng rng = rng_seed(1);
    struct worker_counters before = media_house_counters(&house, WORKERS);
    struct media_packet packet;
    uint64_t sent = 0;
    for (uint32_t i = 0; i < FLOOD_DATAGRAMS; i++) {
        uint8_t noise[300];
        for (size_t at = 0; at < sizeof noise; at++)
            noise[at] = (uint8_t)rng_u64(&rng);
        noise[0] = beginnings[rng_below(&rng, sizeof beginnings)];
        size_t size = 1 + rng_below(&rng, sizeof noise);
        struct media_client *from = i % 2 ? &stranger : &speaker;
        sent += media_client_send(from, (struct bytes){noise, size}) ? 1 : 0;
        if (i % 2000 == 0)
            assert_true(hears(&speaker, &listener, 0, &packet));
    }
    assert_true(hears(&speaker, &listener, 0, &packet));
    struct worker_counters after = media_house_counters(&house, WORKERS);
    uint64_t refused = after.drop_malformed - before.drop_malformed + after.drop_auth -
                       before.drop_auth + after.drop_unknown_address - before.drop_unknown_address +
                       after.drop_handshake - before.drop_handshake + after.drop_unknown_ssrc -
                       before.drop_unknown_ssrc;
    assert_true(refused > sent / 2); /* a full socket buffer drops some before we see them */
    media_client_close(&speaker);
    media_client_close(&listener);
    media_client_close(&stranger);
}

static void who_leaves_is_gone_and_unheard(void **state)
{
    (void)state;
    struct media_client speaker;
    struct media_client listener;
    connect_seat(&speaker, 1, EVERY_RIGHT);
    connect_seat(&listener, 2, EVERY_RIGHT);
    order(SFU_SET_FLOOR, SPEAKER);
    struct media_packet packet;
    assert_true(hears(&speaker, &listener, 0, &packet));
    struct sfu_command leave = {.kind = SFU_LEAVE, .endpoint = 1};
    struct sfu_event event;
    assert_int_equal(sfu_command(house.sfu, &leave), ERR_OK);
    assert_true(media_house_await(&house, SFU_GONE, 1, &event));
    assert_int_equal(event.reason, SFU_GONE_LEFT);
    assert_int_equal(sfu_command(house.sfu, &leave), ERR_UNKNOWN);
    assert_false(hears(&speaker, &listener, 0, &packet));
    media_client_close(&speaker);
    media_client_close(&listener);
}

static void a_new_address_is_followed_without_a_new_handshake(void **state)
{
    (void)state;
    struct media_client speaker;
    struct media_client listener;
    connect_seat(&speaker, 1, EVERY_RIGHT);
    connect_seat(&listener, 2, EVERY_RIGHT);
    order(SFU_SET_FLOOR, SPEAKER);
    struct media_packet packet;
    assert_true(hears(&speaker, &listener, 0, &packet));
    int error;
    assert_true(media_client_move(&listener));
    assert_true(media_client_check(&listener, NULL, &error));
    assert_true(hears(&speaker, &listener, 0, &packet));
    assert_true(media_client_move(&speaker));
    assert_true(media_client_check(&speaker, NULL, &error));
    assert_true(hears(&speaker, &listener, 0, &packet));
    media_client_close(&speaker);
    media_client_close(&listener);
}

static void a_peer_is_answered_from_the_address_it_sends_to(void **state)
{
    (void)state;
    /* Both are this host's; left to itself the kernel answers from 127.0.0.1, and the listener's
     * connected socket takes nothing from there. */
    struct media_client_options options = sends_and_receives;
    options.server =
        (struct udp_address){.ip = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 127, 0, 0, 5}};
    struct media_client speaker;
    struct media_client listener;
    connect_seat(&speaker, 1, EVERY_RIGHT);
    struct sfu_join who = seat(2, EVERY_RIGHT);
    assert_true(media_client_connect(&listener, &options, house.sfu, &who));
    order(SFU_SET_FLOOR, SPEAKER);
    struct media_packet packet;
    assert_true(hears(&speaker, &listener, 0, &packet));
    media_client_close(&speaker);
    media_client_close(&listener);
}

static void after_a_restart_only_the_new_password_counts(void **state)
{
    (void)state;
    struct media_client speaker;
    struct media_client listener;
    connect_seat(&speaker, 1, EVERY_RIGHT);
    connect_seat(&listener, 2, EVERY_RIGHT);
    order(SFU_SET_FLOOR, SPEAKER);
    struct media_packet packet;
    assert_true(hears(&speaker, &listener, 0, &packet));
    struct media_client before = listener;
    assert_true(media_client_restart(&listener, &sends_and_receives, house.sfu, 2));
    assert_string_not_equal(listener.remote_pwd, before.remote_pwd);
    assert_memory_equal(listener.slot_ssrc, before.slot_ssrc, sizeof before.slot_ssrc);
    int error;
    assert_false(media_client_check(&listener, before.remote_pwd, &error));
    assert_int_equal(error, 401);
    assert_true(media_client_move(&listener));
    assert_true(media_client_check(&listener, NULL, &error));
    assert_true(hears(&speaker, &listener, 0, &packet));
    media_client_close(&speaker);
    media_client_close(&listener);
}

static void who_comes_back_on_another_worker_is_heard_from_there(void **state)
{
    (void)state;
    struct media_client before;
    struct media_client after;
    struct media_client listeners[2];
    connect_seat(&before, 1, EVERY_RIGHT);
    connect_seat(&listeners[0], 2, EVERY_RIGHT);
    connect_seat(&listeners[1], 3, EVERY_RIGHT);
    order(SFU_SET_FLOOR, SPEAKER);
    struct media_packet packet;
    for (int i = 0; i < 2; i++)
        assert_true(hears(&before, &listeners[i], 0, &packet));
    /* A page loaded anew: the same source, while the old connection still stands. */
    struct sfu_join who = seat(4, EVERY_RIGHT);
    who.source = SPEAKER;
    assert_true(media_client_connect(&after, &sends_and_receives, house.sfu, &who));
    assert_int_not_equal(after.remote_port, before.remote_port);
    for (int i = 0; i < 2; i++)
        assert_true(hears(&after, &listeners[i], 0, &packet));
    struct sfu_command leave = {.kind = SFU_LEAVE, .endpoint = 1};
    struct sfu_event event;
    assert_int_equal(sfu_command(house.sfu, &leave), ERR_OK);
    assert_true(media_house_await(&house, SFU_GONE, 1, &event));
    for (int i = 0; i < 2; i++) {
        assert_true(hears(&after, &listeners[i], 0, &packet));
        assert_int_equal(csrc_of(&packet), SPEAKER);
        media_client_close(&listeners[i]);
    }
    media_client_close(&before);
    media_client_close(&after);
}

static void an_offer_that_cannot_be_served_is_refused_with_its_reason(void **state)
{
    (void)state;
    char answer[1000];
    struct sfu_refusal refusal = {0};
    struct sfu_join who = seat(1, EVERY_RIGHT);
    who.offer = bytes_of("v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n");
    assert_int_not_equal(sfu_join(house.sfu, &who, answer, sizeof answer, &refusal), ERR_OK);
    assert_string_equal(refusal.code, "sdp.no_media");
    struct sfu_command leave = {.kind = SFU_LEAVE, .endpoint = 1};
    assert_int_equal(sfu_command(house.sfu, &leave), ERR_UNKNOWN);
}

static void a_full_house_says_so(void **state)
{
    (void)state;
    struct media_client client;
    for (uint64_t endpoint = 1; endpoint <= WORKERS * ENDPOINTS + 1; endpoint++) {
        struct sfu_join who = seat(endpoint, EVERY_RIGHT);
        assert_true(media_client_open(&client, &sends_and_receives));
        bool joined = media_client_join(&client, &sends_and_receives, house.sfu, &who);
        assert_int_equal(joined, endpoint <= WORKERS * ENDPOINTS);
        media_client_close(&client);
    }
}

#define MEDIA_TEST(name) cmocka_unit_test_setup_teardown(name, open_house, close_house)

int main(void)
{
    const struct CMUnitTest tests[] = {
        MEDIA_TEST(the_floor_is_heard_on_another_worker),
        MEDIA_TEST(the_stage_is_seen_on_another_worker),
        MEDIA_TEST(a_microphone_without_the_right_is_not_forwarded),
        MEDIA_TEST(every_srtp_profile_is_heard),
        MEDIA_TEST(a_wrong_password_is_refused_and_counted),
        MEDIA_TEST(an_unknown_user_name_is_not_answered),
        MEDIA_TEST(a_handshake_from_an_unchecked_address_is_not_answered),
        MEDIA_TEST(a_certificate_that_the_offer_did_not_name_ends_the_endpoint),
        MEDIA_TEST(a_flood_of_malformed_datagrams_is_counted_and_harms_nobody),
        MEDIA_TEST(who_leaves_is_gone_and_unheard),
        MEDIA_TEST(a_new_address_is_followed_without_a_new_handshake),
        MEDIA_TEST(a_peer_is_answered_from_the_address_it_sends_to),
        MEDIA_TEST(after_a_restart_only_the_new_password_counts),
        MEDIA_TEST(who_comes_back_on_another_worker_is_heard_from_there),
        MEDIA_TEST(an_offer_that_cannot_be_served_is_refused_with_its_reason),
        MEDIA_TEST(a_full_house_says_so),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* What the media server is told at its start, and what it then does. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "tests/support/media_house.h"

enum {
    ENDPOINTS = 16,
    ROOM = 7,
    SPEAKER = 100,
    RECEIVER_MOST_BYTES = 64 * 1024,
    EVERY_RIGHT = SFU_RIGHT_TILE | SFU_RIGHT_STAGE | SFU_RIGHT_MICROPHONE,
    TRIES = 200,
    TRY_MS = 20,
    FRAME_PACKETS = 5,
};

static const struct media_client_options sends = {.sends = true};
static const struct media_client_options watches = {.audio_slots = 1, .video_slots = 1};

static void open_house(struct media_house *house, struct sfu_config config)
{
    config.endpoints = ENDPOINTS;
    assert_true(media_house_open_as(house, &config));
}

static void enter(struct media_house *house, struct media_client *client, uint64_t room,
                  uint64_t endpoint, bool sender)
{
    struct sfu_join who = {
        .room = room, .endpoint = endpoint, .source = sender ? SPEAKER : 0, .rights = EVERY_RIGHT};
    struct sfu_event event;
    assert_true(media_client_connect(client, sender ? &sends : &watches, house->sfu, &who));
    assert_true(media_house_await(house, SFU_CONNECTED, endpoint, &event));
}

static void order(struct media_house *house, enum sfu_command_kind kind)
{
    struct sfu_command command = {.kind = kind, .room = ROOM, .source = SPEAKER};
    assert_int_equal(sfu_command(house->sfu, &command), ERR_OK);
}

static void send_keyframe(struct media_client *sender, uint32_t number)
{
    for (uint32_t i = 0; i < FRAME_PACKETS; i++) {
        uint8_t packet[CLIENT_PACKET_BYTES];
        struct media_video video = {
            .rtp = {.ssrc = CLIENT_CAMERA_SSRC,
                    .sequence = (uint16_t)(number * FRAME_PACKETS + i),
                    .timestamp = number * 3000U},
            .picture = (uint16_t)(number & 0x7fff),
            .parts = MEDIA_KEYFRAME | (i == 0 ? MEDIA_FIRST : 0U) |
                     (i == FRAME_PACKETS - 1 ? MEDIA_LAST : 0U),
            .size = 1000,
        };
        size_t size = media_house_video(&video, packet);
        assert_true(media_client_send_rtp(sender, (struct bytes){packet, size}));
    }
}

/* One who sends pictures and one who must get some, whole frame by whole frame. */
static void watch_a_picture(struct sfu_config config)
{
    struct media_house house;
    struct media_client sender;
    struct media_client viewer;
    struct media_packet packet;
    open_house(&house, config);
    enter(&house, &sender, ROOM, 1, true);
    enter(&house, &viewer, ROOM, 2, false);
    order(&house, SFU_SET_FLOOR);
    order(&house, SFU_SET_STAGE);
    uint32_t got = 0;
    for (uint32_t i = 0; i < TRIES && got < 2 * FRAME_PACKETS; i++) {
        send_keyframe(&sender, i);
        while (media_client_receive_rtp(&viewer, viewer.slot_ssrc[1], TRY_MS, &packet))
            got++;
    }
    assert_true(got >= 2 * FRAME_PACKETS);
    media_client_close(&sender);
    media_client_close(&viewer);
    media_house_close(&house);
}

static void a_picture_is_seen_with_either_cipher(void **state)
{
    (void)state;
    watch_a_picture((struct sfu_config){.workers = 1, .cipher = SFU_CIPHER_EVP});
    watch_a_picture((struct sfu_config){.workers = 1, .cipher = SFU_CIPHER_AUTO});
}

static void a_picture_is_seen_where_the_kernel_cuts_no_trains(void **state)
{
    (void)state;
    watch_a_picture((struct sfu_config){.workers = 1, .segment_offload = SFU_OFFLOAD_OFF});
}

static void a_picture_is_seen_with_a_tick_and_with_pinned_workers(void **state)
{
    (void)state;
    watch_a_picture((struct sfu_config){.workers = 2, .tick_us = 2000, .pin_cpus = true});
}

static void a_worker_listens_on_the_port_that_is_named_for_it(void **state)
{
    (void)state;
    struct media_house house;
    struct media_client client;
    open_house(&house, (struct sfu_config){.workers = 1});
    enter(&house, &client, ROOM, 1, false);
    uint16_t port = client.remote_port; /* free again when this house is closed */
    media_client_close(&client);
    media_house_close(&house);

    open_house(&house, (struct sfu_config){.workers = 2, .ports = {0, port}});
    bool met = false;
    for (uint64_t endpoint = 1; endpoint <= 2; endpoint++) {
        enter(&house, &client, ROOM, endpoint, false);
        met = met || client.remote_port == port;
        media_client_close(&client);
    }
    assert_true(met);
    media_house_close(&house);
}

static void
a_room_stays_on_one_worker_while_that_is_idle_and_another_room_goes_elsewhere(void **state)
{
    (void)state;
    struct media_house house;
    struct media_client first;
    struct media_client second;
    struct media_client other;
    open_house(&house, (struct sfu_config){.workers = 2, .spread_percent = 70});
    enter(&house, &first, ROOM, 1, false);
    enter(&house, &second, ROOM, 2, false);
    enter(&house, &other, ROOM + 1, 3, false);
    assert_int_equal(first.remote_port, second.remote_port);
    assert_int_not_equal(first.remote_port, other.remote_port);
    media_client_close(&first);
    media_client_close(&second);
    media_client_close(&other);
    media_house_close(&house);
}

static void a_receiver_takes_less_than_64_kB(void **state)
{
    (void)state;
    struct media_house house;
    open_house(&house, (struct sfu_config){.workers = 1});
    struct sfu_memory memory = sfu_memory(house.sfu);
    assert_in_range(memory.receiver_bytes, 1024, RECEIVER_MOST_BYTES);
    assert_true(memory.sender_bytes > memory.receiver_bytes);
    media_house_close(&house);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_picture_is_seen_with_either_cipher),
        cmocka_unit_test(a_picture_is_seen_where_the_kernel_cuts_no_trains),
        cmocka_unit_test(a_picture_is_seen_with_a_tick_and_with_pinned_workers),
        cmocka_unit_test(a_worker_listens_on_the_port_that_is_named_for_it),
        cmocka_unit_test(
            a_room_stays_on_one_worker_while_that_is_idle_and_another_room_goes_elsewhere),
        cmocka_unit_test(a_receiver_takes_less_than_64_kB),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

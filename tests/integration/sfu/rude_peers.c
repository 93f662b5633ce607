/* Peers that die, or do what no browser does, beside one that behaves: it notices nothing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/clock.h"
#include "tests/support/media_house.h"

enum {
    WORKERS = 1,
    ENDPOINTS = 16,
    ROOM = 7,
    SPEAKER = 100,
    EVERY_RIGHT = SFU_RIGHT_TILE | SFU_RIGHT_STAGE | SFU_RIGHT_MICROPHONE,
    PATIENCE_US = 15 * 1000 * 1000,
    PACKET_MS = 20,
};

static const struct media_client_options sends = {.sends = true};
static const struct media_client_options listens = {.audio_slots = 1, .video_slots = 1};

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

static void connect_as(struct media_client *client, const struct media_client_options *options,
                       uint64_t endpoint, uint32_t source)
{
    struct sfu_join who = {
        .room = ROOM, .endpoint = endpoint, .source = source, .rights = EVERY_RIGHT};
    struct sfu_event event;
    assert_true(media_client_connect(client, options, house.sfu, &who));
    assert_true(media_house_await(&house, SFU_CONNECTED, endpoint, &event));
}

static void give_floor(void)
{
    struct sfu_command command = {.kind = SFU_SET_FLOOR, .room = ROOM, .source = SPEAKER};
    assert_int_equal(sfu_command(house.sfu, &command), ERR_OK);
}

static void speak(struct media_client *speaker)
{
    static uint16_t sequence = 1000;
    uint8_t packet[CLIENT_PACKET_BYTES];
    sequence++;
    struct media_rtp rtp = {CLIENT_MICROPHONE_SSRC, sequence, sequence * 960U, 20};
    size_t size = media_house_audio(&rtp, packet);
    assert_true(media_client_send_rtp(speaker, (struct bytes){packet, size}));
}

static uint16_t sequence_of(const struct media_packet *packet)
{
    struct rd rd = rd_init((struct bytes){packet->data, packet->size});
    rd_skip(&rd, 2);
    return rd_u16(&rd);
}

/* Speaks packet by packet, each of which the listener must get, until the condition holds. */
static void a_peer_that_died_is_sent_to_no_more_and_its_neighbour_loses_nothing(void **state)
{
    (void)state;
    struct media_client speaker;
    struct media_client dying;
    struct media_client listener;
    struct media_packet packet;
    connect_as(&speaker, &sends, 1, SPEAKER);
    connect_as(&dying, &listens, 2, 0);
    connect_as(&listener, &listens, 3, 0);
    give_floor();
    bool heard = false;
    for (int i = 0; i < 100 && !heard; i++) {
        speak(&speaker);
        heard = media_client_receive_rtp(&listener, listener.slot_ssrc[0], PACKET_MS, &packet);
    }
    assert_true(heard);
    uint16_t expected = sequence_of(&packet);
    media_client_close(&dying);

    usec_t give_up = clock_now_us() + PATIENCE_US;
    while (media_house_counters(&house, WORKERS).unreachable_paths == 0) {
        assert_true(clock_now_us() < give_up);
        speak(&speaker);
        expected++;
        assert_true(media_client_receive_rtp(&listener, listener.slot_ssrc[0], 2000, &packet));
        assert_int_equal(sequence_of(&packet), expected);
    }
    /* From now on one packet in is one packet out. */
    uint64_t sent = media_house_counters(&house, WORKERS).sent_packets;
    for (uint32_t i = 0; i < 20; i++) {
        speak(&speaker);
        assert_true(media_client_receive_rtp(&listener, listener.slot_ssrc[0], 2000, &packet));
    }
    uint64_t later = media_house_counters(&house, WORKERS).sent_packets;
    assert_in_range(later - sent, 19, 30); /* and a few reports */
    assert_int_equal(media_house_counters(&house, WORKERS).drop_unsent, 0);
    media_client_close(&speaker);
    media_client_close(&listener);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            a_peer_that_died_is_sent_to_no_more_and_its_neighbour_loses_nothing, open_house,
            close_house),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

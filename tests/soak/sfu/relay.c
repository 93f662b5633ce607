/* Two workers that hand a room's packets to each other for a long while, made to be run under
 * ThreadSanitizer: two speakers, one on each, take turns on the stage; listeners on both come and
 * go. In every turn each listener gets packets of whoever has it.
 *
 * Environment: RELAY_SOAK_SECONDS, 600 unless told otherwise. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "tests/support/media_house.h"

enum {
    WORKERS = 2,
    ENDPOINTS = 64,
    ROOM = 7,
    SPEAKERS = 2,
    LISTENERS = 6,
    FIRST_SOURCE = 100,
    EVERY_RIGHT = SFU_RIGHT_TILE | SFU_RIGHT_STAGE | SFU_RIGHT_MICROPHONE,
    SECONDS_DEFAULT = 600,
    FRAME_PACKETS = 5,
    TURN_TRIES = 400, /* frames within which all must have got something */
    FRAMES_AFTER = 20,
};

static const struct media_client_options sends = {.sends = true};
static const struct media_client_options listens = {.audio_slots = 1, .video_slots = 1};

struct speaker {
    struct media_client client;
    uint16_t audio;
    uint16_t video;
    uint32_t frames;
};

struct soak {
    struct media_house house;
    uint64_t endpoints; /* numbers given so far */
    struct speaker speakers[SPEAKERS];
    struct media_client listeners[LISTENERS];
    uint64_t listener_endpoint[LISTENERS];
    uint64_t turns;
    uint64_t received;
};

static void connect_one(struct soak *soak, struct media_client *client, uint32_t source)
{
    struct sfu_join who = {.room = ROOM,
                           .endpoint = ++soak->endpoints,
                           .source = source,
                           .rights = source ? (uint32_t)EVERY_RIGHT : 0};
    struct sfu_event event;
    assert_true(media_client_connect(client, source ? &sends : &listens, soak->house.sfu, &who));
    assert_true(media_house_await(&soak->house, SFU_CONNECTED, who.endpoint, &event));
}

static void send_packet(struct media_client *client, const uint8_t *packet, size_t size)
{
    assert_true(media_client_send_rtp(client, (struct bytes){packet, size}));
}

/* Sound, and a whole keyframe: whoever has just come can begin with any. */
static void speak(struct speaker *speaker)
{
    uint8_t packet[CLIENT_PACKET_BYTES];
    struct media_rtp sound = {.ssrc = CLIENT_MICROPHONE_SSRC,
                              .sequence = speaker->audio,
                              .timestamp = speaker->audio * 960U,
                              .level = 20};
    speaker->audio++;
    send_packet(&speaker->client, packet, media_house_audio(&sound, packet));
    for (uint32_t i = 0; i < FRAME_PACKETS; i++) {
        struct media_video video = {
            .rtp = {.ssrc = CLIENT_CAMERA_SSRC,
                    .sequence = speaker->video++,
                    .timestamp = speaker->frames * 3000U},
            .picture = (uint16_t)(speaker->frames & 0x7fff),
            .parts = MEDIA_KEYFRAME | (i == 0 ? MEDIA_FIRST : 0U) |
                     (i == FRAME_PACKETS - 1 ? MEDIA_LAST : 0U),
            .size = 1000,
        };
        send_packet(&speaker->client, packet, media_house_video(&video, packet));
    }
    speaker->frames++;
}

static bool is_from(const struct media_packet *packet, uint32_t source)
{
    struct rd rd = rd_init((struct bytes){packet->data, packet->size});
    uint8_t first = rd_u8(&rd);
    rd_skip(&rd, 11);
    return (first & 15) > 0 && rd_u32(&rd) == source;
}

/* Takes what is there; true once a packet of `source` was among it. */
static bool drain(struct soak *soak, struct media_client *listener, uint32_t source)
{
    struct media_packet packet;
    bool met = false;
    while (media_client_receive_rtp(listener, 0, 1, &packet)) {
        soak->received++;
        met = met || is_from(&packet, source);
    }
    return met;
}

/* Consent lasts 30 s: a peer that does not ask again is given up. */
static void ask_again(struct soak *soak)
{
    int error;
    for (uint32_t i = 0; i < SPEAKERS; i++)
        assert_true(media_client_check(&soak->speakers[i].client, NULL, &error) && error == 0);
    for (uint32_t i = 0; i < LISTENERS; i++)
        assert_true(media_client_check(&soak->listeners[i], NULL, &error) && error == 0);
}

/* One speaker has floor and stage until every listener was reached, and a little longer. */
static void take_turn(struct soak *soak, uint32_t which)
{
    uint32_t source = FIRST_SOURCE + which;
    struct sfu_command floor = {.kind = SFU_SET_FLOOR, .room = ROOM, .source = source};
    struct sfu_command stage = {.kind = SFU_SET_STAGE, .room = ROOM, .source = source};
    struct sfu_event ignored;
    bool met[LISTENERS] = {false};
    uint32_t missing = LISTENERS;
    assert_int_equal(sfu_command(soak->house.sfu, &floor), ERR_OK);
    assert_int_equal(sfu_command(soak->house.sfu, &stage), ERR_OK);
    uint32_t end = TURN_TRIES;
    for (uint32_t frame = 0; frame < end; frame++) {
        speak(&soak->speakers[which]);
        for (uint32_t i = 0; i < LISTENERS; i++) {
            bool now = drain(soak, &soak->listeners[i], source);
            missing -= now && !met[i];
            met[i] = met[i] || now;
        }
        if (missing == 0 && end == TURN_TRIES)
            end = frame + FRAMES_AFTER;
        while (sfu_poll(soak->house.sfu, &ignored))
            ;
    }
    assert_int_equal(missing, 0);
    soak->turns++;
}

static void replace_listener(struct soak *soak, uint32_t which)
{
    struct sfu_command leave = {.kind = SFU_LEAVE, .endpoint = soak->listener_endpoint[which]};
    struct sfu_event event;
    assert_int_equal(sfu_command(soak->house.sfu, &leave), ERR_OK);
    assert_true(media_house_await(&soak->house, SFU_GONE, leave.endpoint, &event));
    media_client_close(&soak->listeners[which]);
    connect_one(soak, &soak->listeners[which], 0);
    soak->listener_endpoint[which] = soak->endpoints;
}

static usec_t soak_length(void)
{
    const char *text = getenv("RELAY_SOAK_SECONDS");
    uint64_t seconds = text ? strtoul(text, NULL, 10) : SECONDS_DEFAULT;
    return (seconds ? seconds : SECONDS_DEFAULT) * USEC_PER_SEC;
}

static void two_workers_relay_to_each_other_for_long(void **state)
{
    (void)state;
    static struct soak soak;
    struct sfu_config config = {.workers = WORKERS, .endpoints = ENDPOINTS}; /* spread at once */
    assert_true(media_house_open_as(&soak.house, &config));
    for (uint32_t i = 0; i < SPEAKERS; i++)
        connect_one(&soak, &soak.speakers[i].client, FIRST_SOURCE + i);
    assert_int_not_equal(soak.speakers[0].client.remote_port, soak.speakers[1].client.remote_port);
    for (uint32_t i = 0; i < LISTENERS; i++) {
        connect_one(&soak, &soak.listeners[i], 0);
        soak.listener_endpoint[i] = soak.endpoints;
    }
    usec_t end = clock_now_us() + soak_length();
    while (clock_now_us() < end) {
        ask_again(&soak);
        take_turn(&soak, (uint32_t)(soak.turns % SPEAKERS));
        replace_listener(&soak, (uint32_t)(soak.turns % LISTENERS));
    }
    struct worker_counters counters = media_house_counters(&soak.house, WORKERS);
    print_message("%llu turns, %llu packets relayed, %llu received, %llu lost in rings\n",
                  (unsigned long long)soak.turns, (unsigned long long)counters.relayed_packets,
                  (unsigned long long)soak.received, (unsigned long long)counters.drop_relay_full);
    assert_true(counters.relayed_packets > 0);
    assert_int_equal(counters.drop_malformed, 0);
    assert_int_equal(counters.drop_auth, 0);
    for (uint32_t i = 0; i < SPEAKERS; i++)
        media_client_close(&soak.speakers[i].client);
    for (uint32_t i = 0; i < LISTENERS; i++)
        media_client_close(&soak.listeners[i]);
    media_house_close(&soak.house);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(two_workers_relay_to_each_other_for_long),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

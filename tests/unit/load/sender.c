#include "load/core/sender.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "sfu/proto/vp8.h"

static uint8_t *memory;
static struct film film;
static struct sender sender;
static struct sent_source sent;

static int begin(void **state)
{
    (void)state;
    memset(&sent, 0, sizeof sent);
    if (film_make_bench(30, 1, &memory, &film) != ERR_OK)
        return -1;
    sender_init(&sender, &film, 5, &sent);
    return 0;
}

static int end(void **state)
{
    (void)state;
    film_done(&film);
    free(memory);
    return 0;
}

static void a_second_is_150_pictures_packets_and_50_sounds(void **state)
{
    (void)state;
    struct sender_packet packet;
    uint32_t counts[SENT_STREAMS] = {0};
    sender_switch(&sender, 1000000, true);
    for (usec_t now = 1000000; now < 3000000; now += 1000)
        while (sender_poll(&sender, now, now * 1000, &packet))
            if (now >= 2000000)
                counts[packet.stream]++;
    assert_int_equal(counts[SENT_MICROPHONE], 50);
    assert_int_equal(counts[SENT_CAMERA], 150);
}

static void a_frame_is_cut_and_can_be_put_together_again(void **state)
{
    (void)state;
    struct sender_packet packet;
    size_t size = 0;
    uint32_t packets = 0;
    sender_switch(&sender, 0, true);
    for (bool done = false; !done;) {
        if (!sender_poll(&sender, USEC_PER_SEC / 10, 1, &packet) || packet.stream != SENT_CAMERA)
            continue;
        struct vp8_descriptor descriptor;
        uint8_t whole[SENDER_PAYLOAD_MAX];
        struct wr wr = wr_init(whole, sizeof whole);
        wr_bytes(&wr, (struct bytes){packet.head, packet.head_size});
        wr_bytes(&wr, packet.payload);
        assert_int_equal(vp8_parse(wr_written(&wr), &descriptor), ERR_OK);
        assert_int_equal(descriptor.size, packet.head_size);
        assert_true(descriptor.starts_partition == (packets == 0));
        assert_true(vp8_is_keyframe(&descriptor, wr_written(&wr)) == packet.key_start);
        assert_memory_equal(packet.payload.data, film.tracks[0].frames[0].data + size,
                            packet.payload.size);
        size += packet.payload.size;
        packets++;
        done = packet.marker;
    }
    assert_int_equal(size, film.tracks[0].frames[0].size);
    assert_int_equal(packets, FILM_BENCH_FRAME_PACKETS);
}

static void a_stream_begins_with_a_keyframe_and_gives_one_when_asked(void **state)
{
    (void)state;
    struct sender_packet packet;
    uint32_t keyframes = 0;
    sender_switch(&sender, 0, true);
    uint32_t ssrc = sender.streams[SENT_CAMERA].ssrc;
    for (usec_t now = 0; now < USEC_PER_SEC; now += 1000) {
        if (now == USEC_PER_SEC / 2)
            assert_true(sender_on_keyframe_request(&sender, ssrc));
        while (sender_poll(&sender, now, 1, &packet))
            keyframes += packet.key_start;
    }
    assert_int_equal(keyframes, 2);
    assert_false(sender_on_keyframe_request(&sender, ssrc + 7));
}

static void what_is_asked_for_again_is_the_same_payload(void **state)
{
    (void)state;
    struct sender_packet packet;
    struct sender_packet again;
    sender_switch(&sender, 0, true);
    while (!sender_poll(&sender, USEC_PER_SEC, 1, &packet) || packet.stream != SENT_CAMERA)
        ;
    assert_true(sender_again(&sender, packet.ssrc, packet.sequence, &again));
    assert_true(again.retransmission && again.ssrc != packet.ssrc);
    assert_int_equal(again.timestamp, packet.timestamp);
    assert_int_equal(again.head[0] << 8 | again.head[1], packet.sequence);
    assert_memory_equal(again.head + 2, packet.head, packet.head_size);
    assert_true(bytes_equal(again.payload, packet.payload));
    assert_false(sender_again(&sender, packet.ssrc, (uint16_t)(packet.sequence + 99), &again));
}

static void a_layer_that_nobody_wants_is_silent(void **state)
{
    (void)state;
    static const bool none[FILM_VIDEO_TRACKS_MAX] = {false};
    struct sender_packet packet;
    sender_switch(&sender, 0, true);
    sender_set_layers(&sender, 0, none);
    for (usec_t now = 0; now < USEC_PER_SEC; now += 1000)
        while (sender_poll(&sender, now, 1, &packet))
            assert_int_equal(packet.stream, SENT_MICROPHONE);
    sender_switch(&sender, USEC_PER_SEC, false);
    assert_true(sender_deadline(&sender) == USEC_NEVER);
}

static void every_packet_sent_is_found_again(void **state)
{
    (void)state;
    struct sender_packet packet;
    uint8_t whole[SENDER_PAYLOAD_MAX];
    sender_switch(&sender, 0, true);
    for (usec_t now = 0; now < USEC_PER_SEC; now += 1000) {
        while (sender_poll(&sender, now, now + 1, &packet)) {
            struct wr wr = wr_init(whole, sizeof whole);
            wr_bytes(&wr, (struct bytes){packet.head, packet.head_size});
            wr_bytes(&wr, packet.payload);
            const struct sent_packet *found =
                sent_find(&sent.streams[packet.stream], wr_written(&wr));
            assert_non_null(found);
            assert_int_equal(found->sequence, packet.sequence);
            assert_int_equal(found->timestamp, packet.timestamp);
            assert_ptr_equal(sent_at(&sent.streams[packet.stream], packet.sequence), found);
        }
    }
    assert_null(sent_find(&sent.streams[SENT_CAMERA], bytes_of("never sent by anybody")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_second_is_150_pictures_packets_and_50_sounds, begin, end),
        cmocka_unit_test_setup_teardown(a_frame_is_cut_and_can_be_put_together_again, begin, end),
        cmocka_unit_test_setup_teardown(a_stream_begins_with_a_keyframe_and_gives_one_when_asked,
                                        begin, end),
        cmocka_unit_test_setup_teardown(what_is_asked_for_again_is_the_same_payload, begin, end),
        cmocka_unit_test_setup_teardown(a_layer_that_nobody_wants_is_silent, begin, end),
        cmocka_unit_test_setup_teardown(every_packet_sent_is_found_again, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

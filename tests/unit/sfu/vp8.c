#include "sfu/proto/vp8.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

/* Every optional field, then a keyframe of 640 × 480. */
static const uint8_t keyframe[] = {0x90, 0xf0, 0x92, 0x34, 0x07, 0x65, 0x50, 0x01,
                                   0x00, 0x9d, 0x01, 0x2a, 0x80, 0x02, 0xe0, 0x41};

static void every_field_is_read(void **state)
{
    (void)state;
    struct vp8_descriptor descriptor;
    assert_int_equal(vp8_parse((struct bytes){keyframe, sizeof keyframe}, &descriptor), ERR_OK);
    assert_int_equal(descriptor.size, 6);
    assert_true(descriptor.starts_partition && !descriptor.discardable);
    assert_int_equal(descriptor.partition, 0);
    assert_true(descriptor.has_picture_id && descriptor.picture_id_is_long);
    assert_int_equal(descriptor.picture_id, 0x1234);
    assert_true(descriptor.has_tl0_index);
    assert_int_equal(descriptor.tl0_index, 7);
    assert_true(descriptor.has_temporal && descriptor.layer_sync);
    assert_int_equal(descriptor.temporal_layer, 1);
    assert_true(descriptor.has_key_index);
    assert_int_equal(descriptor.key_index, 5);
}

static void short_and_absent_picture_ids_are_read(void **state)
{
    (void)state;
    static const uint8_t with_short[] = {0x80, 0x80, 0x7f, 0x31};
    static const uint8_t bare[] = {0x30, 0x00};
    struct vp8_descriptor descriptor;
    assert_int_equal(vp8_parse((struct bytes){with_short, sizeof with_short}, &descriptor), ERR_OK);
    assert_false(descriptor.picture_id_is_long);
    assert_int_equal(descriptor.picture_id, 0x7f);
    assert_int_equal(vp8_parse((struct bytes){bare, sizeof bare}, &descriptor), ERR_OK);
    assert_false(descriptor.has_picture_id);
    assert_true(descriptor.discardable);
    assert_int_equal(descriptor.size, 1);
}

static void every_truncation_up_to_the_first_frame_byte_is_short(void **state)
{
    (void)state;
    struct vp8_descriptor descriptor;
    for (size_t size = 0; size <= 6; size++)
        assert_int_equal(vp8_parse((struct bytes){keyframe, size}, &descriptor), ERR_SHORT);
}

static void a_keyframe_tells_its_size(void **state)
{
    (void)state;
    struct vp8_descriptor descriptor;
    struct bytes payload = {keyframe, sizeof keyframe};
    uint16_t width = 0;
    uint16_t height = 0;
    assert_int_equal(vp8_parse(payload, &descriptor), ERR_OK);
    assert_true(vp8_is_keyframe(&descriptor, payload));
    assert_int_equal(vp8_keyframe_size(&descriptor, payload, &width, &height), ERR_OK);
    assert_int_equal(width, 640);
    assert_int_equal(height, 480); /* the scaling bits above are not part of it */
    for (size_t size = 7; size < sizeof keyframe; size++)
        assert_int_equal(
            vp8_keyframe_size(&descriptor, (struct bytes){keyframe, size}, &width, &height),
            ERR_SHORT);
}

static void only_the_first_packet_of_a_keyframe_counts(void **state)
{
    (void)state;
    uint8_t payload[sizeof keyframe];
    struct vp8_descriptor descriptor;
    uint16_t width = 0;
    uint16_t height = 0;
    static const struct {
        size_t at;
        uint8_t value;
    } changes[] = {{0, 0x80} /* not a start */, {0, 0x91} /* partition 1 */, {6, 0x51} /* delta */};
    for (size_t i = 0; i < sizeof changes / sizeof changes[0]; i++) {
        memcpy(payload, keyframe, sizeof payload);
        payload[changes[i].at] = changes[i].value;
        assert_int_equal(vp8_parse((struct bytes){payload, sizeof payload}, &descriptor), ERR_OK);
        assert_false(vp8_is_keyframe(&descriptor, (struct bytes){payload, sizeof payload}));
        assert_int_equal(vp8_keyframe_size(&descriptor, (struct bytes){payload, sizeof payload},
                                           &width, &height),
                         ERR_FORMAT);
    }
    memcpy(payload, keyframe, sizeof payload);
    payload[9] = 0x9c; /* start code */
    assert_int_equal(vp8_parse((struct bytes){payload, sizeof payload}, &descriptor), ERR_OK);
    assert_int_equal(
        vp8_keyframe_size(&descriptor, (struct bytes){payload, sizeof payload}, &width, &height),
        ERR_FORMAT);
}

static void a_rewritten_descriptor_differs_in_its_numbers_only(void **state)
{
    (void)state;
    struct vp8_descriptor before;
    struct vp8_descriptor after;
    uint8_t bytes[VP8_DESCRIPTOR_MAX_BYTES + 1] = {0};
    assert_int_equal(vp8_parse((struct bytes){keyframe, sizeof keyframe}, &before), ERR_OK);
    size_t size = vp8_write(&before, 0x7fff, 255, bytes);
    assert_int_equal(vp8_parse((struct bytes){bytes, size + 1}, &after), ERR_OK);
    assert_int_equal(after.picture_id, 0x7fff);
    assert_int_equal(after.tl0_index, 255);
    after.picture_id = before.picture_id;
    after.tl0_index = before.tl0_index;
    assert_int_equal(after.size, before.size);
    assert_int_equal(after.temporal_layer, before.temporal_layer);
    assert_int_equal(after.key_index, before.key_index);
    assert_true(after.layer_sync == before.layer_sync);
}

static void the_picture_id_is_always_written_long(void **state)
{
    (void)state;
    static const uint8_t bare[] = {0x10, 0x00};
    struct vp8_descriptor descriptor;
    uint8_t bytes[VP8_DESCRIPTOR_MAX_BYTES];
    assert_int_equal(vp8_parse((struct bytes){bare, sizeof bare}, &descriptor), ERR_OK);
    assert_int_equal(vp8_write(&descriptor, 3, 0, bytes), 4);
    static const uint8_t expected[] = {0x90, 0x80, 0x80, 0x03};
    assert_memory_equal(bytes, expected, sizeof expected);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_field_is_read),
        cmocka_unit_test(short_and_absent_picture_ids_are_read),
        cmocka_unit_test(every_truncation_up_to_the_first_frame_byte_is_short),
        cmocka_unit_test(a_keyframe_tells_its_size),
        cmocka_unit_test(only_the_first_packet_of_a_keyframe_counts),
        cmocka_unit_test(a_rewritten_descriptor_differs_in_its_numbers_only),
        cmocka_unit_test(the_picture_id_is_always_written_long),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

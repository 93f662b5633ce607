/* What a seat understands of the door's words, and what it says itself. */
#include "load/edge/seat_message.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct seat_message message;

static enum err parse(const char *text)
{
    return seat_message_parse(bytes_of(text), &message);
}

static void each_kind_is_understood(void **state)
{
    (void)state;
    assert_int_equal(parse("{\"type\":\"hello\",\"seq\":0,\"source\":7,\"token\":\"x\"}"), ERR_OK);
    assert_true(message.type == SEAT_MESSAGE_HELLO && message.source == 7);
    seat_message_done(&message);
    assert_int_equal(parse("{\"type\":\"joined\",\"sdp\":\"v=0\",\"resume\":\"r\"}"), ERR_OK);
    assert_string_equal(message.sdp, "v=0");
    seat_message_done(&message);
    assert_int_equal(parse("{\"type\":\"layers\",\"camera\":[true,false,true],\"screen\":false}"),
                     ERR_OK);
    assert_true(message.camera[0] && !message.camera[1] && message.camera[2]);
    seat_message_done(&message);
    assert_int_equal(parse("{\"type\":\"error\",\"code\":\"line_test.over\",\"vi\":\"Hết.\","
                           "\"en\":\"Over.\",\"fatal\":true}"),
                     ERR_OK);
    assert_true(message.type == SEAT_MESSAGE_ERROR && message.fatal);
    assert_string_equal(message.refusal.code, "line_test.over");
    assert_string_equal(message.refusal.vi, "Hết.");
    seat_message_done(&message);
    assert_int_equal(parse("{\"type\":\"speakers\",\"sources\":[1]}"), ERR_OK);
    assert_int_equal(message.type, SEAT_MESSAGE_OTHER);
    seat_message_done(&message);
}

static void what_lacks_its_part_is_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "",
        "[]",
        "{}",
        "{\"type\":7}",
        "{\"type\":\"hello\"}",
        "{\"type\":\"hello\",\"source\":\"7\"}",
        "{\"type\":\"joined\"}",
        "{\"type\":\"layers\",\"camera\":[true]}",
        "{\"type\":\"layers\",\"camera\":true}",
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_int_equal(parse(bad[i]), ERR_FORMAT);
}

static void a_message_cut_anywhere_is_refused(void **state)
{
    (void)state;
    static const char whole[] = "{\"type\":\"joined\",\"sdp\":\"v=0\\r\\n\",\"resume\":\"r\"}";
    for (size_t size = 0; size < sizeof whole - 1; size++) {
        uint8_t *part = malloc(size ? size : 1);
        assert_non_null(part);
        memcpy(part, whole, size);
        assert_int_equal(seat_message_parse((struct bytes){part, size}, &message), ERR_FORMAT);
        free(part);
    }
}

static void a_seat_shows_the_senders_in_its_tiles(void **state)
{
    (void)state;
    char *text = seat_message_watch(2, 12);
    assert_string_equal(text, "{\"type\":\"watch\",\"tiles\":[1,2],\"stageHeight\":720,"
                              "\"screenHeight\":0,\"tileHeight\":180}");
    free(text);
    text = seat_message_stage(3);
    assert_string_equal(text, "{\"type\":\"stage\",\"source\":3}");
    free(text);
    text = seat_message_join("v=0\r\n", 2);
    assert_string_equal(text, "{\"type\":\"join\",\"sdp\":\"v=0\\r\\n\",\"tiles\":2}");
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_kind_is_understood),
        cmocka_unit_test(what_lacks_its_part_is_refused),
        cmocka_unit_test(a_message_cut_anywhere_is_refused),
        cmocka_unit_test(a_seat_shows_the_senders_in_its_tiles),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

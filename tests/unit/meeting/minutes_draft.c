/* What a meeting writes about itself. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "meeting/core/local_time.h"
#include "meeting/core/minutes_draft.h"
#include "tests/support/meeting_core.h"

/* The draft as lines, one a block. */
static struct buffer lines_of(const struct meeting_state *state)
{
    struct arena arena = {0};
    struct minutes minutes;
    struct buffer text = {0};
    assert_int_equal(minutes_draft(state, &arena, &minutes), ERR_OK);
    for (uint32_t i = 0; i < minutes.block_count; i++) {
        for (uint32_t k = 0; k < minutes.blocks[i].run_count; k++)
            assert_int_equal(buffer_put(&text, bytes_of(minutes.blocks[i].runs[k].text)), ERR_OK);
        assert_int_equal(buffer_put(&text, bytes_of("\n")), ERR_OK);
    }
    assert_int_equal(buffer_put(&text, (struct bytes){(const uint8_t *)"", 1}), ERR_OK);
    arena_done(&arena);
    return text;
}

static void at(struct meeting_core *core, int hour, int minute)
{
    core->now = CORE_START + ((hour - 8) * 60 + minute) * INT64_C(60000) - 1000;
}

#define DO(user, ...) assert_null(core_do(core, user, (struct meeting_command){__VA_ARGS__}))

static void hold(struct meeting_core *core)
{
    core_bring_to(core, PHASE_INVITED);
    DO(CORE_CHAIR, .action = ACTION_ENTER);
    DO(CORE_SECRETARY, .action = ACTION_ENTER);
    DO(CORE_MEMBER, .action = ACTION_ENTER);
    at(core, 8, 5);
    DO(CORE_CHAIR, .action = ACTION_START);
    DO(CORE_CHAIR, .action = ACTION_AGENDA_OPEN, .of.agenda_open = {core->state.agenda[0].id});
    at(core, 8, 15);
    DO(CORE_MEMBER_2, .action = ACTION_ENTER);
    DO(CORE_CHAIR, .action = ACTION_FLOOR_GRANT,
       .of.participant = {core_participant(core, CORE_MEMBER_2)});
    at(core, 8, 20);
    DO(CORE_MEMBER_2, .action = ACTION_FLOOR_RELEASE);
    DO(CORE_CHAIR, .action = ACTION_VOTE_OPEN, .of.vote_open = {"Thông qua kế hoạch?"});
    uint64_t vote = core->state.votes[0].id;
    DO(CORE_CHAIR, .action = ACTION_VOTE_CAST, .of.vote_cast = {vote, CHOICE_AGREE});
    DO(CORE_MEMBER, .action = ACTION_VOTE_CAST, .of.vote_cast = {vote, CHOICE_AGREE});
    DO(CORE_MEMBER_2, .action = ACTION_VOTE_CAST, .of.vote_cast = {vote, CHOICE_ABSTAIN});
    DO(CORE_CHAIR, .action = ACTION_VOTE_CLOSE, .of.vote_close = {vote});
    DO(CORE_SECRETARY, .action = ACTION_CONCLUSION_ADD,
       .of.conclusion_add = {"Giao các xã hoàn thành trước ngày 15 tháng 12."});
    at(core, 8, 30);
    DO(CORE_MEMBER_2, .action = ACTION_LEAVE);
    at(core, 9, 0);
    DO(CORE_CHAIR, .action = ACTION_END);
}

static void presence_speakers_votes_and_conclusions_are_all_there(void **unused)
{
    (void)unused;
    static const char *const expected[] = {
        "I. TÌNH HÌNH DỰ HỌP\nCó mặt 4/5 người thuộc thành phần dự họp, trong đó 3 người có mặt",
        "Có mặt từ đầu đến khi kết thúc: Trần Đình Khôi (Ủy ban nhân dân tỉnh Lam Giang); Lê Thị",
        "\nLò Thị Nhung (Xã Mỹ Đức): có mặt từ 08 giờ 15 phút đến 08 giờ 30 phút.\n",
        "Vắng mặt: Vũ Minh Châu (Báo Lam Giang).\nII. DIỄN BIẾN CUỘC HỌP\n",
        "Cuộc họp khai mạc lúc 08 giờ 05 phút, ngày 23 tháng 11 năm 2026; chủ trì: đồng chí Trần",
        "1. Kết quả tháng 11\nThảo luận từ 08 giờ 05 phút đến 09 giờ 00 phút.\n",
        "Ý kiến phát biểu: từ 08 giờ 15 phút đến 08 giờ 20 phút, đồng chí Lò Thị Nhung, Chủ tịch",
        "Nội dung biểu quyết: Thông qua kế hoạch?\n",
        ("có 3/4 người có quyền biểu quyết và có mặt tham gia biểu quyết; tán thành 2 (50,00%), "
         "không "
         "tán thành 0 (0,00%), không biểu quyết 1 (25,00%).\n"),
        "2. Nhiệm vụ tháng 12\nNội dung này chưa được đưa ra thảo luận tại cuộc họp.\n",
        "III. KẾT LUẬN CỦA CHỦ TỌA\nGiao các xã hoàn thành trước ngày 15 tháng 12.\n",
    };
    struct meeting_core *core = malloc(sizeof *core);
    core_open(core);
    hold(core);
    struct buffer text = lines_of(&core->state);
    const char *from = (const char *)text.data;
    assert_non_null(from);
    for (size_t i = 0; i < sizeof expected / sizeof expected[0]; i++) {
        const char *found = strstr(from, expected[i]);
        if (!found) {
            fail_msg("missing or out of order: %s\nin: %s", expected[i], from);
            break;
        }
        from = found;
    }
    buffer_done(&text);
    core_close(core);
    free(core);
}

static void a_line_that_broke_for_a_moment_is_no_absence(void **unused)
{
    (void)unused;
    struct meeting_core *core = malloc(sizeof *core);
    core_open(core);
    core_bring_to(core, PHASE_LIVE);
    core->now += 600000;
    DO(CORE_MEMBER, .action = ACTION_LEAVE);
    core->now += 20000;
    DO(CORE_MEMBER, .action = ACTION_ENTER);
    core->now += 600000;
    DO(CORE_CHAIR, .action = ACTION_END);
    struct buffer text = lines_of(&core->state);
    assert_non_null(strstr((const char *)text.data, "5 người có mặt từ đầu đến khi kết thúc"));
    buffer_done(&text);
    core_close(core);
    free(core);
}

static void local_time_is_right_at_the_edges_of_days_and_years(void **unused)
{
    (void)unused;
    struct local_time epoch = local_time_of(0, 420);
    assert_int_equal(epoch.year, 1970);
    assert_int_equal(epoch.hour, 7);
    struct local_time last = local_time_of(INT64_C(1798736399999), 420);
    assert_int_equal(last.year, 2026);
    assert_int_equal(last.month, 12);
    assert_int_equal(last.day, 31);
    assert_int_equal(last.second, 59);
    struct local_time first = local_time_of(INT64_C(1798736400000), 420);
    assert_int_equal(first.year, 2027);
    assert_int_equal(first.day, 1);
    struct local_time leap = local_time_of(INT64_C(951782400000), 0); /* 2000-02-29T00:00Z */
    assert_int_equal(leap.month, 2);
    assert_int_equal(leap.day, 29);
    struct local_time not_leap = local_time_of(INT64_C(4107542400000), 0); /* 2100-03-01T00:00Z */
    assert_int_equal(not_leap.month, 3);
    assert_int_equal(not_leap.day, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(presence_speakers_votes_and_conclusions_are_all_there),
        cmocka_unit_test(a_line_that_broke_for_a_moment_is_no_absence),
        cmocka_unit_test(local_time_is_right_at_the_edges_of_days_and_years),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

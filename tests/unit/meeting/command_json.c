/* Commands as clients send them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <string.h>

#include "meeting/core/command_json.h"

static const char *const good[] = {
    ("{\"kind\":\"agenda.set\",\"items\":[{\"title\":\"Một\",\"plannedMinutes\":30},{\"id\":\"5\","
     "\"title\":\"Hai\",\"presenterId\":\"9\",\"plannedMinutes\":0}]}"),
    "{\"kind\":\"document.remove\",\"documentId\":\"3\"}",
    "{\"kind\":\"units.invite\",\"unitIds\":[\"1\",\"2\"],\"userIds\":[]}",
    "{\"kind\":\"submit\"}",
    "{\"kind\":\"return\",\"reason\":\"Bổ sung\"}",
    "{\"kind\":\"floor.grant\",\"participantId\":\"4\"}",
    "{\"kind\":\"stage.set\",\"participantId\":null}",
    "{\"kind\":\"document.present\",\"documentId\":null}",
    "{\"kind\":\"document.present\",\"documentId\":\"3\",\"page\":7}",
    "{\"kind\":\"vote.open\",\"question\":\"Thông qua?\"}",
    "{\"kind\":\"vote.cast\",\"voteId\":\"6\",\"choice\":\"disagree\"}",
    ("{\"kind\":\"minutes.save\",\"baseRevision\":2,\"blocks\":[{\"type\":\"paragraph\",\"runs\":"
     "[{\"text\":\"a\",\"bold\":false}]}]}"),
    "{\"kind\":\"minutes.finalise\",\"revision\":2}",
};

static enum err parse(const char *json, size_t size)
{
    struct arena arena = {0};
    struct meeting_command command;
    struct bytes bytes = {(const uint8_t *)json, size};
    enum err err = command_json_parse(bytes, &arena, &command, NULL);
    arena_done(&arena);
    return err;
}

static void members_land_where_they_belong(void **unused)
{
    (void)unused;
    struct arena arena = {0};
    struct meeting_command command;
    assert_int_equal(command_json_parse(bytes_of(good[0]), &arena, &command, NULL), ERR_OK);
    assert_int_equal(command.action, ACTION_AGENDA_SET);
    assert_int_equal(command.of.agenda_set.item_count, 2);
    assert_int_equal(command.of.agenda_set.items[0].id, 0);
    assert_int_equal(command.of.agenda_set.items[1].presenter_id, 9);
    assert_string_equal(command.of.agenda_set.items[1].title, "Hai");
    assert_int_equal(command_json_parse(bytes_of(good[10]), &arena, &command, NULL), ERR_OK);
    assert_int_equal(command.of.vote_cast.choice, CHOICE_DISAGREE);
    assert_int_equal(command_json_parse(bytes_of(good[2]), &arena, &command, NULL), ERR_OK);
    assert_int_equal(command.of.units_invite.unit_ids[1], 2);
    assert_int_equal(command_json_parse(bytes_of(good[11]), &arena, &command, NULL), ERR_OK);
    assert_string_equal(command.of.minutes_save.minutes.blocks[0].runs[0].text, "a");
    arena_done(&arena);
}

static void every_truncation_is_refused(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        assert_int_equal(parse(good[i], strlen(good[i])), ERR_OK);
        for (size_t cut = 0; cut < strlen(good[i]); cut++)
            assert_int_not_equal(parse(good[i], cut), ERR_OK);
    }
}

static void a_refusal_names_the_member(void **unused)
{
    (void)unused;
    static const struct {
        const char *json;
        enum err err;
        const char *where;
    } bad[] = {
        {"{\"kind\":\"dance\"}", ERR_UNKNOWN, "kind"},
        {"{\"kind\":\"enter\"}", ERR_FORBIDDEN, "kind"},
        {"{\"kind\":\"minutes.sign\"}", ERR_FORBIDDEN, "kind"},
        {"{\"kind\":\"document.add\"}", ERR_FORBIDDEN, "kind"},
        {"{}", ERR_FORMAT, "kind"},
        {"{\"kind\":\"submit\",\"now\":true}", ERR_UNKNOWN, "now"},
        {"{\"kind\":\"vote.open\"}", ERR_FORMAT, "question"},
        {"{\"kind\":\"minutes.finalise\",\"revision\":1,\"code\":\"X\"}", ERR_UNKNOWN, "code"},
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct arena arena = {0};
        struct meeting_command command;
        const char *where = NULL;
        assert_int_equal(command_json_parse(bytes_of(bad[i].json), &arena, &command, &where),
                         bad[i].err);
        assert_string_equal(where, bad[i].where);
        arena_done(&arena);
    }
}

static void a_plan_is_read_whole_or_not_at_all(void **unused)
{
    (void)unused;
    static const char json[] =
        "{\"title\":\"Họp\",\"startAt\":1795395600000,\"endAt\":1795402800000,\"place\":\"\","
        "\"chairId\":\"1\",\"secretaryId\":\"2\"}";
    struct arena arena = {0};
    struct meeting_plan plan;
    assert_int_equal(command_json_parse_plan(bytes_of(json), &arena, &plan, NULL), ERR_OK);
    assert_string_equal(plan.title, "Họp");
    assert_int_equal(plan.secretary_id, 2);
    for (size_t cut = 0; cut < strlen(json); cut++)
        assert_int_not_equal(command_json_parse_plan((struct bytes){(const uint8_t *)json, cut},
                                                     &arena, &plan, NULL),
                             ERR_OK);
    arena_done(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(members_land_where_they_belong),
        cmocka_unit_test(every_truncation_is_refused),
        cmocka_unit_test(a_refusal_names_the_member),
        cmocka_unit_test(a_plan_is_read_whole_or_not_at_all),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

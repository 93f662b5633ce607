/* Event bodies: one canonical form, read strictly. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <string.h>

#include "meeting/proto/event_json.h"

#define HASH "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
#define PERSON(id, capacity)                                                                       \
    "{\"capacity\":\"" capacity "\",\"id\":\"" id "\",\"name\":\"Trần Đình Khôi\","           \
    "\"position\":\"Phó Chủ tịch\",\"source\":1,\"unit\":\"\",\"userId\":\"7\",\"vote\":true}"

/* A good body of every kind, in canonical form. */
static const struct {
    enum event_kind kind;
    const char *body;
} bodies[] = {
    {EVENT_MEETING_CREATED,
     "{\"chair\":" PERSON("11", "chair") ",\"code\":\"ABCDEFGH23\",\"endAt\":1795402800000,"
                                         "\"place\":\"\",\"secretary\":" PERSON(
                                             "12",
                                             "secretary") ",\"startAt\":1795395600000,\"title\":"
                                                          "\"Họp \\\"giao ban\\\"\"}"},
    {EVENT_AGENDA_SET,
     "{\"items\":[{\"id\":\"21\",\"plannedMinutes\":30,\"presenterId\":null,"
     "\"title\":\"Một\"},{\"id\":\"22\",\"plannedMinutes\":0,\"presenterId\":\"11\",\"title\":"
     "\"Hai\"}]}"},
    {EVENT_DOCUMENT_ADDED, "{\"agendaId\":null,\"id\":\"31\",\"pages\":3,\"sha256\":\"" HASH
                           "\",\"size\":67108864,\"title\":\"Báo cáo\"}"},
    {EVENT_DOCUMENT_REMOVED, "{\"documentId\":\"31\"}"},
    {EVENT_UNITS_INVITED,
     "{\"participants\":[" PERSON(
         "13", "member") "],\"units\":[{\"id\":\"71\",\"name\":\"Xã Hòa Bình\"}]}"},
    {EVENT_MEETING_SUBMITTED, "{}"},
    {EVENT_MEETING_APPROVED, "{}"},
    {EVENT_MEETING_RETURNED, "{\"reason\":\"Bổ sung\\nnội dung\"}"},
    {EVENT_MEETING_ANNOUNCED, "{}"},
    {EVENT_MEETING_CANCELLED, "{\"reason\":\"Hoãn\"}"},
    {EVENT_ROOM_OPENED, "{}"},
    {EVENT_MEETING_STARTED, "{}"},
    {EVENT_MEETING_PAUSED, "{}"},
    {EVENT_MEETING_RESUMED, "{}"},
    {EVENT_MEETING_ENDED, "{}"},
    {EVENT_PARTICIPANT_ENTERED, "{\"method\":\"online\",\"participantId\":\"13\"}"},
    {EVENT_PARTICIPANT_LEFT,
     "{\"method\":\"restart\",\"outAt\":1795395700000,\"participantId\":\"13\"}"},
    {EVENT_AGENDA_OPENED, "{\"agendaId\":\"21\"}"},
    {EVENT_FLOOR_REQUESTED, "{\"participantId\":\"13\"}"},
    {EVENT_FLOOR_WITHDRAWN, "{\"participantId\":\"13\"}"},
    {EVENT_FLOOR_GRANTED, "{\"participantId\":\"9223372036854775807\"}"},
    {EVENT_FLOOR_RELEASED, "{\"participantId\":\"13\"}"},
    {EVENT_STAGE_SET, "{\"participantId\":null}"},
    {EVENT_DOCUMENT_PRESENTED,
     "{\"by\":\"11\",\"documentId\":\"31\",\"number\":4294967295,\"page\":2}"},
    {EVENT_VOTE_OPENED, "{\"eligible\":4,\"question\":\"Thông qua?\",\"voteId\":\"41\"}"},
    {EVENT_VOTE_CAST, "{\"choice\":\"abstain\",\"participantId\":\"13\",\"voteId\":\"41\"}"},
    {EVENT_VOTE_CLOSED, "{\"abstain\":0,\"agree\":3,\"disagree\":1,\"voteId\":\"41\"}"},
    {EVENT_CONCLUSION_ADDED, "{\"conclusionId\":\"51\",\"text\":\"Giao các xã 🙂\"}"},
    {EVENT_CONCLUSION_REMOVED, "{\"conclusionId\":\"51\"}"},
    {EVENT_MINUTES_LOCKED, "{\"takeover\":false,\"userId\":\"7\"}"},
    {EVENT_MINUTES_UNLOCKED, "{\"userId\":\"7\"}"},
    {EVENT_MINUTES_SAVED,
     "{\"blocks\":[{\"runs\":[{\"bold\":true,\"text\":\"I. \"},{\"italic\":"
     "true,\"text\":\"nghiêng\"}],\"type\":\"heading\"},{\"runs\":[],\"type\":\"item\"}],"
     "\"revision\":1}"},
    {EVENT_MINUTES_FINALISED,
     "{\"code\":\"ABCDEFGHIJKLMN23\",\"revision\":1,\"sha256\":\"" HASH "\"}"},
    {EVENT_MINUTES_REOPENED, "{}"},
    {EVENT_MINUTES_SIGNED,
     "{\"field\":\"chair\",\"serial\":\"0a1b\",\"sha256\":\"" HASH "\",\"userId\":\"7\"}"},
    {EVENT_MEETING_PUBLISHED, "{}"},
    {EVENT_ISSUE_NUMBERED, "{\"issueId\":\"61\",\"number\":1,\"symbol\":\"UBND\",\"type\":\"BB\","
                           "\"year\":2026}"},
    {EVENT_ISSUE_WRITTEN, "{\"issueId\":\"61\",\"sha256\":\"" HASH "\"}"},
    {EVENT_ISSUE_SEALED, "{\"issueId\":\"61\",\"serial\":\"0a1b\",\"sha256\":\"" HASH "\"}"},
    {EVENT_ISSUE_DISTRIBUTED,
     "{\"issueId\":\"61\",\"units\":[{\"id\":\"71\",\"name\":\"Xã Hòa Bình\"}]}"},
    {EVENT_ISSUE_RECEIVED, "{\"issueId\":\"61\",\"of\":\"recall\",\"unitId\":\"71\"}"},
    {EVENT_ISSUE_RECALLED, "{\"issueId\":\"61\",\"reason\":\"Sai nội dung\"}"},
    {EVENT_ISSUE_REPLACED, "{\"by\":\"62\",\"issueId\":\"61\"}"},
    {EVENT_MINUTES_ARCHIVED, "{\"before\":\"" HASH "\",\"sha256\":\"" HASH "\"}"},
};

static enum err parse(enum event_kind kind, const char *body)
{
    struct arena arena = {0};
    struct meeting_event event;
    enum err err = event_json_parse(kind, bytes_of(body), &arena, &event);
    arena_done(&arena);
    return err;
}

static void every_kind_comes_back_byte_for_byte(void **unused)
{
    (void)unused;
    _Static_assert(sizeof bodies / sizeof bodies[0] == EVENT_KIND_COUNT, "every kind is here");
    for (size_t i = 0; i < EVENT_KIND_COUNT; i++) {
        struct arena arena = {0};
        struct buffer again = {0};
        struct meeting_event event;
        assert_int_equal(bodies[i].kind, i);
        assert_int_equal(event_json_parse(bodies[i].kind, bytes_of(bodies[i].body), &arena, &event),
                         ERR_OK);
        assert_int_equal(event_json_write(&event, &again), ERR_OK);
        assert_int_equal(again.size, strlen(bodies[i].body));
        assert_memory_equal(again.data, bodies[i].body, again.size);
        buffer_done(&again);
        arena_done(&arena);
    }
}

static void every_truncation_is_refused(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < EVENT_KIND_COUNT; i++)
        for (size_t cut = 0; cut < strlen(bodies[i].body); cut++) {
            struct arena arena = {0};
            struct meeting_event event;
            struct bytes part = {(const uint8_t *)bodies[i].body, cut};
            assert_int_not_equal(event_json_parse(bodies[i].kind, part, &arena, &event), ERR_OK);
            arena_done(&arena);
        }
}

static void what_is_not_exactly_a_body_is_refused(void **unused)
{
    (void)unused;
    static const struct {
        enum event_kind kind;
        const char *body;
        enum err err;
    } bad[] = {
        {EVENT_MEETING_STARTED, "{\"at\":1}", ERR_UNKNOWN},
        {EVENT_MEETING_STARTED, "[]", ERR_FORMAT},
        {EVENT_MEETING_STARTED, "{} {}", ERR_FORMAT},
        {EVENT_AGENDA_OPENED, "{}", ERR_FORMAT},
        {EVENT_AGENDA_OPENED, "{\"agendaId\":\"1\",\"agendaId\":\"1\"}", ERR_FORMAT},
        {EVENT_AGENDA_OPENED, "{\"agendaId\":1}", ERR_FORMAT},
        {EVENT_AGENDA_OPENED, "{\"agendaId\":\"0\"}", ERR_FORMAT},
        {EVENT_AGENDA_OPENED, "{\"agendaId\":\"-1\"}", ERR_FORMAT},
        {EVENT_AGENDA_OPENED, "{\"agendaId\":\"9223372036854775808\"}", ERR_FORMAT},
        {EVENT_AGENDA_OPENED, "{\"agendaId\":null}", ERR_FORMAT},
        {EVENT_VOTE_CAST, "{\"choice\":\"maybe\",\"participantId\":\"1\",\"voteId\":\"1\"}",
         ERR_UNKNOWN},
        {EVENT_VOTE_OPENED, "{\"eligible\":1.0,\"question\":\"?\",\"voteId\":\"1\"}", ERR_FORMAT},
        {EVENT_VOTE_OPENED, "{\"eligible\":-1,\"question\":\"?\",\"voteId\":\"1\"}", ERR_FORMAT},
        {EVENT_VOTE_OPENED, "{\"eligible\":4097,\"question\":\"?\",\"voteId\":\"1\"}", ERR_LIMIT},
        {EVENT_VOTE_OPENED, "{\"eligible\":1,\"question\":\"\",\"voteId\":\"1\"}", ERR_FORMAT},
        {EVENT_VOTE_OPENED, "{\"eligible\":1,\"question\":\"a\\u0000\",\"voteId\":\"1\"}",
         ERR_FORMAT},
        {EVENT_VOTE_OPENED, "{\"eligible\":1,\"question\":\"a\\u0007\",\"voteId\":\"1\"}",
         ERR_FORMAT},
        {EVENT_MEETING_RETURNED, "{\"reason\":\"\xff\"}", ERR_FORMAT},
        {EVENT_MINUTES_LOCKED, "{\"takeover\":0,\"userId\":\"7\"}", ERR_FORMAT},
        {EVENT_MINUTES_REOPENED, "{\"none\":0}", ERR_UNKNOWN},
        {EVENT_MINUTES_FINALISED, "{\"code\":\"A\",\"revision\":1,\"sha256\":\"E3\"}", ERR_FORMAT},
        {EVENT_DOCUMENT_ADDED,
         "{\"agendaId\":null,\"id\":\"1\",\"pages\":1,\"sha256\":\"" HASH
         "\",\"size\":9007199254740993,\"title\":\"a\"}",
         ERR_LIMIT},
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_int_equal(parse(bad[i].kind, bad[i].body), bad[i].err);
}

static void an_open_ballot_is_told_without_its_choice(void **unused)
{
    (void)unused;
    struct buffer told = {0};
    assert_int_equal(event_json_write_secretly(bytes_of(bodies[EVENT_VOTE_CAST].body), &told),
                     ERR_OK);
    static const char expected[] = "{\"participantId\":\"13\",\"voteId\":\"41\"}";
    assert_int_equal(told.size, strlen(expected));
    assert_memory_equal(told.data, expected, told.size);
    buffer_done(&told);
}

static void writing_refuses_what_reading_would(void **unused)
{
    (void)unused;
    struct buffer body = {0};
    struct meeting_event event = {.kind = EVENT_AGENDA_OPENED};
    assert_int_equal(event_json_write(&event, &body), ERR_FORMAT); /* no id */
    event.of.agenda_opened.agenda_id = UINT64_MAX;
    assert_int_equal(event_json_write(&event, &body), ERR_FORMAT);
    event.kind = EVENT_MEETING_RETURNED;
    event.of.reason.reason = "\xff";
    assert_int_equal(event_json_write(&event, &body), ERR_FORMAT);
    assert_int_equal(body.size, 0);
    buffer_done(&body);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_kind_comes_back_byte_for_byte),
        cmocka_unit_test(every_truncation_is_refused),
        cmocka_unit_test(what_is_not_exactly_a_body_is_refused),
        cmocka_unit_test(an_open_ballot_is_told_without_its_choice),
        cmocka_unit_test(writing_refuses_what_reading_would),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

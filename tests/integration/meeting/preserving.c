/* Signed minutes get their timestamps and proofs, at once or when the authority answers again. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>

#include "meeting/edge/paper/pdf_verify.h"
#include "meeting/edge/service.h"
#include "tests/support/meeting_fixture.h"
#include "tests/support/minutes_signing.h"

/* Nobody listens there. */
static const char nowhere[] = "http://127.0.0.1:1/tsa";

struct scene {
    struct meeting_fixture f;
    struct certs_ask ask;
    struct signer secretary;
    struct signer chair;
    char secretary_serial[65];
    char chair_serial[65];
};

/* Final minutes; the authority is this one. */
static void begin(struct scene *scene, const char *tsa_url)
{
    struct meeting_fixture *f = &scene->f;
    fixture_open(f);
    fixture_make_ca(f);
    scene->ask = (struct certs_ask){.ca = f->ca, .trust = f->trust, .tsa_url = tsa_url};
    f->ask = &scene->ask;
    fixture_reopen(f);
    fixture_start(f);
    assert_int_equal(fixture_do(f, f->chair, (struct meeting_command){.action = ACTION_END}),
                     ERR_OK);
    struct meeting_command finalise = {.action = ACTION_MINUTES_FINALISE};
    assert_int_equal(fixture_do(f, f->secretary, finalise), ERR_OK);
    scene->secretary = person(f, f->secretary, scene->secretary_serial);
    scene->chair = person(f, f->chair, scene->chair_serial);
}

static void end(struct scene *scene)
{
    signer_done(&scene->secretary);
    signer_done(&scene->chair);
    fixture_close(&scene->f);
}

static void sign(struct scene *scene, enum minutes_field field)
{
    struct meeting_fixture *f = &scene->f;
    bool chair = field == MINUTES_FIELD_CHAIR;
    uint64_t user = chair ? f->chair : f->secretary;
    uint64_t id = 0;
    assert_null(
        prepare(f, user, field, chair ? scene->chair_serial : scene->secretary_serial, &id));
    assert_null(complete(f, chair ? &scene->chair : &scene->secretary, user, id));
}

/* Lets the task do what is due at the fixture's time, one file after the other. */
static void settle(struct meeting_fixture *f)
{
    struct meeting_output output;
    for (int rounds = 0; rounds < 8; rounds++) {
        if (meeting_deadline(f->service) > f->now)
            return;
        meeting_tick(f->service, f->now);
        if (!f->service->preserving)
            continue; /* nothing was begun */
        struct pollfd ready = {.fd = meeting_fd(f->service), .events = POLLIN};
        assert_int_equal(poll(&ready, 1, 10000), 1);
        while (meeting_poll(f->service, f->now, &output))
            continue;
        assert_int_equal(meeting_flush(f->service), ERR_OK);
        while (meeting_poll(f->service, f->now, &output))
            continue;
    }
}

static struct verify_report *verify_now(struct meeting_fixture *f)
{
    struct verify_report *report = malloc(sizeof *report);
    struct buffer file = file_of(f, fixture_state(f)->minutes.sha256);
    pdf_verify(buffer_bytes(&file), f->trust, f->now, report);
    buffer_done(&file);
    return report;
}

static enum meeting_keeping keeping(const struct meeting_fixture *f)
{
    return meeting_keeping_of(f->service, f->meeting);
}

static void signed_by_both_the_minutes_are_archived(void **unused)
{
    (void)unused;
    struct scene scene;
    begin(&scene, NULL);
    struct meeting_fixture *f = &scene.f;
    sign(&scene, MINUTES_FIELD_SECRETARY);
    settle(f);
    assert_int_equal(keeping(f), MEETING_KEEPING_KEPT); /* its timestamp is all it needs by now */
    sign(&scene, MINUTES_FIELD_CHAIR);
    settle(f);
    assert_int_equal(keeping(f), MEETING_KEEPING_KEPT);
    struct verify_report *report = verify_now(f);
    assert_int_equal(report->verdict, VERIFY_VALID);
    assert_int_equal(report->signature_count, 2);
    assert_int_equal(report->stamp_count, 1);
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(report->signatures[i].source, VERIFY_TIME_STAMP);
        assert_int_equal(report->signatures[i].history.proven, CERTS_PROVEN_GOOD);
    }
    free(report);

    /* The register knows the longer file, and a restart folds the same log. */
    struct issued_file issued;
    assert_int_equal(meeting_issued_by_hash(f->service, fixture_state(f)->minutes.sha256, &issued),
                     ERR_OK);
    uint64_t seq = fixture_state(f)->seq;
    fixture_reopen(f);
    settle(f);
    assert_int_equal(fixture_state(f)->seq, seq);
    assert_int_equal(keeping(f), MEETING_KEEPING_KEPT);
    end(&scene);
}

static void a_timestamp_out_of_reach_is_taken_later(void **unused)
{
    (void)unused;
    struct scene scene;
    begin(&scene, nowhere);
    struct meeting_fixture *f = &scene.f;
    sign(&scene, MINUTES_FIELD_SECRETARY);
    sign(&scene, MINUTES_FIELD_CHAIR);
    settle(f);
    assert_int_equal(keeping(f), MEETING_KEEPING_PENDING);
    struct verify_report *report = verify_now(f);
    assert_int_equal(report->verdict, VERIFY_VALID);
    assert_int_equal(report->signatures[1].source, VERIFY_TIME_CLAIMED);
    free(report);

    /* It is not asked again before its time. */
    utc_ms_t due = meeting_deadline(f->service);
    assert_true(due > f->now && due <= f->now + PRESERVE_RETRY_FIRST_MS);
    scene.ask.tsa_url = NULL;
    settle(f);
    assert_int_equal(keeping(f), MEETING_KEEPING_PENDING);
    f->now = due;
    settle(f);
    assert_int_equal(keeping(f), MEETING_KEEPING_KEPT);
    report = verify_now(f);
    assert_int_equal(report->verdict, VERIFY_VALID);
    assert_int_equal(report->signatures[0].source, VERIFY_TIME_DOCUMENT);
    assert_true(report->signatures[0].trusted_at == report->stamps[0].facts.at);
    free(report);
    end(&scene);
}

static void a_prepared_signing_is_never_made_stale(void **unused)
{
    (void)unused;
    struct scene scene;
    uint64_t id = 0;
    begin(&scene, nowhere);
    struct meeting_fixture *f = &scene.f;
    sign(&scene, MINUTES_FIELD_SECRETARY);
    scene.ask.tsa_url = NULL;
    assert_null(prepare(f, f->chair, MINUTES_FIELD_CHAIR, scene.chair_serial, &id));
    settle(f);
    assert_null(complete(f, &scene.chair, f->chair, id));
    f->now += PRESERVE_RETRY_FIRST_MS;
    settle(f);
    assert_int_equal(keeping(f), MEETING_KEEPING_KEPT);
    end(&scene);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(signed_by_both_the_minutes_are_archived),
        cmocka_unit_test(a_timestamp_out_of_reach_is_taken_later),
        cmocka_unit_test(a_prepared_signing_is_never_made_stale),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

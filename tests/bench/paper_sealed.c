/* From "Kết thúc họp" to the sealed and archived file, by the real service: end, draft, save, final
 * file, the secretary's and the chair's signature with their timestamps, archive, number, number in
 * the file, seal by the device, archive. Only the server's time counts, from each request to its
 * answer; what people and their browsers do between is left out.
 *
 * Usage: bench_paper_sealed TEXT_BYTES. With more than 0 the secretary saves so much text in place
 * of what the meeting wrote itself. bench_paper runs it, in a process of its own because of what
 * the service needs of memory, and reads the one line that it prints:
 *
 *   whole layout signatures seal archives (ms, the last twice each), pages
 *
 * Ends with an error when anything goes wrong, or the file is not valid in the end. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/log.h"
#include "meeting/edge/paper/pdf_verify.h"
#include "meeting/edge/service.h"
#include "tests/support/clerk_desk.h"
#include "tests/support/minutes.h"

enum { BLOCKS_MAX = 4000, ROUNDS_MAX = 8 };

struct paper_sealed {
    double whole_ms;    /* all of it, and so more than the rest together: */
    double finalise_ms; /* laid out */
    double sign_ms;     /* prepared and completed, both */
    double seal_ms;
    double archive_ms; /* both times */
    uint32_t pages;
};

struct scene {
    struct desk desk;
    struct certs_ask ask;
    double begun; /* of the request that is under way */
    struct paper_sealed spent;
};

static double now_ms(void)
{
    return (double)clock_now_us() / 1e3;
}

/* Around each request: what lies between is somebody else's time. */
static void begin(struct scene *scene)
{
    scene->begun = now_ms();
}

static void end(struct scene *scene, double *part)
{
    double spent = now_ms() - scene->begun;
    scene->spent.whole_ms += spent;
    if (part)
        *part += spent;
}

/* What clerk_desk.h opens, with an authority that gives timestamps and proofs. */
static void scene_open(struct scene *scene)
{
    struct desk *desk = &scene->desk;
    struct meeting_fixture *f = &desk->f;
    *scene = (struct scene){.begun = 0};
    device_open(&desk->device, NULL);
    device_make(&desk->device);
    fixture_open(f);
    f->seal = desk->device.device;
    fixture_make_ca(f);
    desk->seal = device_certify(&desk->device, f->ca, f->now);
    scene->ask = (struct certs_ask){.ca = f->ca, .trust = f->trust};
    f->ask = &scene->ask;
    fixture_reopen(f);
    fixture_start(f);
}

/* -- the way of the paper ------------------------------------------------------------------------
 */

static void do_timed(struct scene *scene, uint64_t user, struct meeting_command command,
                     double *part)
{
    begin(scene);
    assert_int_equal(fixture_do(&scene->desk.f, user, command), ERR_OK);
    end(scene, part);
}

static void draft(struct scene *scene)
{
    struct arena arena = {0};
    struct minutes minutes;
    begin(scene);
    assert_int_equal(minutes_text(fixture_state(&scene->desk.f), &arena, &minutes), ERR_OK);
    end(scene, NULL);
    arena_done(&arena);
}

/* The sample's blocks over and over. */
static void save(struct scene *scene, size_t text_bytes)
{
    static struct minutes_run runs[BLOCKS_MAX];
    static struct minutes_block blocks[BLOCKS_MAX];
    struct meeting_fixture *f = &scene->desk.f;
    uint32_t count = 0;
    for (size_t bytes = 0; bytes < text_bytes && count < BLOCKS_MAX; count++) {
        const struct paper_block *sample = &minutes_blocks[count % 4];
        const char *text = sample->runs[sample->run_count / 2].text;
        runs[count] = (struct minutes_run){.text = text};
        blocks[count] = (struct minutes_block){
            .type = count % 4 == 0 ? BLOCK_HEADING : BLOCK_PARAGRAPH,
            .run_count = 1,
            .runs = &runs[count],
        };
        bytes += strlen(text);
    }
    do_timed(scene, f->secretary, (struct meeting_command){.action = ACTION_MINUTES_LOCK}, NULL);
    struct meeting_command command = {
        .action = ACTION_MINUTES_SAVE,
        .of.minutes_save = {fixture_state(f)->minutes.revision, {count, blocks}},
    };
    do_timed(scene, f->secretary, command, NULL);
}

static void finalise(struct scene *scene)
{
    struct meeting_fixture *f = &scene->desk.f;
    struct meeting_command command = {
        .action = ACTION_MINUTES_FINALISE,
        .of.minutes_finalise.revision = fixture_state(f)->minutes.revision,
    };
    do_timed(scene, f->secretary, command, &scene->spent.finalise_ms);
}

static void sign_timed(struct scene *scene, uint64_t user, enum minutes_field field)
{
    struct meeting_fixture *f = &scene->desk.f;
    char serial[65];
    uint8_t digest[CERTS_SHA256_BYTES], raw[CERTS_RAW_SIGNATURE_BYTES];
    uint64_t id = 0;
    struct signer signer = person(f, user, serial);
    begin(scene);
    assert_null(prepare(f, user, field, serial, &id));
    end(scene, &scene->spent.sign_ms);

    const struct signing *signing = meeting_signing_find(f->service, id, user, f->now);
    assert_non_null(signing);
    struct buffer file = file_of(f, signing->sha256);
    assert_int_equal(pades_digest(buffer_bytes(&file), signing->byte_range, digest), ERR_OK);
    buffer_done(&file);
    signer_answer(&signer, digest, raw);
    signer_done(&signer);

    begin(scene);
    struct meeting_receipt receipt =
        meeting_signing_complete(f->service, id, user, (struct bytes){raw, sizeof raw}, f->now);
    assert_null(fixture_wait(f, &receipt, NULL));
    end(scene, &scene->spent.sign_ms);
}

static void drain(struct meeting_fixture *f)
{
    struct meeting_output output;
    while (meeting_poll(f->service, f->now, &output))
        continue;
}

/* The task that timestamps and archives, until nothing is due. */
static void archive(struct scene *scene)
{
    struct meeting_fixture *f = &scene->desk.f;
    begin(scene);
    for (int round = 0; round < ROUNDS_MAX && meeting_deadline(f->service) <= f->now; round++) {
        meeting_tick(f->service, f->now);
        if (!f->service->preserving)
            continue;
        struct pollfd ready = {.fd = meeting_fd(f->service), .events = POLLIN};
        assert_int_equal(poll(&ready, 1, 20000), 1);
        drain(f);
        assert_int_equal(meeting_flush(f->service), ERR_OK);
        drain(f);
    }
    end(scene, &scene->spent.archive_ms);
}

/* -- the end -------------------------------------------------------------------------------------
 */

static void judge(struct scene *scene)
{
    struct meeting_fixture *f = &scene->desk.f;
    struct verify_report *report = malloc(sizeof *report);
    assert_non_null(report);
    struct buffer file = file_of(f, fixture_state(f)->minutes.sha256);
    pdf_verify(buffer_bytes(&file), f->trust, f->now, report);
    assert_int_equal(report->verdict, VERIFY_VALID);
    assert_true(report->sealed);
    assert_int_equal(report->signature_count, 3);
    assert_int_equal(report->stamp_count, 2);
    for (size_t i = 0; i < report->signature_count; i++)
        assert_int_equal(report->signatures[i].source, VERIFY_TIME_STAMP);
    scene->spent.pages = report->pages;
    buffer_done(&file);
    free(report);
}

static void measure(struct scene *scene, size_t text_bytes)
{
    struct meeting_fixture *f = &scene->desk.f;
    scene_open(scene);
    do_timed(scene, f->chair, (struct meeting_command){.action = ACTION_END}, NULL);
    draft(scene);
    if (text_bytes > 0)
        save(scene, text_bytes);
    finalise(scene);
    sign_timed(scene, f->secretary, MINUTES_FIELD_SECRETARY);
    sign_timed(scene, f->chair, MINUTES_FIELD_CHAIR);
    archive(scene);

    begin(scene);
    number(f);
    end(scene, NULL);
    begin(scene);
    assert_null(seal(f, DEVICE_PIN));
    end(scene, &scene->spent.seal_ms);
    archive(scene);
    judge(scene);
    desk_close(&scene->desk);
}

int main(int argc, char **argv)
{
    static struct scene scene;
    log_set_level(LOG_WARN);
    measure(&scene, argc > 1 ? strtoul(argv[1], NULL, 10) : 0);
    printf("%.3f %.3f %.3f %.3f %.3f %u\n", scene.spent.whole_ms, scene.spent.finalise_ms,
           scene.spent.sign_ms, scene.spent.seal_ms, scene.spent.archive_ms, scene.spent.pages);
    return 0;
}

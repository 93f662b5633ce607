/* The whole attack corpus through the second profile, as if nothing had told that the papers are
 * ours: what the first profile refuses for its form, the second must refuse for its meaning, or
 * tell truthfully who signed what. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "meeting/edge/paper/foreign_verify.h"
#include "tests/attacks/attack.h"

static struct attack_world world;
static struct verify_report report;

static int setup(void **state)
{
    (void)state;
    attack_world_open(&world);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    attack_world_close(&world);
    return 0;
}

/* Attacks that the second profile calls valid, and why that is true. What they have in common: the
 * last signature is a good one of a person of the province, over the whole file as it is shown. */
static const struct {
    const char *why;
    const char *names[16];
} accepted[] = {
    {"made without a trick",
     {"cms-without-a-trick", "timestamp-without-a-trick", "timestamp-own-authority"}},
    {"anybody can exchange (r, s) for (r, n - s), which changes neither content nor signer",
     {"cms-mirrored"}},
    {"forms of CMS that other software uses: a claimed time, a certificate twice, a length in more "
     "bytes than it needs",
     {"cms-signing-time", "cms-twice-in-bag", "cms-long-form"}},
    {"beside the last signature came what no page shows: a title, an object that nothing uses, "
     "validation data, proofs that are not needed",
     {"saving-information-insider", "saving-orphan-insider", "archive-added-insider",
      "archive-unused", "archive-unused-twice"}},
    {"the last signer's own picture, which every reader fits into his field",
     {"annotation-picture-large", "annotation-picture-matrix", "annotation-picture-shifted",
      "annotation-picture-borrowed", "annotation-picture-dangling", "annotation-picture-none"}},
    {"prepared before the only signature, whose signer saw the page as it is shown now",
     {"shadow-two-revisions", "shadow-prepared-orphan", "shadow-prepared-page",
      "shadow-prepared-names", "shadow-prepared-attachment", "shadow-prepared-link",
      "shadow-prepared-note", "shadow-prepared-field", "shadow-prepared-hidden-field",
      "shadow-prepared-rotated", "shadow-prepared-permissions", "shadow-prepared-alternates",
      "shadow-prepared-piece", "structure-prepared-object-stream",
      "structure-prepared-table-stream"}},
    {"likewise; what is odd stands in what the signed revision replaces, or is a table's spelling",
     {"structure-signed-type", "structure-signed-key-twice", "structure-signed-name-escape",
      "structure-signed-comment", "structure-signed-table-space", "structure-signed-free-list"}},
};

enum { GROUPS = sizeof accepted / sizeof *accepted, NAMES = 16 };

static size_t count_listed(void)
{
    size_t count = 0;
    for (size_t i = 0; i < GROUPS; i++)
        for (size_t k = 0; k < NAMES && accepted[i].names[k]; k++)
            count++;
    return count;
}

static bool is_listed(const char *name)
{
    for (size_t i = 0; i < GROUPS; i++)
        for (size_t k = 0; k < NAMES && accepted[i].names[k]; k++)
            if (strcmp(accepted[i].names[k], name) == 0)
                return true;
    return false;
}

static void judge(const struct attack *attack)
{
    struct buffer file = attack->make(attack, &world);
    memset(&report, 0, sizeof report);
    foreign_verify(buffer_bytes(&file), world.place.trust,
                   world.place.now + 3600000 + attack->days * SIGNER_DAY_MS, &report);
    assert_true((report.verdict == VERIFY_VALID) == (report.reason == NULL));
    buffer_done(&file);
}

static void no_attack_is_valid_by_the_second_profile_but_those_that_tell_the_truth(void **state)
{
    (void)state;
    size_t wrong = 0;
    size_t valid = 0;
    for (size_t i = 0; i < ATTACK_FAMILIES; i++)
        for (size_t k = 0; k < attack_families[i]->count; k++) {
            const struct attack *attack = &attack_families[i]->attacks[k];
            judge(attack);
            bool is_valid = report.verdict == VERIFY_VALID;
            valid += is_valid;
            /* Whatever is valid has its last signer's name on it. */
            if (is_valid)
                assert_true(report.signatures[report.signature_count - 1].signer.name[0] != '\0');
            if (is_valid != is_listed(attack->name)) {
                print_error("%s: %s (%s)\n", attack->name, is_valid ? "valid" : "refused",
                            report.reason ? report.reason->code : "");
                wrong++;
            }
        }
    assert_int_equal(wrong, 0);
    assert_int_equal(valid, count_listed());
}

/* Timestamps, archive and chains are read alike; only what the clerk fills in is not known there.
 */
static void our_own_papers_are_read_alike_until_the_clerk_fills_them(void **state)
{
    (void)state;
    static const char *const codes[ATTACK_STAGES] = {

        [ATTACK_ONCE] = NULL,
        [ATTACK_TWICE] = NULL,
        [ATTACK_STAMPED] = NULL,
        [ATTACK_ARCHIVED] = NULL,
        [ATTACK_FILLED] = "revision.unsigned",
        [ATTACK_SEALED] = "unsupported.changed",
        [ATTACK_WHOLE] = "unsupported.changed",
    };
    for (size_t stage = ATTACK_ONCE; stage < ATTACK_STAGES; stage++) {
        utc_ms_t at = world.place.now + 3600000;
        struct bytes file = attack_file(&world, (enum attack_stage)stage);
        struct verify_report strict = keep_verify(&world.place, file, at);
        memset(&report, 0, sizeof report);
        foreign_verify(file, world.place.trust, at, &report);
        assert_string_equal(report.reason ? report.reason->code : "valid",
                            codes[stage] ? codes[stage] : "valid");
        assert_int_equal(report.pages, strict.pages);
        assert_int_equal(report.signature_count, strict.signature_count);
        assert_int_equal(report.stamp_count, strict.stamp_count);
        for (size_t i = 0; i < report.signature_count; i++) {
            const struct verify_signature *one = &report.signatures[i];
            const struct verify_signature *other = &strict.signatures[i];
            assert_string_equal(one->field, other->field);
            assert_string_equal(one->signer.serial, other->signer.serial);
            assert_true(one->trusted_at == other->trusted_at && one->at == other->at);
            assert_int_equal(one->source, other->source);
            assert_int_equal(one->history.proven, other->history.proven);
            assert_true(one->covers_file == other->covers_file);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(our_own_papers_are_read_alike_until_the_clerk_fills_them),
        cmocka_unit_test(no_attack_is_valid_by_the_second_profile_but_those_that_tell_the_truth),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}

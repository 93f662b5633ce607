/* The attack corpus (tests/attacks) through the verifier: each forged paper gets its reason, and no
 * other; each genuine one is accepted. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "meeting/edge/paper/sandbox.h"
#include "tests/attacks/attack.h"

enum { ATTACKS_MIN = 120, SANDBOX_SAMPLE = 10 };

static struct attack_world world;

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

static utc_ms_t time_of(const struct attack *attack)
{
    return world.place.now + 3600000 + attack->days * SIGNER_DAY_MS;
}

static size_t count_attacks(void)
{
    size_t count = 0;
    for (size_t i = 0; i < ATTACK_FAMILIES; i++)
        count += attack_families[i]->count;
    return count;
}

static const struct attack *attack_at(size_t index)
{
    size_t family = 0;
    for (; index >= attack_families[family]->count; family++)
        index -= attack_families[family]->count;
    return &attack_families[family]->attacks[index];
}

/* A valid report must also tell the truth: it is not enough that it names no reason. */
static void every_attack_is_refused_with_its_reason(void **state)
{
    (void)state;
    size_t wrong = 0;
    for (size_t i = 0; i < count_attacks(); i++) {
        const struct attack *attack = attack_at(i);
        struct buffer file = attack->make(attack, &world);
        struct verify_report report =
            keep_verify(&world.place, buffer_bytes(&file), time_of(attack));
        const char *code = report.reason ? report.reason->code : ATTACK_ACCEPTED;
        bool valid = report.verdict == VERIFY_VALID;
        if (strcmp(code, attack->reason) != 0 || valid != (report.reason == NULL)) {
            print_error("%s: %s, expected %s\n", attack->name, code, attack->reason);
            wrong++;
        }
        buffer_done(&file);
    }
    assert_int_equal(wrong, 0);
    assert_true(count_attacks() >= ATTACKS_MIN);
}

/* Only those are accepted that change nothing, and they say who signed as the genuine file does. */
static void what_is_accepted_says_what_the_genuine_file_says(void **state)
{
    (void)state;
    size_t accepted = 0;
    for (size_t i = 0; i < count_attacks(); i++) {
        const struct attack *attack = attack_at(i);
        if (strcmp(attack->reason, ATTACK_ACCEPTED) != 0)
            continue;
        struct buffer file = attack->make(attack, &world);
        struct verify_report report =
            keep_verify(&world.place, buffer_bytes(&file), time_of(attack));
        assert_int_equal(report.signature_count, 1);
        assert_string_equal(report.signatures[0].field, PAPER_FIELD_CHAIR);
        assert_string_equal(report.signatures[0].signer.name, "Lê Văn Ước");
        buffer_done(&file);
        accepted++;
    }
    assert_int_equal(accepted, 4);
}

static void names_are_unique_and_every_attack_is_described(void **state)
{
    (void)state;
    for (size_t i = 0; i < count_attacks(); i++) {
        const struct attack *attack = attack_at(i);
        assert_ptr_equal(attack_find(attack->name), attack);
        assert_true(strlen(attack->says) > 8 && !strchr(attack->says, '\n'));
    }
}

static void genuine_papers_are_accepted_at_every_stage(void **state)
{
    (void)state;
    static const char *const codes[ATTACK_STAGES] = {
        [ATTACK_BASE] = "pdf.unsigned", [ATTACK_ONCE] = "valid",
        [ATTACK_TWICE] = "valid",       [ATTACK_STAMPED] = "valid",
        [ATTACK_ARCHIVED] = "valid",    [ATTACK_FILLED] = "revision.unsealed",
        [ATTACK_SEALED] = "valid",      [ATTACK_WHOLE] = "valid",
    };
    for (size_t i = 0; i < ATTACK_STAGES; i++)
        assert_string_equal(
            keep_code(&world.place, buffer_bytes(&world.files[i]), world.place.now + 3600000),
            codes[i]);
}

/* What an insider's revision is worth without a trick: good, at every stage that has room for it.
 */
static void the_workshops_own_signature_is_accepted(void **state)
{
    (void)state;
    static const enum attack_stage stages[] = {ATTACK_TWICE, ATTACK_STAMPED, ATTACK_ARCHIVED,
                                               ATTACK_FILLED};
    for (size_t i = 0; i < sizeof stages / sizeof *stages; i++) {
        struct forge_plan plan = {0};
        struct buffer file =
            forge_sign(&world.place, attack_file(&world, stages[i]), &world.place.chair, &plan);
        assert_string_equal(keep_code(&world.place, buffer_bytes(&file), world.place.now + 3600000),
                            "valid");
        buffer_done(&file);
    }
}

/* A clerk reads the sentence, not the code. Vietnamese has letters that English does not. */
static void every_reason_has_a_sentence_in_both_languages(void **state)
{
    (void)state;
    static const char letters[] = "ăâđêôơưàáảãạằắẳẵặầấẩẫậèéẻẽẹềếểễệìíỉĩịòóỏõọồốổỗộờớởỡợùúủũụừứửữự";
    for (size_t i = 0; i < count_attacks(); i++) {
        const struct attack *attack = attack_at(i);
        if (strcmp(attack->reason, ATTACK_ACCEPTED) == 0)
            continue;
        const struct paper_reason *reason = paper_reason_find(attack->reason);
        assert_non_null(reason);
        size_t marked = 0;
        for (const char *at = reason->vi; *at; at++) {
            if ((*at & 0xC0) != 0xC0)
                continue;
            char letter[5] = {at[0], at[1], (*at & 0xE0) == 0xE0 ? at[2] : '\0'};
            marked += strstr(letters, letter) != NULL;
        }
        assert_true(marked >= 3);
        assert_true(strlen(reason->en) > 20 && strlen(reason->vi) > 20);
        assert_int_equal(reason->vi[strlen(reason->vi) - 1], '.');
        assert_int_equal(reason->en[strlen(reason->en) - 1], '.');
        for (const char *at = reason->en; *at; at++)
            assert_true((*at & 0x80) == 0);
    }
}

/* The child that reads strangers' files gives the same answer. */
static void the_sandboxed_child_refuses_them_too(void **state)
{
    (void)state;
    size_t step = count_attacks() / SANDBOX_SAMPLE;
    for (size_t i = 0; i < SANDBOX_SAMPLE; i++) {
        const struct attack *attack = attack_at(i * step);
        char path[256];
        enum verify_verdict verdict = VERIFY_VALID;
        struct buffer json = {0};
        struct buffer expected = {0};
        struct buffer file = attack->make(attack, &world);
        struct verify_report report =
            keep_verify(&world.place, buffer_bytes(&file), time_of(attack));
        assert_int_equal(pdf_verify_write_json(&report, &expected), ERR_OK);
        paper_save(&world.place, "forged.pdf", buffer_bytes(&file), path);
        assert_int_equal(
            sandbox_verify(path, world.place.root_path, time_of(attack), &verdict, &json), ERR_OK);
        assert_int_equal(verdict, report.verdict);
        assert_true(bytes_equal(buffer_bytes(&json), buffer_bytes(&expected)));
        buffer_done(&json);
        buffer_done(&expected);
        buffer_done(&file);
    }
}

/* Every 211th byte, one bit each; and a cut that leaves a valid file leaves what was signed then.
 */
static void no_flip_and_no_cut_of_a_signed_paper_goes_unnoticed(void **state)
{
    (void)state;
    struct bytes once = attack_file(&world, ATTACK_ONCE);
    struct buffer file = paper_copy(attack_file(&world, ATTACK_TWICE));
    for (size_t i = 0; i < file.size; i += 211) {
        uint8_t bit = (uint8_t)(1u << i % 8);
        file.data[i] ^= bit;
        if (paper_verify(&world.place, buffer_bytes(&file)).verdict == VERIFY_VALID)
            fail_msg("a flip at %zu went unnoticed", i);
        file.data[i] ^= bit;
    }
    for (size_t size = 0; size < file.size; size += file.size - size < 700 ? 1 : 307) {
        struct bytes cut = {file.data, size};
        struct verify_report report = paper_verify(&world.place, cut);
        assert_true(report.verdict != VERIFY_VALID || bytes_equal(cut, once));
    }
    buffer_done(&file);
}

static void an_encrypted_copy_is_not_valid(void **state)
{
    (void)state;
    char from[256];
    char command[1024];
    char output[256];
    static uint8_t bytes[1024 * 1024];
    paper_save(&world.place, "signed.pdf", attack_file(&world, ATTACK_TWICE), from);
    (void)snprintf(command, sizeof command, "qpdf --encrypt '' owner 256 -- %s %s.locked 2>&1",
                   from, from);
    assert_int_equal(paper_run(command, output, sizeof output), 0);
    (void)snprintf(command, sizeof command, "%s.locked", from);
    FILE *file = fopen(command, "r");
    assert_non_null(file);
    size_t size = fread(bytes, 1, sizeof bytes, file);
    fclose(file);
    struct verify_report report = paper_verify(&world.place, (struct bytes){bytes, size});
    assert_int_not_equal(report.verdict, VERIFY_VALID);
}

/* The program plays the executable: started again with "sandbox" it becomes the child. */
int main(int argc, char **argv)
{
    if (argc > 2 && strcmp(argv[1], "sandbox") == 0)
        return sandbox_main(argc, argv);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(genuine_papers_are_accepted_at_every_stage),
        cmocka_unit_test(the_workshops_own_signature_is_accepted),
        cmocka_unit_test(every_attack_is_refused_with_its_reason),
        cmocka_unit_test(what_is_accepted_says_what_the_genuine_file_says),
        cmocka_unit_test(names_are_unique_and_every_attack_is_described),
        cmocka_unit_test(every_reason_has_a_sentence_in_both_languages),
        cmocka_unit_test(no_flip_and_no_cut_of_a_signed_paper_goes_unnoticed),
        cmocka_unit_test(an_encrypted_copy_is_not_valid),
        cmocka_unit_test(the_sandboxed_child_refuses_them_too),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}

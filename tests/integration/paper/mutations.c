/* Random mutations of genuine papers: flipped bits, moved and doubled blocks, cuts, splices of two
 * papers. A fixed seed, so that a failure comes again; PAPER_MUTATIONS sets how many, and the first
 * two thousand are always the same.
 *
 * None may be accepted but a mutant that is a genuine file again, byte for byte: the file it was
 * made of, or one of that file's own earlier revisions, which a cut can bring back. Nothing else
 * may differ either. The verifier leaves no byte of a file free: every one is inside a signed range
 * or in a gap, and a gap's CMS and token are held against the one encoding of their facts. What
 * could still be exchanged, ECDSA's (r, n - s), no random mutation finds. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/attacks/attack.h"

enum { MUTATIONS = 2000, SEED = 20261123, BLOCK_MAX = 4096 };

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

/* splitmix64 (public domain construction by Steele, Lea and Flood, 2014). */
static uint64_t next(uint64_t *seed)
{
    uint64_t mixed = (*seed += UINT64_C(0x9E3779B97F4A7C15));
    mixed = (mixed ^ (mixed >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    mixed = (mixed ^ (mixed >> 27)) * UINT64_C(0x94D049BB133111EB);
    return mixed ^ (mixed >> 31);
}

static size_t below(uint64_t *seed, size_t bound)
{
    return bound == 0 ? 0 : (size_t)(next(seed) % bound);
}

static struct buffer join(struct bytes first, struct bytes second)
{
    struct buffer file = paper_copy(first);
    assert_int_equal(buffer_put(&file, second), ERR_OK);
    return file;
}

static struct buffer flip(struct bytes pdf, uint64_t *seed)
{
    struct buffer file = paper_copy(pdf);
    size_t count = 1 + below(seed, 4);
    for (size_t i = 0; i < count; i++)
        file.data[below(seed, file.size)] ^= (uint8_t)(1u << below(seed, 8));
    return file;
}

static struct buffer set_byte(struct bytes pdf, uint64_t *seed)
{
    static const char interesting[] = "\0 \n()<>[]{}/%0129RfnxFF";
    struct buffer file = paper_copy(pdf);
    file.data[below(seed, file.size)] = (uint8_t)interesting[below(seed, sizeof interesting - 1)];
    return file;
}

/* Some block over another place, or put in there, or taken out. */
static struct buffer move_block(struct bytes pdf, uint64_t *seed)
{
    size_t from = below(seed, pdf.size);
    size_t left = pdf.size - from;
    size_t size = 1 + below(seed, left < BLOCK_MAX ? left : BLOCK_MAX);
    size_t to = below(seed, pdf.size - size + 1);
    struct bytes block = {pdf.data + from, size};
    size_t kind = below(seed, 3);
    if (kind == 0) {
        struct buffer file = paper_copy(pdf);
        memcpy(file.data + to, block.data, block.size);
        return file;
    }
    struct buffer head = kind == 1 ? join((struct bytes){pdf.data, to}, block)
                                   : paper_copy((struct bytes){pdf.data, to});
    size_t rest = kind == 1 ? to : to + size;
    struct buffer file =
        join(buffer_bytes(&head), (struct bytes){pdf.data + rest, pdf.size - rest});
    buffer_done(&head);
    return file;
}

/* At any byte, or right behind an end of file. */
static struct buffer cut(struct bytes pdf, uint64_t *seed)
{
    size_t size = below(seed, pdf.size);
    if (below(seed, 2) == 0) {
        const uint8_t *at = memmem(pdf.data + size, pdf.size - size, "%%EOF\n", 6);
        size = at ? (size_t)(at - pdf.data) + 6 : size;
    }
    return paper_copy((struct bytes){pdf.data, size});
}

static size_t some_revision(struct bytes pdf, uint64_t *seed)
{
    struct pdf_map map;
    const char *code = NULL;
    assert_int_equal(pdf_map_parse(pdf, &map, &code), ERR_OK);
    size_t at = map.revisions[below(seed, map.revision_count)].end;
    pdf_map_done(&map);
    return at;
}

/* One paper's beginning and another's end, cut where revisions end, or anywhere. */
static struct buffer splice(struct bytes pdf, uint64_t *seed)
{
    struct bytes other = attack_file(&world, (enum attack_stage)below(seed, ATTACK_STAGES));
    if (below(seed, 8) == 0)
        other = buffer_bytes(&world.rogue.twice);
    bool at_revisions = below(seed, 2) == 0;
    size_t first = at_revisions ? some_revision(pdf, seed) : below(seed, pdf.size);
    size_t second = at_revisions ? some_revision(other, seed) : below(seed, other.size);
    return join((struct bytes){pdf.data, first},
                (struct bytes){other.data + second, other.size - second});
}

static struct buffer mutate(struct bytes pdf, uint64_t *seed)
{
    static struct buffer (*const mutators[])(struct bytes, uint64_t *) = {flip, set_byte,
                                                                          move_block, cut, splice};
    return mutators[below(seed, sizeof mutators / sizeof *mutators)](pdf, seed);
}

/* Every genuine paper is a beginning of one of these three. */
static bool is_genuine(struct bytes mutant)
{
    static const enum attack_stage longest[] = {ATTACK_TWICE, ATTACK_WHOLE};
    for (size_t i = 0; i < sizeof longest / sizeof *longest; i++) {
        struct bytes pdf = attack_file(&world, longest[i]);
        if (mutant.size <= pdf.size && memcmp(pdf.data, mutant.data, mutant.size) == 0)
            return true;
    }
    return bytes_equal(mutant, attack_file(&world, ATTACK_ONCE));
}

static void no_mutant_is_accepted_that_is_not_genuine(void **state)
{
    (void)state;
    const char *text = getenv("PAPER_MUTATIONS");
    size_t wanted = text ? (size_t)strtoull(text, NULL, 10) : MUTATIONS;
    size_t genuine = 0;
    uint64_t seed = SEED;
    struct verify_report *report = malloc(sizeof *report);
    assert_non_null(report);
    for (size_t i = 0; i < wanted; i++) {
        /* A stage with a signature: an unsigned paper cannot be accepted anyway. */
        enum attack_stage stage =
            (enum attack_stage)(ATTACK_ONCE + below(&seed, ATTACK_STAGES - ATTACK_ONCE));
        struct buffer mutant = mutate(attack_file(&world, stage), &seed);
        pdf_verify(buffer_bytes(&mutant), world.place.trust, world.place.now + 3600000, report);
        if (report->verdict == VERIFY_VALID) {
            if (!is_genuine(buffer_bytes(&mutant)))
                fail_msg("mutant %zu of stage %d is accepted", i, (int)stage);
            genuine++;
        }
        buffer_done(&mutant);
    }
    /* Some mutants are genuine (a cut at a revision's end), or the test would not see acceptance.
     */
    assert_true(wanted < MUTATIONS || genuine > 0);
    print_message("%zu mutants, %zu of them genuine files again\n", wanted, genuine);
    free(report);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_mutant_is_accepted_that_is_not_genuine),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}

/* The two libraries that do AES-128-GCM for packets, held against each other: the same bytes out of
 * either, whatever the size, the split into own and shared bytes and the alignment; what one
 * sealed, the other opens; what was altered, neither does. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/random.h"
#include "sfu/edge/cipher.h"

enum {
    SIZE_MAX_BYTES = 1500,
    AAD_MAX_BYTES = 92, /* 12, 15 CSRCs, a little extension */
    SLACK_BYTES = 64,   /* room for any alignment */
    BUFFER_BYTES = SIZE_MAX_BYTES + AEAD_TAG_BYTES + 2 * SLACK_BYTES,
    ROUNDS_PER_SIZE = 4,
};

struct library {
    struct cipher *cipher;
    void *seal;
    void *open;
};

struct both {
    struct library evp;
    struct library other;
    struct rng rng;
};

static void fill(struct rng *rng, uint8_t *data, size_t size)
{
    for (size_t i = 0; i < size; i++)
        data[i] = (uint8_t)rng_u64(rng);
}

static bool library_open(struct library *library, enum sfu_cipher choice,
                         const uint8_t key[CIPHER_KEY_BYTES])
{
    if (cipher_create(choice, &library->cipher) != ERR_OK)
        return false;
    assert_int_equal(cipher_key_create(library->cipher, key, CIPHER_SEAL, &library->seal), ERR_OK);
    assert_int_equal(cipher_key_create(library->cipher, key, CIPHER_OPEN, &library->open), ERR_OK);
    return true;
}

static void library_close(struct library *library)
{
    if (!library->cipher)
        return;
    cipher_key_destroy(library->cipher, library->seal);
    cipher_key_destroy(library->cipher, library->open);
    cipher_destroy(library->cipher);
}

static int open_both(void **state)
{
    static struct both both;
    both = (struct both){.rng = rng_seed(1284)};
    uint8_t key[CIPHER_KEY_BYTES];
    fill(&both.rng, key, sizeof key);
    *state = &both;
    assert_true(library_open(&both.evp, SFU_CIPHER_EVP, key));
    (void)library_open(&both.other, SFU_CIPHER_IPSEC_MB, key);
    return 0;
}

static int close_both(void **state)
{
    struct both *both = *state;
    library_close(&both->evp);
    library_close(&both->other);
    return 0;
}

/* Only amd64 has both. */
static struct both *both_of(void **state)
{
    struct both *both = *state;
    if (!both->other.cipher)
        skip();
    return both;
}

struct sample {
    uint8_t iv[AEAD_IV_BYTES];
    uint8_t aad[AAD_MAX_BYTES];
    size_t aad_size;
    uint8_t plain[SIZE_MAX_BYTES];
    size_t size;
    size_t head;
};

static void sample_make(struct rng *rng, size_t size, struct sample *ret_sample)
{
    fill(rng, ret_sample->iv, sizeof ret_sample->iv);
    ret_sample->aad_size = 12 + 4 * rng_below(rng, (AAD_MAX_BYTES - 12) / 4 + 1);
    fill(rng, ret_sample->aad, ret_sample->aad_size);
    fill(rng, ret_sample->plain, size);
    ret_sample->size = size;
    /* Mostly what packets have, sometimes anything. */
    size_t most = rng_below(rng, 4) == 0 || size < 16 ? size : 16;
    ret_sample->head = rng_below(rng, (uint32_t)most + 1);
}

static void sample_seal(const struct library *library, const struct sample *sample, uint8_t *out)
{
    memcpy(out, sample->plain, sample->head);
    cipher_ops(library->cipher)
        ->seal(library->seal, sample->iv, (struct bytes){sample->aad, sample->aad_size}, out,
               sample->head,
               (struct bytes){sample->plain + sample->head, sample->size - sample->head});
}

static enum err sample_open(const struct library *library, const struct sample *sample,
                            uint8_t *sealed)
{
    return cipher_ops(library->cipher)
        ->open(library->open, sample->iv, (struct bytes){sample->aad, sample->aad_size}, sealed,
               sample->size + AEAD_TAG_BYTES);
}

static void both_give_the_same_bytes_and_touch_no_others(void **state)
{
    struct both *both = both_of(state);
    static struct sample sample;
    static uint8_t first[BUFFER_BYTES];
    static uint8_t second[BUFFER_BYTES];
    for (size_t size = 0; size <= SIZE_MAX_BYTES; size++)
        for (uint32_t round = 0; round < ROUNDS_PER_SIZE; round++) {
            sample_make(&both->rng, size, &sample);
            memset(first, 0xa5, sizeof first);
            memset(second, 0xa5, sizeof second);
            size_t at = rng_below(&both->rng, SLACK_BYTES);
            sample_seal(&both->evp, &sample, first + at);
            sample_seal(&both->other, &sample, second + at);
            assert_memory_equal(first, second, sizeof first);
        }
}

static void what_one_seals_the_other_opens(void **state)
{
    struct both *both = both_of(state);
    static struct sample sample;
    static uint8_t sealed[BUFFER_BYTES];
    for (size_t size = 0; size <= SIZE_MAX_BYTES; size++)
        for (int turn = 0; turn < 2; turn++) {
            sample_make(&both->rng, size, &sample);
            uint8_t *at = sealed + rng_below(&both->rng, SLACK_BYTES);
            sample_seal(turn ? &both->evp : &both->other, &sample, at);
            assert_int_equal(sample_open(turn ? &both->other : &both->evp, &sample, at), ERR_OK);
            assert_memory_equal(at, sample.plain, size);
        }
}

static void neither_opens_what_was_altered(void **state)
{
    struct both *both = both_of(state);
    static struct sample sample;
    static uint8_t sealed[BUFFER_BYTES];
    for (size_t size = 0; size <= SIZE_MAX_BYTES; size += 7)
        for (int turn = 0; turn < 4; turn++) {
            const struct library *opener = turn % 2 ? &both->other : &both->evp;
            sample_make(&both->rng, size, &sample);
            sample_seal(&both->evp, &sample, sealed);
            uint8_t mask = (uint8_t)(1U << rng_below(&both->rng, 8));
            if (turn < 2)
                sealed[rng_below(&both->rng, (uint32_t)size + AEAD_TAG_BYTES)] ^= mask;
            else
                sample.aad[rng_below(&both->rng, (uint32_t)sample.aad_size)] ^= mask;
            assert_int_equal(sample_open(opener, &sample, sealed), ERR_AUTH);
        }
}

static void every_bit_of_the_tag_counts(void **state)
{
    struct both *both = both_of(state);
    static struct sample sample;
    static uint8_t sealed[BUFFER_BYTES];
    for (size_t bit = 0; bit < AEAD_TAG_BYTES * 8; bit++) {
        sample_make(&both->rng, 100, &sample);
        sample_seal(&both->other, &sample, sealed);
        sealed[sample.size + bit / 8] ^= (uint8_t)(1U << (bit % 8));
        assert_int_equal(sample_open(&both->other, &sample, sealed), ERR_AUTH);
    }
}

static void an_unnamed_choice_takes_the_faster_library_where_it_works(void **state)
{
    const struct both *both = *state;
    struct cipher *fastest;
    assert_int_equal(cipher_create(SFU_CIPHER_AUTO, &fastest), ERR_OK);
    const struct cipher *expected = both->other.cipher ? both->other.cipher : both->evp.cipher;
    assert_string_equal(cipher_name(fastest), cipher_name(expected));
    assert_in_range(cipher_key_size(fastest), 16, 4096);
    cipher_destroy(fastest);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(both_give_the_same_bytes_and_touch_no_others),
        cmocka_unit_test(what_one_seals_the_other_opens),
        cmocka_unit_test(neither_opens_what_was_altered),
        cmocka_unit_test(every_bit_of_the_tag_counts),
        cmocka_unit_test(an_unnamed_choice_takes_the_faster_library_where_it_works),
    };
    return cmocka_run_group_tests_name("aead differential", tests, open_both, close_both);
}

/* The same tests once with each library that may encrypt packets (sfu/edge/cipher.h). */
#ifndef TESTS_SUPPORT_EACH_CIPHER_H
#define TESTS_SUPPORT_EACH_CIPHER_H

#include "sfu/edge/cipher.h"

static struct cipher *cipher; /* the one that the tests are to use */

static int with_evp(void **state)
{
    (void)state;
    return cipher_create(SFU_CIPHER_EVP, &cipher) == ERR_OK ? 0 : -1;
}

static int with_the_fastest(void **state)
{
    (void)state;
    return cipher_create(SFU_CIPHER_AUTO, &cipher) == ERR_OK ? 0 : -1;
}

static int without(void **state)
{
    (void)state;
    cipher_destroy(cipher);
    return 0;
}

/* How many failed. */
#define RUN_WITH_EACH_CIPHER(name, tests)                                                          \
    (cmocka_run_group_tests_name(name ", EVP", tests, with_evp, without) +                         \
     cmocka_run_group_tests_name(name ", the fastest", tests, with_the_fastest, without))

#endif

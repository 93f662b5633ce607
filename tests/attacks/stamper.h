/* An authority for timestamps of the forger's: certified by our own CA, but for what the forger
 * chooses; and what says that it was revoked. */
#ifndef TESTS_ATTACKS_STAMPER_H
#define TESTS_ATTACKS_STAMPER_H

#include "tests/attacks/craft.h"

struct stamper {
    EVP_PKEY *key;
    X509 *certificate;
};

/* `usage`: of extKeyUsage; "": without one. */
struct stamper stamper_open(const struct attack_world *world, const char *usage);
void stamper_close(struct stamper *stamper);

/* Its token over `digest`: what the genuine authority would say now, signed by this one. */
struct buffer stamper_stamp(const struct stamper *stamper, const struct attack_world *world,
                            const uint8_t digest[CERTS_SHA256_BYTES]);
/* A list by our CA that it was revoked at `at`. */
struct buffer stamper_revoke(const struct stamper *stamper, const struct attack_world *world,
                             utc_ms_t at);
/* `pdf` with our issuer, `crl` (may be empty) and a timestamp of the whole file, which `stamper`
 * makes; NULL: the genuine authority, a few minutes later. */
struct buffer stamper_archive(const struct stamper *stamper, const struct attack_world *world,
                              struct bytes pdf, struct bytes crl);

#endif

/* Signing a fixture's minutes as people do in their browsers: keys of their own, certificates in
 * the directory, signatures over what was downloaded. Functions for one test file. */
#ifndef TESTS_SUPPORT_MINUTES_SIGNING_H
#define TESTS_SUPPORT_MINUTES_SIGNING_H

#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "meeting/edge/paper/pades.h"
#include "tests/support/meeting_fixture.h"
#include "tests/support/signer.h"

static inline struct buffer file_of(const struct meeting_fixture *f, const char *sha256)
{
    char path[MEETING_PATH_BYTES];
    struct buffer bytes = {0};
    assert_int_equal(meeting_file_path(f->service, sha256, path), ERR_OK);
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    uint8_t chunk[4096];
    for (size_t got; (got = fread(chunk, 1, sizeof chunk, file)) > 0;)
        assert_int_equal(buffer_put(&bytes, (struct bytes){chunk, got}), ERR_OK);
    fclose(file);
    return bytes;
}

/* A key, and its certificate in the directory. */
static inline struct signer person(struct meeting_fixture *f, uint64_t user, char ret_serial[65])
{
    const struct directory_user *who = meeting_user_find(f->service, user);
    struct signer signer = signer_make(f->ca, who->name, who->position, user, f->now);
    struct certificate certificate = {
        .user_id = user,
        .not_after = signer.issued.not_after,
        .der = buffer_bytes(&signer.issued.certificate),
    };
    snprintf(certificate.serial, sizeof certificate.serial, "%s", signer.issued.serial);
    hex_write(signer.issued.spki_sha256, sizeof signer.issued.spki_sha256, certificate.spki_sha256);
    assert_int_equal(meeting_certificate_add(f->service, &certificate), ERR_OK);
    snprintf(ret_serial, 65, "%s", signer.issued.serial);
    return signer;
}

static inline const struct refusal *prepare(struct meeting_fixture *f, uint64_t user,
                                            enum minutes_field field, const char *serial,
                                            uint64_t *ret_id)
{
    f->now += 1000;
    struct meeting_receipt receipt =
        meeting_signing_prepare(f->service, f->meeting, user, field, serial, f->now);
    const struct refusal *refusal = fixture_wait(f, &receipt, ret_id);
    if (!refusal)
        assert_int_equal(*ret_id, receipt.id);
    return refusal;
}

/* Signs the prepared file as a browser would: from its own hash of the byte range. */
static inline const struct refusal *complete(struct meeting_fixture *f, const struct signer *key,
                                             uint64_t user, uint64_t id)
{
    uint8_t digest[CERTS_SHA256_BYTES];
    uint8_t raw[CERTS_RAW_SIGNATURE_BYTES];
    const struct signing *signing = meeting_signing_find(f->service, id, user, f->now);
    assert_non_null(signing);
    struct buffer file = file_of(f, signing->sha256);
    assert_int_equal(pades_digest(buffer_bytes(&file), signing->byte_range, digest), ERR_OK);
    buffer_done(&file);
    signer_answer(key, digest, raw);
    struct meeting_receipt receipt =
        meeting_signing_complete(f->service, id, user, (struct bytes){raw, sizeof raw}, f->now);
    return fixture_wait(f, &receipt, NULL);
}

#endif

/* Papers that last, for tests: signatures with timestamps, validation data, renewals, by the
 * province's own authority at whatever time is asked for. */
#ifndef TESTS_SUPPORT_KEEP_H
#define TESTS_SUPPORT_KEEP_H

#include "meeting/edge/paper/preserve.h"
#include "tests/support/paper.h"

#define KEEP_AGENCY "Ủy ban nhân dân tỉnh Lam Giang"

__attribute__((unused)) static struct certs_ask keep_ask(const struct paper_place *place)
{
    return (struct certs_ask){.ca = place->ca, .trust = place->trust};
}

/* `pdf` with one more signature and its timestamp, both at `at`. */
__attribute__((unused)) static struct buffer keep_sign(const struct paper_place *place,
                                                       struct bytes pdf, const char *field,
                                                       const struct signer *signer,
                                                       const char *name, utc_ms_t at)
{
    struct pades_request request = {.field = field, .name = name, .at = at};
    struct certs_ask ask = keep_ask(place);
    struct pades_prepared prepared;
    struct certs_stamp stamp;
    uint8_t raw[CERTS_RAW_SIGNATURE_BYTES];
    uint8_t digest[CERTS_SHA256_BYTES];
    struct bytes chain[] = {certs_ca_issuing(place->ca)};
    enum err err = pades_prepare(pdf, &request, &prepared);
    assert(err == ERR_OK);
    signer_answer(signer, prepared.digest, raw);
    err = pades_complete(&prepared.file, prepared.byte_range,
                         buffer_bytes(&signer->issued.certificate), chain, 1, raw);
    assert(err == ERR_OK);
    err = pades_stamp_digest(buffer_bytes(&prepared.file), prepared.byte_range, digest);
    assert(err == ERR_OK);
    err = certs_tsa_ask(&ask, digest, at, &stamp);
    assert(err == ERR_OK);
    err = pades_stamp(&prepared.file, prepared.byte_range, buffer_bytes(&stamp.token));
    assert(err == ERR_OK);
    buffer_done(&stamp.token);
    return prepared.file;
}

/* `pdf`, archived at `at`. */
__attribute__((unused)) static struct buffer keep_archive(const struct paper_place *place,
                                                          struct bytes pdf, utc_ms_t at)
{
    struct certs_ask ask = keep_ask(place);
    struct buffer file = {0};
    enum err err = preserve_add(pdf, &ask, at, &file);
    assert(err == ERR_OK);
    return file;
}

/* The whole life of minutes: secretary, chair, archive, number, seal, archive; minute by minute. */
__attribute__((unused)) static struct buffer keep_whole(const struct paper_place *place)
{
    utc_ms_t now = place->now;
    const struct pades_filling filling = {7, now};
    struct buffer steps[6] = {{0}};
    steps[0] = keep_sign(place, buffer_bytes(&place->base), PAPER_FIELD_SECRETARY,
                         &place->secretary, "Phạm Thùy Dương", now);
    steps[1] = keep_sign(place, buffer_bytes(&steps[0]), PAPER_FIELD_CHAIR, &place->chair,
                         "Lê Văn Ước", now + 60000);
    steps[2] = keep_archive(place, buffer_bytes(&steps[1]), now + 120000);
    enum err err = pades_fill(buffer_bytes(&steps[2]), &filling, &steps[3]);
    assert(err == ERR_OK);
    steps[4] = keep_sign(place, buffer_bytes(&steps[3]), PAPER_FIELD_AGENCY, &place->secretary,
                         KEEP_AGENCY, now + 180000);
    steps[5] = keep_archive(place, buffer_bytes(&steps[4]), now + 240000);
    for (size_t i = 0; i < 5; i++)
        buffer_done(&steps[i]);
    return steps[5];
}

__attribute__((unused)) static struct verify_report keep_verify(const struct paper_place *place,
                                                                struct bytes pdf, utc_ms_t at)
{
    static struct verify_report report; /* 200 kB */
    pdf_verify(pdf, place->trust, at, &report);
    return report;
}

__attribute__((unused)) static const char *keep_code(const struct paper_place *place,
                                                     struct bytes pdf, utc_ms_t at)
{
    struct verify_report report = keep_verify(place, pdf, at);
    return report.reason ? report.reason->code : "valid";
}

#endif

/* A province that signs papers, for tests: CA, secretary, chair, and the sample minutes signed by
 * both, exactly as the server does it. */
#ifndef TESTS_SUPPORT_PAPER_H
#define TESTS_SUPPORT_PAPER_H

#include <sys/wait.h>

#include "base/clock.h"
#include "meeting/edge/paper/pades.h"
#include "meeting/edge/paper/pdf_verify.h"
#include "tests/support/minutes.h"
#include "tests/support/signer.h"

struct paper_place {
    utc_ms_t now; /* whole seconds of the real clock: other tools look at it too */
    char folder[64];
    char root_path[128];
    struct certs_ca *ca;
    struct certs_trust *trust;
    struct signer secretary;
    struct signer chair;
    struct buffer base;  /* unsigned */
    struct buffer once;  /* signed by the secretary */
    struct buffer twice; /* and by the chair */
};

__attribute__((unused)) static struct buffer paper_copy(struct bytes bytes)
{
    struct buffer copy = {0};
    enum err err = buffer_put(&copy, bytes);
    assert(err == ERR_OK);
    return copy;
}

/* `pdf` with one more signature. */
__attribute__((unused)) static struct buffer paper_sign(const struct paper_place *place,
                                                        struct bytes pdf, const char *field,
                                                        const struct signer *signer,
                                                        const char *name, utc_ms_t at)
{
    struct pades_request request = {.field = field, .name = name, .at = at};
    struct pades_prepared prepared;
    uint8_t raw[CERTS_RAW_SIGNATURE_BYTES];
    struct bytes chain[] = {certs_ca_issuing(place->ca)};
    enum err err = pades_prepare(pdf, &request, &prepared);
    assert(err == ERR_OK);
    signer_answer(signer, prepared.digest, raw);
    err = pades_complete(&prepared.file, prepared.byte_range,
                         buffer_bytes(&signer->issued.certificate), chain, 1, raw);
    assert(err == ERR_OK);
    return prepared.file;
}

__attribute__((unused)) static void paper_open(struct paper_place *place)
{
    char path[128];
    *place = (struct paper_place){.now = clock_utc_ms() / 1000 * 1000};
    signer_folder(place->folder);
    (void)snprintf(path, sizeof path, "%s/ca", place->folder);
    (void)snprintf(place->root_path, sizeof place->root_path, "%s/ca/root.pem", place->folder);
    enum err err = certs_ca_open(path, "Tỉnh Lam Giang", place->now, &place->ca);
    assert(err == ERR_OK);
    err = certs_trust_load(place->root_path, &place->trust);
    assert(err == ERR_OK);
    place->secretary = signer_make(place->ca, "Phạm Thùy Dương", "Chuyên viên", 1, place->now);
    place->chair = signer_make(place->ca, "Lê Văn Ước", "Phó Chủ tịch", 2, place->now);
    struct minutes_paper paper = minutes_sample();
    err = minutes_pdf_write(&paper, &place->base);
    assert(err == ERR_OK);
    place->once = paper_sign(place, buffer_bytes(&place->base), PAPER_FIELD_SECRETARY,
                             &place->secretary, "Phạm Thùy Dương", place->now);
    place->twice = paper_sign(place, buffer_bytes(&place->once), PAPER_FIELD_CHAIR, &place->chair,
                              "Lê Văn Ước", place->now + 60000);
}

__attribute__((unused)) static void paper_close(struct paper_place *place)
{
    buffer_done(&place->base);
    buffer_done(&place->once);
    buffer_done(&place->twice);
    signer_done(&place->secretary);
    signer_done(&place->chair);
    certs_trust_free(place->trust);
    certs_ca_close(place->ca);
    signer_remove_folder(place->folder);
}

__attribute__((unused)) static struct verify_report paper_verify(const struct paper_place *place,
                                                                 struct bytes pdf)
{
    struct verify_report report;
    pdf_verify(pdf, place->trust, place->now + 3600000, &report);
    return report;
}

__attribute__((unused)) static const char *paper_code(const struct paper_place *place,
                                                      struct bytes pdf)
{
    struct verify_report report = paper_verify(place, pdf);
    return report.reason ? report.reason->code : "valid";
}

/* Writes a file into the place's folder; gives its path. */
__attribute__((unused)) static const char *paper_save(const struct paper_place *place,
                                                      const char *name, struct bytes bytes,
                                                      char ret_path[256])
{
    (void)snprintf(ret_path, 256, "%s/%s", place->folder, name);
    FILE *file = fopen(ret_path, "w");
    assert(file);
    size_t written = fwrite(bytes.data, 1, bytes.size, file);
    assert(written == bytes.size);
    fclose(file);
    return ret_path;
}

/* What a shell command prints, at most capacity - 1 bytes; gives its exit status, or -1. */
__attribute__((unused)) static int paper_run(const char *command, char *ret_text, size_t capacity)
{
    int ends[2];
    int made = pipe(ends);
    assert(made == 0);
    pid_t child = fork();
    assert(child >= 0);
    if (child == 0) {
        (void)dup2(ends[1], STDOUT_FILENO);
        (void)close(ends[0]);
        (void)close(ends[1]);
        (void)execl("/bin/sh", "sh", "-c", command, (char *)NULL);
        _exit(127);
    }
    (void)close(ends[1]);
    size_t size = 0;
    char rest[4096];
    for (ssize_t got = 1; got > 0;) {
        bool room = size + 1 < capacity;
        got =
            read(ends[0], room ? ret_text + size : rest, room ? capacity - 1 - size : sizeof rest);
        size += room && got > 0 ? (size_t)got : 0;
    }
    ret_text[size] = '\0';
    (void)close(ends[0]);
    int status = -1;
    (void)waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

#endif

/* The register's file: what is in it after whatever happened to it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <fcntl.h>
#include <sys/stat.h>

#include "tests/support/signer.h"

enum { PEOPLE = 5 };

struct place {
    char folder[64];
    char ca_path[128];
    char register_path[160];
    struct certs_ca *ca;
    char serials[PEOPLE][CERTS_SERIAL_TEXT_BYTES];
    uint32_t before; /* entries of the authority's own */
};

static uint32_t count(struct certs_ca *ca)
{
    struct certs_entry entry;
    uint32_t cursor = 0;
    while (certs_register_next(ca, &cursor, &entry))
        continue;
    return cursor;
}

static int set_up(void **state)
{
    struct place *place = calloc(1, sizeof *place);
    signer_folder(place->folder);
    (void)snprintf(place->ca_path, sizeof place->ca_path, "%s/ca", place->folder);
    (void)snprintf(place->register_path, sizeof place->register_path, "%s/register",
                   place->ca_path);
    if (certs_ca_open(place->ca_path, "Tỉnh Lam Giang", SIGNER_NOW, &place->ca) != ERR_OK)
        return -1;
    place->before = count(place->ca);
    for (uint64_t n = 0; n < PEOPLE; n++) {
        struct signer signer = signer_make(place->ca, "Lê Văn Ước", "", n + 1, SIGNER_NOW);
        memcpy(place->serials[n], signer.issued.serial, CERTS_SERIAL_TEXT_BYTES);
        signer_done(&signer);
    }
    *state = place;
    return 0;
}

static int tear_down(void **state)
{
    struct place *place = *state;
    certs_ca_close(place->ca);
    signer_remove_folder(place->folder);
    free(place);
    return 0;
}

static size_t load(const struct place *place, uint8_t text[16 * 1024])
{
    FILE *file = fopen(place->register_path, "rb");
    assert_non_null(file);
    size_t size = fread(text, 1, 16 * 1024, file);
    assert_int_equal(fclose(file), 0);
    return size;
}

static void save(const struct place *place, const uint8_t *text, size_t size)
{
    FILE *file = fopen(place->register_path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(text, 1, size, file), size);
    assert_int_equal(fclose(file), 0);
}

static enum err open_again(struct place *place)
{
    certs_ca_close(place->ca);
    place->ca = NULL;
    return certs_ca_open(place->ca_path, "", SIGNER_NOW, &place->ca);
}

static void what_was_issued_and_revoked_is_there_after_opening_again(void **state)
{
    struct place *place = *state;
    struct certs_entry entry;
    assert_int_equal(
        certs_register_revoke(place->ca, place->serials[2], CERTS_REASON_CESSATION, SIGNER_NOW + 5),
        ERR_OK);
    assert_int_equal(open_again(place), ERR_OK);
    assert_int_equal(count(place->ca), place->before + PEOPLE);
    for (size_t n = 0; n < PEOPLE; n++) {
        assert_int_equal(certs_register_find(place->ca, place->serials[n], &entry), ERR_OK);
        assert_int_equal(entry.kind, CERTS_KIND_PERSON);
        assert_int_equal(entry.is_revoked, n == 2);
        assert_non_null(strstr(entry.subject, "Lê Văn Ước"));
        assert_true(entry.not_before < SIGNER_NOW && entry.not_after > SIGNER_NOW);
    }
    assert_int_equal(certs_register_find(place->ca, place->serials[2], &entry), ERR_OK);
    assert_int_equal(entry.revoked_at, SIGNER_NOW + 5);
    assert_int_equal(entry.reason, CERTS_REASON_CESSATION);
}

static void revoking_is_for_ever_and_for_what_is_known(void **state)
{
    struct place *place = *state;
    struct certs_ca *ca = place->ca;
    const char *serial = place->serials[0];
    assert_int_equal(certs_register_revoke(ca, "00", CERTS_REASON_SUPERSEDED, SIGNER_NOW),
                     ERR_UNKNOWN);
    assert_int_equal(certs_register_revoke(ca, serial, (enum certs_reason)6, SIGNER_NOW),
                     ERR_UNSUPPORTED);
    assert_int_equal(certs_register_revoke(ca, serial, CERTS_REASON_SUPERSEDED, SIGNER_NOW),
                     ERR_OK);
    assert_int_equal(certs_register_revoke(ca, serial, CERTS_REASON_SUPERSEDED, SIGNER_NOW),
                     ERR_WRONG_STATE);
}

/* What a crash in the middle of a line leaves behind: all lines before it hold, and the register
 * goes on where it was. */
static void a_line_cut_at_any_byte_is_dropped_and_written_over(void **state)
{
    struct place *place = *state;
    uint8_t text[16 * 1024];
    size_t size = load(place, text);
    size_t last = size - 1;
    while (text[last - 1] != '\n')
        last--;
    for (size_t cut = last; cut < size; cut++) {
        save(place, text, cut);
        assert_int_equal(open_again(place), ERR_OK);
        assert_int_equal(count(place->ca), place->before + PEOPLE - 1);
        struct signer signer = signer_make(place->ca, "Lê Văn Ước", "", 9, SIGNER_NOW);
        assert_int_equal(open_again(place), ERR_OK);
        assert_int_equal(count(place->ca), place->before + PEOPLE);
        struct certs_entry entry;
        assert_int_equal(certs_register_find(place->ca, signer.issued.serial, &entry), ERR_OK);
        signer_done(&signer);
    }
}

static void a_changed_byte_anywhere_is_noticed(void **state)
{
    struct place *place = *state;
    uint8_t text[16 * 1024];
    size_t size = load(place, text);
    for (size_t at = 0; at + 1 < size; at += 3) { /* the last is the end of the last line */
        text[at] ^= 0x01;
        save(place, text, size);
        if (open_again(place) != ERR_FORMAT)
            fail_msg("byte %zu of %zu may change", at, size);
        text[at] ^= 0x01;
    }
}

static void a_line_taken_out_is_noticed(void **state)
{
    struct place *place = *state;
    uint8_t text[16 * 1024];
    size_t size = load(place, text);
    uint8_t *first = memchr(text, '\n', size);
    uint8_t *second = memchr(first + 1, '\n', size - (size_t)(first + 1 - text));
    memmove(first, second, size - (size_t)(second - text));
    save(place, text, size - (size_t)(second - first));
    assert_int_equal(open_again(place), ERR_FORMAT);
}

static void a_revocation_cut_off_the_end_is_noticed_by_the_list(void **state)
{
    struct place *place = *state;
    uint8_t text[16 * 1024];
    struct buffer crl = {0};
    size_t size = load(place, text);
    assert_int_equal(
        certs_register_revoke(place->ca, place->serials[0], CERTS_REASON_SUPERSEDED, SIGNER_NOW),
        ERR_OK);
    assert_int_equal(certs_crl(place->ca, SIGNER_NOW, &crl), ERR_OK);
    buffer_done(&crl);
    save(place, text, size);
    assert_int_equal(open_again(place), ERR_FORMAT);
}

/* As the command line beside the server does. */
static void two_that_have_it_open_see_each_other_s_lines(void **state)
{
    struct place *place = *state;
    struct certs_ca *other = NULL;
    struct certs_entry entry;
    assert_int_equal(certs_ca_open(place->ca_path, "", SIGNER_NOW, &other), ERR_OK);
    struct signer here = signer_make(place->ca, "Một", "", 21, SIGNER_NOW);
    struct signer there = signer_make(other, "Hai", "", 22, SIGNER_NOW);
    assert_int_equal(certs_register_find(place->ca, there.issued.serial, &entry), ERR_OK);
    assert_int_equal(certs_register_find(other, here.issued.serial, &entry), ERR_OK);
    assert_int_equal(
        certs_register_revoke(other, here.issued.serial, CERTS_REASON_UNSPECIFIED, SIGNER_NOW),
        ERR_OK);
    assert_int_equal(certs_register_find(place->ca, here.issued.serial, &entry), ERR_OK);
    assert_true(entry.is_revoked);

    struct buffer lists[2] = {{0}, {0}};
    assert_int_equal(certs_crl(place->ca, SIGNER_NOW, &lists[0]), ERR_OK);
    assert_int_equal(certs_crl(other, SIGNER_NOW, &lists[1]), ERR_OK);
    assert_true(bytes_equal(buffer_bytes(&lists[0]), buffer_bytes(&lists[1])));
    buffer_done(&lists[0]);
    buffer_done(&lists[1]);
    signer_done(&here);
    signer_done(&there);
    certs_ca_close(other);
}

static void a_certificate_of_before_the_register_is_adopted_once(void **state)
{
    struct place *place = *state;
    struct signer signer = signer_make(place->ca, "Lê Văn Ước", "", 30, SIGNER_NOW);
    struct bytes certificate = buffer_bytes(&signer.issued.certificate);
    certs_ca_close(place->ca);
    assert_int_equal(unlink(place->register_path), 0);
    assert_int_equal(certs_ca_open(place->ca_path, "", SIGNER_NOW, &place->ca), ERR_OK);

    struct certs_entry entry;
    assert_int_equal(certs_register_find(place->ca, signer.issued.serial, &entry), ERR_UNKNOWN);
    for (int n = 0; n < 2; n++)
        assert_int_equal(certs_register_adopt(place->ca, CERTS_KIND_PERSON, certificate), ERR_OK);
    assert_int_equal(certs_register_find(place->ca, signer.issued.serial, &entry), ERR_OK);
    assert_int_equal(certs_register_adopt(place->ca, CERTS_KIND_PERSON, certs_ca_root(place->ca)),
                     ERR_AUTH);
    signer_done(&signer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_was_issued_and_revoked_is_there_after_opening_again,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(revoking_is_for_ever_and_for_what_is_known, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_line_cut_at_any_byte_is_dropped_and_written_over, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_changed_byte_anywhere_is_noticed, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_line_taken_out_is_noticed, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_revocation_cut_off_the_end_is_noticed_by_the_list, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(two_that_have_it_open_see_each_other_s_lines, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_certificate_of_before_the_register_is_adopted_once,
                                        set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

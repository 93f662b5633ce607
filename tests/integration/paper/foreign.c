/* Files that other software signed, through the verifier: genuine ones are valid and named,
 * changed ones are not, and what it cannot judge it says. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "meeting/edge/paper/sandbox.h"
#include "tests/support/foreign.h"

static struct foreign_place place;
static struct verify_report report;

/* Every file that the tests below look at; in one go, because Java is slow to start. */
static const char jobs[] =
    "new plain.pdf\n"
    "sign plain.pdf rsa.pdf rsa.p12 adbe.pkcs7.detached SHA256\n"
    "sign plain.pdf rsa512.pdf rsa.p12 ETSI.CAdES.detached SHA512\n"
    "sign plain.pdf p256.pdf p256.p12 ETSI.CAdES.detached SHA256\n"
    "sign plain.pdf p384.pdf p384.p12 adbe.pkcs7.detached SHA384\n"
    "sign rsa.pdf twice.pdf p256.p12 ETSI.CAdES.detached SHA256\n"
    "sign twice.pdf thrice.pdf p384.p12 adbe.pkcs7.detached SHA256\n"
    "link plain.pdf link.pdf\n"
    "sign link.pdf link-signed.pdf rsa.p12 adbe.pkcs7.detached SHA256\n"
    "attachment plain.pdf attachment.pdf\n"
    "sign attachment.pdf attachment-signed.pdf rsa.p12 adbe.pkcs7.detached SHA256\n"
    "note plain.pdf note.pdf\n"
    "sign note.pdf note-signed.pdf rsa.p12 adbe.pkcs7.detached SHA256\n"
    "text plain.pdf text.pdf\n"
    "sign text.pdf text-signed.pdf rsa.p12 adbe.pkcs7.detached SHA256\n"
    "sign text-signed.pdf text-twice.pdf p256.p12 ETSI.CAdES.detached SHA256\n"
    "store rsa.pdf stored.pdf\n"
    "title rsa.pdf titled.pdf\n"
    "sign titled.pdf titled-twice.pdf p256.p12 ETSI.CAdES.detached SHA256\n"
    "store titled-twice.pdf titled-stored.pdf\n"
    "edit rsa.pdf edited.pdf\n"
    "sign edited.pdf edited-twice.pdf p256.p12 ETSI.CAdES.detached SHA256\n"
    "overlay rsa.pdf overlaid.pdf\n"
    "sign overlaid.pdf overlaid-twice.pdf p256.p12 ETSI.CAdES.detached SHA256\n"
    "close plain.pdf closed.pdf rsa.p12\n"
    "sign closed.pdf closed-twice.pdf p256.p12 ETSI.CAdES.detached SHA256\n"
    "sign plain.pdf sha1.pdf rsa.p12 adbe.pkcs7.detached SHA1\n"
    "sign plain.pdf weak.pdf weak.p12 adbe.pkcs7.detached SHA256\n"
    "sign plain.pdf tls.pdf tls.p12 adbe.pkcs7.detached SHA256\n"
    "sign plain.pdf old.pdf rsa.p12 adbe.pkcs7.sha1 SHA256\n"
    "sign plain.pdf oldest.pdf rsa.p12 adbe.x509.rsa_sha1 SHA256\n"
    "sign plain.pdf other.pdf rsa.p12 a.form.of.its.own SHA256\n"
    "sign plain.pdf unnamed.pdf p256.p12 ETSI.CAdES.detached SHA256\n"
    "script plain.pdf script.pdf\n"
    "sign script.pdf script-signed.pdf rsa.p12 adbe.pkcs7.detached SHA256\n"
    "layer plain.pdf layer.pdf\n"
    "sign layer.pdf layer-signed.pdf rsa.p12 adbe.pkcs7.detached SHA256\n"
    "patch plain.pdf twin.pdf /Subtype_/Type1 /Type_/FontDesc\n"
    "sign twin.pdf twin-signed.pdf rsa.p12 adbe.pkcs7.detached SHA256\n"
    "patch plain.pdf miscounted.pdf /Count_1 /Count_2\n"
    "sign miscounted.pdf miscounted-signed.pdf rsa.p12 adbe.pkcs7.detached SHA256\n"
    "sign minutes.pdf minutes-signed.pdf rsa.p12 adbe.pkcs7.detached SHA256\n";

static void save_minutes(void)
{
    struct minutes_paper paper = minutes_sample();
    struct buffer pdf = {0};
    char path[128];
    assert_int_equal(minutes_pdf_write(&paper, &pdf), ERR_OK);
    (void)snprintf(path, sizeof path, "%s/minutes.pdf", place.folder);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_int_equal(fwrite(pdf.data, 1, pdf.size, file), pdf.size);
    fclose(file);
    buffer_done(&pdf);
}

static int setup(void **state)
{
    (void)state;
    foreign_open(&place);
    save_minutes();
    foreign_sign(&place, jobs);
    foreign_do(&place, "mkdir nss && certutil -N -d sql:nss --empty-password && "
                       "certutil -A -d sql:nss -n ca -t CT,C,C -i ca.pem && "
                       "pk12util -i rsa.p12 -d sql:nss -W x -K ''");
    foreign_do(&place, "pdfsig -nssdir sql:nss -nss-pwd '' -add-signature -nick rsa -reason 'Phê "
                       "duyệt' plain.pdf poppler.pdf && "
                       "pdfsig -nssdir sql:nss -nss-pwd '' -add-signature -nick rsa poppler.pdf "
                       "poppler-twice.pdf && "
                       "pdfsig -nssdir sql:nss -nss-pwd '' -add-signature -nick rsa p256.pdf "
                       "mixed.pdf");
    foreign_do(&place, "qpdf --encrypt '' owner 256 -- rsa.pdf encrypted.pdf");
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    foreign_close(&place);
    return 0;
}

static const char *judge_bytes(struct bytes pdf)
{
    pdf_verify(pdf, place.trust, clock_utc_ms() + 60000, &report);
    assert_true((report.verdict == VERIFY_VALID) == (report.reason == NULL));
    return report.reason ? report.reason->code : "valid";
}

static const char *judge_file(const char *name)
{
    struct buffer pdf = foreign_read(&place, name);
    const char *code = judge_bytes(buffer_bytes(&pdf));
    buffer_done(&pdf);
    return code;
}

/* What stands in the table, with what verdict. */
struct expected {
    const char *name;
    const char *code;
    size_t signatures;
};

static void check_table(const struct expected *table, size_t count, enum verify_verdict verdict)
{
    size_t wrong = 0;
    for (size_t i = 0; i < count; i++) {
        const char *code = judge_file(table[i].name);
        if (strcmp(code, table[i].code) != 0 || report.verdict != verdict ||
            report.profile != VERIFY_PROFILE_OTHER ||
            report.signature_count != table[i].signatures) {
            print_error("%s: %s (%s), %zu signatures; expected %s\n", table[i].name, code,
                        verify_verdict_name(report.verdict), report.signature_count, table[i].code);
            wrong++;
        }
    }
    assert_int_equal(wrong, 0);
}

static void genuine_files_of_other_software_are_valid(void **state)
{
    (void)state;
    static const struct expected table[] = {
        {"rsa", "valid", 1},         {"rsa512", "valid", 1},
        {"p256", "valid", 1},        {"p384", "valid", 1},
        {"twice", "valid", 2},       {"thrice", "valid", 3},
        {"poppler", "valid", 1},     {"poppler-twice", "valid", 2},
        {"link-signed", "valid", 1}, {"attachment-signed", "valid", 1},
        {"note-signed", "valid", 1}, {"text-signed", "valid", 1},
        {"text-twice", "valid", 2},  {"titled-twice", "valid", 2},
        {"stored", "valid", 1},      {"titled-stored", "valid", 2},
        {"closed", "valid", 1},      {"minutes-signed", "valid", 1},
    };
    check_table(table, sizeof table / sizeof *table, VERIFY_VALID);
}

static void what_was_changed_is_invalid_and_says_how(void **state)
{
    (void)state;
    static const struct expected table[] = {
        {"edited", "revision.unsigned", 1},        {"overlaid", "revision.unsigned", 1},
        {"titled", "revision.unsigned", 1},        {"edited-twice", "revision.changed", 2},
        {"overlaid-twice", "revision.changed", 2}, {"closed-twice", "revision.forbidden", 2},
        {"tls", "certificate.usage", 1},
    };
    check_table(table, sizeof table / sizeof *table, VERIFY_INVALID);
}

static void what_is_not_supported_says_why(void **state)
{
    (void)state;
    static const struct expected table[] = {
        {"sha1", "unsupported.weak", 1},
        {"weak", "unsupported.weak", 1},
        {"old", "unsupported.pkcs7_sha1", 0},
        {"oldest", "unsupported.x509_rsa_sha1", 0},
        {"other", "unsupported.subfilter", 0},
        {"script-signed", "unsupported.active", 1},
        {"layer-signed", "unsupported.layers", 1},
        {"encrypted", "unsupported.encrypted", 0},
        {"miscounted-signed", "unsupported.irregular", 1},
        {"twin-signed", "unsupported.irregular", 1},
        {"mixed", "unsupported.ranges", 0}, /* poppler did not list its field in the form */
    };
    check_table(table, sizeof table / sizeof *table, VERIFY_UNSUPPORTED);
}

/* In the order of signing, from the certificates and not from what the dictionary says. */
static void signers_are_named_by_their_certificates_with_time_and_coverage(void **state)
{
    (void)state;
    static const char *const names[] = {"Trần Văn Tám", "Đỗ Thị Chín", "Lý Mười"};
    assert_string_equal(judge_file("thrice"), "valid");
    for (size_t i = 0; i < 3; i++) {
        const struct verify_signature *signature = &report.signatures[i];
        assert_string_equal(signature->signer.name, names[i]);
        assert_int_equal(signature->verdict, VERIFY_VALID);
        assert_int_equal(signature->source, VERIFY_TIME_CLAIMED);
        assert_true(signature->trusted_at == 0);
        assert_true(signature->at >= place.now - 3600000 && signature->at <= clock_utc_ms());
        assert_true(signature->covers_file == (i == 2));
        assert_int_equal(signature->history.proven, CERTS_PROVEN_NOTHING);
    }
    assert_int_equal(report.pages, 1);
    assert_int_equal(report.change_count, 3);
    assert_string_equal(judge_file("stored"), "valid");
    assert_false(report.signatures[0].covers_file);
}

static void a_signer_whom_nobody_here_trusts_is_named_and_refused(void **state)
{
    (void)state;
    struct paper_place ours;
    paper_open(&ours);
    struct buffer pdf = foreign_read(&place, "rsa");
    pdf_verify(buffer_bytes(&pdf), ours.trust, clock_utc_ms(), &report);
    assert_int_equal(report.verdict, VERIFY_INVALID);
    assert_string_equal(report.reason->code, "certificate.untrusted");
    assert_string_equal(report.signatures[0].signer.name, "Trần Văn Tám");
    buffer_done(&pdf);
    paper_close(&ours);
}

static void a_certificate_that_ended_proves_nothing_without_a_timestamp(void **state)
{
    (void)state;
    struct buffer pdf = foreign_read(&place, "rsa");
    pdf_verify(buffer_bytes(&pdf), place.trust, place.now + 500 * SIGNER_DAY_MS, &report);
    assert_string_equal(report.reason->code, "certificate.expired");
    buffer_done(&pdf);
}

/* The text that every reader looks for, and what is then read there. */
static void wrapped_and_appended_files_are_refused(void **state)
{
    (void)state;
    static const char *const more[] = {
        "\n",
        "%%EOF\n",
        "9 0 obj\n<< /Type /Catalog >>\nendobj\n",
        " ",
        "\nstartxref\n0\n%%EOF\n",
        "<< /ByteRange [0 1 2 3] >>",
    };
    for (size_t i = 0; i < sizeof more / sizeof *more; i++) {
        struct buffer pdf = foreign_read(&place, "twice");
        assert_int_equal(buffer_put(&pdf, bytes_of(more[i])), ERR_OK);
        assert_string_not_equal(judge_bytes(buffer_bytes(&pdf)), "valid");
        buffer_done(&pdf);
    }
    struct buffer pdf = foreign_read(&place, "twice");
    for (size_t cut = 1; cut < pdf.size; cut += cut < 64 ? 1 : 997) {
        const char *code = judge_bytes((struct bytes){pdf.data, pdf.size - cut});
        if (strcmp(code, "valid") == 0)
            assert_int_equal(report.signature_count, 1); /* as it was before the second */
    }
    buffer_done(&pdf);
}

/* Of a file by PDFBox, a gap's spare zeros and the case of its digits. */
static void nothing_is_hidden_in_the_gap(void **state)
{
    (void)state;
    struct buffer pdf = foreign_read(&place, "rsa");
    uint8_t *gap = memmem(pdf.data, pdf.size, "0000000000>", 11);
    assert_non_null(gap);
    gap[4] = '1';
    assert_string_equal(judge_bytes(buffer_bytes(&pdf)), "cms.malformed");
    gap[4] = '0';
    assert_string_equal(judge_bytes(buffer_bytes(&pdf)), "valid");
    while (*gap != 'A' && *gap != 'B' && *gap != 'C')
        gap--;
    *gap = (uint8_t)(*gap + 'a' - 'A');
    assert_string_equal(judge_bytes(buffer_bytes(&pdf)), "signature.contents");
    buffer_done(&pdf);
}

static void a_changed_page_is_told_even_where_the_file_reads_badly(void **state)
{
    (void)state;
    struct buffer pdf = foreign_read(&place, "rsa");
    uint8_t *type = memmem(pdf.data, pdf.size, "/MediaBox", 9);
    assert_non_null(type);
    type[1] = 'N';
    assert_string_equal(judge_bytes(buffer_bytes(&pdf)), "cms.digest");
    assert_int_equal(report.verdict, VERIFY_INVALID);
    buffer_done(&pdf);
}

/* The child that reads strangers' files gives the same answer, for both verdicts. */
static void the_sandboxed_child_says_the_same(void **state)
{
    (void)state;
    static const char *const names[] = {"thrice", "poppler", "edited-twice", "script-signed"};
    char trust[128];
    (void)snprintf(trust, sizeof trust, "%s/ca.pem", place.folder);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        char path[128];
        enum verify_verdict verdict = VERIFY_UNSIGNED;
        struct buffer json = {0};
        struct buffer expected = {0};
        struct buffer pdf = foreign_read(&place, names[i]);
        (void)snprintf(path, sizeof path, "%s/%s.pdf", place.folder, names[i]);
        pdf_verify(buffer_bytes(&pdf), place.trust, place.now + 600000, &report);
        assert_int_equal(pdf_verify_write_json(&report, &expected), ERR_OK);
        assert_int_equal(sandbox_verify(path, trust, place.now + 600000, &verdict, &json), ERR_OK);
        assert_int_equal(verdict, report.verdict);
        assert_true(bytes_equal(buffer_bytes(&json), buffer_bytes(&expected)));
        assert_non_null(memmem(json.data, json.size, "\"profile\":\"other\"", 17));
        buffer_done(&pdf);
        buffer_done(&json);
        buffer_done(&expected);
    }
}

/* -- mutations -----------------------------------------------------------------------------------
 */

enum { MUTANTS = 500, SEED = 20261124 };

/* splitmix64 (public domain construction by Steele, Lea and Flood, 2014). */
static uint64_t below(uint64_t *seed, size_t bound)
{
    uint64_t mixed = (*seed += UINT64_C(0x9E3779B97F4A7C15));
    mixed = (mixed ^ (mixed >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    mixed = (mixed ^ (mixed >> 27)) * UINT64_C(0x94D049BB133111EB);
    return (mixed ^ (mixed >> 31)) % bound;
}

/* Bytes changed, a block moved or left out, the end cut off. */
static struct buffer mutate(const struct buffer *pdf, uint64_t *seed)
{
    struct buffer mutant = paper_copy(buffer_bytes(pdf));
    size_t kind = below(seed, 4);
    size_t from = below(seed, pdf->size);
    size_t to = below(seed, pdf->size);
    size_t size = below(seed, 1 + (pdf->size - (from > to ? from : to)) % 4096);
    if (kind == 0)
        for (size_t i = 1 + below(seed, 3); i > 0; i--)
            mutant.data[below(seed, pdf->size)] ^= (uint8_t)(1u << below(seed, 8));
    else if (kind == 1)
        memmove(mutant.data + to, mutant.data + from, size);
    else if (kind == 2)
        mutant.data[from] = (uint8_t) "\0 \n()<>[]{}/%0129Rfnx"[below(seed, 21)];
    else
        mutant.size = from;
    return mutant;
}

static void no_mutant_is_valid_that_is_not_genuine(void **state)
{
    (void)state;
    static const char *const names[] = {"thrice", "text-twice", "stored", "p256"};
    enum { FILES = sizeof names / sizeof *names };
    struct buffer files[FILES];
    uint64_t seed = SEED;
    for (size_t i = 0; i < FILES; i++)
        files[i] = foreign_read(&place, names[i]);
    for (size_t i = 0; i < MUTANTS; i++) {
        const struct buffer *pdf = &files[below(&seed, FILES)];
        struct buffer mutant = mutate(pdf, &seed);
        const char *code = judge_bytes(buffer_bytes(&mutant));
        bool genuine = mutant.size <= pdf->size && memcmp(pdf->data, mutant.data, mutant.size) == 0;
        if (strcmp(code, "valid") == 0 && !genuine)
            fail_msg("mutant %zu is accepted", i);
        buffer_done(&mutant);
    }
    for (size_t i = 0; i < FILES; i++)
        buffer_done(&files[i]);
}

/* The program plays the executable: started again with "sandbox" it becomes the child. */
int main(int argc, char **argv)
{
    if (argc > 2 && strcmp(argv[1], "sandbox") == 0)
        return sandbox_main(argc, argv);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(genuine_files_of_other_software_are_valid),
        cmocka_unit_test(what_was_changed_is_invalid_and_says_how),
        cmocka_unit_test(what_is_not_supported_says_why),
        cmocka_unit_test(signers_are_named_by_their_certificates_with_time_and_coverage),
        cmocka_unit_test(a_signer_whom_nobody_here_trusts_is_named_and_refused),
        cmocka_unit_test(a_certificate_that_ended_proves_nothing_without_a_timestamp),
        cmocka_unit_test(wrapped_and_appended_files_are_refused),
        cmocka_unit_test(nothing_is_hidden_in_the_gap),
        cmocka_unit_test(a_changed_page_is_told_even_where_the_file_reads_badly),
        cmocka_unit_test(the_sandboxed_child_says_the_same),
        cmocka_unit_test(no_mutant_is_valid_that_is_not_genuine),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}

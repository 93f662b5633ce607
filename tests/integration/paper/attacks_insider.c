/* Attacks by somebody who may sign, or who forges signatures: hidden objects, universal forgery,
 * signature wrapping, doctored tables, wrong certificates. attacks.c has the others. */
#include "tests/support/attack.h"

static void replace_info(const struct pdf_map *map, struct pdf_update *update)
{
    struct pdf_value value;
    assert_true(pdf_get(map->revisions[0].trailer, "/Info", &value));
    put_object(update, value.reference, "<< /Title (Another title) >>");
}

/* -- what an insider hides in a revision that he signs
 * --------------------------------------------- */

static void add_orphan(const struct pdf_map *map, struct pdf_update *update)
{
    (void)map;
    put_object(update, pdf_update_reserve(update), "<< /Type /Catalog >>");
}

static void an_object_that_nothing_uses_is_noticed(void **state)
{
    (void)state;
    struct forge_plan plan = {.hook = add_orphan};
    expect_plan(&plan, "revision.extra");
}

static void an_appearance_larger_than_its_field_is_noticed(void **state)
{
    (void)state;
    struct forge_plan plan = {
        .form = "<< /BBox [ 0 0 600 800 ] /Length 3 /Resources << >> /Subtype /Form "
                "/Type /XObject >>\nstream\nq Q\nendstream"};
    expect_plan(&plan, "revision.appearance");
    plan.form = "<< /BBox [ 0 0 102.05 102.05 ] /Matrix [ 9 0 0 9 0 0 ] /Length 3 "
                "/Resources << >> /Subtype /Form /Type /XObject >>\nstream\nq Q\nendstream";
    expect_plan(&plan, "revision.appearance");
}

static void a_layer_or_action_in_the_appearance_is_noticed(void **state)
{
    (void)state;
    struct forge_plan plan = {
        .form = "<< /BBox [ 0 0 102.05 102.05 ] /Length 3 /Resources << /Properties << /a << "
                "/Type /OCG >> >> >> /Subtype /Form /Type /XObject >>\nstream\nq Q\nendstream"};
    expect_plan(&plan, "pdf.active");
}

/* Resources taken from the page could be changed under the signature by a later one. */
static void an_appearance_that_borrows_from_the_page_is_noticed(void **state)
{
    (void)state;
    struct forge_plan plan = {.form = "<< /BBox [ 0 0 102.05 102.05 ] /Length 3 /Resources 11 0 R "
                                      "/Subtype /Form /Type /XObject >>\nstream\nq Q\nendstream"};
    expect_plan(&plan, "revision.extra");
}

static void more_keys_in_field_or_signature_are_noticed(void **state)
{
    (void)state;
    struct forge_plan plan = {.field_extra = " /MK << >>"};
    expect_plan(&plan, "revision.changed");
    plan = (struct forge_plan){.more_keys = "/Cert <00> "};
    expect_plan(&plan, "signature.dictionary");
    /* Only the first signature may certify. */
    plan.more_keys = "/Reference [ << /Type /SigRef /TransformMethod /DocMDP /TransformParams << "
                     "/Type /TransformParams /P 2 /V /1.2 >> >> ] ";
    expect_plan(&plan, "signature.dictionary");
}

static void a_doubled_key_is_noticed(void **state)
{
    (void)state;
    struct forge_plan plan = {.more_keys = "/ByteRange [0 1 2 3] "};
    expect_plan(&plan, "pdf.structure");
}

/* -- universal forgery and wrapping
 * ---------------------------------------------------------------- */

static void missing_or_empty_contents_are_noticed(void **state)
{
    (void)state;
    const char *const contents[] = {"null", "<00>", "<>", "()"};
    for (size_t i = 0; i < sizeof contents / sizeof *contents; i++) {
        struct forge_plan plan = {.contents = contents[i]};
        expect_plan(&plan, "signature.contents");
    }
    struct forge_plan plan = {.keep_open = true}; /* all zeros */
    expect_plan(&plan, "cms.malformed");
}

/* The numbers of the last ByteRange, written anew. */
static void expect_range(const char *numbers, const char *code)
{
    struct buffer file = paper_copy(signed_file());
    size_t at = forge_find(&file, place.once.size, "/ByteRange [") + strlen("/ByteRange [");
    char text[40];
    (void)snprintf(text, sizeof text, "%-34s", numbers);
    forge_patch(&file, at, text);
    expect(&file, code);
}

static void a_wrong_byte_range_is_noticed(void **state)
{
    (void)state;
    expect_range("0 0 0 0", "signature.range");
    expect_range("0 1 2", "signature.range");
    expect_range("0 -1 10 20", "signature.range");
    expect_range("0 9999999999 9999999999 9999999999", "signature.range");
    expect_range("0 10 20 30 40 50", "signature.range");
    expect_range("5 100 200 300", "signature.range");
    expect_range("(x)", "signature.range");
    expect_range("null", "signature.range");
}

static void a_file_whose_byte_range_was_removed_is_unsigned_at_best(void **state)
{
    (void)state;
    struct buffer file = paper_copy(signed_file());
    size_t at = 0;
    for (int i = 0; i < 2; i++) {
        at = forge_find(&file, at, "/ByteRange");
        forge_patch(&file, at, "/ByteRenge");
    }
    expect(&file, "pdf.unsigned");
    file = paper_copy(signed_file());
    forge_patch(&file, forge_find(&file, place.once.size, "/ByteRange"), "/ByteRenge");
    expect(&file, "signature.dictionary");
}

static void something_behind_the_cms_in_the_gap_is_noticed(void **state)
{
    (void)state;
    struct buffer file = paper_copy(signed_file());
    size_t gap = forge_find(&file, place.once.size, "/Contents <") + strlen("/Contents <");
    forge_patch(&file, gap + 2 * PADES_CONTENTS_BYTES - 2, "41");
    expect(&file, "signature.contents");
    file = paper_copy(signed_file()); /* another spelling of the same digits */
    forge_patch(&file, gap, "3082");
    for (size_t i = gap; i < gap + 200; i++)
        if (file.data[i] == 'a')
            file.data[i] = 'A';
    expect(&file, "signature.contents");
    file = paper_copy(signed_file()); /* the gap's end moved: payload between > and the range */
    forge_patch(&file, gap + 1000, "> /X <");
    expect(&file, "signature.dictionary");
}

/* A second ByteRange that no field leads to, inside a string where no key is. */
static void a_second_byte_range_is_noticed(void **state)
{
    (void)state;
    struct forge_plan plan = {
        .form = "<< /BBox [ 0 0 102.05 102.05 ] /Length 21 /Resources << >> /Subtype /Form "
                "/Type /XObject >>\nstream\n/ByteRange [0 1 2 3] \nendstream"};
    expect_plan(&plan, "signature.range");
}

/* -- the revision map
 * -------------------------------------------------------------------------------- */

static void a_body_without_a_table_is_noticed(void **state)
{
    (void)state;
    struct buffer file = paper_copy(signed_file());
    char text[128];
    size_t xref = place.twice.size;
    (void)snprintf(text, sizeof text,
                   "8 0 obj\n<< /Type /Page >>\nendobj\nstartxref\n%zu\n%%%%EOF\n", xref);
    assert_int_equal(buffer_put(&file, bytes_of(text)), ERR_OK);
    expect(&file, "pdf.structure");
}

/* Bytes between revisions, and an object that the table does not list. */
static void an_unlisted_object_is_noticed(void **state)
{
    (void)state;
    static const char hidden[] = "200 0 obj\n<< /Type /Catalog >>\nendobj\n";
    struct buffer file = paper_copy(buffer_bytes(&place.twice));
    assert_int_equal(buffer_put(&file, bytes_of(hidden)), ERR_OK);
    struct buffer tail = forge_update(signed_file(), replace_info);
    /* The update's table stays right only for what it lists, all moved by the hidden object. */
    struct bytes rest = {tail.data + place.twice.size, tail.size - place.twice.size};
    assert_int_equal(buffer_put(&file, rest), ERR_OK);
    struct verify_report report = paper_verify(&place, buffer_bytes(&file));
    assert_int_equal(report.verdict, VERIFY_INVALID);
    buffer_done(&tail);
    buffer_done(&file);
}

/* The last table, with `from` exchanged for `to` of the same length. */
static void expect_table(const char *from, const char *to, const char *code)
{
    struct buffer file = forge_update(signed_file(), replace_info);
    size_t table = forge_find(&file, place.twice.size, "xref\n");
    forge_patch(&file, forge_find(&file, table, from), to);
    expect(&file, code);
}

static void a_doctored_table_is_noticed(void **state)
{
    (void)state;
    expect_table(" 00000 n ", " 00000 f ", "pdf.structure"); /* a freed object */
    expect_table(" 00000 n ", " 00001 n ", "pdf.structure");
    expect_table("/Root 1 0 R", "/Root 2 0 R", "pdf.structure");
    expect_table("/Prev ", "/Pref ", "pdf.hidden");
    expect_table("trailer <<", "trailer  <", "pdf.structure");
}

/* A base that already holds a second revision could switch later to what it hides. */
static void a_revision_before_the_first_signature_is_noticed(void **state)
{
    (void)state;
    struct buffer base = forge_update(buffer_bytes(&place.base), replace_info);
    struct buffer file = paper_sign(&place, buffer_bytes(&base), PAPER_FIELD_CHAIR, &place.chair,
                                    "Lê Văn Ước", place.now);
    buffer_done(&base);
    expect(&file, "revision.unsigned");
}

static void add_hidden_page(const struct pdf_map *map, struct pdf_update *update)
{
    (void)map;
    add_orphan(map, update);
    replace_info(map, update);
}

static void an_orphan_in_an_unsigned_update_is_noticed(void **state)
{
    (void)state;
    expect_update(add_hidden_page, "revision.unsigned");
}

/* -- certificates
 * -------------------------------------------------------------------------------------- */

static void a_signer_of_another_authority_is_not_trusted(void **state)
{
    (void)state;
    struct paper_place other;
    paper_open(&other);
    assert_string_equal(paper_code(&other, buffer_bytes(&other.twice)), "valid");
    assert_string_equal(paper_code(&place, buffer_bytes(&other.twice)), "certificate.untrusted");
    struct verify_report report = paper_verify(&place, buffer_bytes(&other.twice));
    assert_int_equal(report.signature_count, 2);
    assert_int_equal(report.signatures[0].verdict, VERIFY_INVALID);
    assert_string_equal(report.signatures[0].signer.name, "Phạm Thùy Dương");
    paper_close(&other);
}

static void an_expired_certificate_is_named_as_such(void **state)
{
    (void)state;
    struct verify_report report;
    pdf_verify(signed_file(), place.trust, place.now + 1096 * SIGNER_DAY_MS, &report);
    assert_int_equal(report.verdict, VERIFY_INVALID);
    assert_string_equal(report.reason->code, "certificate.expired");
    pdf_verify(signed_file(), place.trust, place.now - SIGNER_DAY_MS, &report);
    assert_string_equal(report.reason->code, "certificate.not_yet_valid");
}

static void an_encrypted_copy_is_not_valid(void **state)
{
    (void)state;
    char from[256];
    char command[1024];
    char output[256];
    paper_save(&place, "signed.pdf", signed_file(), from);
    (void)snprintf(command, sizeof command, "qpdf --encrypt '' owner 256 -- %s %s.locked 2>&1",
                   from, from);
    assert_int_equal(paper_run(command, output, sizeof output), 0);
    (void)snprintf(command, sizeof command, "%s.locked", from);
    FILE *file = fopen(command, "r");
    assert_non_null(file);
    static uint8_t bytes[1024 * 1024];
    size_t size = fread(bytes, 1, sizeof bytes, file);
    fclose(file);
    struct verify_report report = paper_verify(&place, (struct bytes){bytes, size});
    assert_int_not_equal(report.verdict, VERIFY_VALID);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_object_that_nothing_uses_is_noticed),
        cmocka_unit_test(an_appearance_larger_than_its_field_is_noticed),
        cmocka_unit_test(a_layer_or_action_in_the_appearance_is_noticed),
        cmocka_unit_test(an_appearance_that_borrows_from_the_page_is_noticed),
        cmocka_unit_test(more_keys_in_field_or_signature_are_noticed),
        cmocka_unit_test(a_doubled_key_is_noticed),
        cmocka_unit_test(missing_or_empty_contents_are_noticed),
        cmocka_unit_test(a_wrong_byte_range_is_noticed),
        cmocka_unit_test(a_file_whose_byte_range_was_removed_is_unsigned_at_best),
        cmocka_unit_test(something_behind_the_cms_in_the_gap_is_noticed),
        cmocka_unit_test(a_second_byte_range_is_noticed),
        cmocka_unit_test(a_body_without_a_table_is_noticed),
        cmocka_unit_test(an_unlisted_object_is_noticed),
        cmocka_unit_test(a_doctored_table_is_noticed),
        cmocka_unit_test(a_revision_before_the_first_signature_is_noticed),
        cmocka_unit_test(an_orphan_in_an_unsigned_update_is_noticed),
        cmocka_unit_test(a_signer_of_another_authority_is_not_trusted),
        cmocka_unit_test(an_expired_certificate_is_named_as_such),
        cmocka_unit_test(an_encrypted_copy_is_not_valid),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}

/* Attacks on signed papers, after the published families (tampering, incremental saving, evil
 * annotation, universal forgery, signature wrapping, shadow documents) and against the CMS. */
#include "tests/support/attack.h"

/* The forger's workshop makes good papers too, or the tests below would prove nothing. */
static void the_forged_signature_without_a_trick_is_valid(void **state)
{
    (void)state;
    struct forge_plan plan = {0};
    struct buffer file = forge_sign(&place, signed_file(), &place.chair, &plan);
    assert_string_equal(paper_code(&place, buffer_bytes(&file)), "valid");
    buffer_done(&file);
}

/* -- tampering ----------------------------------------------------------------------------------
 */

static void a_flipped_bit_anywhere_is_noticed(void **state)
{
    (void)state;
    struct buffer file = paper_copy(signed_file());
    for (size_t i = 0; i < file.size; i += 211) {
        uint8_t bit = (uint8_t)(1 << i % 8);
        file.data[i] ^= bit;
        if (paper_verify(&place, buffer_bytes(&file)).verdict == VERIFY_VALID)
            fail_msg("a flip at %zu went unnoticed", i);
        file.data[i] ^= bit;
    }
    buffer_done(&file);
}

static void bytes_behind_the_end_are_noticed(void **state)
{
    (void)state;
    const char *const tails[] = {"\n", " ", "%%EOF\n", "99 0 obj\nnull\nendobj\n", "%"};
    for (size_t i = 0; i < sizeof tails / sizeof *tails; i++) {
        struct buffer file = paper_copy(signed_file());
        assert_int_equal(buffer_put(&file, bytes_of(tails[i])), ERR_OK);
        struct verify_report report = paper_verify(&place, buffer_bytes(&file));
        assert_int_equal(report.verdict, VERIFY_INVALID);
        buffer_done(&file);
    }
}

static void bytes_before_the_beginning_are_noticed(void **state)
{
    (void)state;
    struct buffer file = paper_copy(bytes_of("%!PS\n"));
    assert_int_equal(buffer_put(&file, signed_file()), ERR_OK);
    expect(&file, "pdf.structure");
}

/* Cut at the end of the first signature the file is what it was then: signed once. */
static void no_truncation_shows_two_signatures_or_a_changed_one(void **state)
{
    (void)state;
    size_t step = 1;
    for (size_t size = 0; size < place.twice.size; size += step) {
        struct verify_report report = paper_verify(&place, (struct bytes){place.twice.data, size});
        if (report.verdict == VERIFY_VALID) {
            assert_int_equal(size, place.once.size);
            assert_int_equal(report.signature_count, 1);
        }
        bool near_end = place.twice.size - size < 700 ||
                        (size + 700 > place.once.size && size < place.once.size + 50) ||
                        (size + 300 > place.base.size && size < place.base.size + 50);
        step = near_end ? 1 : 307;
    }
}

/* -- incremental saving --------------------------------------------------------------------------
 */

static uint32_t page_number(const struct pdf_map *map)
{
    struct pdf_value value;
    for (size_t i = 0; i < map->object_count; i++)
        if (pdf_get(map->objects[i].value, "/Type", &value) && pdf_is(value, "/Page"))
            return map->objects[i].number;
    fail();
    return 0;
}

static uint32_t contents_number(const struct pdf_map *map)
{
    struct pdf_value value;
    const struct pdf_object *page = pdf_map_find(map, 0, page_number(map));
    assert_true(pdf_get(page->value, "/Contents", &value));
    return value.reference;
}

static void replace_contents(const struct pdf_map *map, struct pdf_update *update)
{
    put_object(update, contents_number(map),
               "<< /Length 20 >>\nstream\nBT (I owe you) Tj ET\nendstream");
}

static void replaced_page_content_is_noticed(void **state)
{
    (void)state;
    expect_update(replace_contents, "revision.unsigned");
    struct forge_plan plan = {.hook = replace_contents};
    expect_plan(&plan, "revision.changed");
}

/* A good signature over a file that was changed before it does not heal the change. */
static void a_later_signature_does_not_cover_an_unsigned_change(void **state)
{
    (void)state;
    struct buffer changed = forge_update(signed_file(), replace_contents);
    struct forge_plan plan = {0};
    struct buffer file = forge_sign(&place, buffer_bytes(&changed), &place.chair, &plan);
    buffer_done(&changed);
    expect(&file, "revision.unsigned");
}

static void add_catalogue_script(const struct pdf_map *map, struct pdf_update *update)
{
    const struct pdf_object *root = pdf_map_find(map, map->revision_count - 1, map->root);
    pdf_update_begin_object(update, root->number);
    pdf_update_put_extended(update, root->value,
                            "/OpenAction << /S /JavaScript /JS (app.alert\\(1\\)) >>");
    pdf_update_end_object(update);
}

static void a_script_in_the_catalogue_is_noticed(void **state)
{
    (void)state;
    expect_update(add_catalogue_script, "revision.unsigned");
    struct forge_plan plan = {.hook = add_catalogue_script};
    expect_plan(&plan, "revision.changed");
}

static void add_annotation(const struct pdf_map *map, struct pdf_update *update)
{
    const struct pdf_object *page = pdf_map_find(map, 0, page_number(map));
    uint32_t note = pdf_update_reserve(update);
    struct pdf_value theirs;
    assert_true(pdf_get(page->value, "/Annots", &theirs));
    size_t before = (size_t)(theirs.text.data - page->value.text.data) + 1; /* behind the '[' */
    pdf_update_begin_object(update, page->number);
    pdf_update_put(update, (struct bytes){page->value.text.data, before});
    pdf_update_print(update, " %u 0 R ", note);
    pdf_update_put(update,
                   (struct bytes){page->value.text.data + before, page->value.text.size - before});
    pdf_update_end_object(update);
    put_object(update, note,
               "<< /Type /Annot /Subtype /FreeText /Rect [ 0 0 600 800 ] /Contents (overlay) "
               "/DA (/Helv 12 Tf) >>");
}

static void an_annotation_laid_over_the_page_is_noticed(void **state)
{
    (void)state;
    expect_update(add_annotation, "revision.unsigned");
    struct forge_plan plan = {.hook = add_annotation};
    expect_plan(&plan, "revision.changed");
}

static const struct pdf_object *widget_of(const struct pdf_map *map, size_t index)
{
    struct pdf_form form;
    assert_true(pdf_form_read(map, map->revision_count - 1, &form));
    return pdf_map_find(map, map->revision_count - 1, form.fields[index].number);
}

/* The widget of the chair, with `from` exchanged for `to` of the same length. */
static void rewrite_widget(const struct pdf_map *map, struct pdf_update *update, const char *from,
                           const char *to)
{
    const struct pdf_object *widget = widget_of(map, 1);
    struct buffer text = paper_copy(widget->value.text);
    const uint8_t zero = 0;
    assert_int_equal(buffer_put(&text, (struct bytes){&zero, 1}), ERR_OK);
    char *at = strstr((char *)text.data, from);
    assert_non_null(at);
    assert_int_equal(strlen(from), strlen(to));
    memcpy(at, to, strlen(to));
    put_object(update, widget->number, (const char *)text.data);
    buffer_done(&text);
}

static void move_widget(const struct pdf_map *map, struct pdf_update *update)
{
    rewrite_widget(map, update, "/Rect [ 3", "/Rect [ 1");
}

static void remove_signature(const struct pdf_map *map, struct pdf_update *update)
{
    rewrite_widget(map, update, "/V ", "/X ");
}

static void swap_signature(const struct pdf_map *map, struct pdf_update *update)
{
    struct pdf_value theirs;
    struct pdf_value ours;
    char from[32];
    char to[32];
    assert_true(pdf_get(widget_of(map, 0)->value, "/V", &theirs));
    assert_true(pdf_get(widget_of(map, 1)->value, "/V", &ours));
    (void)snprintf(from, sizeof from, "/V %u 0 R", ours.reference);
    (void)snprintf(to, sizeof to, "/V %u 0 R", theirs.reference);
    rewrite_widget(map, update, from, to);
}

static void a_moved_widget_is_noticed(void **state)
{
    (void)state;
    expect_update(move_widget, "revision.unsigned");
    struct forge_plan plan = {.hook = move_widget};
    expect_plan(&plan, "revision.changed");
}

static void a_removed_or_exchanged_signature_is_noticed(void **state)
{
    (void)state;
    expect_update(remove_signature, "revision.removed");
    expect_update(swap_signature, "revision.removed");
    struct forge_plan plan = {.hook = remove_signature};
    expect_plan(&plan, "revision.removed");
}

/* The chair's signature shown once more, in the agency's field. */
static void copy_signature(const struct pdf_map *map, struct pdf_update *update)
{
    struct pdf_value value;
    char more[96];
    assert_true(pdf_get(widget_of(map, 1)->value, "/V", &value));
    (void)snprintf(more, sizeof more, "/V %u 0 R", value.reference);
    const struct pdf_object *agency = widget_of(map, 2);
    pdf_update_begin_object(update, agency->number);
    pdf_update_put_extended(update, agency->value, more);
    pdf_update_end_object(update);
}

static void a_copied_signature_is_noticed(void **state)
{
    (void)state;
    expect_update(copy_signature, "revision.appearance");
}

static void replace_appearance(const struct pdf_map *map, struct pdf_update *update)
{
    struct pdf_value value;
    assert_true(pdf_get(widget_of(map, 1)->value, "/AP", &value));
    assert_true(pdf_get(value, "/N", &value));
    put_object(update, value.reference, forge_form);
}

static void a_replaced_appearance_is_noticed(void **state)
{
    (void)state;
    expect_update(replace_appearance, "revision.unsigned");
    struct forge_plan plan = {.hook = replace_appearance};
    expect_plan(&plan, "revision.changed");
}

static void replace_info(const struct pdf_map *map, struct pdf_update *update)
{
    struct pdf_value value;
    assert_true(pdf_get(map->revisions[0].trailer, "/Info", &value));
    put_object(update, value.reference, "<< /Title (Another title) >>");
}

static void changed_document_information_is_noticed(void **state)
{
    (void)state;
    expect_update(replace_info, "revision.unsigned");
    struct forge_plan plan = {.hook = replace_info};
    expect_plan(&plan, "revision.changed");
}

static void add_field(const struct pdf_map *map, struct pdf_update *update)
{
    struct pdf_value value;
    const struct pdf_object *root = pdf_map_find(map, map->revision_count - 1, map->root);
    assert_true(pdf_get(root->value, "/AcroForm", &value));
    uint32_t field = pdf_update_reserve(update);
    char text[128];
    (void)snprintf(text, sizeof text, "<< /Fields [ 5 0 R 6 0 R 7 0 R %u 0 R ] /SigFlags 3 >>",
                   field);
    put_object(update, value.reference, text);
    put_object(update, field,
               "<< /F 132 /FT /Sig /Rect [ 1 1 9 9 ] /Subtype /Widget /T (minister) "
               "/Type /Annot >>");
}

static void a_fake_field_is_noticed(void **state)
{
    (void)state;
    expect_update(add_field, "revision.changed");
    struct forge_plan plan = {.hook = add_field};
    expect_plan(&plan, "revision.changed");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_forged_signature_without_a_trick_is_valid),
        cmocka_unit_test(a_flipped_bit_anywhere_is_noticed),
        cmocka_unit_test(bytes_behind_the_end_are_noticed),
        cmocka_unit_test(bytes_before_the_beginning_are_noticed),
        cmocka_unit_test(no_truncation_shows_two_signatures_or_a_changed_one),
        cmocka_unit_test(replaced_page_content_is_noticed),
        cmocka_unit_test(a_later_signature_does_not_cover_an_unsigned_change),
        cmocka_unit_test(a_script_in_the_catalogue_is_noticed),
        cmocka_unit_test(an_annotation_laid_over_the_page_is_noticed),
        cmocka_unit_test(a_moved_widget_is_noticed),
        cmocka_unit_test(a_removed_or_exchanged_signature_is_noticed),
        cmocka_unit_test(a_copied_signature_is_noticed),
        cmocka_unit_test(a_replaced_appearance_is_noticed),
        cmocka_unit_test(changed_document_information_is_noticed),
        cmocka_unit_test(a_fake_field_is_noticed),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}

#include "meeting/edge/paper/fields.h"

#include <qpdf/qpdf-c.h>
#include <string.h>

#include "meeting/edge/paper/fill.h"
#include "meeting/edge/paper/paper.h"

/* SignaturesExist and AppendOnly: viewers may never rewrite the file (section 12.7.3). Set from the
 * start, so that signing need not touch the form. */
enum { SIG_FLAGS = 3 };
/* Print and locked (section 12.5.3). */
enum { ANNOTATION_FLAGS = 4 + 128 };
/* Section 12.7.4.1. */
enum { FIELD_READ_ONLY = 1 };

static qpdf_oh new_rect(qpdf_data qpdf, const double rect[4])
{
    qpdf_oh array = qpdf_oh_new_array(qpdf);
    for (size_t i = 0; i < 4; i++)
        qpdf_oh_append_item(qpdf, array, qpdf_oh_new_real_from_double(qpdf, rect[i], 2));
    return array;
}

/* A form of the field's size without content. */
static qpdf_oh new_appearance(qpdf_data qpdf, const double rect[4])
{
    const double box[4] = {0, 0, rect[2] - rect[0], rect[3] - rect[1]};
    qpdf_oh stream = qpdf_oh_new_stream(qpdf);
    qpdf_oh dictionary = qpdf_oh_get_dict(qpdf, stream);
    qpdf_oh_replace_stream_data(qpdf, stream, (const unsigned char *)"", 0, qpdf_oh_new_null(qpdf),
                                qpdf_oh_new_null(qpdf));
    qpdf_oh_replace_key(qpdf, dictionary, "/Type", qpdf_oh_new_name(qpdf, "/XObject"));
    qpdf_oh_replace_key(qpdf, dictionary, "/Subtype", qpdf_oh_new_name(qpdf, "/Form"));
    qpdf_oh_replace_key(qpdf, dictionary, "/BBox", new_rect(qpdf, box));
    qpdf_oh_replace_key(qpdf, dictionary, "/Resources", qpdf_oh_new_dictionary(qpdf));
    return stream;
}

/* Field and widget in one dictionary, as it has only one. */
static qpdf_oh new_field(qpdf_data qpdf, const struct field_place *place, qpdf_oh page)
{
    qpdf_oh field = qpdf_oh_new_dictionary(qpdf);
    qpdf_oh appearances = qpdf_oh_new_dictionary(qpdf);
    qpdf_oh_replace_key(qpdf, appearances, "/N", new_appearance(qpdf, place->rect));
    qpdf_oh_replace_key(qpdf, field, "/AP", appearances);
    qpdf_oh_replace_key(qpdf, field, "/Type", qpdf_oh_new_name(qpdf, "/Annot"));
    qpdf_oh_replace_key(qpdf, field, "/Subtype", qpdf_oh_new_name(qpdf, "/Widget"));
    qpdf_oh_replace_key(qpdf, field, "/FT", qpdf_oh_new_name(qpdf, place->text ? "/Tx" : "/Sig"));
    if (place->text) {
        /* No viewer may fill it: what it shows once filled comes from fill.c. */
        bool italic = strcmp(place->name, PAPER_FIELD_DATE) == 0;
        const char *look = italic ? FILL_FONT_ITALIC " 13 Tf 0 g" : FILL_FONT_UPRIGHT " 13 Tf 0 g";
        qpdf_oh_replace_key(qpdf, field, "/DA", qpdf_oh_new_string(qpdf, look));
        qpdf_oh_replace_key(qpdf, field, "/Ff", qpdf_oh_new_integer(qpdf, FIELD_READ_ONLY));
    }
    qpdf_oh_replace_key(qpdf, field, "/T", qpdf_oh_new_string(qpdf, place->name));
    qpdf_oh_replace_key(qpdf, field, "/TU", qpdf_oh_new_unicode_string(qpdf, place->tooltip));
    qpdf_oh_replace_key(qpdf, field, "/F", qpdf_oh_new_integer(qpdf, ANNOTATION_FLAGS));
    qpdf_oh_replace_key(qpdf, field, "/Rect", new_rect(qpdf, place->rect));
    qpdf_oh_replace_key(qpdf, field, "/P", page);
    return qpdf_make_indirect_object(qpdf, field);
}

static enum err add_field(qpdf_data qpdf, const struct field_place *place, qpdf_oh fields)
{
    if (place->page >= (uint32_t)qpdf_get_num_pages(qpdf))
        return ERR_FORMAT;
    qpdf_oh page = qpdf_get_page_n(qpdf, place->page);
    qpdf_oh field = new_field(qpdf, place, page);
    qpdf_oh annotations = qpdf_oh_get_key(qpdf, page, "/Annots");
    if (!qpdf_oh_is_array(qpdf, annotations)) {
        annotations = qpdf_oh_new_array(qpdf);
        qpdf_oh_replace_key(qpdf, page, "/Annots", annotations);
    }
    qpdf_oh_append_item(qpdf, annotations, field);
    qpdf_oh_append_item(qpdf, fields, field);
    return ERR_OK;
}

static enum err write_out(qpdf_data qpdf, struct buffer *ret_pdf)
{
    if (qpdf_init_write_memory(qpdf) & QPDF_ERRORS)
        return ERR_NO_MEMORY;
    qpdf_set_object_stream_mode(qpdf, qpdf_o_disable);
    qpdf_set_newline_before_endstream(qpdf, QPDF_TRUE); /* ISO 19005-2, section 6.1.7.1 */
    qpdf_set_deterministic_ID(qpdf, QPDF_TRUE);
    qpdf_set_minimum_pdf_version(qpdf, "1.7");
    if (qpdf_write(qpdf) != QPDF_SUCCESS || qpdf_has_error(qpdf))
        return ERR_FORMAT;
    struct buffer pdf = {0};
    struct bytes written = {qpdf_get_buffer(qpdf), qpdf_get_buffer_length(qpdf)};
    enum err err = buffer_put(&pdf, written);
    if (err == ERR_OK)
        *ret_pdf = pdf;
    return err;
}

static bool is_italic(const char *font)
{
    static const char end[] = "-Italic";
    size_t size = font ? strlen(font) : 0;
    return size >= sizeof end && strcmp(font + size - (sizeof end - 1), end) == 0;
}

/* The fonts of the last page, by the names that fill.c uses; the page goes. */
static enum err take_digits(qpdf_data qpdf, qpdf_oh form)
{
    qpdf_oh page = qpdf_get_page_n(qpdf, (size_t)qpdf_get_num_pages(qpdf) - 1);
    qpdf_oh fonts = qpdf_oh_get_key(qpdf, qpdf_oh_get_key(qpdf, page, "/Resources"), "/Font");
    qpdf_oh named = qpdf_oh_new_dictionary(qpdf);
    if (!qpdf_oh_is_dictionary(qpdf, fonts))
        return ERR_FORMAT;
    qpdf_oh_begin_dict_key_iter(qpdf, fonts);
    while (qpdf_oh_dict_more_keys(qpdf)) {
        qpdf_oh font = qpdf_oh_get_key(qpdf, fonts, qpdf_oh_dict_next_key(qpdf));
        /* Simple fonts of one byte a letter, as cairo writes them for Latin text. */
        const char *kind = qpdf_oh_get_name(qpdf, qpdf_oh_get_key(qpdf, font, "/Subtype"));
        if (strcmp(kind, "/TrueType") != 0)
            return ERR_FORMAT;
        const char *base = qpdf_oh_get_name(qpdf, qpdf_oh_get_key(qpdf, font, "/BaseFont"));
        qpdf_oh_replace_key(qpdf, named, is_italic(base) ? FILL_FONT_ITALIC : FILL_FONT_UPRIGHT,
                            font);
    }
    qpdf_oh resources = qpdf_oh_new_dictionary(qpdf);
    qpdf_oh_replace_key(qpdf, resources, "/Font", named);
    qpdf_oh_replace_key(qpdf, form, "/DR", resources);
    return qpdf_remove_page(qpdf, page) & QPDF_ERRORS ? ERR_FORMAT : ERR_OK;
}

static bool has_texts(const struct field_place *places, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (places[i].text)
            return true;
    return false;
}

static enum err add_form(qpdf_data qpdf, const struct field_place *places, size_t count)
{
    qpdf_oh fields = qpdf_oh_new_array(qpdf);
    qpdf_oh form = qpdf_oh_new_dictionary(qpdf);
    if (has_texts(places, count)) {
        enum err err = take_digits(qpdf, form);
        if (err != ERR_OK)
            return err;
    }
    for (size_t i = 0; i < count; i++) {
        enum err err = add_field(qpdf, &places[i], fields);
        if (err != ERR_OK)
            return err;
    }
    qpdf_oh_replace_key(qpdf, form, "/Fields", fields);
    qpdf_oh_replace_key(qpdf, form, "/SigFlags", qpdf_oh_new_integer(qpdf, SIG_FLAGS));
    qpdf_oh root = qpdf_get_root(qpdf);
    qpdf_oh_replace_key(qpdf, root, "/AcroForm", qpdf_make_indirect_object(qpdf, form));
    qpdf_oh_replace_key(qpdf, root, "/Lang", qpdf_oh_new_string(qpdf, "vi-VN"));
    return ERR_OK;
}

static enum err add_all(qpdf_data qpdf, struct bytes pdf, const struct field_place *places,
                        size_t count, const struct archive_facts *facts)
{
    if (qpdf_read_memory(qpdf, "paper", (const char *)pdf.data, pdf.size, NULL) != QPDF_SUCCESS)
        return ERR_FORMAT;
    archive_mend_fonts(qpdf);
    enum err err = add_form(qpdf, places, count);
    if (err == ERR_OK && facts)
        err = archive_describe(qpdf, facts);
    return err == ERR_OK && qpdf_has_error(qpdf) ? ERR_NO_MEMORY : err;
}

enum err fields_add(struct bytes pdf, const struct field_place *places, size_t count,
                    const struct archive_facts *facts, struct buffer *ret_pdf)
{
    qpdf_data qpdf = qpdf_init();
    if (!qpdf)
        return ERR_NO_MEMORY;
    qpdf_silence_errors(qpdf);
    qpdf_set_suppress_warnings(qpdf, QPDF_TRUE);
    enum err err = add_all(qpdf, pdf, places, count, facts);
    if (err == ERR_OK)
        err = write_out(qpdf, ret_pdf);
    (void)qpdf_get_error(qpdf); /* what was not asked for would be printed at the end */
    qpdf_cleanup(&qpdf);
    return err;
}

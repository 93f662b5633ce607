#include "meeting/edge/paper/archive.h"

#include <glib.h>
#include <string.h>

#include "meeting/edge/paper/civil.h"
#include "meeting/edge/paper/icc.h"

static bool name_is(qpdf_data qpdf, qpdf_oh dictionary, const char *key, const char *name)
{
    qpdf_oh value = qpdf_oh_get_key(qpdf, dictionary, key);
    return qpdf_oh_is_name(qpdf, value) && strcmp(qpdf_oh_get_name(qpdf, value), name) == 0;
}

/* A new indirect stream of `bytes`, without a filter: the writer chooses one. */
static qpdf_oh new_stream(qpdf_data qpdf, const void *bytes, size_t size)
{
    qpdf_oh stream = qpdf_oh_new_stream(qpdf);
    qpdf_oh_replace_stream_data(qpdf, stream, bytes, size, qpdf_oh_new_null(qpdf),
                                qpdf_oh_new_null(qpdf));
    return stream;
}

/* Glyphs of an embedded CIDFontType2 are found through a map, even when it is the plain one (ISO
 * 19005-2, section 6.2.11.3.2); cairo leaves it out. */
static void mend_font(qpdf_data qpdf, qpdf_oh font)
{
    qpdf_oh descendants = qpdf_oh_get_key(qpdf, font, "/DescendantFonts");
    if (!qpdf_oh_is_array(qpdf, descendants) || qpdf_oh_get_array_n_items(qpdf, descendants) < 1)
        return;
    qpdf_oh descendant = qpdf_oh_get_array_item(qpdf, descendants, 0);
    if (name_is(qpdf, descendant, "/Subtype", "/CIDFontType2"))
        qpdf_oh_replace_key(qpdf, descendant, "/CIDToGIDMap", qpdf_oh_new_name(qpdf, "/Identity"));
}

void archive_mend_fonts(qpdf_data qpdf)
{
    int pages = qpdf_get_num_pages(qpdf);
    for (int i = 0; i < pages; i++) {
        qpdf_oh page = qpdf_get_page_n(qpdf, (size_t)i);
        qpdf_oh resources = qpdf_oh_get_key(qpdf, page, "/Resources");
        qpdf_oh fonts = qpdf_oh_is_dictionary(qpdf, resources)
                            ? qpdf_oh_get_key(qpdf, resources, "/Font")
                            : resources;
        qpdf_oh_remove_key(qpdf, page, "/Group");
        if (!qpdf_oh_is_dictionary(qpdf, fonts))
            continue;
        qpdf_oh_begin_dict_key_iter(qpdf, fonts);
        while (qpdf_oh_dict_more_keys(qpdf))
            mend_font(qpdf, qpdf_oh_get_key(qpdf, fonts, qpdf_oh_dict_next_key(qpdf)));
    }
}

/* -- metadata ------------------------------------------------------------------------------------
 */

/* ISO 16684-1; the properties of ISO 19005-2, section 6.6.4, and those of /Info. */
static char *write_xmp(const struct archive_facts *facts)
{
    char date[CIVIL_TEXT_BYTES];
    civil_write_iso(facts->made_at, date);
    return g_markup_printf_escaped(
        "<?xpacket begin=\"\xEF\xBB\xBF\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\n"
        "<x:xmpmeta xmlns:x=\"adobe:ns:meta/\">\n"
        "<rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">\n"
        "<rdf:Description rdf:about=\"\" xmlns:pdfaid=\"http://www.aiim.org/pdfa/ns/id/\">\n"
        "<pdfaid:part>2</pdfaid:part>\n"
        "<pdfaid:conformance>B</pdfaid:conformance>\n"
        "</rdf:Description>\n"
        "<rdf:Description rdf:about=\"\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\">\n"
        "<dc:format>application/pdf</dc:format>\n"
        "<dc:title><rdf:Alt><rdf:li xml:lang=\"x-default\">%s</rdf:li></rdf:Alt></dc:title>\n"
        "<dc:creator><rdf:Seq><rdf:li>%s</rdf:li></rdf:Seq></dc:creator>\n"
        "<dc:language><rdf:Bag><rdf:li>vi-VN</rdf:li></rdf:Bag></dc:language>\n"
        "</rdf:Description>\n"
        "<rdf:Description rdf:about=\"\" xmlns:pdf=\"http://ns.adobe.com/pdf/1.3/\">\n"
        "<pdf:Producer>%s</pdf:Producer>\n"
        "</rdf:Description>\n"
        "<rdf:Description rdf:about=\"\" xmlns:xmp=\"http://ns.adobe.com/xap/1.0/\">\n"
        "<xmp:CreatorTool>%s</xmp:CreatorTool>\n"
        "<xmp:CreateDate>%s</xmp:CreateDate>\n"
        "<xmp:ModifyDate>%s</xmp:ModifyDate>\n"
        "</rdf:Description>\n"
        "</rdf:RDF>\n"
        "</x:xmpmeta>\n"
        "<?xpacket end=\"r\"?>",
        facts->title, facts->author, ARCHIVE_PRODUCER, ARCHIVE_PRODUCER, date, date);
}

static void put_text(qpdf_data qpdf, qpdf_oh dictionary, const char *key, const char *text)
{
    qpdf_oh_replace_key(qpdf, dictionary, key, qpdf_oh_new_unicode_string(qpdf, text));
}

/* The same as in the XMP: the two may not disagree. */
static void replace_info(qpdf_data qpdf, const struct archive_facts *facts)
{
    char date[CIVIL_TEXT_BYTES];
    civil_write_pdf(facts->made_at, date);
    qpdf_oh info = qpdf_oh_new_dictionary(qpdf);
    put_text(qpdf, info, "/Title", facts->title);
    put_text(qpdf, info, "/Author", facts->author);
    put_text(qpdf, info, "/Creator", ARCHIVE_PRODUCER);
    put_text(qpdf, info, "/Producer", ARCHIVE_PRODUCER);
    qpdf_oh_replace_key(qpdf, info, "/CreationDate", qpdf_oh_new_string(qpdf, date));
    qpdf_oh_replace_key(qpdf, info, "/ModDate", qpdf_oh_new_string(qpdf, date));
    qpdf_oh_replace_key(qpdf, qpdf_get_trailer(qpdf), "/Info",
                        qpdf_make_indirect_object(qpdf, info));
}

static void add_metadata(qpdf_data qpdf, const struct archive_facts *facts)
{
    char *xmp = write_xmp(facts);
    qpdf_oh stream = new_stream(qpdf, xmp, strlen(xmp));
    qpdf_oh dictionary = qpdf_oh_get_dict(qpdf, stream);
    qpdf_oh_replace_key(qpdf, dictionary, "/Type", qpdf_oh_new_name(qpdf, "/Metadata"));
    qpdf_oh_replace_key(qpdf, dictionary, "/Subtype", qpdf_oh_new_name(qpdf, "/XML"));
    qpdf_oh_replace_key(qpdf, qpdf_get_root(qpdf), "/Metadata", stream);
    g_free(xmp);
}

/* ISO 19005-2, section 6.2.3: what the colours of the pages mean. */
static enum err add_output_intent(qpdf_data qpdf)
{
    struct buffer profile = {0};
    enum err err = icc_write_srgb(&profile);
    if (err != ERR_OK)
        return err;
    qpdf_oh stream = new_stream(qpdf, profile.data, profile.size);
    qpdf_oh_replace_key(qpdf, qpdf_oh_get_dict(qpdf, stream), "/N", qpdf_oh_new_integer(qpdf, 3));
    buffer_done(&profile);

    qpdf_oh intent = qpdf_oh_new_dictionary(qpdf);
    qpdf_oh_replace_key(qpdf, intent, "/Type", qpdf_oh_new_name(qpdf, "/OutputIntent"));
    qpdf_oh_replace_key(qpdf, intent, "/S", qpdf_oh_new_name(qpdf, "/GTS_PDFA1"));
    qpdf_oh_replace_key(qpdf, intent, "/OutputConditionIdentifier",
                        qpdf_oh_new_string(qpdf, ICC_SRGB_NAME));
    qpdf_oh_replace_key(qpdf, intent, "/Info", qpdf_oh_new_string(qpdf, ICC_SRGB_NAME));
    qpdf_oh_replace_key(qpdf, intent, "/DestOutputProfile", stream);
    qpdf_oh intents = qpdf_oh_new_array(qpdf);
    qpdf_oh_append_item(qpdf, intents, qpdf_make_indirect_object(qpdf, intent));
    qpdf_oh_replace_key(qpdf, qpdf_get_root(qpdf), "/OutputIntents", intents);
    return ERR_OK;
}

enum err archive_describe(qpdf_data qpdf, const struct archive_facts *facts)
{
    replace_info(qpdf, facts);
    add_metadata(qpdf, facts);
    return add_output_intent(qpdf);
}

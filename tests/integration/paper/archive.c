/* Our papers as PDF/A-2b, before any signature and after all of them.
 *
 * Debian has no validator of part 2, so two judges share the work: PDFBox preflight, which checks
 * part 1 (ISO 19005-1, level B), with the exceptions that part 2 grants; and a checker of our own,
 * on qpdf's object model, for what ISO 19005-2 asks of files like ours. */
#include <qpdf/qpdf-c.h>

#include "base/text.h"
#include "tests/support/keep.h"
#include "tests/support/letters.h"
#include "tests/support/sheet.h"

static struct paper_place place;

static int setup(void **state)
{
    paper_open(&place);
    return sheet_open(state);
}

static int teardown(void **state)
{
    paper_close(&place);
    return sheet_close(state);
}

/* Every kind, unsigned; then minutes signed once and twice, and through their whole life. */
enum { FILES = 7 };
static const char *const file_names[FILES] = {"minutes",
                                              "invitation with a long annex",
                                              "unnumbered notice",
                                              "resolution",
                                              "minutes signed by the secretary",
                                              "minutes signed by both",
                                              "minutes stamped, numbered, sealed and archived"};

static struct buffer make_file(size_t index)
{
    struct buffer pdf = {0};
    struct invitation invitation = letters_invitation(LETTERS_COMMUNES);
    struct notice notice = letters_notice();
    struct resolution resolution = letters_resolution();
    invitation.letter.urgency = PAPER_IMMEDIATE;
    notice.letter = letters_unnumbered();
    enum err err = ERR_OK;
    switch (index) {
    case 0:
        return paper_copy(buffer_bytes(&place.base));
    case 1:
        err = invitation_pdf_write(&invitation, &pdf);
        break;
    case 2:
        err = notice_pdf_write(&notice, &pdf);
        break;
    case 3:
        err = resolution_pdf_write(&resolution, &pdf);
        break;
    case 4:
        return paper_copy(buffer_bytes(&place.once));
    case 5:
        return paper_copy(buffer_bytes(&place.twice));
    default:
        return keep_whole(&place);
    }
    assert_int_equal(err, ERR_OK);
    return pdf;
}

/* -- PDFBox preflight ----------------------------------------------------------------------------
 */

#define JARS "/usr/share/java/"
static const char class_path[] =
    JARS "preflight.jar:" JARS "pdfbox2.jar:" JARS "fontbox2.jar:" JARS "xmpbox.jar:" JARS
         "commons-logging.jar:" JARS "jaxb-api.jar:" JARS "javax.activation.jar";

/* What part 1 forbids or asks for and part 2 does not:
 *   3.1.11  CIDSet in subsets of composite fonts: optional (ISO 19005-2, section 6.2.11.4.2)
 *   5.3.1   an appearance of every widget: not where it has no size (section 6.3.3; check_objects()
 *           below looks that it has none)
 *   7.11.2  the part in the metadata is to be 1: it is 2 (section 6.6.4) */
static bool is_granted(const char *line)
{
    return strstr(line, "The CIDSet entry is missing for the Composite Subset") ||
           strstr(line, "widget annotation lacks an appearance dictionary") ||
           strncmp(line, "7.11.2 : Error on MetaData, part must be 1", 42) == 0;
}

/* Fails unless preflight complains of exactly what part 2 grants. */
static void expect_preflight(const char *name, struct bytes pdf)
{
    char *rest = NULL;
    size_t granted = 0;
    sheet_save(pdf);
    /* One processor's worth: it lives for a second. */
    (void)sheet_run("java -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -cp %s "
                    "org.apache.pdfbox.preflight.Validator_A1b %s 2>&1",
                    class_path, sheet.path);
    if (!strstr(sheet.output, "PDF/A-1b file"))
        fail_msg("preflight did not run: %s", sheet.output);
    (void)strtok_r(sheet.output, "\n", &rest); /* "… is not a valid PDF/A-1b file" */
    for (char *line = strtok_r(NULL, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest)) {
        if (!is_granted(line))
            fail_msg("%s: %s", name, line);
        granted++;
    }
    assert_true(granted >= 2);
}

static void preflight_finds_only_what_part_two_grants(void **state)
{
    (void)state;
    for (size_t i = 1; i < FILES; i++) {
        if (i == 4)
            continue; /* the file signed by both begins with it, and with the unsigned one */
        struct buffer pdf = make_file(i);
        expect_preflight(file_names[i], buffer_bytes(&pdf));
        buffer_done(&pdf);
    }
}

/* -- a checker of our own ------------------------------------------------------------------------
 */

/* NULL when the file keeps the rules below; else the rule that it breaks. */
typedef const char *(*rule)(qpdf_data qpdf, struct bytes pdf);

static qpdf_oh get(qpdf_data qpdf, qpdf_oh dictionary, const char *key)
{
    return qpdf_oh_get_key(qpdf, dictionary, key);
}

static bool is_name(qpdf_data qpdf, qpdf_oh value, const char *name)
{
    return qpdf_oh_is_name(qpdf, value) && strcmp(qpdf_oh_get_name(qpdf, value), name) == 0;
}

/* 6.1.2 header, 6.1.3 trailer: no encryption, an ID of two strings, nothing behind the end. */
static const char *check_frame(qpdf_data qpdf, struct bytes pdf)
{
    qpdf_oh trailer = qpdf_get_trailer(qpdf);
    qpdf_oh id = get(qpdf, trailer, "/ID");
    if (memcmp(pdf.data, "%PDF-1.7\n%", 10) != 0)
        return "header";
    for (size_t i = 10; i < 14; i++)
        if (pdf.data[i] < 128)
            return "header's comment";
    if (qpdf_oh_has_key(qpdf, trailer, "/Encrypt"))
        return "encrypted";
    if (!qpdf_oh_is_array(qpdf, id) || qpdf_oh_get_array_n_items(qpdf, id) != 2 ||
        !qpdf_oh_is_string(qpdf, qpdf_oh_get_array_item(qpdf, id, 0)))
        return "trailer without ID";
    return memcmp(pdf.data + pdf.size - 6, "%%EOF\n", 6) == 0 ? NULL : "bytes behind the end";
}

/* 6.1.7.1: an end of line before every endstream. */
static const char *check_streams(qpdf_data qpdf, struct bytes pdf)
{
    (void)qpdf;
    const uint8_t *at = pdf.data;
    const uint8_t *end = pdf.data + pdf.size;
    for (; (at = memmem(at, (size_t)(end - at), "endstream", 9)) != NULL; at += 9)
        if (at[-1] != '\n')
            return "endstream without a line of its own";
    return NULL;
}

/* 6.6: XMP that is not compressed, says part 2 level B, and agrees with /Info. */
static const char *check_metadata(qpdf_data qpdf, struct bytes pdf)
{
    (void)pdf;
    qpdf_oh stream = get(qpdf, qpdf_get_root(qpdf), "/Metadata");
    if (!qpdf_oh_is_stream(qpdf, stream))
        return "no metadata";
    qpdf_oh dictionary = qpdf_oh_get_dict(qpdf, stream);
    if (qpdf_oh_has_key(qpdf, dictionary, "/Filter") ||
        !is_name(qpdf, get(qpdf, dictionary, "/Type"), "/Metadata") ||
        !is_name(qpdf, get(qpdf, dictionary, "/Subtype"), "/XML"))
        return "metadata's stream";
    unsigned char *data = NULL;
    size_t size = 0;
    if (qpdf_oh_get_stream_data(qpdf, stream, qpdf_dl_all, NULL, &data, &size) != QPDF_SUCCESS)
        return "metadata cannot be read";
    char *xmp = strndup((const char *)data, size);
    qpdf_oh info = get(qpdf, qpdf_get_trailer(qpdf), "/Info");
    static const char *const keys[] = {"/Title", "/Author", "/Creator", "/Producer"};
    const char *fault = strstr(xmp, "<pdfaid:part>2</pdfaid:part>") &&
                                strstr(xmp, "<pdfaid:conformance>B</pdfaid:conformance>") &&
                                utf8_valid(bytes_of(xmp))
                            ? NULL
                            : "not called PDF/A-2b";
    for (size_t i = 0; !fault && i < sizeof keys / sizeof *keys; i++) {
        char text[512];
        (void)snprintf(text, sizeof text, ">%s<",
                       qpdf_oh_get_utf8_value(qpdf, get(qpdf, info, keys[i])));
        fault = strstr(xmp, text) ? NULL : "metadata and Info disagree";
    }
    free(xmp);
    free(data);
    return fault;
}

/* 6.2.3: one output intent with an RGB profile of three components. */
static const char *check_intent(qpdf_data qpdf, struct bytes pdf)
{
    (void)pdf;
    qpdf_oh intents = get(qpdf, qpdf_get_root(qpdf), "/OutputIntents");
    if (!qpdf_oh_is_array(qpdf, intents) || qpdf_oh_get_array_n_items(qpdf, intents) != 1)
        return "no output intent";
    qpdf_oh intent = qpdf_oh_get_array_item(qpdf, intents, 0);
    qpdf_oh profile = get(qpdf, intent, "/DestOutputProfile");
    if (!is_name(qpdf, get(qpdf, intent, "/S"), "/GTS_PDFA1") ||
        !qpdf_oh_is_string(qpdf, get(qpdf, intent, "/OutputConditionIdentifier")) ||
        !qpdf_oh_is_stream(qpdf, profile) ||
        qpdf_oh_get_int_value(qpdf, get(qpdf, qpdf_oh_get_dict(qpdf, profile), "/N")) != 3)
        return "output intent";
    unsigned char *data = NULL;
    size_t size = 0;
    if (qpdf_oh_get_stream_data(qpdf, profile, qpdf_dl_all, NULL, &data, &size) != QPDF_SUCCESS)
        return "profile cannot be read";
    bool good =
        size > 128 && memcmp(data + 16, "RGB XYZ ", 8) == 0 && memcmp(data + 36, "acsp", 4) == 0;
    free(data);
    return good ? NULL : "profile";
}

/* A document timestamp's: without width and height no appearance is asked for (6.3.3). */
static bool is_nowhere(qpdf_data qpdf, qpdf_oh annotation)
{
    qpdf_oh rect = get(qpdf, annotation, "/Rect");
    double sides[4];
    for (int i = 0; i < 4; i++)
        sides[i] = qpdf_oh_get_numeric_value(qpdf, qpdf_oh_get_array_item(qpdf, rect, i));
    return sides[0] == sides[2] && sides[1] == sides[3];
}

/* One dictionary: what no file may hold (6.1.12, 6.3, 6.4, 6.5, 6.9), and what fonts and
 * annotations must. */
static const char *check_dictionary(qpdf_data qpdf, qpdf_oh object)
{
    static const char *const banned[] = {
        "/JS",           "/JavaScript", "/AA",    "/OpenAction", "/A",  "/XFA", "/NeedAppearances",
        "/OCProperties", "/EF",         "/Group", "/SMask",      "/TR", "/HTP", "/F2"};
    for (size_t i = 0; i < sizeof banned / sizeof *banned; i++)
        if (qpdf_oh_has_key(qpdf, object, banned[i]))
            return banned[i];
    qpdf_oh type = get(qpdf, object, "/Type");
    if (is_name(qpdf, type, "/FontDescriptor") && !qpdf_oh_has_key(qpdf, object, "/FontFile2"))
        return "font not embedded"; /* 6.2.11.4.1 */
    if (is_name(qpdf, get(qpdf, object, "/Subtype"), "/CIDFontType2") &&
        !is_name(qpdf, get(qpdf, object, "/CIDToGIDMap"), "/Identity"))
        return "no CIDToGIDMap"; /* 6.2.11.3.2 */
    if (is_name(qpdf, type, "/Font") && qpdf_oh_has_key(qpdf, object, "/DescendantFonts") &&
        !qpdf_oh_has_key(qpdf, object, "/ToUnicode"))
        return "text cannot be copied";
    if (is_name(qpdf, type, "/Annot")) {
        qpdf_oh normal = get(qpdf, get(qpdf, object, "/AP"), "/N");
        if (qpdf_oh_get_int_value(qpdf, get(qpdf, object, "/F")) != 132)
            return "annotation is not for print"; /* 6.3.2 */
        if (!qpdf_oh_is_stream(qpdf, normal) && !is_nowhere(qpdf, object))
            return "annotation without appearance"; /* 6.3.3 */
    }
    return NULL;
}

static const char *check_objects(qpdf_data qpdf, struct bytes pdf)
{
    (void)pdf;
    int size = qpdf_oh_get_int_value_as_int(qpdf, get(qpdf, qpdf_get_trailer(qpdf), "/Size"));
    size_t fonts = 0;
    for (int i = 1; i < size; i++) {
        qpdf_oh object = qpdf_get_object_by_id(qpdf, i, 0);
        if (qpdf_oh_is_stream(qpdf, object))
            object = qpdf_oh_get_dict(qpdf, object);
        if (!qpdf_oh_is_dictionary(qpdf, object))
            continue;
        fonts += is_name(qpdf, get(qpdf, object, "/Type"), "/FontDescriptor");
        const char *fault = check_dictionary(qpdf, object);
        if (fault)
            return fault;
    }
    return fonts >= 2 ? NULL : "no fonts seen";
}

static const rule rules[] = {check_frame, check_streams, check_metadata, check_intent,
                             check_objects};

static const char *check(struct bytes pdf)
{
    const char *fault = NULL;
    qpdf_data qpdf = qpdf_init();
    qpdf_silence_errors(qpdf);
    qpdf_set_suppress_warnings(qpdf, QPDF_TRUE);
    if (qpdf_read_memory(qpdf, "file", (const char *)pdf.data, pdf.size, NULL) != QPDF_SUCCESS)
        fault = "cannot be read";
    for (size_t i = 0; !fault && i < sizeof rules / sizeof *rules; i++)
        fault = rules[i](qpdf, pdf);
    (void)qpdf_get_error(qpdf);
    qpdf_cleanup(&qpdf);
    return fault;
}

static void papers_keep_the_rules_of_part_two_also_when_signed(void **state)
{
    (void)state;
    for (size_t i = 0; i < FILES; i++) {
        struct buffer pdf = make_file(i);
        const char *fault = check(buffer_bytes(&pdf));
        if (fault)
            fail_msg("%s: %s", file_names[i], fault);
        buffer_done(&pdf);
    }
}

/* The checker is worth something only if it sees what is broken. */
static void the_checker_sees_each_broken_rule(void **state)
{
    (void)state;
    static const struct {
        const char *from;
        const char *to;
    } cases[] = {
        {"%PDF-1.7", "%PDF-1.4"},
        {"/ID [", "/XD ["},
        {"<pdfaid:part>2", "<pdfaid:part>1"},
        {"/GTS_PDFA1", "/GTS_PDFX1"},
        {"/CIDToGIDMap", "/CIDToGIDMax"},
        {"/FontFile2", "/FontFileX"},
        {"/F 132", "/F 130"},
        {"/AP <<", "/AX <<"},
        {"/Metadata ", "/Metadatx "},
        {"/Lang (vi-VN)", "/AA <<>>     "},
        {"\nendstream", " endstream"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct buffer pdf = make_file(0);
        size_t size = strlen(cases[i].from);
        uint8_t *at = memmem(pdf.data, pdf.size, cases[i].from, size);
        if (!at)
            fail_msg("not in the file: %s", cases[i].from);
        assert_int_equal(strlen(cases[i].to), size);
        memcpy(at, cases[i].to, size);
        if (!check(buffer_bytes(&pdf)))
            fail_msg("not seen: %s", cases[i].to);
        buffer_done(&pdf);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(papers_keep_the_rules_of_part_two_also_when_signed),
        cmocka_unit_test(the_checker_sees_each_broken_rule),
        cmocka_unit_test(preflight_finds_only_what_part_two_grants),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}

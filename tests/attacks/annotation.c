/* Evil annotation and signature shadow: something is laid over the page, or a field is not what it
 * seems. */
#include "tests/attacks/attack.h"

static void add_annotation(const struct pdf_map *map, struct pdf_update *update)
{
    char more[32];
    const struct pdf_object *page =
        pdf_map_find(map, map->revision_count - 1, attack_page_number(map));
    uint32_t note = pdf_update_reserve(update);
    (void)snprintf(more, sizeof more, " %u 0 R ", note);
    pdf_update_begin_object(update, page->number);
    pdf_update_put_listed(update, page->value, "/Annots", more);
    pdf_update_end_object(update);
    attack_put_object(update, note,
                      "<< /Type /Annot /Subtype /FreeText /Rect [ 0 0 600 800 ] "
                      "/Contents (overlay) /DA (/Helv 12 Tf) >>");
}

static void add_field(const struct pdf_map *map, struct pdf_update *update)
{
    struct pdf_value value;
    char more[32];
    const struct pdf_object *root = pdf_map_find(map, map->revision_count - 1, map->root);
    bool found = pdf_get(root->value, "/AcroForm", &value);
    assert(found);
    const struct pdf_object *form = pdf_map_find(map, map->revision_count - 1, value.reference);
    uint32_t field = pdf_update_reserve(update);
    (void)snprintf(more, sizeof more, " %u 0 R ", field);
    pdf_update_begin_object(update, form->number);
    pdf_update_put_listed(update, form->value, "/Fields", more);
    pdf_update_end_object(update);
    attack_put_object(update, field,
                      "<< /F 132 /FT /Sig /Rect [ 1 1 9 9 ] /Subtype /Widget /T (minister) "
                      "/Type /Annot >>");
}

/* A widget's text with `from` exchanged for `to`, of the same length. */
static void rewrite(const struct pdf_map *map, struct pdf_update *update, const char *name,
                    const char *from, const char *to)
{
    const struct pdf_object *widget = forge_widget(map, name);
    struct buffer text = paper_copy(widget->value.text);
    assert(strlen(from) == strlen(to));
    forge_patch(&text, forge_find(&text, 0, from), to);
    pdf_update_begin_object(update, widget->number);
    pdf_update_put(update, buffer_bytes(&text));
    pdf_update_end_object(update);
    buffer_done(&text);
}

static void move_chair(const struct pdf_map *map, struct pdf_update *update)
{
    rewrite(map, update, PAPER_FIELD_CHAIR, "/Rect [ 3", "/Rect [ 1");
}

static void hide_chair(const struct pdf_map *map, struct pdf_update *update)
{
    rewrite(map, update, PAPER_FIELD_CHAIR, "/F 132", "/F 134");
}

static void rename_chair(const struct pdf_map *map, struct pdf_update *update)
{
    rewrite(map, update, PAPER_FIELD_CHAIR, "/T (chair)", "/T (chief)");
}

static void remove_signature(const struct pdf_map *map, struct pdf_update *update)
{
    rewrite(map, update, PAPER_FIELD_CHAIR, "/V ", "/X ");
}

static uint32_t value_of(const struct pdf_map *map, const char *name)
{
    struct pdf_value value;
    bool found = pdf_get(forge_widget(map, name)->value, "/V", &value);
    assert(found);
    return value.reference;
}

static void swap_signature(const struct pdf_map *map, struct pdf_update *update)
{
    char from[32];
    char to[32];
    (void)snprintf(from, sizeof from, "/V %u 0 R", value_of(map, PAPER_FIELD_CHAIR));
    (void)snprintf(to, sizeof to, "/V %u 0 R", value_of(map, PAPER_FIELD_SECRETARY));
    rewrite(map, update, PAPER_FIELD_CHAIR, from, to);
}

/* The chair's signature shown once more, in the agency's field. */
static void copy_signature(const struct pdf_map *map, struct pdf_update *update)
{
    char more[32];
    const struct pdf_object *agency = forge_widget(map, PAPER_FIELD_AGENCY);
    (void)snprintf(more, sizeof more, "/V %u 0 R", value_of(map, PAPER_FIELD_CHAIR));
    pdf_update_begin_object(update, agency->number);
    pdf_update_put_extended(update, agency->value, more);
    pdf_update_end_object(update);
}

#define FORM(BOX, MORE)                                                                            \
    "<< /BBox [ " BOX " ] " MORE "/Length 3 /Subtype /Form /Type /XObject >>\nstream\nq Q\n"       \
    "endstream"
#define FITTING "0 0 102.05 102.05"

#define BOTH(NAME, SAYS, HOOK, REASON, INSIDER)                                                    \
    {.name = "annotation-" NAME,                                                                   \
     .says = SAYS ", in an update",                                                                \
     .reason = REASON,                                                                             \
     .stage = ATTACK_TWICE,                                                                        \
     .make = attack_update,                                                                        \
     .hook = HOOK},                                                                                \
    {                                                                                              \
        .name = "annotation-" NAME "-insider", .says = SAYS ", beside a good signature",           \
        .reason = INSIDER, .stage = ATTACK_TWICE, .make = attack_insider, .hook = HOOK             \
    }

#define PICTURE(NAME, SAYS, FORM_TEXT, REASON)                                                     \
    {                                                                                              \
        .name = "annotation-picture-" NAME, .says = SAYS, .reason = REASON, .stage = ATTACK_TWICE, \
        .make = attack_insider, .plan = {                                                          \
            .form = FORM_TEXT                                                                      \
        }                                                                                          \
    }

static const struct attack attacks[] = {
    BOTH("overlay", "a text is laid over the page", add_annotation, "revision.unsigned",
         "revision.changed"),
    BOTH("fake-field", "a field that the paper did not have", add_field, "revision.changed",
         "revision.changed"),
    BOTH("moved", "the chair's signature is moved", move_chair, "revision.unsigned",
         "revision.changed"),
    BOTH("hidden", "the chair's signature is hidden", hide_chair, "revision.unsigned",
         "revision.changed"),
    BOTH("renamed", "the chair's field is renamed", rename_chair, "revision.changed",
         "revision.changed"),
    BOTH("removed", "the chair's signature is taken out of its field", remove_signature,
         "revision.removed", "revision.removed"),
    BOTH("swapped", "the secretary's signature is shown as the chair's", swap_signature,
         "revision.removed", "revision.removed"),
    {.name = "annotation-copied",
     .says = "the chair's signature is shown as the agency's",
     .reason = "revision.appearance",
     .stage = ATTACK_TWICE,
     .make = attack_update,
     .hook = copy_signature},
    {.name = "annotation-overlay-whole",
     .says = "a text is laid over a finished paper",
     .reason = "revision.unsigned",
     .stage = ATTACK_WHOLE,
     .make = attack_update,
     .hook = add_annotation},
    PICTURE("large", "the signature's picture is as large as the page",
            FORM("0 0 600 800", "/Resources << >> "), "revision.appearance"),
    PICTURE("matrix", "the signature's picture is blown up",
            FORM(FITTING, "/Matrix [ 9 0 0 9 0 0 ] /Resources << >> "), "revision.appearance"),
    PICTURE("shifted", "the signature's picture stands beside its field",
            FORM("-100 0 2.05 102.05", "/Resources << >> "), "revision.appearance"),
    PICTURE("layer", "the signature's picture is on a layer",
            FORM(FITTING, "/Resources << /Properties << /a << /Type /OCG >> >> >> "), "pdf.active"),
    PICTURE("borrowed", "the signature's picture uses the page's resources",
            FORM(FITTING, "/Resources 24 0 R "), "revision.extra"),
    PICTURE("dangling", "the signature's picture uses what a later update could bring",
            FORM(FITTING, "/Resources 900 0 R "), "revision.extra"),
    PICTURE("none", "the signature has no picture", "null", "revision.appearance"),
};

const struct attack_family attack_annotation = {"annotation", attacks,
                                                sizeof attacks / sizeof *attacks};

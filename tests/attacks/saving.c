/* Incremental saving: content changed in an update, by a stranger or by somebody who may sign. */
#include "tests/attacks/attack.h"

static void replace_contents(const struct pdf_map *map, struct pdf_update *update)
{
    struct pdf_value value;
    const struct pdf_object *page = pdf_map_find(map, 0, attack_page_number(map));
    bool found = pdf_get(page->value, "/Contents", &value);
    assert(found);
    attack_put_object(update, value.reference,
                      "<< /Length 20 >>\nstream\nBT (I owe you) Tj ET\nendstream");
}

static void replace_tree(const struct pdf_map *map, struct pdf_update *update)
{
    char text[96];
    struct pdf_value value;
    const struct pdf_object *root = pdf_map_find(map, map->revision_count - 1, map->root);
    bool found = pdf_get(root->value, "/Pages", &value);
    assert(found);
    (void)snprintf(text, sizeof text, "<< /Count 1 /Kids [ %u 0 R ] /Type /Pages >>",
                   attack_page_number(map));
    attack_put_object(update, value.reference, text);
}

static void replace_font(const struct pdf_map *map, struct pdf_update *update)
{
    struct pdf_value value;
    for (size_t i = 0; i < map->object_count; i++)
        if (pdf_get(map->objects[i].value, "/FontFile2", &value)) {
            attack_put_object(update, value.reference, "<< /Length 1 >>\nstream\nx\nendstream");
            return;
        }
}

static void replace_info(const struct pdf_map *map, struct pdf_update *update)
{
    struct pdf_value value;
    bool found = pdf_get(map->revisions[0].trailer, "/Info", &value);
    assert(found);
    attack_put_object(update, value.reference, "<< /Title (Another title) >>");
}

static void extend_root(const struct pdf_map *map, struct pdf_update *update, const char *more)
{
    const struct pdf_object *root = pdf_map_find(map, map->revision_count - 1, map->root);
    pdf_update_begin_object(update, root->number);
    pdf_update_put_extended(update, root->value, more);
    pdf_update_end_object(update);
}

static void add_script(const struct pdf_map *map, struct pdf_update *update)
{
    extend_root(map, update, "/OpenAction << /S /JavaScript /JS (app.alert\\(1\\)) >>");
}

static void add_layers(const struct pdf_map *map, struct pdf_update *update)
{
    extend_root(map, update, "/OCProperties << /OCGs [] /D << >> >>");
}

static void replace_appearance(const struct pdf_map *map, struct pdf_update *update)
{
    struct pdf_value value;
    bool found = pdf_get(forge_widget(map, PAPER_FIELD_CHAIR)->value, "/AP", &value) &&
                 pdf_get(value, "/N", &value);
    assert(found);
    attack_put_object(update, value.reference, forge_form);
}

static void add_orphan(const struct pdf_map *map, struct pdf_update *update)
{
    (void)map;
    attack_put_object(update, pdf_update_reserve(update), "<< /Type /Catalog >>");
}

/* A good signature over a file that was changed before it does not heal the change. */
static struct buffer heal(const struct attack *attack, const struct attack_world *world)
{
    struct forge_plan plan = {0};
    struct buffer changed = forge_update(attack_file(world, attack->stage), attack->hook);
    struct buffer file =
        forge_sign(&world->place, buffer_bytes(&changed), &world->place.chair, &plan);
    buffer_done(&changed);
    return file;
}

#define BOTH(NAME, SAYS, STAGE, HOOK, REASON)                                                      \
    {.name = "saving-" NAME,                                                                       \
     .says = SAYS ", in an update",                                                                \
     .reason = "revision.unsigned",                                                                \
     .stage = STAGE,                                                                               \
     .make = attack_update,                                                                        \
     .hook = HOOK},                                                                                \
    {                                                                                              \
        .name = "saving-" NAME "-insider", .says = SAYS ", beside a good signature",               \
        .reason = REASON, .stage = STAGE, .make = attack_insider, .hook = HOOK                     \
    }

static const struct attack attacks[] = {
    BOTH("content", "the page says something else", ATTACK_TWICE, replace_contents,
         "revision.changed"),
    BOTH("content-archived", "the page of an archived paper says something else", ATTACK_ARCHIVED,
         replace_contents, "revision.changed"),
    BOTH("pages", "a page is left out", ATTACK_ONCE, replace_tree, "revision.changed"),
    BOTH("font", "a font's outlines are exchanged", ATTACK_TWICE, replace_font, "revision.changed"),
    BOTH("information", "the title is exchanged", ATTACK_TWICE, replace_info, "revision.changed"),
    BOTH("script", "a script is put into the catalogue", ATTACK_TWICE, add_script,
         "revision.changed"),
    BOTH("layers", "layers are put into the catalogue", ATTACK_STAMPED, add_layers,
         "revision.changed"),
    BOTH("appearance", "the chair's visible signature is exchanged", ATTACK_TWICE,
         replace_appearance, "revision.changed"),
    BOTH("orphan", "an object that nothing uses is added", ATTACK_TWICE, add_orphan,
         "revision.extra"),
    {.name = "saving-content-sealed",
     .says = "the page of a sealed paper says something else",
     .reason = "revision.unsigned",
     .stage = ATTACK_SEALED,
     .make = attack_update,
     .hook = replace_contents},
    {.name = "saving-content-whole",
     .says = "the page of a finished paper says something else",
     .reason = "revision.unsigned",
     .stage = ATTACK_WHOLE,
     .make = attack_update,
     .hook = replace_contents},
    {.name = "saving-content-filled",
     .says = "the page is changed between number and seal",
     .reason = "revision.unsigned",
     .stage = ATTACK_FILLED,
     .make = attack_update,
     .hook = replace_contents},
    {.name = "saving-healed",
     .says = "a later good signature covers an unsigned change",
     .reason = "revision.unsigned",
     .stage = ATTACK_TWICE,
     .make = heal,
     .hook = replace_contents},
    {.name = "saving-healed-filled",
     .says = "the same between number and seal",
     .reason = "revision.unsigned",
     .stage = ATTACK_FILLED,
     .make = heal,
     .hook = replace_contents},
};

const struct attack_family attack_saving = {"saving", attacks, sizeof attacks / sizeof *attacks};

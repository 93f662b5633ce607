/* Number, date and seal: what the clerk writes, and what rides along with it. */
#include "tests/attacks/attack.h"

#include "meeting/edge/paper/fill.h"
#include "meeting/edge/paper/pdf_text.h"

/* Whoever holds the numbered file may write what he likes before the seal. */
static struct buffer patch_then_seal(const struct attack *attack, const struct attack_world *world)
{
    const struct paper_place *place = &world->place;
    struct buffer changed = attack_patch(attack, world);
    struct buffer file = paper_sign(place, buffer_bytes(&changed), PAPER_FIELD_AGENCY,
                                    &place->secretary, KEEP_AGENCY, place->now + 180000);
    buffer_done(&changed);
    return file;
}

/* Somebody else than the agency signs the number. */
static struct buffer seal_by_chair(const struct attack *attack, const struct attack_world *world)
{
    const struct paper_place *place = &world->place;
    const struct pades_filling filling = {7, place->now};
    struct buffer numbered = {0};
    enum err err = pades_fill(attack_file(world, attack->stage), &filling, &numbered);
    assert(err == ERR_OK);
    struct buffer file = paper_sign(place, buffer_bytes(&numbered), PAPER_FIELD_CHAIR,
                                    &place->chair, "Lê Văn Ước", place->now);
    buffer_done(&numbered);
    return file;
}

static void put_number(const struct pdf_map *map, struct pdf_update *update, const char *shown,
                       const char *more)
{
    struct pdf_form form;
    struct buffer object = {0};
    bool read = pdf_form_read(map, map->revision_count - 1, &form);
    assert(read);
    for (size_t i = 0; i < form.count; i++) {
        const struct pdf_field *field = &form.fields[i];
        if (!field->is_text)
            continue;
        uint32_t font = pdf_form_font(map, 0, fill_font(field));
        uint32_t number = pdf_update_reserve(update);
        enum err err = fill_write_form(field, shown, font, &object);
        assert(err == ERR_OK);
        const struct pdf_object *widget = forge_widget(map, field->name);
        pdf_update_begin_object(update, number);
        pdf_update_put(update, buffer_bytes(&object));
        pdf_update_end_object(update);
        pdf_update_begin_object(update, field->number);
        pdf_update_begin_filled(update, widget->value, number);
        pdf_update_print(update, "%s/V ", more);
        pdf_text_put(update, "07");
        pdf_update_print(update, " >>");
        pdf_update_end_object(update);
        buffer_done(&object);
    }
}

static void put_with_orphan(const struct pdf_map *map, struct pdf_update *update)
{
    put_number(map, update, "07", "");
    attack_put_object(update, pdf_update_reserve(update), "<< /Hidden true >>");
}

static void put_other(const struct pdf_map *map, struct pdf_update *update)
{
    put_number(map, update, "97", "");
}

static void put_with_keys(const struct pdf_map *map, struct pdf_update *update)
{
    put_number(map, update, "07", "/MaxLen 2 ");
}

static void put_again(const struct pdf_map *map, struct pdf_update *update)
{
    const struct pdf_object *widget = forge_widget(map, PAPER_FIELD_NUMBER);
    struct buffer text = paper_copy(widget->value.text);
    forge_patch(&text, forge_find(&text, 0, "<FEFF00300037>"), "<FEFF00300038>");
    pdf_update_begin_object(update, widget->number);
    pdf_update_put(update, buffer_bytes(&text));
    pdf_update_end_object(update);
    buffer_done(&text);
}

#define CHANGED(NAME, SAYS, FROM, TO)                                                              \
    {                                                                                              \
        .name = "filling-" NAME, .says = "before the seal, " SAYS, .reason = "revision.filling",   \
        .stage = ATTACK_FILLED, .make = patch_then_seal, .revision = 4, .from = FROM, .to = TO     \
    }

static const struct attack attacks[] = {
    CHANGED("shown", "another number is shown", "(07) Tj", "(97) Tj"),
    CHANGED("value", "the field says another number", "<FEFF00300037>", "<FEFF00390037>"),
    CHANGED("zero", "the number is 0", "<FEFF00300037>", "<FEFF00300030>"),
    CHANGED("place", "the number stands elsewhere", " 3.08 Td", " 9.08 Td"),
    CHANGED("size", "the number is as large as the page", "/Tinos 13 Tf", "/Tinos 93 Tf"),
    CHANGED("colour", "the number is white", "0 g ", "1 g "),
    {.name = "filling-flags",
     .says = "before the seal, the field's flags are changed",
     .reason = "revision.changed",
     .stage = ATTACK_FILLED,
     .make = patch_then_seal,
     .revision = 4,
     .from = "/Ff 1",
     .to = "/Ff 0"},
    {.name = "filling-moved",
     .says = "before the seal, the number's field is moved",
     .reason = "revision.changed",
     .stage = ATTACK_FILLED,
     .make = patch_then_seal,
     .revision = 4,
     .from = "/Rect [ 124",
     .to = "/Rect [ 104"},
    {.name = "filling-unsealed",
     .says = "a number that no seal vouches for",
     .reason = "revision.unsealed",
     .stage = ATTACK_FILLED,
     .make = attack_append,
     .to = ""},
    {.name = "filling-by-chair",
     .says = "a number that only the chair vouches for",
     .reason = "revision.unsealed",
     .stage = ATTACK_ONCE,
     .make = seal_by_chair},
    {.name = "filling-orphan",
     .says = "an object that the number does not need",
     .reason = "revision.extra",
     .stage = ATTACK_TWICE,
     .make = attack_update,
     .hook = put_with_orphan},
    {.name = "filling-other",
     .says = "a number whose picture shows another one",
     .reason = "revision.filling",
     .stage = ATTACK_ARCHIVED,
     .make = attack_update,
     .hook = put_other},
    {.name = "filling-keys",
     .says = "a number's field gets more keys",
     .reason = "revision.changed",
     .stage = ATTACK_ARCHIVED,
     .make = attack_update,
     .hook = put_with_keys},
    {.name = "filling-again",
     .says = "a number is written over after the seal",
     .reason = "revision.removed",
     .stage = ATTACK_WHOLE,
     .make = attack_update,
     .hook = put_again},
    {.name = "filling-insider",
     .says = "a number rides along with a signature",
     .reason = "revision.changed",
     .stage = ATTACK_TWICE,
     .make = attack_insider,
     .hook = put_other},
};

const struct attack_family attack_filling = {"filling", attacks, sizeof attacks / sizeof *attacks};

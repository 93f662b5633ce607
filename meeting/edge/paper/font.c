#include "meeting/edge/paper/font.h"

#include <fontconfig/fontconfig.h>
#include <pango/pangofc-fontmap.h>
#include <string.h>

/* Fontconfig always gives some answer: whether it is Tinos must be looked at. */
static enum err add_style(FcConfig *known, FcConfig *own, int weight, int slant)
{
    FcPattern *wanted =
        FcPatternBuild(NULL, FC_FAMILY, FcTypeString, FONT_FAMILY, FC_WEIGHT, FcTypeInteger, weight,
                       FC_SLANT, FcTypeInteger, slant, (char *)NULL);
    if (!wanted)
        return ERR_NO_MEMORY;
    (void)FcConfigSubstitute(known, wanted, FcMatchPattern);
    FcDefaultSubstitute(wanted);
    FcResult result = FcResultNoMatch;
    FcPattern *found = FcFontMatch(known, wanted, &result);
    FcPatternDestroy(wanted);

    FcChar8 *family = NULL;
    FcChar8 *file = NULL;
    int found_weight = 0;
    int found_slant = 0;
    bool good = found && FcPatternGetString(found, FC_FAMILY, 0, &family) == FcResultMatch &&
                strcmp((const char *)family, FONT_FAMILY) == 0 &&
                FcPatternGetString(found, FC_FILE, 0, &file) == FcResultMatch &&
                FcPatternGetInteger(found, FC_WEIGHT, 0, &found_weight) == FcResultMatch &&
                FcPatternGetInteger(found, FC_SLANT, 0, &found_slant) == FcResultMatch &&
                found_weight == weight && found_slant == slant &&
                FcConfigAppFontAddFile(own, file) == FcTrue;
    if (found)
        FcPatternDestroy(found);
    return good ? ERR_OK : ERR_IO;
}

enum err font_map_create(PangoFontMap **ret_map)
{
    static const struct {
        int weight;
        int slant;
    } styles[] = {
        {FC_WEIGHT_REGULAR, FC_SLANT_ROMAN},
        {FC_WEIGHT_BOLD, FC_SLANT_ROMAN},
        {FC_WEIGHT_REGULAR, FC_SLANT_ITALIC},
        {FC_WEIGHT_BOLD, FC_SLANT_ITALIC},
    };
    FcConfig *known = FcConfigReference(NULL);
    FcConfig *own = FcConfigCreate();
    enum err err = known && own ? ERR_OK : ERR_NO_MEMORY;
    for (size_t i = 0; err == ERR_OK && i < sizeof styles / sizeof *styles; i++)
        err = add_style(known, own, styles[i].weight, styles[i].slant);
    if (err == ERR_OK) {
        PangoFontMap *map = pango_cairo_font_map_new_for_font_type(CAIRO_FONT_TYPE_FT);
        if (map) {
            pango_fc_font_map_set_config(PANGO_FC_FONT_MAP(map), own);
            *ret_map = map;
        } else {
            err = ERR_NO_MEMORY;
        }
    }
    if (own)
        FcConfigDestroy(own); /* the map holds its own reference */
    if (known)
        FcConfigDestroy(known);
    return err;
}

void font_map_destroy(PangoFontMap *map)
{
    if (!map)
        return;
    /* Pango 1.50 forgets its reference to the configuration when the map ends: 11 kB a document. */
    pango_fc_font_map_set_config(PANGO_FC_FONT_MAP(map), NULL);
    g_object_unref(map);
}

PangoContext *font_context_create(PangoFontMap *map)
{
    PangoContext *context = pango_font_map_create_context(map);
    cairo_font_options_t *options = cairo_font_options_create();
    cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
    cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
    cairo_font_options_set_antialias(options, CAIRO_ANTIALIAS_GRAY);
    pango_cairo_context_set_font_options(context, options);
    cairo_font_options_destroy(options);
    pango_cairo_context_set_resolution(context, 72.0);
    pango_context_set_round_glyph_positions(context, FALSE);
    pango_context_set_language(context, pango_language_from_string("vi"));
    return context;
}

PangoFontDescription *font_describe(double size_pt, bool bold, bool italic)
{
    PangoFontDescription *font = pango_font_description_new();
    pango_font_description_set_family_static(font, FONT_FAMILY);
    pango_font_description_set_absolute_size(font, size_pt * PANGO_SCALE);
    pango_font_description_set_weight(font, bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
    pango_font_description_set_style(font, italic ? PANGO_STYLE_ITALIC : PANGO_STYLE_NORMAL);
    return font;
}

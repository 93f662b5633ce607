#include "meeting/edge/paper/seal.h"

#include <math.h>
#include <string.h>

/* All measures are shares of the seal's side. */
#define RING_OUTER 0.492
#define RING_INNER 0.345
#define RING_STROKE 0.016
#define RING_STROKE_INNER 0.010
#define LETTER_SIZE 0.084
#define LETTER_SIZE_LONG 0.074 /* for names that would close the ring */
#define LETTERS_INSIDE 0.382   /* radius of the line that letters stand on, or hang from */
#define LETTERS_HANG 0.448
#define LETTER_GAP 0.012
#define STAR_OUTER 0.20
#define STAR_DOT 0.026
#define HALF_RING_MOST (0.86 * G_PI) /* of either half of the ring, at most */

static const double red[3] = {0.92, 0.05, 0.08};

/* Text along the ring: letter by letter, as each is turned by itself. */
struct arc {
    PangoLayout **letters;
    size_t count;
    double size;
    double length; /* of all of them, with the gaps between */
};

static struct arc set_arc(struct typeset *set, const char *text, double size, double gap)
{
    struct arc arc = {.size = size};
    struct typeset_style style = {.size = size, .width = 10 * size, .spacing = 1.0, .bold = true};
    arc.letters = typeset_take(set, (strlen(text) + 1) * sizeof *arc.letters);
    const char *next;
    for (const char *at = text; *at && set->err == ERR_OK; at = next) {
        char letter[8] = {0};
        next = g_utf8_find_next_char(at, NULL);
        memcpy(letter, at, (size_t)(next - at));
        arc.letters[arc.count] = typeset_layout(set, letter, &style);
        arc.length += typeset_layout_width(arc.letters[arc.count++]) + gap;
    }
    return arc;
}

/* Upright at the top of the ring (`turn` 1), or upright at its bottom (-1). */
static void draw_arc(cairo_t *cr, const struct arc *arc, double side, double turn)
{
    double radius = side * (turn > 0 ? LETTERS_INSIDE : LETTERS_HANG);
    double gap = side * LETTER_GAP;
    double angle = turn * -(arc->length - gap) / radius / 2;
    for (size_t i = 0; i < arc->count; i++) {
        double width = typeset_layout_width(arc->letters[i]);
        double middle = angle + turn * width / radius / 2;
        cairo_save(cr);
        cairo_translate(cr, side / 2, side / 2);
        cairo_rotate(cr, middle);
        cairo_move_to(cr, -width / 2, turn > 0 ? -radius : radius);
        pango_cairo_layout_line_path(cr, pango_layout_get_line_readonly(arc->letters[i], 0));
        cairo_fill(cr);
        cairo_restore(cr);
        angle += turn * (width + gap) / radius;
    }
}

static void draw_rings(cairo_t *cr, double side)
{
    cairo_set_line_width(cr, side * RING_STROKE);
    cairo_arc(cr, side / 2, side / 2, side * RING_OUTER, 0, 2 * G_PI);
    cairo_stroke(cr);
    cairo_set_line_width(cr, side * RING_STROKE_INNER);
    cairo_arc(cr, side / 2, side / 2, side * RING_INNER, 0, 2 * G_PI);
    cairo_stroke(cr);
}

static void draw_star(cairo_t *cr, double x, double y, double radius)
{
    const double inner = radius * 0.382; /* of a regular five-pointed star */
    for (int i = 0; i < 10; i++) {
        double length = i % 2 == 0 ? radius : inner;
        double angle = i * G_PI / 5 - G_PI / 2;
        cairo_line_to(cr, x + length * cos(angle), y + length * sin(angle));
    }
    cairo_close_path(cr);
    cairo_fill(cr);
}

/* "ỦY BAN NHÂN DÂN" above and "TỈNH …" below; a name without that beginning stands above alone. */
static size_t upper_part(const char *name)
{
    static const char *const beginnings[] = {"ỦY BAN NHÂN DÂN ", "HỘI ĐỒNG NHÂN DÂN "};
    for (size_t i = 0; i < sizeof beginnings / sizeof *beginnings; i++)
        if (g_str_has_prefix(name, beginnings[i]))
            return strlen(beginnings[i]) - 1;
    return strlen(name);
}

void seal_draw(struct typeset *set, cairo_t *cr, const char *agency, double side)
{
    char *name = g_utf8_strup(agency, -1);
    size_t upper = upper_part(name);
    char *above = g_strndup(name, upper);
    const char *below = name[upper] ? name + upper + 1 : "";
    double gap = side * LETTER_GAP;
    double most = HALF_RING_MOST * side * LETTERS_INSIDE;
    struct arc top = set_arc(set, above, side * LETTER_SIZE, gap);
    struct arc bottom = set_arc(set, below, side * LETTER_SIZE, gap);
    if (top.length > most || bottom.length > most) {
        top = set_arc(set, above, side * LETTER_SIZE_LONG, gap);
        bottom = set_arc(set, below, side * LETTER_SIZE_LONG, gap);
    }
    if (set->err == ERR_OK) {
        cairo_set_source_rgb(cr, red[0], red[1], red[2]);
        draw_rings(cr, side);
        draw_arc(cr, &top, side, 1);
        draw_arc(cr, &bottom, side, -1);
        draw_star(cr, side / 2, side / 2, side * STAR_OUTER);
        double between = (LETTERS_INSIDE + LETTERS_HANG) / 2 * side;
        draw_star(cr, side / 2 - between, side / 2, side * STAR_DOT);
        draw_star(cr, side / 2 + between, side / 2, side * STAR_DOT);
    }
    g_free(above);
    g_free(name);
}

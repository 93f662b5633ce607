#include <math.h>
#include <stdio.h>

#include "meeting/edge/paper/minutes_layout.h"
#include "meeting/edge/paper/qr.h"

#define RULE_WIDTH 0.6
#define RULE_GAP 2.5         /* between a text and the rule under it */
#define RULE_SHARE 0.42      /* of the text: one third to one half */
#define TITLE_RULE_SPACE 8.0 /* from the subject to the body */
#define NUMBER_GAP 6.0       /* from the agency's rule to the number */
#define AGENCY_SIDE (36 * TYPESET_PT_PER_MM)
#define SIGN_WIDTH (60 * TYPESET_PT_PER_MM)
#define PAGE_NUMBER_Y (10 * TYPESET_PT_PER_MM)

static double head_line(void)
{
    return typeset_line_height(MINUTES_HEAD_SIZE, 1.0);
}

static double agency_height(const struct minutes_layout *layout)
{
    return typeset_layout_height(layout->parent, MINUTES_HEAD_SIZE, 1.0) +
           typeset_layout_height(layout->body, MINUTES_HEAD_SIZE, 1.0);
}

double minutes_head_height(const struct minutes_layout *layout)
{
    double left = agency_height(layout) + NUMBER_GAP +
                  typeset_layout_height(layout->number, MINUTES_NUMBER_SIZE, 1.0);
    double right = head_line() + typeset_line_height(MINUTES_MOTTO_SIZE, 1.0) + RULE_GAP;
    return fmax(left, right);
}

double minutes_title_height(const struct minutes_layout *layout)
{
    return typeset_layout_height(layout->type, MINUTES_SIZE, 1.0) +
           typeset_layout_height(layout->subject, MINUTES_SIZE, 1.0) + TITLE_RULE_SPACE;
}

double minutes_ending_height(const struct minutes_layout *layout)
{
    double names = fmax(typeset_layout_height(layout->secretary_name, MINUTES_SIZE, 1.0),
                        typeset_layout_height(layout->chair_name, MINUTES_SIZE, 1.0));
    return typeset_line_height(MINUTES_SIZE, 1.0) + MINUTES_SIGN_HEIGHT + names;
}

static void draw_rule(cairo_t *cr, double centre, double y, double length)
{
    cairo_set_line_width(cr, RULE_WIDTH);
    cairo_move_to(cr, centre - length / 2, y);
    cairo_line_to(cr, centre + length / 2, y);
    cairo_stroke(cr);
}

static void draw_head(const struct minutes_layout *layout, cairo_t *cr, double y)
{
    double left = MINUTES_LEFT;
    double right = MINUTES_RIGHT - MINUTES_HEAD_RIGHT_WIDTH;
    double right_centre = MINUTES_RIGHT - MINUTES_HEAD_RIGHT_WIDTH / 2;
    double left_centre = MINUTES_LEFT + MINUTES_HEAD_LEFT_WIDTH / 2;

    double at = typeset_draw_layout(cr, layout->nation, MINUTES_HEAD_SIZE, 1.0, right, y);
    at = typeset_draw_layout(cr, layout->motto, MINUTES_MOTTO_SIZE, 1.0, right, at);
    draw_rule(cr, right_centre, at + RULE_GAP, typeset_layout_width(layout->motto));

    at = typeset_draw_layout(cr, layout->parent, MINUTES_HEAD_SIZE, 1.0, left, y);
    at = typeset_draw_layout(cr, layout->body, MINUTES_HEAD_SIZE, 1.0, left, at);
    draw_rule(cr, left_centre, at + RULE_GAP, RULE_SHARE * typeset_layout_width(layout->body));
    (void)typeset_draw_layout(cr, layout->number, MINUTES_NUMBER_SIZE, 1.0, left, at + NUMBER_GAP);
}

static void draw_title(const struct minutes_layout *layout, cairo_t *cr, double y)
{
    double centre = MINUTES_LEFT + MINUTES_WIDTH / 2;
    double at = typeset_draw_layout(cr, layout->type, MINUTES_SIZE, 1.0, MINUTES_LEFT, y);
    at = typeset_draw_layout(cr, layout->subject, MINUTES_SIZE, 1.0, MINUTES_LEFT, at);
    draw_rule(cr, centre, at + RULE_GAP, RULE_SHARE * typeset_layout_width(layout->subject));
}

/* Title, room for the signature, name: thư ký on the left, chủ tọa on the right. */
static void draw_ending(const struct minutes_layout *layout, cairo_t *cr, double y)
{
    double left = MINUTES_LEFT;
    double right = MINUTES_RIGHT - MINUTES_BLOCK_WIDTH;
    double name_y = y + typeset_line_height(MINUTES_SIZE, 1.0) + MINUTES_SIGN_HEIGHT;
    (void)typeset_draw_layout(cr, layout->secretary_title, MINUTES_SIZE, 1.0, left, y);
    (void)typeset_draw_layout(cr, layout->chair_title, MINUTES_SIZE, 1.0, right, y);
    (void)typeset_draw_layout(cr, layout->secretary_name, MINUTES_SIZE, 1.0, left, name_y);
    (void)typeset_draw_layout(cr, layout->chair_name, MINUTES_SIZE, 1.0, right, name_y);
}

/* The agency's seal covers a third of the chair's signature, on its left (Appendix I, II.8). */
static struct minutes_fields place_fields(const struct flow_item *ending)
{
    double y = ending->y + typeset_line_height(MINUTES_SIZE, 1.0);
    double inset = (MINUTES_BLOCK_WIDTH - SIGN_WIDTH) / 2;
    double chair_x = MINUTES_RIGHT - MINUTES_BLOCK_WIDTH + inset;
    double middle = y + MINUTES_SIGN_HEIGHT / 2;
    return (struct minutes_fields){
        .page = ending->page,
        .secretary = {MINUTES_LEFT + inset, y, SIGN_WIDTH, MINUTES_SIGN_HEIGHT},
        .chair = {chair_x, y, SIGN_WIDTH, MINUTES_SIGN_HEIGHT},
        .agency = {chair_x + SIGN_WIDTH / 3 - AGENCY_SIDE, middle - AGENCY_SIDE / 2, AGENCY_SIDE,
                   AGENCY_SIDE},
    };
}

static enum err draw_check(const struct minutes_layout *layout, cairo_t *cr, double y)
{
    double text_width =
        MINUTES_WIDTH - MINUTES_BLOCK_WIDTH - MINUTES_CHECK_SIDE - 8 * TYPESET_PT_PER_MM;
    double code_x = MINUTES_RIGHT - MINUTES_CHECK_SIDE;
    double text_x = code_x - 2 * TYPESET_PT_PER_MM - text_width;
    (void)typeset_draw_layout(cr, layout->check, MINUTES_CHECK_SIZE, MINUTES_CHECK_SPACING, text_x,
                              y);
    return qr_draw(cr, layout->paper->url, code_x, y, MINUTES_CHECK_SIDE);
}

/* Centred in the top margin, from the second page on. */
static enum err draw_page_number(const struct minutes_layout *layout, uint32_t page, cairo_t *cr)
{
    if (page == 0)
        return ERR_OK;
    struct typeset number = {.map = layout->set.map, .context = layout->set.context};
    number.layouts = g_ptr_array_new_with_free_func(g_object_unref);
    struct typeset_style style = {.size = MINUTES_PAGE_NUMBER_SIZE,
                                  .width = MINUTES_WIDTH,
                                  .spacing = 1.0,
                                  .align = PANGO_ALIGN_CENTER};
    char text[16];
    (void)snprintf(text, sizeof text, "%u", page + 1);
    PangoLayout *drawn = typeset_layout(&number, text, &style);
    (void)typeset_draw_layout(cr, drawn, style.size, 1.0, MINUTES_LEFT, PAGE_NUMBER_Y);
    g_ptr_array_free(number.layouts, TRUE);
    return number.err;
}

enum err minutes_draw_page(const struct minutes_layout *layout, uint32_t page, cairo_t *cr,
                           struct minutes_fields *ret_fields)
{
    enum err err = draw_page_number(layout, page, cr);
    for (size_t i = 0; err == ERR_OK && i < layout->set.flow.count; i++) {
        const struct flow_item *item = &layout->set.flow.items[i];
        if (item->page != page)
            continue;
        cairo_set_source_rgb(cr, 0, 0, 0);
        switch ((enum minutes_kind)item->kind) {
        case MINUTES_LINE:
        case MINUTES_RECIPIENT:
            typeset_draw_line(cr, item->layout, item->line, MINUTES_LEFT, item->y, item->height);
            break;
        case MINUTES_HEAD:
            draw_head(layout, cr, item->y);
            break;
        case MINUTES_TITLE:
            draw_title(layout, cr, item->y);
            break;
        case MINUTES_ENDING:
            draw_ending(layout, cr, item->y);
            *ret_fields = place_fields(item);
            break;
        case MINUTES_CHECK:
            err = draw_check(layout, cr, item->y);
            break;
        case MINUTES_SPACE:
            break;
        }
    }
    return err;
}

#include <stdio.h>

#include "meeting/edge/paper/paper_layout.h"
#include "meeting/edge/paper/table.h"

/* Items lie in the order of their pages: the first one of `page`. */
static size_t first_of(const struct flow *flow, uint32_t page)
{
    size_t low = 0;
    size_t high = flow->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (flow->items[middle].page < page)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* An annex counts its own pages. */
static uint32_t first_page_of_part(const struct flow *flow, uint32_t page)
{
    for (size_t i = first_of(flow, page + 1); i-- > 0;)
        if (flow->items[i].kind == PAPER_ITEM_ANNEX)
            return flow->items[i].page;
    return 0;
}

/* Centred in the top margin, from the second page on. */
static enum err draw_page_number(struct paper_layout *layout, uint32_t page, cairo_t *cr)
{
    uint32_t number = page - first_page_of_part(&layout->set.flow, page) + 1;
    if (number == 1)
        return ERR_OK;
    char text[16];
    (void)snprintf(text, sizeof text, "%u", number);
    PangoLayout *drawn =
        page_centred(&layout->set, text, PAGE_LINE_SIZE, PAGE_TEXT_WIDTH, false, false);
    (void)typeset_draw_layout(cr, drawn, PAGE_LINE_SIZE, 1.0, PAGE_LEFT, PAGE_NUMBER_Y);
    return layout->set.err;
}

static void draw_annex_head(const struct annex_head *head, cairo_t *cr, double y)
{
    y = typeset_draw_layout(cr, head->number, PAGE_BODY_SIZE, 1.0, PAGE_LEFT, y);
    y = typeset_draw_layout(cr, head->title, PAGE_BODY_SIZE, 1.0, PAGE_LEFT, y);
    y = typeset_draw_layout(cr, head->reference, PAGE_BODY_SIZE, 1.0, PAGE_LEFT, y);
    page_draw_rule(cr, PAGE_LEFT + PAGE_TEXT_WIDTH / 2, y + PAGE_RULE_GAP,
                   PAGE_RULE_SHARE * typeset_layout_width(head->reference));
}

static enum err draw_item(struct paper_layout *layout, size_t at, cairo_t *cr,
                          struct page_places *places)
{
    const struct flow_item *item = &layout->set.flow.items[at];
    switch ((enum paper_item)item->kind) {
    case PAPER_ITEM_LINE:
        typeset_draw_line(cr, item->layout, item->line, PAGE_LEFT, item->y, item->height);
        return ERR_OK;
    case PAPER_ITEM_ROW:
        table_draw_item(&layout->set.flow, at, cr);
        return ERR_OK;
    case PAPER_ITEM_HEAD:
        head_draw(&layout->head, cr, item->y);
        head_add_places(&layout->head, item->y, places);
        return ERR_OK;
    case PAPER_ITEM_TITLE:
        head_draw_title(&layout->head, cr, item->y);
        return ERR_OK;
    case PAPER_ITEM_ENDING:
        ending_draw(&layout->ending, cr, item->y);
        ending_add_places(&layout->ending, item->page, item->y, places);
        return ERR_OK;
    case PAPER_ITEM_CHECK:
        return ending_draw_check(&layout->ending, cr, item->y);
    case PAPER_ITEM_RECIPIENTS_HEAD:
        ending_draw_recipients_head(&layout->ending, cr, item->y);
        return ERR_OK;
    case PAPER_ITEM_RECIPIENT:
        ending_draw_recipient(item->layout, cr, item->y);
        return ERR_OK;
    case PAPER_ITEM_ANNEX:
        draw_annex_head(item->layout, cr, item->y);
        return ERR_OK;
    case PAPER_ITEM_SPACE:
        return ERR_OK;
    }
    return ERR_UNKNOWN;
}

enum err paper_draw_page(struct paper_layout *layout, uint32_t page, cairo_t *cr,
                         struct page_places *places)
{
    const struct flow *flow = &layout->set.flow;
    cairo_set_source_rgb(cr, 0, 0, 0);
    enum err err = draw_page_number(layout, page, cr);
    for (size_t i = first_of(flow, page);
         err == ERR_OK && i < flow->count && flow->items[i].page == page; i++)
        err = draw_item(layout, i, cr, places);
    return err;
}

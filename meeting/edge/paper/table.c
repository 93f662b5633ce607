#include "meeting/edge/paper/table.h"

#include <assert.h>

#define CELL_SIZE 13.0
#define CELL_INSET 4.0 /* left and right of a cell's text */
#define CELL_PAD 2.0   /* above and below it */
#define FRAME_WIDTH 0.5
#define TABLE_GAP 6.0

struct table_row {
    const struct table_row *header; /* the header itself: NULL */
    size_t column_count;
    uint32_t line_count;
    double edges[PAPER_COLUMNS_MAX + 1]; /* of the columns, from the page's left */
    PangoLayout *cells[PAPER_COLUMNS_MAX];
};

static double line_height(void)
{
    return typeset_line_height(CELL_SIZE, 1.0);
}

static double item_height(const struct table_row *row, uint32_t line)
{
    return line_height() + (line == 0 ? CELL_PAD : 0) +
           (line + 1 == row->line_count ? CELL_PAD : 0);
}

static double row_height(const struct table_row *row)
{
    return row->line_count * line_height() + 2 * CELL_PAD;
}

static struct table_row *new_row(struct typeset *set, const struct paper_table *table)
{
    struct table_row *row = typeset_take(set, sizeof *row);
    double shares = 0;
    row->column_count = table->column_count;
    row->line_count = 1;
    for (size_t i = 0; i < table->column_count; i++)
        shares += table->columns[i].share;
    row->edges[0] = PAGE_LEFT;
    for (size_t i = 0; i < table->column_count; i++)
        row->edges[i + 1] = row->edges[i] + PAGE_TEXT_WIDTH * table->columns[i].share / shares;
    return row;
}

static void set_cell(struct typeset *set, struct table_row *row, size_t column, const char *text,
                     PangoAlignment align)
{
    struct typeset_style style = {.size = CELL_SIZE,
                                  .width =
                                      row->edges[column + 1] - row->edges[column] - 2 * CELL_INSET,
                                  .spacing = 1.0,
                                  .align = align,
                                  .bold = !row->header};
    PangoLayout *layout = typeset_layout(set, text ? text : "", &style);
    row->cells[column] = layout;
    uint32_t lines = layout ? (uint32_t)pango_layout_get_line_count(layout) : 1;
    row->line_count = lines > row->line_count ? lines : row->line_count;
}

static void add_row(struct typeset *set, int kind, struct table_row *row)
{
    bool header = !row->header;
    for (uint32_t line = 0; line < row->line_count; line++)
        typeset_add_item(set, (struct flow_item){
                                  .kind = kind,
                                  .layout = row,
                                  .line = line,
                                  .gap = header && line == 0 ? TABLE_GAP : 0,
                                  .height = item_height(row, line),
                                  .lead = header ? 0 : row_height(row->header),
                                  .keep_next = header || line + 1 < row->line_count,
                              });
}

void table_add(struct typeset *set, int kind, const struct paper_table *table)
{
    static const PangoAlignment aligns[] = {[PAPER_ALIGN_LEFT] = PANGO_ALIGN_LEFT,
                                            [PAPER_ALIGN_CENTRE] = PANGO_ALIGN_CENTER,
                                            [PAPER_ALIGN_RIGHT] = PANGO_ALIGN_RIGHT};
    assert(table->column_count >= 1 && table->column_count <= PAPER_COLUMNS_MAX);
    struct table_row *header = new_row(set, table);
    for (size_t i = 0; i < table->column_count; i++)
        set_cell(set, header, i, table->columns[i].title, PANGO_ALIGN_CENTER);
    add_row(set, kind, header);
    for (size_t r = 0; r < table->row_count; r++) {
        struct table_row *row = new_row(set, table);
        row->header = header;
        for (size_t i = 0; i < table->column_count; i++)
            set_cell(set, row, i, table->cells[r * table->column_count + i],
                     aligns[table->columns[i].align]);
        add_row(set, kind, row);
    }
}

static void draw_texts(const struct table_row *row, uint32_t line, cairo_t *cr, double y)
{
    y += line == 0 ? CELL_PAD : 0;
    for (size_t i = 0; i < row->column_count; i++)
        if (line < (uint32_t)pango_layout_get_line_count(row->cells[i]))
            typeset_draw_line(cr, row->cells[i], line, row->edges[i] + CELL_INSET, y,
                              line_height());
}

static void draw_frame(const struct table_row *row, cairo_t *cr, double top, double height,
                       bool above, bool below)
{
    cairo_set_line_width(cr, FRAME_WIDTH);
    for (size_t i = 0; i <= row->column_count; i++) {
        cairo_move_to(cr, row->edges[i], top);
        cairo_line_to(cr, row->edges[i], top + height);
    }
    if (above) {
        cairo_move_to(cr, row->edges[0], top);
        cairo_line_to(cr, row->edges[row->column_count], top);
    }
    if (below) {
        cairo_move_to(cr, row->edges[0], top + height);
        cairo_line_to(cr, row->edges[row->column_count], top + height);
    }
    cairo_stroke(cr);
}

void table_draw_item(const struct flow *flow, size_t at, cairo_t *cr)
{
    const struct flow_item *item = &flow->items[at];
    const struct table_row *row = item->layout;
    if (item->led) {
        double y = item->y - item->lead;
        draw_frame(row->header, cr, y, item->lead, true, true);
        for (uint32_t line = 0; line < row->header->line_count; line++) {
            draw_texts(row->header, line, cr, y);
            y += item_height(row->header, line);
        }
    }
    bool first = at == 0 || flow->items[at - 1].page != item->page;
    bool last = at + 1 == flow->count || flow->items[at + 1].page != item->page;
    draw_frame(row, cr, item->y, item->height, item->line == 0 || first,
               item->line + 1 == row->line_count || last);
    draw_texts(row, item->line, cr, item->y);
}

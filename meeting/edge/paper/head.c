#include "meeting/edge/paper/head.h"

#include <math.h>
#include <string.h>

#include "base/text.h"
#include "meeting/edge/paper/civil.h"
#include "meeting/edge/paper/numeral.h"

/* The right one takes "Thành phố Hồ Chí Minh, ngày 29 tháng 6 năm 2019" in one line of 13. */
#define LEFT_WIDTH (62 * TYPESET_PT_PER_MM)
#define RIGHT_WIDTH (98 * TYPESET_PT_PER_MM)
#define LEFT_CENTRE (PAGE_LEFT + LEFT_WIDTH / 2)
#define RIGHT_X (PAGE_RIGHT - RIGHT_WIDTH)
#define RIGHT_CENTRE (PAGE_RIGHT - RIGHT_WIDTH / 2)
#define NUMBER_GAP 6.0       /* from the rule above to number and date */
#define TITLE_RULE_SPACE 8.0 /* from the subject to the body */

/* Stamps: boxes of one line, 8 mm high; the three of urgency in bright red. */
#define STAMP_HEIGHT (8 * TYPESET_PT_PER_MM)
#define STAMP_GAP 6.0
#define STAMP_INSET (3 * TYPESET_PT_PER_MM) /* from a label to the frame at its sides */
static const double bright_red[3] = {1, 0, 0};

static const struct {
    const char *text;
    double width;
} urgencies[PAPER_URGENCY_COUNT] = {
    [PAPER_URGENT] = {"KHẨN", 20 * TYPESET_PT_PER_MM},
    [PAPER_VERY_URGENT] = {"THƯỢNG KHẨN", 40 * TYPESET_PT_PER_MM},
    [PAPER_IMMEDIATE] = {"HỎA TỐC", 30 * TYPESET_PT_PER_MM},
};

/* -- texts ---------------------------------------------------------------------------------------
 */

static void put_gap(GString *text, int width_mm)
{
    char gap[TYPESET_GAP_BYTES];
    typeset_gap(width_mm, gap);
    g_string_append(text, gap);
}

/* "05/NQ-HĐND" */
static void put_number(GString *text, const struct paper *paper)
{
    char number[NUMERAL_TEXT_BYTES];
    numeral_write_number(paper->number, number);
    if (paper->number)
        g_string_append(text, number);
    else
        put_gap(text, PAPER_NUMBER_GAP_MM);
    g_string_append_printf(text, "/%s", paper_kind_code(paper->kind));
    if (page_given(paper->symbol))
        g_string_append_printf(text, "-%s", paper->symbol);
}

/* "ngày 05 tháng 12 năm 2026" */
static void put_date(GString *text, const struct paper *paper)
{
    static const struct {
        const char *word;
        int gap_mm;
    } parts[] = {
        {"ngày ", PAPER_DAY_GAP_MM}, {" tháng ", PAPER_MONTH_GAP_MM}, {" năm ", PAPER_YEAR_GAP_MM}};
    char date[CIVIL_TEXT_BYTES];
    if (paper->date) {
        civil_write_date(paper->date, date);
        g_string_append(text, date);
        return;
    }
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        g_string_append(text, parts[i].word);
        put_gap(text, parts[i].gap_mm);
    }
}

char *head_write_reference(const struct paper *paper)
{
    GString *text = g_string_new("số ");
    put_number(text, paper);
    if (paper->kind != PAPER_MINUTES) {
        g_string_append_c(text, ' ');
        put_date(text, paper);
    }
    return g_string_free(text, FALSE);
}

static bool has_date(const struct paper *paper)
{
    return paper->kind != PAPER_MINUTES && page_given(paper->place);
}

static void set_date(struct head *head, struct typeset *set)
{
    struct typeset_style style = {.size = PAGE_LINE_SIZE,
                                  .width = RIGHT_WIDTH,
                                  .spacing = 1.0,
                                  .align = PANGO_ALIGN_CENTER,
                                  .italic = true,
                                  .gaps = true};
    GString *text = g_string_new(head->paper->place);
    g_string_append(text, ", ");
    put_date(text, head->paper);
    head->date = typeset_layout(set, text->str, &style);
    typeset_balance(head->date);
    g_string_free(text, TRUE);
}

void head_set(struct head *head, struct typeset *set, const struct paper *paper)
{
    *head = (struct head){.paper = paper};
    head->nation = page_centred(set, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", PAGE_HEAD_SIZE,
                                RIGHT_WIDTH, true, false);
    head->motto =
        page_centred(set, "Độc lập - Tự do - Hạnh phúc", PAGE_LINE_SIZE, RIGHT_WIDTH, true, false);
    head->parent = page_centred(set, paper->parent_body, PAGE_HEAD_SIZE, LEFT_WIDTH, false, true);
    head->body = page_centred(set, paper->issuing_body, PAGE_HEAD_SIZE, LEFT_WIDTH, true, true);

    GString *number = g_string_new("Số: ");
    put_number(number, paper);
    head->number = page_centred(set, number->str, PAGE_LINE_SIZE, LEFT_WIDTH, false, false);
    g_string_free(number, TRUE);
    if (has_date(paper))
        set_date(head, set);

    head->urgency =
        page_centred(set, urgencies[paper->urgency].text, PAGE_LINE_SIZE, LEFT_WIDTH, true, false);
    head->circulation = page_centred(set, paper->circulation, PAGE_LINE_SIZE,
                                     LEFT_WIDTH - 2 * STAMP_INSET, true, true);
    head->type = page_centred(set, paper_kind_title(paper->kind), PAGE_BODY_SIZE, PAGE_TEXT_WIDTH,
                              true, false);
    head->subject = page_centred(set, paper->subject, PAGE_BODY_SIZE, PAGE_TEXT_WIDTH, true, false);
}

/* -- heights -------------------------------------------------------------------------------------
 */

/* Where number and date stand: below both columns, as they share a line. */
static double number_offset(const struct head *head)
{
    double left = typeset_layout_height(head->parent, PAGE_HEAD_SIZE, 1.0) +
                  typeset_layout_height(head->body, PAGE_HEAD_SIZE, 1.0);
    double right = typeset_line_height(PAGE_HEAD_SIZE, 1.0) +
                   typeset_line_height(PAGE_LINE_SIZE, 1.0) + PAGE_RULE_GAP;
    return (head->date ? fmax(left, right) : left) + NUMBER_GAP;
}

static double stamp_height(PangoLayout *layout)
{
    return layout ? fmax(STAMP_HEIGHT, typeset_layout_height(layout, PAGE_LINE_SIZE, 1.0) + 8) : 0;
}

double head_height(const struct head *head)
{
    double left = number_offset(head) + typeset_layout_height(head->number, PAGE_LINE_SIZE, 1.0);
    if (head->urgency)
        left += STAMP_GAP + STAMP_HEIGHT;
    if (head->circulation)
        left += STAMP_GAP + stamp_height(head->circulation);
    double right = typeset_line_height(PAGE_HEAD_SIZE, 1.0) +
                   typeset_line_height(PAGE_LINE_SIZE, 1.0) + PAGE_RULE_GAP;
    double date = number_offset(head) + typeset_layout_height(head->date, PAGE_LINE_SIZE, 1.0);
    return fmax(left, head->date ? fmax(right, date) : right);
}

double head_title_height(const struct head *head)
{
    return typeset_layout_height(head->type, PAGE_BODY_SIZE, 1.0) +
           typeset_layout_height(head->subject, PAGE_BODY_SIZE, 1.0) + TITLE_RULE_SPACE;
}

/* -- drawing -------------------------------------------------------------------------------------
 */

/* A label in a frame of one line, both in the present colour. */
static void draw_stamp(cairo_t *cr, PangoLayout *layout, double size, double width, double height,
                       double y)
{
    double text = typeset_layout_height(layout, size, 1.0);
    int full = pango_layout_get_width(layout);
    cairo_set_line_width(cr, 1.0);
    /* The stroke lies inside, so that the stamp's outer measure is the decree's. */
    cairo_rectangle(cr, LEFT_CENTRE - width / 2 + 0.5, y + 0.5, width - 1, height - 1);
    cairo_stroke(cr);
    (void)typeset_draw_layout(cr, layout, size, 1.0, LEFT_CENTRE - (double)full / PANGO_SCALE / 2,
                              y + (height - text) / 2);
}

static void draw_stamps(const struct head *head, cairo_t *cr, double y)
{
    if (head->urgency) {
        cairo_set_source_rgb(cr, bright_red[0], bright_red[1], bright_red[2]);
        draw_stamp(cr, head->urgency, PAGE_LINE_SIZE, urgencies[head->paper->urgency].width,
                   STAMP_HEIGHT, y + STAMP_GAP);
        cairo_set_source_rgb(cr, 0, 0, 0);
        y += STAMP_GAP + STAMP_HEIGHT;
    }
    if (head->circulation)
        draw_stamp(cr, head->circulation, PAGE_LINE_SIZE,
                   typeset_layout_width(head->circulation) + 2 * STAMP_INSET,
                   stamp_height(head->circulation), y + STAMP_GAP);
}

void head_draw(const struct head *head, cairo_t *cr, double y)
{
    double at = typeset_draw_layout(cr, head->nation, PAGE_HEAD_SIZE, 1.0, RIGHT_X, y);
    at = typeset_draw_layout(cr, head->motto, PAGE_LINE_SIZE, 1.0, RIGHT_X, at);
    page_draw_rule(cr, RIGHT_CENTRE, at + PAGE_RULE_GAP, typeset_layout_width(head->motto));

    at = typeset_draw_layout(cr, head->parent, PAGE_HEAD_SIZE, 1.0, PAGE_LEFT, y);
    at = typeset_draw_layout(cr, head->body, PAGE_HEAD_SIZE, 1.0, PAGE_LEFT, at);
    page_draw_rule(cr, LEFT_CENTRE, at + PAGE_RULE_GAP,
                   PAGE_RULE_SHARE * typeset_layout_width(head->body));

    double number_y = y + number_offset(head);
    at = typeset_draw_layout(cr, head->number, PAGE_LINE_SIZE, 1.0, PAGE_LEFT, number_y);
    (void)typeset_draw_layout(cr, head->date, PAGE_LINE_SIZE, 1.0, RIGHT_X, number_y);
    draw_stamps(head, cr, at);
}

void head_draw_title(const struct head *head, cairo_t *cr, double y)
{
    double centre = PAGE_LEFT + PAGE_TEXT_WIDTH / 2;
    double at = typeset_draw_layout(cr, head->type, PAGE_BODY_SIZE, 1.0, PAGE_LEFT, y);
    at = typeset_draw_layout(cr, head->subject, PAGE_BODY_SIZE, 1.0, PAGE_LEFT, at);
    if (head->subject)
        page_draw_rule(cr, centre, at + PAGE_RULE_GAP,
                       PAGE_RULE_SHARE * typeset_layout_width(head->subject));
}

/* -- fields --------------------------------------------------------------------------------------
 */

/* The rectangle of a line of 13 from byte `from` of `layout` on, `width` wide. */
static struct page_rect line_rect(PangoLayout *layout, size_t from, double width, double x,
                                  double y)
{
    double height = typeset_line_height(PAGE_LINE_SIZE, 1.0);
    int line = 0;
    double left = typeset_gap_x(layout, (int)from, &line);
    return (struct page_rect){x + left, y + line * height, width, height};
}

void head_add_places(const struct head *head, double y, struct page_places *places)
{
    double number_y = y + number_offset(head);
    if (head->paper->number == 0)
        page_place_add(places, (struct page_place){
                                   .name = PAPER_FIELD_NUMBER,
                                   .tooltip = "Số của văn bản",
                                   .text = true,
                                   .rect = line_rect(head->number, strlen("Số: "),
                                                     PAPER_NUMBER_GAP_MM * TYPESET_PT_PER_MM,
                                                     PAGE_LEFT, number_y),
                               });
    if (!head->date || head->paper->date)
        return;
    const char *text = pango_layout_get_text(head->date);
    const char *day = strstr(text + strlen(head->paper->place), "ngày");
    size_t from = (size_t)(day - text);
    int line = 0;
    double end = typeset_gap_x(head->date, (int)strlen(text), &line);
    double begin = typeset_gap_x(head->date, (int)from, &line);
    page_place_add(places, (struct page_place){
                               .name = PAPER_FIELD_DATE,
                               .tooltip = "Ngày, tháng, năm ban hành",
                               .text = true,
                               .rect = line_rect(head->date, from, end - begin, RIGHT_X, number_y),
                           });
}

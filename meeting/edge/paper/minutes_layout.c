#include "meeting/edge/paper/minutes_layout.h"

#include <string.h>

#include "base/limits.h"
#include "base/text.h"
#include "meeting/edge/paper/civil.h"

#define BODY_SPACING 1.15
#define BODY_GAP 6.0                           /* at least 6 pt between paragraphs */
#define BODY_INDENT (12.7 * TYPESET_PT_PER_MM) /* 1 cm or 1.27 cm */
#define HEAD_GAP 18.0
#define RECIPIENT_SIZE 11.0
#define RECIPIENT_HEAD_SIZE 12.0

static bool given(const char *text)
{
    return text && *text;
}

static struct typeset_style body_style(void)
{
    return (struct typeset_style){.size = MINUTES_SIZE,
                                  .x = MINUTES_LEFT,
                                  .width = MINUTES_WIDTH,
                                  .indent = BODY_INDENT,
                                  .gap = BODY_GAP,
                                  .spacing = BODY_SPACING,
                                  .justify = true};
}

static struct typeset_style centred_style(double size, double width, bool bold)
{
    return (struct typeset_style){
        .size = size, .width = width, .spacing = 1.0, .align = PANGO_ALIGN_CENTER, .bold = bold};
}

/* A centred layout, in capitals where the decree wants them. */
static PangoLayout *centred(struct typeset *set, const char *text, double size, double width,
                            bool bold, bool capitals)
{
    struct typeset_style style = centred_style(size, width, bold);
    if (!utf8_valid(bytes_of(text))) {
        set->err = set->err == ERR_OK ? ERR_FORMAT : set->err;
        return NULL;
    }
    char *upper = capitals ? g_utf8_strup(text, -1) : g_strdup(text);
    PangoLayout *layout = typeset_layout(set, upper, &style);
    typeset_balance(layout);
    g_free(upper);
    return layout;
}

static void set_boxes(struct minutes_layout *layout)
{
    const struct minutes_paper *paper = layout->paper;
    struct typeset *set = &layout->set;
    double left = MINUTES_HEAD_LEFT_WIDTH;
    double right = MINUTES_HEAD_RIGHT_WIDTH;
    double block = MINUTES_BLOCK_WIDTH;
    layout->nation =
        centred(set, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", MINUTES_HEAD_SIZE, right, true, false);
    layout->motto =
        centred(set, "Độc lập - Tự do - Hạnh phúc", MINUTES_MOTTO_SIZE, right, true, false);
    if (given(paper->parent_body))
        layout->parent = centred(set, paper->parent_body, MINUTES_HEAD_SIZE, left, false, true);
    layout->body = centred(set, paper->issuing_body, MINUTES_HEAD_SIZE, left, true, true);

    /* The clerk gives the number, after the signatures (Art. 15): until then a blank. */
    char *number = given(paper->symbol) ? g_strdup_printf("Số:            /BB-%s", paper->symbol)
                                        : g_strdup("Số:            /BB");
    layout->number = centred(set, number, MINUTES_NUMBER_SIZE, left, false, false);
    g_free(number);

    layout->type = centred(set, "BIÊN BẢN", MINUTES_SIZE, MINUTES_WIDTH, true, false);
    layout->subject = centred(set, paper->subject, MINUTES_SIZE, MINUTES_WIDTH, true, false);
    layout->secretary_title = centred(set, "THƯ KÝ", MINUTES_SIZE, block, true, false);
    layout->chair_title = centred(set, "CHỦ TỌA", MINUTES_SIZE, block, true, false);
    layout->secretary_name = centred(set, paper->secretary.name, MINUTES_SIZE, block, true, false);
    layout->chair_name = centred(set, paper->chair.name, MINUTES_SIZE, block, true, false);
}

/* The line or lines "label: text". */
static void add_fact(struct typeset *set, const char *label, const char *text, bool keep_next)
{
    struct typeset_style style = body_style();
    style.keep_next = keep_next;
    struct paper_run runs[] = {{.text = label}, {.text = text}};
    typeset_add_runs(set, MINUTES_LINE, runs, 2, &style);
}

static void append_part(GString *text, const char *before, const char *part, const char *after)
{
    if (given(part))
        g_string_append_printf(text, "%s%s%s", before, part, after);
}

static char *person_text(const char *lead, const struct paper_person *person, const char *end)
{
    GString *text = g_string_new(lead);
    g_string_append(text, person->name);
    append_part(text, ", ", person->position, "");
    append_part(text, ", ", person->unit, "");
    append_part(text, " (", person->note, ")");
    g_string_append(text, end);
    return g_string_free(text, FALSE);
}

static void add_people(struct typeset *set, const char *label, const struct paper_person *people,
                       size_t count)
{
    if (count == 0)
        return;
    add_fact(set, label, "", true);
    struct typeset_style style = body_style();
    style.gap = 2; /* a list is one paragraph to the eye */
    for (size_t i = 0; i < count; i++) {
        char *text = person_text("- ", &people[i], i + 1 < count ? ";" : ".");
        typeset_add_text(set, MINUTES_LINE, text, &style);
        g_free(text);
    }
}

static void add_person_fact(struct typeset *set, const char *label,
                            const struct paper_person *person)
{
    char *text = person_text("", person, ".");
    add_fact(set, label, text, false);
    g_free(text);
}

static void add_facts(struct typeset *set, const struct minutes_paper *paper)
{
    char moment[CIVIL_TEXT_BYTES];
    civil_write_moment(paper->start, moment);
    char *start = g_strdup_printf("%s.", moment);
    add_fact(set, "Thời gian bắt đầu: ", start, false);
    g_free(start);
    add_fact(set, "Địa điểm: ", given(paper->place) ? paper->place : "", false);
    add_people(set, "Thành phần tham dự:", paper->attendees, paper->attendee_count);
    add_people(set, "Vắng mặt:", paper->absentees, paper->absentee_count);
    add_person_fact(set, "Chủ trì (chủ tọa): ", &paper->chair);
    add_person_fact(set, "Thư ký (người ghi biên bản): ", &paper->secretary);
    add_fact(set, "Nội dung (theo diễn biến cuộc họp):", "", true);
}

static void add_block(struct typeset *set, const struct paper_block *block, bool keep_next)
{
    struct typeset_style style = body_style();
    style.keep_next = keep_next || block->type == PAPER_HEADING;
    style.bold = block->type == PAPER_HEADING;
    if (block->type != PAPER_ITEM) {
        typeset_add_runs(set, MINUTES_LINE, block->runs, block->run_count, &style);
        return;
    }
    struct paper_run *runs = g_new(struct paper_run, block->run_count + 1);
    runs[0] = (struct paper_run){.text = "- "};
    if (block->run_count > 0)
        memcpy(runs + 1, block->runs, block->run_count * sizeof *runs);
    typeset_add_runs(set, MINUTES_LINE, runs, block->run_count + 1, &style);
    g_free(runs);
}

/* The closing sentence takes the end of the content with it, so that no page holds signatures
 * alone. */
static void add_closing(struct minutes_layout *layout)
{
    struct typeset *set = &layout->set;
    char moment[CIVIL_TEXT_BYTES];
    civil_write_moment(layout->paper->end, moment);
    char *text = g_strdup_printf("Cuộc họp kết thúc vào %s./.", moment);
    add_fact(set, text, "", true);
    g_free(text);
    typeset_add_item(set, (struct flow_item){.kind = MINUTES_ENDING,
                                             .gap = 12,
                                             .height = minutes_ending_height(layout),
                                             .keep_next = true});
}

static void add_recipient(struct typeset *set, const char *text, const char *end, double *taken)
{
    struct typeset_style style = {
        .size = RECIPIENT_SIZE, .x = MINUTES_LEFT, .width = MINUTES_BLOCK_WIDTH, .spacing = 1.0};
    /* The check mark stands beside the first of them and needs its whole height on this page. */
    style.keep_next = *taken < MINUTES_CHECK_SIDE;
    char *line = g_strdup_printf("- %s%s", text, end);
    size_t before = set->flow.count;
    typeset_add_text(set, MINUTES_RECIPIENT, line, &style);
    for (size_t i = before; i < set->flow.count; i++)
        *taken += set->flow.items[i].height;
    g_free(line);
}

static void add_recipients(struct minutes_layout *layout)
{
    struct typeset *set = &layout->set;
    const struct minutes_paper *paper = layout->paper;
    typeset_add_item(set, (struct flow_item){.kind = MINUTES_CHECK, .gap = 14, .keep_next = true});
    struct typeset_style head = {.size = RECIPIENT_HEAD_SIZE,
                                 .x = MINUTES_LEFT,
                                 .width = MINUTES_BLOCK_WIDTH,
                                 .spacing = 1.0,
                                 .bold = true,
                                 .italic = true,
                                 .keep_next = true};
    typeset_add_text(set, MINUTES_RECIPIENT, "Nơi nhận:", &head);
    double taken = typeset_line_height(RECIPIENT_HEAD_SIZE, 1.0);
    for (size_t i = 0; i < paper->recipient_count; i++)
        add_recipient(set, paper->recipients[i], ";", &taken);
    add_recipient(set, "Lưu: VT, Hồ sơ.", "", &taken);
    if (taken < MINUTES_CHECK_SIDE)
        typeset_add_item(
            set, (struct flow_item){.kind = MINUTES_SPACE, .height = MINUTES_CHECK_SIDE - taken});
}

static void set_check(struct minutes_layout *layout)
{
    const struct minutes_paper *paper = layout->paper;
    struct typeset_style style = {.size = MINUTES_CHECK_SIZE,
                                  .width = MINUTES_WIDTH - MINUTES_BLOCK_WIDTH -
                                           MINUTES_CHECK_SIDE - 8 * TYPESET_PT_PER_MM,
                                  .spacing = MINUTES_CHECK_SPACING,
                                  .align = PANGO_ALIGN_RIGHT};
    char *text = g_strdup_printf("Kiểm tra chữ ký số và tính toàn vẹn tại:\n%s\nMã: %s\n"
                                 "Văn bản này được ký số nhưng chưa được cấp số "
                                 "và chưa có chữ ký số (con dấu) của cơ quan.",
                                 paper->url, paper->code);
    layout->check = typeset_layout(&layout->set, text, &style);
    g_free(text);
}

enum err minutes_layout_init(struct minutes_layout *layout, const struct minutes_paper *paper)
{
    *layout = (struct minutes_layout){.paper = paper};
    struct typeset *set = &layout->set;
    typeset_init(set);
    set_boxes(layout);
    set_check(layout);
    typeset_add_item(set, (struct flow_item){.kind = MINUTES_HEAD,
                                             .height = minutes_head_height(layout),
                                             .keep_next = true});
    typeset_add_item(set, (struct flow_item){.kind = MINUTES_TITLE,
                                             .gap = HEAD_GAP,
                                             .height = minutes_title_height(layout),
                                             .keep_next = true});
    add_facts(set, paper);
    for (size_t i = 0; i < paper->block_count; i++)
        add_block(set, &paper->blocks[i], i + 1 == paper->block_count);
    add_closing(layout);
    add_recipients(layout);
    if (set->err == ERR_OK)
        set->err = flow_paginate(&set->flow, MINUTES_TOP, MINUTES_BOTTOM, LIMIT_DOCUMENT_PAGES);
    return set->err;
}

void minutes_layout_done(struct minutes_layout *layout)
{
    typeset_done(&layout->set);
}

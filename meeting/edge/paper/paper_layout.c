#include "meeting/edge/paper/paper_layout.h"

#include <assert.h>
#include <string.h>

#include "base/limits.h"
#include "base/text.h"
#include "meeting/edge/paper/numeral.h"
#include "meeting/edge/paper/table.h"

#define BODY_SPACING 1.15                      /* 1.0–1.5 */
#define BODY_GAP 6.0                           /* at least 6 pt between paragraphs */
#define BODY_INDENT (12.7 * TYPESET_PT_PER_MM) /* 1 cm or 1.27 cm */
#define LISTED_GAP 2.0                         /* a list is one paragraph to the eye */
#define HEAD_GAP 18.0
#define ENDING_GAP 12.0
#define RECIPIENTS_GAP 14.0
#define ANNEX_NUMBER_SIZE 14.0
#define ANNEX_SPACE 8.0 /* from the rule under its title to the body */

static struct typeset_style style_of(const struct paper_block *block)
{
    bool centred = block->type == PAPER_CENTRED;
    bool heading = block->type == PAPER_HEADING;
    return (struct typeset_style){
        .size = PAGE_BODY_SIZE,
        .x = PAGE_LEFT,
        .width = PAGE_TEXT_WIDTH,
        .indent = centred ? 0 : BODY_INDENT,
        .gap = block->type == PAPER_LISTED ? LISTED_GAP : BODY_GAP,
        .spacing = BODY_SPACING,
        .align = centred ? PANGO_ALIGN_CENTER : PANGO_ALIGN_LEFT,
        .justify = !centred,
        .bold = heading || centred,
        .italic = block->type == PAPER_BASIS,
        .keep_next = block->keep_next || heading || centred,
    };
}

static void add_block(struct typeset *set, const struct paper_block *block)
{
    struct typeset_style style = style_of(block);
    if (block->type == PAPER_TABLE) {
        table_add(set, PAPER_ITEM_ROW, block->table);
        return;
    }
    if (block->type != PAPER_ITEM) {
        typeset_add_runs(set, PAPER_ITEM_LINE, block->runs, block->run_count, &style);
        return;
    }
    struct paper_run *runs = g_new(struct paper_run, block->run_count + 1);
    runs[0] = (struct paper_run){.text = "- "};
    if (block->run_count > 0)
        memcpy(runs + 1, block->runs, block->run_count * sizeof *runs);
    typeset_add_runs(set, PAPER_ITEM_LINE, runs, block->run_count + 1, &style);
    g_free(runs);
}

static void add_blocks(struct typeset *set, const struct paper_block *blocks, size_t count)
{
    for (size_t i = 0; i < count; i++)
        add_block(set, &blocks[i]);
}

/* The signatures take the last two lines of the body with them, so that no page holds them alone.
 */
static void add_ending(struct paper_layout *layout)
{
    struct typeset *set = &layout->set;
    size_t count = set->flow.count;
    for (size_t i = count > 2 ? count - 2 : 0; i < count; i++)
        set->flow.items[i].keep_next = true;
    typeset_add_item(set, (struct flow_item){.kind = PAPER_ITEM_ENDING,
                                             .gap = ENDING_GAP,
                                             .height = ending_height(&layout->ending),
                                             .keep_next = layout->ending.check != NULL});
}

/* What "Nơi nhận" still has to say below the signatures, and the check mark beside it, which needs
 * its whole height on one page. */
static void add_recipients(struct paper_layout *layout)
{
    struct typeset *set = &layout->set;
    const struct ending *ending = &layout->ending;
    double side = ending->check ? ENDING_CHECK_SIDE : 0;
    double taken = 0;
    double gap = ending->beside == 0 || ending->check ? RECIPIENTS_GAP : 0;
    if (ending->check) {
        typeset_add_item(
            set, (struct flow_item){.kind = PAPER_ITEM_CHECK, .gap = gap, .keep_next = true});
        gap = 0;
    }
    if (ending->beside == 0) {
        taken = ending_recipients_head_height();
        typeset_add_item(set, (struct flow_item){.kind = PAPER_ITEM_RECIPIENTS_HEAD,
                                                 .gap = gap,
                                                 .height = taken,
                                                 .keep_next = true});
    }
    for (size_t i = ending->beside; i < ending->recipient_count; i++) {
        double height = ending_recipient_height(ending->recipients[i]);
        typeset_add_item(set, (struct flow_item){.kind = PAPER_ITEM_RECIPIENT,
                                                 .layout = ending->recipients[i],
                                                 .height = height,
                                                 .keep_next = taken < side});
        taken += height;
    }
    if (taken < side)
        typeset_add_item(set, (struct flow_item){.kind = PAPER_ITEM_SPACE, .height = side - taken});
}

/* "Phụ lục I" (numbered only when there are several), its title, and what it belongs to. */
static void set_annex_head(struct paper_layout *layout, struct annex_head *head, size_t index)
{
    const struct paper *paper = layout->paper;
    struct typeset *set = &layout->set;
    char roman[NUMERAL_TEXT_BYTES];
    numeral_write_roman((uint32_t)index + 1, roman);
    char *number =
        paper->annex_count > 1 ? g_strdup_printf("Phụ lục %s", roman) : g_strdup("Phụ lục");
    char *reference = head_write_reference(paper);
    char *line = g_strdup_printf("(Kèm theo %s %s của %s)", paper_kind_name(paper->kind), reference,
                                 page_given(paper->issuing_body) ? paper->issuing_body : "");
    struct typeset_style style = {.size = PAGE_BODY_SIZE,
                                  .width = PAGE_TEXT_WIDTH,
                                  .spacing = 1.0,
                                  .align = PANGO_ALIGN_CENTER,
                                  .italic = true,
                                  .gaps = true};
    head->number = page_centred(set, number, ANNEX_NUMBER_SIZE, PAGE_TEXT_WIDTH, true, false);
    head->title =
        page_centred(set, paper->annexes[index].title, PAGE_BODY_SIZE, PAGE_TEXT_WIDTH, true, true);
    head->reference = typeset_layout(set, line, &style);
    typeset_balance(head->reference);
    g_free(line);
    g_free(reference);
    g_free(number);
}

static void add_annex(struct paper_layout *layout, size_t index)
{
    struct typeset *set = &layout->set;
    struct annex_head *head = typeset_take(set, sizeof *head);
    set_annex_head(layout, head, index);
    double height = typeset_layout_height(head->number, ANNEX_NUMBER_SIZE, 1.0) +
                    typeset_layout_height(head->title, PAGE_BODY_SIZE, 1.0) +
                    typeset_layout_height(head->reference, PAGE_BODY_SIZE, 1.0) + ANNEX_SPACE;
    typeset_add_item(set, (struct flow_item){.kind = PAPER_ITEM_ANNEX,
                                             .layout = head,
                                             .height = height,
                                             .keep_next = true,
                                             .begins_page = true});
    add_blocks(set, layout->paper->annexes[index].blocks,
               layout->paper->annexes[index].block_count);
}

enum err paper_layout_init(struct paper_layout *layout, const struct paper *paper)
{
    *layout = (struct paper_layout){.paper = paper};
    struct typeset *set = &layout->set;
    typeset_init(set);
    head_set(&layout->head, set, paper);
    ending_set(&layout->ending, set, paper);
    typeset_add_item(set, (struct flow_item){.kind = PAPER_ITEM_HEAD,
                                             .height = head_height(&layout->head),
                                             .keep_next = true});
    typeset_add_item(set, (struct flow_item){.kind = PAPER_ITEM_TITLE,
                                             .gap = HEAD_GAP,
                                             .height = head_title_height(&layout->head),
                                             .keep_next = true});
    add_blocks(set, paper->blocks, paper->block_count);
    if (set->err == ERR_OK)
        add_ending(layout);
    add_recipients(layout);
    for (size_t i = 0; i < paper->annex_count; i++)
        add_annex(layout, i);
    if (set->err == ERR_OK)
        set->err = flow_paginate(&set->flow, PAGE_TOP, PAGE_BOTTOM, LIMIT_DOCUMENT_PAGES);
    return set->err;
}

void paper_layout_done(struct paper_layout *layout)
{
    typeset_done(&layout->set);
}

#include "meeting/edge/paper/ending.h"

#include <assert.h>
#include <math.h>

#include "meeting/edge/paper/qr.h"

#define SIGN_WIDTH (PAPER_SIGN_WIDTH_MM * TYPESET_PT_PER_MM)
#define SIGN_HEIGHT (PAPER_SIGN_HEIGHT_MM * TYPESET_PT_PER_MM)
#define SEAL_SIDE (PAPER_SEAL_SIDE_MM * TYPESET_PT_PER_MM)

#define LEFT_WIDTH (75 * TYPESET_PT_PER_MM)
#define RIGHT_WIDTH (75 * TYPESET_PT_PER_MM)
#define LONE_WIDTH (82 * TYPESET_PT_PER_MM) /* one signer has long lines: "TM. ỦY BAN …" */

#define RECIPIENTS_HEAD_SIZE 12.0
#define RECIPIENT_SIZE 11.0
#define CHECK_SIZE 9.0
#define CHECK_SPACING 1.1

/* -- setting -------------------------------------------------------------------------------------
 */

/* "TM. ỦY BAN NHÂN DÂN" / "KT. CHỦ TỊCH" / "PHÓ CHỦ TỊCH" */
static char *write_title(const struct paper_signer *signer)
{
    static const char *const before_head[] = {
        [PAPER_FOR_HEAD] = "KT. ", [PAPER_BY_ORDER] = "TL. ", [PAPER_BY_AUTHORITY] = "TUQ. "};
    GString *text = g_string_new(NULL);
    if (page_given(signer->behalf))
        g_string_append_printf(text, "TM. %s\n", signer->behalf);
    if (signer->right >= PAPER_FOR_HEAD)
        g_string_append_printf(text, "%s%s\n", before_head[signer->right],
                               signer->head ? signer->head : "");
    if (signer->right == PAPER_ACTING_HEAD)
        g_string_append(text, "Q. ");
    g_string_append(text, signer->title ? signer->title : "");
    return g_string_free(text, FALSE);
}

static void set_block(struct ending_block *block, struct typeset *set,
                      const struct paper_signer *signer)
{
    char *title = write_title(signer);
    block->title = page_centred(set, title, PAGE_BODY_SIZE, block->width, true, true);
    block->name = page_centred(set, signer->name, PAGE_BODY_SIZE, block->width, true, false);
    g_free(title);
}

static PangoLayout *set_recipient(struct typeset *set, const char *text, const char *end)
{
    struct typeset_style style = {.size = RECIPIENT_SIZE, .width = LEFT_WIDTH, .spacing = 1.0};
    char *line = g_strdup_printf("- %s%s", text, end);
    PangoLayout *layout = typeset_layout(set, line, &style);
    g_free(line);
    return layout;
}

static void set_recipients(struct ending *ending, struct typeset *set)
{
    const struct paper *paper = ending->paper;
    struct typeset_style head = {.size = RECIPIENTS_HEAD_SIZE,
                                 .width = LEFT_WIDTH,
                                 .spacing = 1.0,
                                 .bold = true,
                                 .italic = true};
    ending->recipients_head = typeset_layout(set, "Nơi nhận:", &head);
    ending->recipients =
        typeset_take(set, (paper->recipient_count + 1) * sizeof *ending->recipients);
    for (size_t i = 0; i < paper->recipient_count; i++)
        ending->recipients[i] = set_recipient(set, paper->recipients[i], ";");
    char *kept = g_strdup_printf("Lưu: %s", page_given(paper->kept) ? paper->kept : "VT");
    ending->recipients[paper->recipient_count] = set_recipient(set, kept, ".");
    ending->recipient_count = paper->recipient_count + 1;
    g_free(kept);
}

/* As many recipients as the signature's block is high; never all but one line of a short list. */
static void count_beside(struct ending *ending)
{
    if (ending->block_count > 1)
        return;
    double room = ending_height(ending) - ending_recipients_head_height();
    double taken = 0;
    for (; ending->beside < ending->recipient_count; ending->beside++) {
        taken += ending_recipient_height(ending->recipients[ending->beside]);
        if (taken > room)
            break;
    }
}

static void set_check(struct ending *ending, struct typeset *set)
{
    const struct paper *paper = ending->paper;
    struct typeset_style style = {.size = CHECK_SIZE,
                                  .width = PAGE_TEXT_WIDTH - LEFT_WIDTH - ENDING_CHECK_SIDE -
                                           8 * TYPESET_PT_PER_MM,
                                  .spacing = CHECK_SPACING,
                                  .align = PANGO_ALIGN_RIGHT};
    if (!page_given(paper->url))
        return;
    /* True before the clerk has numbered and sealed it, and after. */
    char *text = g_strdup_printf("Kiểm tra chữ ký số và tính toàn vẹn tại:\n%s\nMã: %s\n"
                                 "Khi chưa có số và chữ ký số (con dấu) của cơ quan, "
                                 "văn bản này chưa được phát hành.",
                                 paper->url, paper->code ? paper->code : "");
    ending->check = typeset_layout(set, text, &style);
    g_free(text);
}

void ending_set(struct ending *ending, struct typeset *set, const struct paper *paper)
{
    assert(paper->signer_count >= 1 && paper->signer_count <= PAPER_SIGNERS_MAX);
    *ending = (struct ending){.paper = paper, .block_count = paper->signer_count};
    struct ending_block *right = &ending->blocks[paper->signer_count - 1];
    right->width = paper->signer_count == 1 ? LONE_WIDTH : RIGHT_WIDTH;
    right->x = PAGE_RIGHT - right->width;
    if (paper->signer_count > 1) {
        ending->blocks[0].x = PAGE_LEFT;
        ending->blocks[0].width = LEFT_WIDTH;
    }
    for (size_t i = 0; i < paper->signer_count; i++)
        set_block(&ending->blocks[i], set, &paper->signers[i]);
    set_recipients(ending, set);
    set_check(ending, set);
    if (set->err == ERR_OK)
        count_beside(ending);
}

/* -- heights -------------------------------------------------------------------------------------
 */

/* Signatures stand in one line, so below the longer of two titles. */
static double title_height(const struct ending *ending)
{
    double height = 0;
    for (size_t i = 0; i < ending->block_count; i++)
        height = fmax(height, typeset_layout_height(ending->blocks[i].title, PAGE_BODY_SIZE, 1.0));
    return height;
}

double ending_height(const struct ending *ending)
{
    double names = 0;
    for (size_t i = 0; i < ending->block_count; i++)
        names = fmax(names, typeset_layout_height(ending->blocks[i].name, PAGE_BODY_SIZE, 1.0));
    return title_height(ending) + SIGN_HEIGHT + names;
}

double ending_recipient_height(PangoLayout *layout)
{
    return typeset_layout_height(layout, RECIPIENT_SIZE, 1.0);
}

double ending_recipients_head_height(void)
{
    return typeset_line_height(RECIPIENTS_HEAD_SIZE, 1.0);
}

/* -- drawing -------------------------------------------------------------------------------------
 */

void ending_draw_recipient(PangoLayout *layout, cairo_t *cr, double y)
{
    (void)typeset_draw_layout(cr, layout, RECIPIENT_SIZE, 1.0, PAGE_LEFT, y);
}

void ending_draw_recipients_head(const struct ending *ending, cairo_t *cr, double y)
{
    (void)typeset_draw_layout(cr, ending->recipients_head, RECIPIENTS_HEAD_SIZE, 1.0, PAGE_LEFT, y);
}

void ending_draw(const struct ending *ending, cairo_t *cr, double y)
{
    double name_y = y + title_height(ending) + SIGN_HEIGHT;
    for (size_t i = 0; i < ending->block_count; i++) {
        const struct ending_block *block = &ending->blocks[i];
        (void)typeset_draw_layout(cr, block->title, PAGE_BODY_SIZE, 1.0, block->x, y);
        (void)typeset_draw_layout(cr, block->name, PAGE_BODY_SIZE, 1.0, block->x, name_y);
    }
    if (ending->beside == 0)
        return;
    ending_draw_recipients_head(ending, cr, y);
    y += ending_recipients_head_height();
    for (size_t i = 0; i < ending->beside; i++) {
        ending_draw_recipient(ending->recipients[i], cr, y);
        y += ending_recipient_height(ending->recipients[i]);
    }
}

enum err ending_draw_check(const struct ending *ending, cairo_t *cr, double y)
{
    double width = (double)pango_layout_get_width(ending->check) / PANGO_SCALE;
    double code_x = PAGE_RIGHT - ENDING_CHECK_SIDE;
    (void)typeset_draw_layout(cr, ending->check, CHECK_SIZE, CHECK_SPACING,
                              code_x - 2 * TYPESET_PT_PER_MM - width, y);
    return qr_draw(cr, ending->paper->url, code_x, y, ENDING_CHECK_SIDE);
}

/* -- fields --------------------------------------------------------------------------------------
 */

void ending_add_places(const struct ending *ending, uint32_t page, double y,
                       struct page_places *places)
{
    y += title_height(ending);
    double x = 0;
    for (size_t i = 0; i < ending->block_count; i++) {
        const struct ending_block *block = &ending->blocks[i];
        x = block->x + (block->width - SIGN_WIDTH) / 2;
        page_place_add(places, (struct page_place){
                                   .name = ending->paper->signers[i].field,
                                   .tooltip = ending->paper->signers[i].tooltip,
                                   .page = page,
                                   .rect = {x, y, SIGN_WIDTH, SIGN_HEIGHT},
                               });
    }
    page_place_add(places, (struct page_place){
                               .name = PAPER_FIELD_AGENCY,
                               .tooltip = "Chữ ký số của cơ quan",
                               .page = page,
                               .rect = {x + PAPER_SEAL_SHARE * SIGN_WIDTH - SEAL_SIDE,
                                        y + (SIGN_HEIGHT - SEAL_SIDE) / 2, SEAL_SIDE, SEAL_SIDE},
                           });
}

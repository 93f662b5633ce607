#include "meeting/edge/paper/notice_pdf.h"

#include "meeting/edge/paper/civil.h"
#include "meeting/edge/paper/paper_pdf.h"

static void add_opening(struct compose *body, const struct notice *notice)
{
    struct arena *arena = body->arena;
    char date[CIVIL_TEXT_BYTES];
    civil_write_date(notice->held_at, date);
    const char *place = compose_stripped(arena, notice->place ? notice->place : "");
    compose_add_text(
        body, PAPER_PARAGRAPH,
        compose_text(arena,
                     "Ngày%s%s%s, đồng chí %s đã chủ trì %s. Sau khi nghe các báo cáo và ý kiến "
                     "của các đại biểu dự họp, đồng chí %s kết luận như sau:",
                     date + sizeof "ngày" - 1, *place ? ", tại " : "", place,
                     compose_person(arena, &notice->chair),
                     compose_stripped(arena, notice->meeting), notice->chair.name));
}

enum err notice_pdf_compose(const struct notice *notice, struct arena *arena,
                            struct paper *ret_paper)
{
    struct compose body = {.arena = arena};
    add_opening(&body, notice);
    for (size_t i = 0; i < notice->conclusion_count; i++)
        compose_add(&body, notice->conclusions[i]);
    compose_add_text(&body, PAPER_PARAGRAPH,
                     compose_text(arena,
                                  "%s thông báo để các cơ quan, đơn vị, địa phương liên quan biết, "
                                  "thực hiện./.",
                                  notice->letter.issuing_body));
    const char *subject = compose_text(arena, "Kết luận của đồng chí %s tại %s",
                                       compose_person(arena, &notice->chair),
                                       compose_stripped(arena, notice->meeting));
    return letter_compose(&notice->letter, PAPER_NOTICE, subject, &body, ret_paper);
}

enum err notice_pdf_write(const struct notice *notice, struct buffer *ret_pdf)
{
    struct arena arena = {0};
    struct paper paper;
    enum err err = notice_pdf_compose(notice, &arena, &paper);
    if (err == ERR_OK)
        err = paper_pdf_write(&paper, ret_pdf);
    arena_done(&arena);
    return err;
}

/* Sample papers of one signer for tests: invitation, notice of conclusions, resolution; each with
 * what is long in a province: names of bodies, rolls of 98 communes. */
#ifndef TESTS_SUPPORT_LETTERS_H
#define TESTS_SUPPORT_LETTERS_H

#include <stdio.h>

#include "meeting/edge/paper/invitation_pdf.h"
#include "meeting/edge/paper/notice_pdf.h"
#include "meeting/edge/paper/resolution_pdf.h"

enum { LETTERS_COMMUNES = 98 };

static const char *const letters_recipients[] = {"Như trên", "Thường trực Tỉnh ủy, HĐND tỉnh",
                                                 "Chủ tịch, các Phó Chủ tịch UBND tỉnh",
                                                 "Cổng thông tin điện tử tỉnh"};

/* 98 people of 98 communes, some with very long positions. */
__attribute__((unused)) static const struct paper_person *letters_people(void)
{
    static struct paper_person people[LETTERS_COMMUNES];
    static char names[LETTERS_COMMUNES][64];
    static char units[LETTERS_COMMUNES][64];
    for (size_t i = 0; i < LETTERS_COMMUNES; i++) {
        (void)snprintf(names[i], sizeof names[i], "Nguyễn Thị Đại Biểu Thứ %zu", i + 1);
        (void)snprintf(units[i], sizeof units[i], "xã Lam Giang %zu", i + 1);
        people[i] = (struct paper_person){
            .name = names[i],
            .position = i % 7 == 3 ? "Phó Bí thư Đảng ủy, Phó Chủ tịch phụ trách Ủy ban nhân dân"
                                   : "Chủ tịch Ủy ban nhân dân",
            .unit = units[i],
            .note = i % 5 == 0 ? "có mặt từ 08 giờ 05 phút" : NULL};
    }
    return people;
}

__attribute__((unused)) static struct letter letters_sample(void)
{
    return (struct letter){
        .parent_body = "Ủy ban nhân dân tỉnh Lam Giang",
        .issuing_body = "Văn phòng",
        .symbol = "VPUBND",
        .number = 5,
        .place = "Lam Giang",
        .date = INT64_C(1767571200000), /* 2026-01-05, 07:00 in Viet Nam */
        .made_at = INT64_C(1767571200000),
        .signer = {.right = PAPER_FOR_HEAD,
                   .head = "Chánh Văn phòng",
                   .title = "Phó Chánh Văn phòng",
                   .name = "Trịnh Quốc Ưng"},
        .recipients = letters_recipients,
        .recipient_count = sizeof letters_recipients / sizeof *letters_recipients,
        .kept = "VT, TH",
    };
}

/* Without number and date, as signed before the clerk gives them. */
__attribute__((unused)) static struct letter letters_unnumbered(void)
{
    struct letter letter = letters_sample();
    letter.number = 0;
    letter.date = 0;
    return letter;
}

static const char *const letters_agenda[] = {
    "Đánh giá tình hình thực hiện nhiệm vụ tháng 11, triển khai nhiệm vụ trọng tâm tháng 12",
    "Phương án phân bổ vốn dự phòng ngân sách tỉnh"};

__attribute__((unused)) static struct invitation letters_invitation(size_t invited_count)
{
    return (struct invitation){
        .letter = letters_sample(),
        .subject = "Họp giao ban trực tuyến tháng 11 năm 2026 với các xã",
        .host = "Văn phòng Ủy ban nhân dân tỉnh Lam Giang",
        .invited = letters_people(),
        .invited_count = invited_count,
        .occasion = "cuộc họp giao ban trực tuyến tháng 11 năm 2026 với các xã.",
        .chair = {"Lê Văn Ước", "Phó Chủ tịch", "UBND tỉnh Lam Giang", NULL},
        .start = INT64_C(1795395600000),
        .place = "Phòng họp số 1, trụ sở Ủy ban nhân dân tỉnh và các điểm cầu xã",
        .agenda = letters_agenda,
        .agenda_count = 2,
    };
}

static const struct paper_run letters_first[] = {
    {.text =
         "1. Giao Sở Tài chính chủ trì, phối hợp với các xã hoàn thiện phương án phân bổ vốn dự "
         "phòng 1.245.000.000 đồng, trình Ủy ban nhân dân tỉnh trước ngày 05 tháng 12 năm "
         "2026."}};
static const struct paper_run letters_second[] = {
    {.text =
         "2. Các xã hoàn thành giải phóng mặt bằng trong quý I năm 2027; hằng tuần báo cáo tiến "
         "độ về Văn phòng Ủy ban nhân dân tỉnh."}};
static const struct paper_block letters_conclusions[] = {
    {.type = PAPER_PARAGRAPH, .runs = letters_first, .run_count = 1},
    {.type = PAPER_PARAGRAPH, .runs = letters_second, .run_count = 1},
};

__attribute__((unused)) static struct notice letters_notice(void)
{
    return (struct notice){
        .letter = letters_sample(),
        .meeting = "cuộc họp giao ban trực tuyến tháng 11 năm 2026 với các xã",
        .chair = {"Lê Văn Ước", "Phó Chủ tịch UBND tỉnh", NULL, NULL},
        .held_at = INT64_C(1795395600000),
        .place = "trụ sở Ủy ban nhân dân tỉnh",
        .conclusions = letters_conclusions,
        .conclusion_count = sizeof letters_conclusions / sizeof *letters_conclusions,
    };
}

static const char *const letters_bases[] = {
    "Căn cứ Luật Tổ chức chính quyền địa phương ngày 16 tháng 6 năm 2025",
    "Xét Tờ trình số 12/TTr-UBND ngày 05 tháng 01 năm 2026 của Ủy ban nhân dân tỉnh"};
static const struct paper_run letters_article_1[] = {
    {.text = "Điều 1. ", .bold = true},
    {.text = "Thông qua danh mục 98 công trình cấp nước tập trung tại các xã theo Phụ lục kèm theo "
             "Nghị quyết này."}};
static const struct paper_run letters_article_2[] = {
    {.text = "Điều 2. ", .bold = true},
    {.text = "Ủy ban nhân dân tỉnh tổ chức thực hiện Nghị quyết này. Nghị quyết được Hội đồng nhân "
             "dân tỉnh Lam Giang khóa XX, kỳ họp thứ 5 thông qua ngày 05 tháng 01 năm 2026 và có "
             "hiệu lực từ ngày thông qua."}};
static const struct paper_block letters_articles[] = {
    {.type = PAPER_PARAGRAPH, .runs = letters_article_1, .run_count = 2},
    {.type = PAPER_PARAGRAPH, .runs = letters_article_2, .run_count = 2},
};

__attribute__((unused)) static struct resolution letters_resolution(void)
{
    struct letter letter = letters_sample();
    letter.parent_body = NULL;
    letter.issuing_body = "Hội đồng nhân dân tỉnh Lam Giang";
    letter.symbol = "HĐND";
    letter.signer = (struct paper_signer){.behalf = "Hội đồng nhân dân",
                                          .right = PAPER_FOR_HEAD,
                                          .head = "Chủ tịch",
                                          .title = "Phó Chủ tịch",
                                          .name = "Hoàng Thị Ngọc Quỳnh"};
    return (struct resolution){
        .letter = letter,
        .subject = "Về danh mục công trình cấp nước tập trung nông thôn giai đoạn 2026 - 2030",
        .authority = "Hội đồng nhân dân tỉnh Lam Giang",
        .bases = letters_bases,
        .base_count = 2,
        .articles = letters_articles,
        .article_count = sizeof letters_articles / sizeof *letters_articles,
    };
}

#endif

/* Sample minutes for tests: a meeting of the demo province, long or short. */
#ifndef TESTS_SUPPORT_MINUTES_H
#define TESTS_SUPPORT_MINUTES_H

#include "meeting/edge/paper/minutes_pdf.h"

static const struct paper_run minutes_heading[] = {
    {.text = "1. Tình hình thực hiện nhiệm vụ tháng 11"}};
static const struct paper_run minutes_paragraph[] = {
    {.text = "Đồng chí "},
    {.text = "Trần Quốc Vượng", .bold = true},
    {.text =
         ", Giám đốc Sở Tài chính, báo cáo: thu ngân sách trên địa bàn tháng 11 ước đạt 1.245 tỷ "
         "đồng, lũy kế mười một tháng đạt 96,3% dự toán; chi đầu tư phát triển giải ngân được "
         "71,8% kế hoạch. Các xã vùng cao gặp khó khăn về mặt bằng, vật liệu và "},
    {.text = "thời tiết bất lợi", .italic = true},
    {.text = " kéo dài từ tháng 9 đến nay."}};
static const struct paper_run minutes_item[] = {
    {.text = "Biểu quyết thông qua phương án phân bổ vốn dự phòng: 4 phiếu; đồng ý 3, không đồng ý "
             "0, không có ý kiến 1."}};
static const struct paper_run minutes_conclusion[] = {
    {.text =
         "Kết luận: giao Sở Tài chính hoàn thiện phương án, trình Ủy ban nhân dân tỉnh trước ngày "
         "05 tháng 12 năm 2026; các xã hoàn thành giải phóng mặt bằng trong quý I năm 2027."}};

static const struct paper_block minutes_blocks[] = {
    {.type = PAPER_HEADING, .runs = minutes_heading, .run_count = 1},
    {.type = PAPER_PARAGRAPH, .runs = minutes_paragraph, .run_count = 5},
    {.type = PAPER_ITEM, .runs = minutes_item, .run_count = 1},
    {.type = PAPER_PARAGRAPH, .runs = minutes_conclusion, .run_count = 1},
};

static const struct paper_person minutes_attendees[] = {
    {"Trần Quốc Vượng", "Giám đốc", "Sở Tài chính", "có mặt từ 08 giờ 00"},
    {"Nguyễn Thị Hồng Thắm", "Chủ tịch UBND", "xã Yên Hòa", "có mặt từ 08 giờ 00"},
    {"Giàng A Phử", "Phó Chủ tịch UBND", "xã Tả Lủng", "có mặt từ 08 giờ 12"},
};
static const struct paper_person minutes_absentees[] = {
    {"Đỗ Hữu Nghĩa", "Chủ tịch UBND", "xã Bản Khoang", "có lý do"},
};
static const char *const minutes_recipients[] = {"Như thành phần tham dự", "Chủ tịch UBND tỉnh",
                                                 "Văn phòng UBND tỉnh"};

/* 2026-11-23, 08:00 to 09:35 in Viet Nam. */
__attribute__((unused)) static struct minutes_paper minutes_sample(void)
{
    return (struct minutes_paper){
        .parent_body = "Ủy ban nhân dân tỉnh Lam Giang",
        .issuing_body = "Văn phòng Ủy ban nhân dân tỉnh",
        .symbol = "VPUBND",
        .subject = "Họp giao ban trực tuyến tháng 11 năm 2026 với các xã",
        .start = INT64_C(1795395600000),
        .end = INT64_C(1795401300000),
        .place = "Phòng họp số 1, trụ sở Ủy ban nhân dân tỉnh và các điểm cầu xã.",
        .chair = {"Lê Văn Ước", "Phó Chủ tịch", "UBND tỉnh Lam Giang", NULL},
        .secretary = {"Phạm Thùy Dương", "Chuyên viên", "Văn phòng UBND tỉnh", NULL},
        .attendees = minutes_attendees,
        .attendee_count = sizeof minutes_attendees / sizeof *minutes_attendees,
        .absentees = minutes_absentees,
        .absentee_count = sizeof minutes_absentees / sizeof *minutes_absentees,
        .blocks = minutes_blocks,
        .block_count = sizeof minutes_blocks / sizeof *minutes_blocks,
        .recipients = minutes_recipients,
        .recipient_count = sizeof minutes_recipients / sizeof *minutes_recipients,
        .code = "K7MQ2XN4VB9TRD3H",
        .url = "https://hop.lamgiang.example:8443/v/K7MQ2XN4VB9TRD3H",
    };
}

#endif

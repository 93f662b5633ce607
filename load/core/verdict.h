/* Whether a line test was passed, and if not, why: the first reason in the order in which a
 * technician would look (docs/line-test.md). Pure. */
#ifndef LOAD_CORE_VERDICT_H
#define LOAD_CORE_VERDICT_H

#include <stdbool.h>
#include <stdint.h>

#include "load/core/options.h"
#include "load/core/stats.h"

/* X(name, code, Vietnamese, English) */
#define VERDICTS(X)                                                                                \
    X(PASSED, "line.passed", "Đạt: mọi điểm đã vào, thấy hình, không mất gói.",                    \
      "Passed: every seat joined and saw pictures, nothing was lost.")                             \
    X(NOT_JOINED, "line.not_joined",                                                               \
      "Có điểm không vào được. Kiểm tra tường lửa: cổng UDP của máy chủ phải thông từ máy này.",   \
      "Some seats could not join. Check the firewall: the server's UDP ports must be open from "   \
      "this machine.")                                                                             \
    X(INTERRUPTED, "line.interrupted",                                                             \
      "Máy chủ đã đóng điểm thử trước khi xong; lý do ở trên. Thử lại lúc không có cuộc họp.",     \
      "The server closed seats before the end; the reason stands above. Try again when no "        \
      "meeting runs.")                                                                             \
    X(NOT_SEEN, "line.not_seen",                                                                   \
      "Có điểm không nhận được hình. Giảm số điểm để tìm giới hạn, rồi xem /metrics của máy chủ.", \
      "Some seats got no picture. Lower their number to find the limit, then look at the "         \
      "server's /metrics.")                                                                        \
    X(OVERLOADED_HERE, "line.overloaded_here",                                                     \
      "Máy này đọc không kịp. Chạy từ máy mạnh hơn, hoặc chia số điểm ra nhiều máy.",              \
      "This machine could not read in time. Run it on a stronger one, or share the seats among "   \
      "several.")                                                                                  \
    X(LOST, "line.lost",                                                                           \
      "Mất gói quá mức cho phép. Kiểm tra đường truyền và card mạng, thử lại với ít điểm hơn.",    \
      "Too many packets were lost. Check the line and the network card, try again with fewer "     \
      "seats.")                                                                                    \
    X(WRONG, "line.wrong",                                                                         \
      "Gói đến không đúng với gói đã gửi. Báo cho người phát triển, kèm bản ghi --json.",          \
      "What arrived is not what was sent. Tell the developers, with the output of --json.")        \
    X(SLOW, "line.slow",                                                                           \
      "Hình đầu tiên đến quá chậm. Xem tải CPU của máy chủ lúc các điểm cùng vào.",                \
      "First pictures came too late. Look at the server's CPU while the seats join.")

enum verdict {
#define VERDICT_NAME(name, code, vi, en) VERDICT_##name,
    VERDICTS(VERDICT_NAME)
#undef VERDICT_NAME
};

/* `joined`: seats that the server took, of those in `options`; `closed`: that it closed. */
enum verdict verdict_of(const struct options *options, const struct load_stats *stats,
                        uint32_t joined, uint32_t closed);
const char *verdict_code(enum verdict verdict);
const char *verdict_vi(enum verdict verdict);
const char *verdict_en(enum verdict verdict);

#endif

#include "load/edge/report.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

enum { ROW_BYTES = 1024 };

static double ms(usec_t value_us)
{
    return (double)value_us / 1000;
}

static double seconds(usec_t value_us)
{
    return (double)value_us / (double)USEC_PER_SEC;
}

/* ---- While it runs --------------------------------------------------------------------------- */

void report_progress(uint32_t second, const struct options *options,
                     const struct seats_counts *seats, const struct load_stats *now,
                     const struct load_stats *before)
{
    double passed = seconds(now->at - before->at);
    struct times delay = times_since(&now->delay_us, &before->delay_us);
    fprintf(stderr,
            "%4" PRIu32 " s  vào/joined %" PRIu32 "/%" PRIu32 "  thấy hình/seen %" PRIu64
            "/%" PRIu32 "  %.0f gói/s  %.1f Mb/s  mất/lost %" PRIu64
            "  trễ/delay p50 %.1f p99 %.1f "
            "ms\n",
            second, seats->joined, options->receivers + options->senders, now->seen,
            options->receivers, passed > 0 ? (double)(now->packets - before->packets) / passed : 0,
            passed > 0 ? (double)(now->bytes - before->bytes) * 8 / passed / 1e6 : 0, now->lost,
            ms(times_at(&delay, 500)), ms(times_at(&delay, 990)));
}

/* ---- At its end ------------------------------------------------------------------------------ */

static double joins_per_second(const struct report *report)
{
    double took = seconds(report->stats.last_connected_at - report->began_at);
    return report->stats.connected > 0 && took > 0 ? (double)report->stats.connected / took : 0;
}

/* From the first seat's opening to `at`; 0 when that never was. */
static double since_began(const struct report *report, usec_t at)
{
    return at > report->began_at ? seconds(at - report->began_at) : 0;
}

static double rate(const struct report *report, uint64_t count)
{
    double took = seconds(report->measured_us);
    return took > 0 ? (double)count / took : 0;
}

__attribute__((format(printf, 3, 4))) static void row(const char *vi, const char *en,
                                                      const char *format, ...)
{
    char value[ROW_BYTES];
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(value, sizeof value, format, arguments);
    va_end(arguments);
    printf("%s / %s: %s\n", vi, en, value);
}

static void row_of_times(const char *vi, const char *en, const struct times *times)
{
    row(vi, en, "p50 %.1f  p95 %.1f  p99 %.1f  max %.1f ms (%" PRIu64 ")", ms(times_at(times, 500)),
        ms(times_at(times, 950)), ms(times_at(times, 990)), ms(times->max_us), times->count);
}

void report_table(const struct report *report)
{
    const struct load_stats *stats = &report->stats;
    const struct options *options = report->options;
    row("Điểm nhận", "receivers", "%" PRIu32, options->receivers);
    row("Điểm phát", "senders", "%" PRIu32, options->senders);
    row("Đã vào", "joined", "%" PRIu32 " + %" PRIu64 " DTLS, %.0f/s", report->seats.took,
        stats->connected, joins_per_second(report));
    row_of_times("Từ trả lời SDP đến có khóa", "answer to keys", &stats->connect_us);
    row_of_times("Đến gói đầu tiên", "to the first packet", &stats->first_packet_us);
    row_of_times("Đến hình đầu tiên", "to the first whole picture", &stats->first_frame_us);
    row("Gói nhận", "packets received", "%" PRIu64 ", %.0f/s, %.1f Mb/s", stats->packets,
        rate(report, stats->packets), rate(report, stats->bytes) * 8 / 1e6);
    row("Mất", "lost", "%" PRIu64 "  (NACK %" PRIu64 ", RTX %" PRIu64 ", PLI %" PRIu64 ")",
        stats->lost, stats->nacks, stats->repaired, stats->plis);
    row("Không kịp đọc ở máy này", "unread here", "%" PRIu64, stats->overflowed);
    row_of_times("Độ trễ thêm", "added delay", &stats->delay_us);
    row("Đối chiếu từng gói", "matched packet by packet", "%" PRIu64 ", sai/wrong %" PRIu64,
        stats->matched, stats->wrong_timestamp + stats->wrong_size);
    row("Giải mã mẫu", "decrypted sample",
        "%" PRIu64 " gói/packets, %" PRIu64 " khung/frames, hỏng/broken %" PRIu64
        ", lỗi/failures %" PRIu64,
        stats->decrypted, stats->frames, stats->broken_frames, stats->decrypt_failures);
    if (stats->stage_switch.ordered_at != 0)
        row("Đổi hình chính", "stage switch",
            "%" PRIu32 "/%" PRIu32 ", gói đầu/first packet max %.1f ms, hình đầu/first picture max "
            "%.1f ms",
            stats->stage_switch.arrived, stats->stage_switch.expected,
            ms(stats->stage_switch.first_packet_us.max_us),
            ms(stats->stage_switch.first_frame_us.max_us));
    row("CPU của phần media máy này", "CPU of this machine's media", "%.1f %%",
        report->measured_us ? (double)stats->cpu_ns / (double)report->measured_us / 10 : 0);
    row("Kết luận", "verdict", "[%s]\n  %s\n  %s", verdict_code(report->verdict),
        verdict_vi(report->verdict), verdict_en(report->verdict));
}

/* ---- JSON ------------------------------------------------------------------------------------ */

static json_t *json_of_times(const struct times *times)
{
    return json_pack("{s:I,s:f,s:f,s:f,s:f}", "count", (json_int_t)times->count, "p50Ms",
                     ms(times_at(times, 500)), "p95Ms", ms(times_at(times, 950)), "p99Ms",
                     ms(times_at(times, 990)), "maxMs", ms(times->max_us));
}

static json_t *json_of_counts(const struct load_stats *stats)
{
    json_t *counts = json_object();
#define PUT_COUNT(name)                                                                            \
    (void)json_object_set_new(counts, #name, json_integer((json_int_t)stats->name));
    LOAD_COUNTS(PUT_COUNT)
#undef PUT_COUNT
    return counts;
}

static json_t *json_of_switch(const struct load_switch *order)
{
    if (order->ordered_at == 0)
        return json_null();
    return json_pack("{s:i,s:i,s:i,s:o,s:o}", "source", (int)order->source, "expected",
                     (int)order->expected, "arrived", (int)order->arrived, "firstPacket",
                     json_of_times(&order->first_packet_us), "firstPicture",
                     json_of_times(&order->first_frame_us));
}

void report_json(const struct report *report)
{
    const struct load_stats *stats = &report->stats;
    json_t *verdict = json_pack("{s:b,s:s,s:s,s:s}", "passed", report->verdict == VERDICT_PASSED,
                                "code", verdict_code(report->verdict), "vi",
                                verdict_vi(report->verdict), "en", verdict_en(report->verdict));
    json_t *json = json_pack(
        "{s:i,s:i,s:i,s:f,s:f,s:f,s:f,s:f,s:f,s:o,s:o,s:o,s:o,s:o,s:o,s:o}", "receivers",
        (int)report->options->receivers, "senders", (int)report->options->senders, "joined",
        (int)report->seats.took, "joinsPerSecond", joins_per_second(report), "allConnectedSeconds",
        since_began(report, stats->last_connected_at), "allSeenSeconds",
        since_began(report, stats->last_seen_at), "seconds", seconds(report->measured_us),
        "packetsPerSecond", rate(report, stats->packets), "megabitsPerSecond",
        rate(report, stats->bytes) * 8 / 1e6, "connect", json_of_times(&stats->connect_us),
        "firstPacket", json_of_times(&stats->first_packet_us), "firstPicture",
        json_of_times(&stats->first_frame_us), "addedDelay", json_of_times(&stats->delay_us),
        "stageSwitch", json_of_switch(&stats->stage_switch), "counts", json_of_counts(stats),
        "verdict", verdict);
    char *text = json ? json_dumps(json, JSON_INDENT(2)) : NULL;
    printf("%s\n", text ? text : "null");
    free(text);
    json_decref(json);
}

/* ---- Sentences ------------------------------------------------------------------------------- */

void report_sentence(const char *code, const char *vi, const char *en)
{
    fprintf(stderr, "[%s]\n  %s\n  %s\n", code, vi, en);
}

void report_refusal(const struct door_refusal *refusal)
{
    report_sentence(refusal->code, refusal->vi, refusal->en);
}

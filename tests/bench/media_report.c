#include "tests/bench/media_report.h"

#include <stdio.h>

void media_report_row_head(void)
{
    printf("%6s %7s %6s %9s %9s %6s %9s %6s %6s %6s %8s %8s %8s %7s\n", "N", "workers", "frames",
           "ns/pkt", "floor", "ratio", "apart", "busy", "drops", "lost", "round ms", "p50 ms",
           "p99 ms", "sent");
}

void media_report_row(const struct media_row *row)
{
    printf("%6u %7u %4u/s %9.0f %9.0f %6.2f %9.0f %5.0f%% %6llu %6llu %8.2f %8.2f %8.2f %6.1f%%\n",
           row->n, row->workers, row->frames_per_second, row->ns_per_packet,
           row->floor_ns_per_packet, row->ratio, row->floor_apart_ns_per_packet, row->busy * 100,
           (unsigned long long)row->drops, (unsigned long long)row->lost, row->floor_round_ms,
           row->delay_p50_ms, row->delay_p99_ms, row->sent_share * 100);
    (void)fflush(stdout);
}

void media_report_step(const struct media_step *step)
{
    printf("%6u receivers: core %3.0f %% busy, delay p50 %.2f ms, p99 %.2f ms, drops %llu%s%s%s\n",
           step->n, step->busy * 100, step->delay_p50_ms, step->delay_p99_ms,
           (unsigned long long)step->drops, step->drops ? ": " : "", step->reasons,
           step->in_time   ? ""
           : step->carried ? "; late"
                           : "; not carried");
    (void)fflush(stdout);
}

static void write_row(FILE *file, const struct media_row *row, uint64_t bytes)
{
    fprintf(file,
            "{\"n\":%u,\"workers\":%u,\"ns_per_packet\":%.0f,\"floor_ns_per_packet\":%.0f,"
            "\"ratio\":%.3f,\"drops\":%llu,\"delay_p50_ms\":%.3f,\"delay_p99_ms\":%.3f,"
            "\"bytes_per_receiver\":%llu,\"frames_per_second\":%u,\"busy\":%.2f,\"lost\":%llu,"
            "\"sent_share\":%.4f,\"udp_segment\":%s,\"tick_us\":%u,"
            "\"floor_apart_ns_per_packet\":%.0f,\"floor_round_ms\":%.3f}",
            row->n, row->workers, row->ns_per_packet, row->floor_ns_per_packet, row->ratio,
            (unsigned long long)row->drops, row->delay_p50_ms, row->delay_p99_ms,
            (unsigned long long)bytes, row->frames_per_second, row->busy,
            (unsigned long long)row->lost, row->sent_share, row->whole_segments ? "true" : "false",
            row->tick_us, row->floor_apart_ns_per_packet, row->floor_round_ms);
}

static void write_step(FILE *file, const struct media_step *step)
{
    fprintf(file,
            "{\"n\":%u,\"busy\":%.2f,\"delay_p50_ms\":%.3f,\"delay_p99_ms\":%.3f,\"drops\":%llu,"
            "\"carried\":%s,\"in_time\":%s}",
            step->n, step->busy, step->delay_p50_ms, step->delay_p99_ms,
            (unsigned long long)step->drops, step->carried ? "true" : "false",
            step->in_time ? "true" : "false");
}

static void write_capacity(FILE *file, const struct media_capacity *capacity)
{
    fprintf(file, ",\"capacity\":{\"receivers\":%u,\"receivers_in_time\":%u,\"at_80_percent\":",
            capacity->receivers, capacity->receivers_in_time);
    write_step(file, &capacity->at_80);
    fprintf(file, ",\"steps\":[");
    for (uint32_t i = 0; i < capacity->step_count; i++) {
        fprintf(file, "%s", i ? "," : "");
        write_step(file, &capacity->steps[i]);
    }
    fprintf(file, "]}");
}

static void write_stage(FILE *file, const struct media_switch *stage)
{
    fprintf(file,
            ",\"stage_switch\":{\"n\":%u,\"workers\":%u,\"frames_per_second\":%u,\"arrived\":%u,"
            "\"keyframe_ms\":%.1f,\"carried_ms\":%.1f,\"first_ms\":%.1f,\"last_ms\":%.1f,\"frame_"
            "p99_ms\":%.1f}",
            stage->n, stage->workers, stage->frames_per_second, stage->arrived, stage->keyframe_ms,
            stage->carried_ms, stage->first_ms, stage->last_ms, stage->frame_p99_ms);
}

static void write_joins(FILE *file, const struct media_join *join)
{
    fprintf(file, ",\"joins\":[");
    if (join->n > 0)
        fprintf(file,
                "{\"n\":%u,\"seconds\":%.2f,\"first_frame_p50_ms\":%.0f,"
                "\"first_frame_p95_ms\":%.0f,\"first_frame_max_ms\":%.0f,\"seen\":%u,"
                "\"server_cpu_s\":%.2f,\"load_cpu_s\":%.2f,\"server_bytes_per_join\":%llu}",
                join->n, join->seconds, join->first_frame_p50_ms, join->first_frame_p95_ms,
                join->first_frame_max_ms, join->seen, join->server_cpu_s, join->load_cpu_s,
                (unsigned long long)join->server_bytes_per_join);
    fprintf(file, "]");
}

static void write_hostile(FILE *file, const struct media_report *report)
{
    fprintf(file, ",\"hostile\":[");
    for (uint32_t i = 0; i < report->hostile_count; i++) {
        const struct media_hostile_row *row = &report->hostile[i];
        fprintf(file,
                "%s{\"who\":\"%s\",\"ns_per_packet\":%.0f,\"delay_p99_ms\":%.3f,\"lost\":%llu,"
                "\"drops\":%llu}",
                i ? "," : "", row->who, row->ns_per_packet, row->delay_p99_ms,
                (unsigned long long)row->lost, (unsigned long long)row->drops);
    }
    fprintf(file, "]");
}

bool media_report_write(const struct media_report *report, const char *path)
{
    FILE *file = fopen(path, "we");
    if (!file)
        return false;
    fprintf(file, "{\"floor_cipher\":\"%s\",\"rows\":[", report->floor_cipher);
    for (uint32_t i = 0; i < report->row_count; i++) {
        fprintf(file, "%s", i ? "," : "");
        write_row(file, &report->rows[i], report->bytes_per_receiver);
    }
    fprintf(file, "]");
    write_joins(file, &report->join);
    write_stage(file, &report->stage);
    write_capacity(file, &report->capacity);
    if (report->idle.n > 0) {
        fprintf(file, ",\"one_to_20\":");
        write_row(file, &report->idle, report->bytes_per_receiver);
    }
    if (report->unsegmented.n > 0) {
        fprintf(file, ",\"without_udp_segment\":");
        write_row(file, &report->unsegmented, report->bytes_per_receiver);
    }
    fprintf(file, ",\"ticks\":[");
    for (uint32_t i = 0; i < report->tick_count; i++) {
        fprintf(file, "%s", i ? "," : "");
        write_row(file, &report->ticks[i], report->bytes_per_receiver);
    }
    fprintf(file, "]");
    write_hostile(file, report);
    fprintf(file, "}\n");
    return fclose(file) == 0;
}

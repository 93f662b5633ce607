/* The PackageReport object of docs/protocol.md. */
#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>

#include "meeting/edge/paper/json_out.h"
#include "meeting/edge/paper/package_verify.h"

static json_t *reason_json(const struct paper_reason *reason)
{
    return reason ? json_pack("{s:s, s:s, s:s}", "code", reason->code, "vi", reason->vi, "en",
                              reason->en)
                  : json_null();
}

static json_t *wrong_json(const struct package_report *report)
{
    static const struct {
        const char *code, *vi, *en;
    } faults[] = {
#define X(name, code, vi, en) {code, vi, en},
        PACKAGE_FAULTS(X)
#undef X
    };
    if (report->fault == PACKAGE_NONE)
        return json_null();
    return json_pack("{s:s, s:s, s:s, s:s, s:I, s:s?}", "code", faults[report->fault].code, "vi",
                     faults[report->fault].vi, "en", faults[report->fault].en, "where",
                     report->where, "row", (json_int_t)report->row, "paper", report->paper_reason);
}

static const char *state_name(enum package_file_state state)
{
    static const char *const names[] = {
        [PACKAGE_FILE_MISSING] = "missing",
        [PACKAGE_FILE_WHOLE] = "whole",
        [PACKAGE_FILE_CHANGED] = "changed",
        [PACKAGE_FILE_EXTRA] = "extra",
    };
    return names[state];
}

static json_t *found_json(const struct package_found *found)
{
    json_t *verdict =
        found->is_judged ? json_string(verify_verdict_name(found->verdict)) : json_null();
    return json_pack("{s:s, s:I, s:s, s:o, s:o, s:I}", "path", found->path, "size",
                     (json_int_t)found->size_bytes, "state", state_name(found->state), "verdict",
                     verdict, "reason", reason_json(found->reason), "signatures",
                     (json_int_t)found->signatures);
}

enum err package_report_write_json(const struct package_report *report, struct buffer *ret_json)
{
    char meeting[24];
    json_t *found = json_array();
    (void)snprintf(meeting, sizeof meeting, "%" PRIu64, report->meeting);
    for (size_t i = 0; i < report->found_count; i++)
        (void)json_array_append_new(found, found_json(&report->found[i]));
    return json_out(json_pack("{s:s, s:o, s:s, s:s, s:s, s:I, s:I, s:I, s:s, s:o}", "verdict",
                              report->fault == PACKAGE_NONE ? "whole" : "broken", "wrong",
                              wrong_json(report), "meeting", meeting, "code", report->code, "title",
                              report->title, "rows", (json_int_t)report->rows, "files",
                              (json_int_t)report->files, "papers", (json_int_t)report->papers,
                              "head", report->head, "found", found),
                    ret_json);
}

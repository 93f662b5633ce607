/* Founds a province from a JSON file: its units, its people, and one meeting that is announced and
 * can be entered at once. `packaging/demo/province.json` is the example and the form:
 *
 *   {"about", "name", "password",
 *    "units": [{"key", "name", "kind", "parent": key|null}],
 *    "users": [{"login", "name", "position", "unit": key, "roles": [word, …]}],
 *    "meeting": {"title", "place", "durationMinutes", "chair": login, "secretary": login,
 *                "agenda": [{"title", "presenter": login, "plannedMinutes"}],
 *                "inviteUnits": "communes", "inviteUsers": [login, …]}}
 *
 * The meeting goes the ordinary way, by the commands of its secretary and chair, so that its record
 * looks like any other's. After a failure the data folder may hold part of the file: begin anew
 * with an empty one. Control thread, before the door opens. */
#ifndef SIGNALING_EDGE_PROVINCE_H
#define SIGNALING_EDGE_PROVINCE_H

#include <stdint.h>

#include "base/err.h"
#include "base/units.h"
#include "meeting/meeting.h"

struct province_summary {
    uint32_t units;
    uint32_t users;
    uint64_t meeting; /* 0: the file had none */
};

/* ERR_IO: the file cannot be read; ERR_FORMAT: it is not of the form above (logged with what is
 * wrong and where); ERR_CONFLICT: the directory has users already. */
MUST_USE enum err province_import(struct meeting_service *service, const char *json_path,
                                  utc_ms_t now, struct province_summary *ret_summary);

#endif

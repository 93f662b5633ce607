/* GET …/package: the record of a meeting as one file, made on a job thread. */
#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/text.h"
#include "signaling/edge/api.h"

struct package_job {
    struct door_job job; /* first: the functions cast back */
    struct handle request;
    uint64_t meeting;
    struct buffer crls[2]; /* of the issuing CA and of the root */
    struct meeting_package *package;
    char path[DOOR_PATH_BYTES];
    char name[33]; /* of the file, random: also its ETag */
    enum err err;
};

static void package_free(struct package_job *package)
{
    meeting_package_free(package->package);
    for (size_t i = 0; i < sizeof package->crls / sizeof *package->crls; i++)
        buffer_done(&package->crls[i]);
    free(package);
}

static void package_run(struct door_job *job)
{
    struct package_job *package = (struct package_job *)job;
    package->err = meeting_package_write(package->package, package->path);
}

static void package_finish(struct door_job *job)
{
    struct package_job *package = (struct package_job *)job;
    struct request *request = request_at(job->door, package->request);
    if (package->err != ERR_OK)
        log_line(LOG_ERROR, "door.package", "meeting=%" PRIu64 " err=%s", package->meeting,
                 err_name(package->err));
    if (request && package->err == ERR_OK)
        reply_file(request, package->path, "application/zip", package->name);
    else if (request && package->err == ERR_LIMIT)
        reply_refusal_as(request, refusal_of(REFUSAL_PACKAGE_TOO_LARGE));
    else if (request)
        reply_refusal(request, DOOR_BROKEN);
    unlink(package->path); /* what is being sent stays open */
    package_free(package);
}

/* Certificates are judged by what the authority says of them today; a list may be long. */
static void lists_run(struct door_job *job)
{
    struct package_job *package = (struct package_job *)job;
    utc_ms_t now = clock_utc_ms();
    if (certs_crl(job->door->ca, now, &package->crls[0]) != ERR_OK)
        log_line(LOG_WARN, "door.package", "meeting=%" PRIu64 " crl=none", package->meeting);
    if (certs_root_crl(job->door->ca, now, &package->crls[1]) != ERR_OK)
        log_line(LOG_WARN, "door.package", "meeting=%" PRIu64 " root_crl=none", package->meeting);
}

static enum err package_prepare(struct package_job *package)
{
    struct bytes list[2];
    struct meeting_package_request request = {
        .meeting = package->meeting, .now = clock_utc_ms(), .crls = list};
    for (size_t i = 0; i < sizeof list / sizeof *list; i++)
        if (package->crls[i].size > 0)
            list[request.crl_count++] = buffer_bytes(&package->crls[i]);
    return meeting_package_prepare(package->job.door->meetings, &request, &package->package);
}

/* The lists are there: now the meeting's own part, and then the file. */
static void lists_finish(struct door_job *job)
{
    struct package_job *package = (struct package_job *)job;
    struct door *door = job->door;
    struct request *request = request_at(door, package->request);
    enum err err = request ? package_prepare(package) : ERR_AGAIN;
    if (err == ERR_OK) {
        package->job = (struct door_job){door, package_run, package_finish};
        err = door_submit(door, &package->job);
    }
    if (err == ERR_OK)
        return;
    if (request) {
        log_line(LOG_ERROR, "door.package", "meeting=%" PRIu64 " err=%s", package->meeting,
                 err_name(err));
        reply_refusal(request, err == ERR_FULL ? DOOR_BUSY : DOOR_BROKEN);
    }
    package_free(package);
}

/* NULL when the caller may have it now. */
static const struct refusal *package_refused(struct request *request,
                                             const struct meeting_state *state)
{
    const struct state_participant *who = state_user_find(state, request->user->id);
    bool convenes = who && who < state->participants + 2;
    bool is_over = state->phase >= PHASE_ENDED && state->phase <= PHASE_PUBLISHED;
    if (!convenes && !meeting_office_of(request->door->meetings, request->user->id).clerk)
        return refusal_of(REFUSAL_NO_RIGHT);
    return is_over ? NULL : refusal_of(REFUSAL_WRONG_PHASE);
}

void api_package_file(struct request *request)
{
    const struct meeting_state *state = api_paper_of(request);
    if (!state)
        return;
    const struct refusal *refusal = package_refused(request, state);
    if (refusal) {
        reply_refusal_as(request, refusal);
        return;
    }
    uint8_t random[16];
    struct package_job *package = calloc(1, sizeof *package);
    if (!package) {
        reply_refusal(request, DOOR_BUSY);
        return;
    }
    package->job = (struct door_job){request->door, lists_run, lists_finish};
    package->request = request->self;
    package->meeting = state->id;
    randombytes_buf(random, sizeof random);
    hex_write(random, sizeof random, package->name);
    snprintf(package->path, sizeof package->path, "%.4000s/%s.package",
             request->door->uploads_folder, package->name);
    if (door_submit(request->door, &package->job) == ERR_OK)
        return;
    package_free(package);
    reply_refusal(request, DOOR_BUSY);
}

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
    struct meeting_package *package;
    char path[DOOR_PATH_BYTES];
    char name[33]; /* of the file, random: also its ETag */
    enum err err;
};

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
    meeting_package_free(package->package);
    free(package);
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

/* Certificates are judged by what the authority says of them today. */
static enum err package_prepare(struct package_job *package)
{
    struct door *door = package->job.door;
    struct buffer crls[2] = {{0}, {0}};
    struct bytes list[2];
    struct meeting_package_request request = {
        .meeting = package->meeting, .now = clock_utc_ms(), .crls = list};
    if (certs_crl(door->ca, request.now, &crls[0]) == ERR_OK)
        list[request.crl_count++] = buffer_bytes(&crls[0]);
    if (certs_root_crl(door->ca, request.now, &crls[1]) == ERR_OK)
        list[request.crl_count++] = buffer_bytes(&crls[1]);
    enum err err = meeting_package_prepare(door->meetings, &request, &package->package);
    buffer_done(&crls[0]);
    buffer_done(&crls[1]);
    return err;
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
    package->job = (struct door_job){request->door, package_run, package_finish};
    package->request = request->self;
    package->meeting = state->id;
    randombytes_buf(random, sizeof random);
    hex_write(random, sizeof random, package->name);
    snprintf(package->path, sizeof package->path, "%.4000s/%s.package",
             request->door->uploads_folder, package->name);
    enum err err = package_prepare(package);
    if (err == ERR_OK)
        err = door_submit(request->door, &package->job);
    if (err == ERR_OK)
        return;
    log_line(LOG_ERROR, "door.package", "meeting=%" PRIu64 " err=%s", package->meeting,
             err_name(err));
    meeting_package_free(package->package);
    free(package);
    reply_refusal(request, err == ERR_FULL ? DOOR_BUSY : DOOR_BROKEN);
}

#include <fcntl.h>
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
#include "signaling/edge/issue_json.h"
#include "signaling/edge/json.h"

/* A file verified in the sandboxed child: one that somebody sent, or one of our own by its code. */
struct verify_job {
    struct door_job job;
    struct handle request;
    bool is_ours;    /* `file` describes it; otherwise `path` is a copy to be removed */
    bool is_package; /* a record package; otherwise a paper */
    struct issued_file file;
    char path[DOOR_PATH_BYTES];
    struct buffer json;
    enum err err;
};

static void verify_run(struct door_job *job)
{
    struct verify_job *verify = (struct verify_job *)job;
    const char *trust = job->door->anchors_path;
    enum verify_verdict verdict;
    bool whole;
    verify->err =
        verify->is_package
            ? sandbox_package(verify->path, trust, clock_utc_ms(), &whole, &verify->json)
            : sandbox_verify(verify->path, trust, clock_utc_ms(), &verdict, &verify->json);
}

/* {"registered":{…},"report":…} */
static json_t *code_json(struct door *door, const struct issued_file *file, json_t *report)
{
    const struct meeting_state *state = meeting_state_of(door->meetings, file->meeting);
    char meeting[24];
    snprintf(meeting, sizeof meeting, "%" PRIu64, file->meeting);
    return json_pack("{s:{s:s,s:s,s:I,s:s,s:o},s:o}", "registered", "title",
                     state ? state->title : "", "meeting", meeting, "issuedAt",
                     (json_int_t)file->issued_at, "sha256", file->sha256, "standing",
                     issue_json_standing(door->meetings, file), "report", report);
}

/* The Report plus "registered" and "standing". */
static json_t *file_json(struct door *door, json_t *report)
{
    struct issued_file file;
    const char *sha256 = json_string_value(json_object_get(report, "sha256"));
    bool known = sha256 && meeting_issued_by_hash(door->meetings, sha256, &file) == ERR_OK;
    json_object_set_new(report, "registered", json_boolean(known));
    json_object_set_new(report, "standing",
                        known ? issue_json_standing(door->meetings, &file) : json_null());
    return report;
}

static void verify_reply(struct verify_job *verify, struct request *request)
{
    json_t *report = NULL;
    if (verify->err == ERR_OK)
        report = json_loadb((const char *)verify->json.data, verify->json.size, 0, NULL);
    if (!report) {
        log_line(LOG_WARN, "door.verify", "answered=no err=%s", err_name(verify->err));
        reply_refusal(request, DOOR_VERIFY_UNREADABLE);
    } else if (verify->is_ours) {
        reply_json(request, 200, code_json(request->door, &verify->file, report));
    } else if (verify->is_package) {
        reply_json(request, 200, report);
    } else {
        reply_json(request, 200, file_json(request->door, report));
    }
}

static void verify_free(struct verify_job *verify)
{
    if (verify->is_package)
        verify->job.door->packages_examined--;
    if (!verify->is_ours)
        unlink(verify->path);
    buffer_done(&verify->json);
    free(verify);
}

static void verify_finish(struct door_job *job)
{
    struct verify_job *verify = (struct verify_job *)job;
    struct request *request = request_at(job->door, verify->request);
    if (request)
        verify_reply(verify, request);
    verify_free(verify);
}

static struct verify_job *verify_create(struct request *request)
{
    struct verify_job *verify = calloc(1, sizeof *verify);
    if (!verify) {
        reply_refusal(request, DOOR_BUSY);
        return NULL;
    }
    verify->job = (struct door_job){request->door, verify_run, verify_finish};
    verify->request = request->self;
    return verify;
}

static void verify_submit(struct request *request, struct verify_job *verify)
{
    if (door_submit(request->door, &verify->job) == ERR_OK)
        return;
    verify_free(verify);
    request->reply.retry_after_seconds = 5;
    reply_refusal(request, DOOR_BUSY);
}

static bool rate_allows(struct request *request)
{
    if (bucket_take(&request->door->verify_rate, clock_now_us()))
        return true;
    request->reply.retry_after_seconds = 5;
    reply_refusal(request, DOOR_BUSY);
    return false;
}

void api_verify_code(struct request *request)
{
    struct verify_job *verify = rate_allows(request) ? verify_create(request) : NULL;
    if (!verify)
        return;
    verify->is_ours = true;
    struct meeting_service *meetings = request->door->meetings;
    enum err err = meeting_issued_by_code(meetings, request->match.token, &verify->file);
    if (err == ERR_OK)
        err = meeting_file_path(meetings, verify->file.sha256, verify->path);
    if (err == ERR_OK) {
        verify_submit(request, verify);
        return;
    }
    free(verify);
    reply_refusal(request, DOOR_NO_CODE);
}

bool api_verify_begin(struct request *request)
{
    uint8_t random[16];
    char name[33];
    if (!rate_allows(request))
        return false;
    if (request->body_expected == 0) {
        reply_refusal(request, DOOR_BAD_REQUEST);
        return false;
    }
    randombytes_buf(random, sizeof random);
    hex_write(random, sizeof random, name);
    snprintf(request->body_path, sizeof request->body_path, "%.4000s/%s.verify",
             request->door->uploads_folder, name);
    request->body_fd =
        open(request->body_path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (request->body_fd < 0) {
        reply_refusal(request, DOOR_BROKEN);
        return false;
    }
    request->body_path_is_ours = true;
    return true;
}

static bool is_package(const struct request *request)
{
    uint8_t start[PACKAGE_START_BYTES];
    ssize_t got = pread(request->body_fd, start, sizeof start, 0);
    return got > 0 && package_looks_like((struct bytes){start, (size_t)got});
}

void api_verify_file(struct request *request)
{
    struct door *door = request->door;
    bool package = is_package(request);
    /* One takes seconds where a paper takes milliseconds: they may not keep the others waiting. */
    if (package && door->packages_examined >= LIMIT_PACKAGES_AT_ONCE) {
        request->reply.retry_after_seconds = 5;
        reply_refusal(request, DOOR_BUSY);
        return;
    }
    struct verify_job *verify = verify_create(request);
    if (!verify)
        return;
    verify->is_package = package;
    door->packages_examined += package;
    close(request->body_fd);
    request->body_fd = -1;
    snprintf(verify->path, sizeof verify->path, "%s", request->body_path);
    request->body_path_is_ours = false; /* the job's from now on */
    verify_submit(request, verify);
}

#include "signaling/edge/authority.h"

#include <stdlib.h>

#include "base/clock.h"
#include "base/limits.h"
#include "base/log.h"
#include "signaling/edge/request.h"

/* Those who wait for one answer. */
struct asked {
    struct handle requests[LIMIT_AUTHORITY_WAITING];
    uint32_t count;
};

struct authority {
    struct jobs *jobs;
    struct asked late[AUTHORITY_QUESTIONS]; /* of lists: for the next one */
    bool making[AUTHORITY_QUESTIONS];       /* a list is on its way */
    bool renewing;
    struct authority_load load;
};

struct task {
    struct door_job job; /* first: the functions cast back */
    enum authority_question question;
    struct asked asked;
    struct buffer query;
    struct buffer answer;
    enum err err;
};

static bool is_list(enum authority_question question)
{
    return question == AUTHORITY_CRL || question == AUTHORITY_ROOT_CRL;
}

static const char *type_of(enum authority_question question)
{
    static const char *const types[AUTHORITY_QUESTIONS] = {
        [AUTHORITY_OCSP] = "application/ocsp-response",
        [AUTHORITY_TSA] = "application/timestamp-reply",
        [AUTHORITY_CRL] = "application/pkix-crl",
        [AUTHORITY_ROOT_CRL] = "application/pkix-crl",
    };
    return types[question];
}

/* -- on the authority's threads --------------------------------------------------------------- */

static enum err answer(struct certs_ca *ca, const struct task *task, struct buffer *ret_answer)
{
    utc_ms_t now = clock_utc_ms();
    switch (task->question) {
    case AUTHORITY_OCSP:
        return certs_ocsp_answer(ca, buffer_bytes(&task->query), now, ret_answer);
    case AUTHORITY_TSA:
        return certs_tsa_answer(ca, buffer_bytes(&task->query), now, ret_answer);
    case AUTHORITY_CRL:
        return certs_crl(ca, now, ret_answer);
    case AUTHORITY_ROOT_CRL:
        return certs_root_crl(ca, now, ret_answer);
    case AUTHORITY_QUESTIONS:
        break;
    }
    return ERR_UNSUPPORTED;
}

static void task_run(struct door_job *job)
{
    struct task *task = (struct task *)job;
    task->err = answer(job->door->ca, task, &task->answer);
}

/* -- on the control thread -------------------------------------------------------------------- */

static void refuse(struct request *request)
{
    request->door->authority->load.refused_total++;
    request->reply.retry_after_seconds = 1;
    reply_refusal(request, DOOR_AUTHORITY_BUSY);
}

/* `last`: the answer may be taken, and need not be copied. */
static void reply_one(struct task *task, struct request *request, bool last)
{
    struct buffer copy = {0};
    enum err err = task->err;
    if (err == ERR_OK && !last)
        err = buffer_put(&copy, buffer_bytes(&task->answer));
    if (err == ERR_OK) {
        reply_text(request, 200, type_of(task->question), last ? &task->answer : &copy);
        return;
    }
    bool over = err == ERR_UNKNOWN || (err == ERR_STALE && task->question == AUTHORITY_ROOT_CRL);
    log_line(LOG_WARN, "door.authority", "path=%s err=%s", request->path, err_name(err));
    reply_refusal(request, over ? DOOR_NOT_FOUND : DOOR_BROKEN);
}

static void task_begin(struct door *door, enum authority_question question,
                       const struct asked *asked, struct buffer *query);

static void task_finish(struct door_job *job)
{
    struct task *task = (struct task *)job;
    struct authority *authority = job->door->authority;
    for (uint32_t i = 0; i < task->asked.count; i++) {
        struct request *request = request_at(job->door, task->asked.requests[i]);
        if (request)
            reply_one(task, request, i + 1 == task->asked.count);
    }
    authority->load.waiting -= task->asked.count;
    authority->making[task->question] = false;
    struct asked late = authority->late[task->question];
    authority->late[task->question].count = 0;
    if (late.count > 0)
        task_begin(job->door, task->question, &late, NULL);
    buffer_done(&task->query);
    buffer_done(&task->answer);
    free(task);
}

/* Those who asked are counted as waiting already. */
static void task_begin(struct door *door, enum authority_question question,
                       const struct asked *asked, struct buffer *query)
{
    struct authority *authority = door->authority;
    struct task *task = calloc(1, sizeof *task);
    if (task) {
        task->job = (struct door_job){door, task_run, task_finish};
        task->question = question;
        task->asked = *asked;
        if (query)
            task->query = *query;
    }
    if (task && authority->jobs && door_submit_to(authority->jobs, &task->job) == ERR_OK) {
        if (query)
            *query = (struct buffer){0};
        authority->making[question] = is_list(question);
        return;
    }
    free(task);
    authority->load.waiting -= asked->count;
    for (uint32_t i = 0; i < asked->count; i++) {
        struct request *request = request_at(door, asked->requests[i]);
        if (request)
            refuse(request);
    }
}

void authority_ask(struct request *request, enum authority_question question, struct buffer *query)
{
    struct authority *authority = request->door->authority;
    if (authority->load.waiting == LIMIT_AUTHORITY_WAITING) {
        refuse(request);
    } else {
        struct asked alone = {.requests = {request->self}, .count = 1};
        authority->load.waiting++;
        authority->load.requests_total++;
        if (authority->making[question]) {
            struct asked *late = &authority->late[question];
            late->requests[late->count++] = request->self;
        } else {
            task_begin(request->door, question, &alone, query);
        }
    }
    if (query)
        buffer_done(query);
}

struct authority_load authority_load(const struct door *door)
{
    return door->authority ? door->authority->load : (struct authority_load){0};
}

/* -- upkeep ----------------------------------------------------------------------------------- */

static void renew_run(struct door_job *job)
{
    struct task *task = (struct task *)job;
    task->err = certs_ca_renew(job->door->ca, clock_utc_ms());
}

static void renew_finish(struct door_job *job)
{
    struct task *task = (struct task *)job;
    job->door->authority->renewing = false;
    if (task->err != ERR_OK)
        log_line(LOG_ERROR, "door.authority", "renewed=no err=%s", err_name(task->err));
    free(task);
}

enum err authority_renew(struct door *door)
{
    struct authority *authority = door->authority;
    if (authority->renewing)
        return ERR_OK;
    struct task *task = calloc(1, sizeof *task);
    if (!task)
        return ERR_NO_MEMORY;
    task->job = (struct door_job){door, renew_run, renew_finish};
    enum err err = door_submit_to(authority->jobs, &task->job);
    if (err == ERR_OK)
        authority->renewing = true;
    else
        free(task);
    return err;
}

/* -- opening and closing ---------------------------------------------------------------------- */

enum err authority_open(struct door *door)
{
    door->authority = calloc(1, sizeof *door->authority);
    if (!door->authority)
        return ERR_NO_MEMORY;
    return jobs_create(AUTHORITY_THREADS, LIMIT_AUTHORITY_WAITING + 1, &door->authority->jobs);
}

void authority_stop(struct door *door)
{
    if (!door->authority)
        return;
    jobs_destroy(door->authority->jobs);
    door->authority->jobs = NULL;
}

void authority_close(struct door *door)
{
    free(door->authority);
    door->authority = NULL;
}

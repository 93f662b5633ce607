#include "meeting/edge/service.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "base/limits.h"
#include "base/log.h"
#include "meeting/edge/register.h"

enum { SERVICE_FINISHED_MAX = 1024 };

/* -- opening and closing ------------------------------------------------------------------------
 */

static enum err fd_watch(int epoll_fd, int fd)
{
    struct epoll_event event = {.events = EPOLLIN};
    return epoll_ctl(epoll_fd, EPOLL_CTL_ADD, fd, &event) == 0 ? ERR_OK : ERR_IO;
}

static enum err config_keep(struct meeting_service *service, const struct meeting_config *config)
{
    service->jobs = config->jobs;
    service->trust = config->trust;
    service->ask = config->ask;
    service->seal = config->seal;
    service->data_folder = strdup(config->data_folder);
    service->public_url = strdup(config->public_url ? config->public_url : "");
    service->trust_path = strdup(config->trust_path ? config->trust_path : "");
    if (!service->data_folder || !service->public_url || !service->trust_path)
        return ERR_NO_MEMORY;
    return buffer_put(&service->issuer, config->issuer);
}

/* People whom the log shows in a room when the server starts get some time to come back. */
static void returns_expect(struct meeting_service *service, utc_ms_t now)
{
    for (uint32_t i = 0; i < service->meeting_count; i++) {
        struct service_meeting *meeting = service->meetings[i];
        if (!state_is_in_room(&meeting->state) || meeting->state.present_count == 0)
            continue;
        meeting->return_by = now + MEETING_RETURN_MS;
        meeting->vouched_at = meeting->state.last_at;
    }
}

static enum err service_begin(struct meeting_service *service, const struct meeting_config *config,
                              utc_ms_t now)
{
    char path[MEETING_PATH_BYTES];
    enum err err = config_keep(service, config);
    if (err == ERR_OK)
        err = files_prepare(config->data_folder);
    if (err == ERR_OK &&
        snprintf(path, sizeof path, "%s/dienhong.db", config->data_folder) >= (int)sizeof path)
        err = ERR_IO;
    if (err == ERR_OK)
        err = store_open(path, &service->store);
    if (err == ERR_OK)
        err = mailbox_create(sizeof(struct work *), SERVICE_FINISHED_MAX, &service->finished);
    if (err == ERR_OK && (service->fd = epoll_create1(EPOLL_CLOEXEC)) < 0)
        err = ERR_IO;
    if (err == ERR_OK)
        err = fd_watch(service->fd, store_fd(service->store));
    if (err == ERR_OK)
        err = fd_watch(service->fd, mailbox_fd(service->finished));
    if (err != ERR_OK)
        return err;
    service->epoch = store_epoch(service->store);
    service->next_id = service->epoch << 32 | 1;
    service->next_ticket = 1;
    err = load_all(service);
    if (err == ERR_OK) {
        returns_expect(service, now);
        writing_resume(service);
    }
    return err;
}

enum err meeting_service_open(const struct meeting_config *config, utc_ms_t now,
                              struct meeting_service **ret_service)
{
    struct meeting_service *service = calloc(1, sizeof *service);
    if (!service)
        return ERR_NO_MEMORY;
    service->fd = -1;
    enum err err = service_begin(service, config, now);
    if (err != ERR_OK) {
        meeting_service_close(service);
        return err;
    }
    log_line(LOG_INFO, "meeting.service", "opened=1 meetings=%u users=%u epoch=%llu",
             service->meeting_count, service->directory.user_count,
             (unsigned long long)service->epoch);
    *ret_service = service;
    return ERR_OK;
}

/* Lets the Jobs finish what they hold of us; what they made is appended before the store closes. */
static void works_drain(struct meeting_service *service)
{
    while (service->working > 0) {
        struct work *work;
        if (!mailbox_receive(service->finished, &work)) {
            usleep(1000);
            continue;
        }
        service->working--;
        work->done(work, 0);
    }
}

void meeting_service_close(struct meeting_service *service)
{
    if (!service)
        return;
    works_drain(service);
    store_close(service->store);
    mailbox_destroy(service->finished);
    if (service->fd >= 0)
        close(service->fd);
    for (uint32_t i = 0; i < service->meeting_count; i++) {
        state_done(&service->meetings[i]->state);
        free(service->meetings[i]->connections);
        free(service->meetings[i]);
    }
    free(service->meetings);
    free(service->by_start);
    outbox_done(&service->outbox);
    directory_done(&service->directory);
    accounts_done(&service->accounts);
    free(service->issued);
    register_done(service);
    free(service->signings);
    free(service->data_folder);
    free(service->public_url);
    free(service->trust_path);
    buffer_done(&service->issuer);
    free(service);
}

/* -- meetings by id and by start ----------------------------------------------------------------
 */

struct service_meeting *service_meeting_find(const struct meeting_service *service, uint64_t id)
{
    uint32_t low = 0;
    uint32_t high = service->meeting_count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (service->meetings[middle]->state.id < id)
            low = middle + 1;
        else
            high = middle;
    }
    bool found = low < service->meeting_count && service->meetings[low]->state.id == id;
    return found ? service->meetings[low] : NULL;
}

/* Room for one more pointer in a list that grows by powers of two. */
static bool pointers_room(struct service_meeting ***list, uint32_t count)
{
    if (count & (count - 1))
        return true;
    size_t capacity = count ? 2 * (size_t)count : 1;
    struct service_meeting **grown = realloc(*list, capacity * sizeof *grown);
    if (grown)
        *list = grown;
    return grown != NULL;
}

struct service_meeting *service_meeting_add(struct meeting_service *service, uint64_t id)
{
    uint32_t count = service->meeting_count;
    assert(count == 0 || service->meetings[count - 1]->state.id < id);
    struct service_meeting *meeting = calloc(1, sizeof *meeting);
    if (!meeting || count >= LIMIT_MEETINGS || !pointers_room(&service->meetings, count) ||
        !pointers_room(&service->by_start, count)) {
        free(meeting);
        return NULL;
    }
    state_init(&meeting->state, id);
    service->meetings[count] = meeting;
    service->by_start[count] = meeting;
    service->meeting_count++;
    return meeting;
}

void service_meeting_list(struct meeting_service *service, struct service_meeting *meeting)
{
    uint32_t at = service->meeting_count - 1;
    while (service->by_start[at] != meeting)
        at--;
    for (; at > 0 && service->by_start[at - 1]->state.start_at < meeting->state.start_at; at--) {
        service->by_start[at] = service->by_start[at - 1];
        service->by_start[at - 1] = meeting;
    }
}

/* -- what the store and the Jobs have finished --------------------------------------------------
 */

static void works_finish(struct meeting_service *service, utc_ms_t now)
{
    struct work *work;
    while (service->working > 0 && mailbox_receive(service->finished, &work)) {
        service->working--;
        work->done(work, now);
    }
}

static void work_run(void *argument)
{
    struct work *work = argument;
    struct mailbox *finished = work->service->finished;
    work->run(work);
    enum err err = mailbox_send(finished, &work);
    assert(err == ERR_OK); /* service_work() lets no more through than the box holds */
    (void)err;
}

enum err service_work(struct meeting_service *service, struct work *work)
{
    if (service->working >= SERVICE_FINISHED_MAX)
        return ERR_FULL;
    work->service = service;
    enum err err = jobs_submit(service->jobs, work_run, work);
    if (err == ERR_OK)
        service->working++;
    return err;
}

/* A commit failed: everything decided since stands on nothing. The clients are told, and every
 * meeting is read again from disk. */
static void service_recover(struct meeting_service *service, uint64_t first_lost)
{
    log_line(LOG_ERROR, "meeting.service", "lost_from_batch=%llu", (unsigned long long)first_lost);
    struct store_completion completion;
    store_wait(service->store);
    while (store_completed(service->store, &completion))
        service->outbox.through = completion.last;
    outbox_lose(&service->outbox, first_lost);
    store_resume(service->store);
    for (uint32_t i = 0; i < service->meeting_count; i++) {
        struct service_meeting *meeting = service->meetings[i];
        uint64_t seq = meeting->state.seq;
        struct meeting_output reset = {.kind = MEETING_OUTPUT_RESET, .meeting = meeting->state.id};
        if ((!load_again(service, meeting) || meeting->state.seq != seq) &&
            outbox_put(&service->outbox, 0, &reset) != ERR_OK)
            log_line(LOG_ERROR, "meeting.service", "error=\"no memory to tell of a reset\"");
    }
    if (load_issued(service) != ERR_OK)
        log_line(LOG_ERROR, "meeting.service", "error=\"the issued files could not be read\"");
    if (register_load(service) != ERR_OK)
        log_line(LOG_ERROR, "meeting.service", "error=\"the register could not be read\"");
}

bool service_absorb(struct meeting_service *service)
{
    struct store_completion completion;
    while (store_completed(service->store, &completion)) {
        service->outbox.through = completion.last;
        if (completion.err != ERR_OK) {
            service_recover(service, completion.first);
            return false;
        }
    }
    return true;
}

int meeting_fd(const struct meeting_service *service)
{
    return service->fd;
}

bool meeting_poll(struct meeting_service *service, utc_ms_t now, struct meeting_output *ret_output)
{
    works_finish(service, now);
    (void)service_absorb(service);
    return outbox_take(&service->outbox, ret_output);
}

enum err meeting_flush(struct meeting_service *service)
{
    store_wait(service->store);
    return service_absorb(service) ? ERR_OK : ERR_IO;
}

struct meeting_counters meeting_counters(const struct meeting_service *service)
{
    struct store_counters counters = store_counters(service->store);
    return (struct meeting_counters){counters.batches, counters.commits, counters.waiting};
}

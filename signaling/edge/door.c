#include "signaling/edge/door.h"

#include <errno.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/limits.h"
#include "base/log.h"
#include "signaling/edge/api_document.h"
#include "signaling/edge/authority.h"
#include "signaling/edge/files_limit.h"
#include "signaling/edge/media.h"
#include "signaling/edge/names.h"
#include "signaling/edge/pki.h"
#include "signaling/edge/province.h"
#include "signaling/edge/request.h"
#include "signaling/edge/server.h"
#include "signaling/edge/static_files.h"

enum {
    MEDIA_JOB_THREADS = 2,
    PAPER_JOB_THREADS = 4, /* two may wait for an authority elsewhere while two work */
    SLOW_JOB_THREADS = 2,
    MEDIA_JOB_QUEUE = 8192,
    PAPER_JOB_QUEUE = 1024, /* what the meetings have under way at once */
    FINISHED_MAX = LIMIT_LOGIN_QUEUE + SLOW_JOB_THREADS + LIMIT_AUTHORITY_WAITING +
                   AUTHORITY_THREADS + 2, /* all that queues and threads can hold */
    TICK_MS = 250,
    GOODBYE_TURNS = 16,
    VERIFY_BURST = 20,
    VERIFY_PER_SECOND = 2,
    PKI_BURST = 200,
    PKI_PER_SECOND = 50,
};

/* -- work that comes back --------------------------------------------------------------------- */

/* On a jobs thread. The mailbox has room for everything that the queue and its threads can hold. */
static void job_run(void *argument)
{
    struct door_job *job = argument;
    job->run(job);
    enum err err = mailbox_send(job->door->finished, &job);
    if (err != ERR_OK)
        log_line(LOG_ERROR, "door.jobs", "finished=lost err=%s", err_name(err));
}

enum err door_submit_to(struct jobs *jobs, struct door_job *job)
{
    return jobs_submit(jobs, job_run, job);
}

enum err door_submit(struct door *door, struct door_job *job)
{
    return door_submit_to(door->slow_jobs, job);
}

static void on_finished(uv_poll_t *poll, int status, int events)
{
    (void)status;
    (void)events;
    struct door *door = poll->data;
    struct door_job *job = NULL;
    while (mailbox_receive(door->finished, &job))
        job->finish(job);
}

enum err door_await(struct door *door, uint64_t ticket, struct request *request)
{
    struct door_waiter *waiter = &door->waiters[ticket % DOOR_WAITERS];
    if (waiter->ticket != 0 && request_at(door, waiter->request))
        return ERR_FULL;
    *waiter = (struct door_waiter){ticket, request->self};
    return ERR_OK;
}

static void waiter_wake(struct door *door, const struct meeting_output *output)
{
    struct door_waiter *waiter = &door->waiters[output->ticket % DOOR_WAITERS];
    if (waiter->ticket != output->ticket)
        return;
    struct request *request = request_at(door, waiter->request);
    *waiter = (struct door_waiter){0};
    if (!request)
        return;
    struct meeting_output known = *output;
    if (known.id == 0)
        known.id = request->made_id;
    request->on_done(request, &known);
}

static void meetings_drain(struct door *door)
{
    struct meeting_output output;
    while (meeting_poll(door->meetings, clock_utc_ms(), &output)) {
        switch (output.kind) {
        case MEETING_OUTPUT_DONE:
            waiter_wake(door, &output);
            break;
        case MEETING_OUTPUT_EVENT:
            media_on_event(door->media, &output);
            break;
        case MEETING_OUTPUT_RESET:
            media_on_reset(door->media, output.meeting);
            break;
        }
    }
    media_settle(door->media);
}

static void on_meetings(uv_poll_t *poll, int status, int events)
{
    (void)status;
    (void)events;
    meetings_drain(poll->data);
}

static void on_media(uv_poll_t *poll, int status, int events)
{
    (void)status;
    (void)events;
    struct door *door = poll->data;
    struct sfu_event event;
    while (sfu_poll(door->sfu, &event))
        media_on_sfu(door->media, &event);
}

/* libuv's repeating timer is due a tick after it was last due, not after it last came. */
static void lag_measure(struct door *door)
{
    usec_t now = clock_now_us();
    if (door->tick_due)
        histogram_add(&door->lag, now > door->tick_due ? now - door->tick_due : 0);
    door->tick_due = now + TICK_MS * USEC_PER_MSEC;
}

static void on_tick(uv_timer_t *timer)
{
    struct door *door = timer->data;
    utc_ms_t now = clock_utc_ms();
    lag_measure(door);
    if (meeting_deadline(door->meetings) <= now)
        meeting_tick(door->meetings, now);
    media_tick(door->media, now);
    pki_tick(door, now);
    meetings_drain(door);
}

/* -- opening ---------------------------------------------------------------------------------- */

static enum err folder_make(const char *path)
{
    if (mkdir(path, 0700) == 0 || errno == EEXIST)
        return ERR_OK;
    log_line(LOG_ERROR, "door.data", "folder=%s err=%s", path, strerror(errno));
    return ERR_IO;
}

static enum err path_join(char *ret_path, size_t size, const char *folder, const char *name)
{
    int length = snprintf(ret_path, size, "%s/%s", folder, name);
    return length > 0 && (size_t)length < size ? ERR_OK : ERR_LIMIT;
}

static enum err folders_open(struct door *door, char certs_folder[DOOR_PATH_BYTES])
{
    snprintf(door->data_folder, sizeof door->data_folder, "%s",
             settings_text(&door->settings, SETTING_DATA));
    enum err err = path_join(certs_folder, DOOR_PATH_BYTES, door->data_folder, "certs");
    if (err == ERR_OK)
        err = path_join(door->ca_folder, DOOR_PATH_BYTES, door->data_folder, "ca");
    if (err == ERR_OK)
        err = path_join(door->uploads_folder, DOOR_PATH_BYTES, door->data_folder, "uploads");
    if (err == ERR_OK)
        err = path_join(door->trust_path, DOOR_PATH_BYTES, door->ca_folder, "root.pem");
    if (err == ERR_OK)
        err = folder_make(door->data_folder);
    if (err == ERR_OK)
        err = folder_make(certs_folder);
    if (err == ERR_OK)
        err = folder_make(door->uploads_folder);
    return err;
}

static enum err jobs_open(struct door *door)
{
    enum err err = jobs_create(MEDIA_JOB_THREADS, MEDIA_JOB_QUEUE, &door->media_jobs);
    if (err == ERR_OK)
        err = jobs_create(SLOW_JOB_THREADS, LIMIT_LOGIN_QUEUE, &door->slow_jobs);
    if (err == ERR_OK)
        err = jobs_create(PAPER_JOB_THREADS, PAPER_JOB_QUEUE, &door->paper_jobs);
    if (err == ERR_OK)
        err = mailbox_create(sizeof(struct door_job *), FINISHED_MAX, &door->finished);
    if (err == ERR_OK)
        err = authority_open(door);
    return err;
}

static enum err tables_open(struct door *door)
{
    uint64_t seed;
    char password[32];
    randombytes_buf(&seed, sizeof seed);
    randombytes_buf(password, sizeof password);
    door->sessions = (struct session_policy){
        settings_number(&door->settings, SETTING_SESSION_IDLE) * 60 * 1000,
        settings_number(&door->settings, SETTING_SESSION_ABSOLUTE) * 60 * 60 * 1000};
    door->verify_rate = bucket_init(VERIFY_BURST, VERIFY_PER_SECOND, clock_now_us());
    door->pki_rate = bucket_init(PKI_BURST, PKI_PER_SECOND, clock_now_us());
    if (crypto_pwhash_str(door->nobody_hash, password, sizeof password,
                          crypto_pwhash_OPSLIMIT_INTERACTIVE,
                          crypto_pwhash_MEMLIMIT_INTERACTIVE) != 0)
        return ERR_NO_MEMORY;
    enum err err = login_limit_create(seed, &door->logins);
    if (err == ERR_OK)
        err = pool_init(&door->request_pool, LIMIT_CONNECTIONS);
    if (err == ERR_OK)
        door->requests = calloc(LIMIT_CONNECTIONS, sizeof(struct request *));
    return err == ERR_OK && !door->requests ? ERR_NO_MEMORY : err;
}

static enum err poll_start(struct door *door, uv_poll_t *poll, int fd, uv_poll_cb callback)
{
    if (uv_poll_init(&door->loop, poll, fd) != 0)
        return ERR_IO;
    poll->data = door;
    return uv_poll_start(poll, UV_READABLE, callback) == 0 ? ERR_OK : ERR_IO;
}

static void on_signal(uv_signal_t *handle, int number)
{
    struct door *door = handle->data;
    log_line(LOG_INFO, "door", "signal=%d stopping=yes", number);
    door_stop(door);
}

static enum err loop_start(struct door *door)
{
    enum err err = poll_start(door, &door->finished_poll, mailbox_fd(door->finished), on_finished);
    if (err == ERR_OK)
        err = poll_start(door, &door->meetings_poll, meeting_fd(door->meetings), on_meetings);
    if (err == ERR_OK)
        err = poll_start(door, &door->media_poll, sfu_fd(door->sfu), on_media);
    if (err != ERR_OK)
        return err;
    uv_timer_init(&door->loop, &door->tick);
    uv_signal_init(&door->loop, &door->on_terminate);
    uv_signal_init(&door->loop, &door->on_interrupt);
    door->tick.data = door->on_terminate.data = door->on_interrupt.data = door;
    bool started = uv_timer_start(&door->tick, on_tick, TICK_MS, TICK_MS) == 0 &&
                   uv_signal_start(&door->on_terminate, on_signal, SIGTERM) == 0 &&
                   uv_signal_start(&door->on_interrupt, on_signal, SIGINT) == 0;
    return started ? ERR_OK : ERR_IO;
}

static enum err certificates_open(struct door *door, const char *folder,
                                  char tls_path[2][DOOR_PATH_BYTES])
{
    struct names names;
    utc_ms_t now = clock_utc_ms();
    names_read(&names, settings_text(&door->settings, SETTING_HOST));
    enum err err = certs_ca_open(door->ca_folder, settings_text(&door->settings, SETTING_PROVINCE),
                                 now, &door->ca);
    if (err == ERR_OK)
        err = path_join(tls_path[0], DOOR_PATH_BYTES, folder, "tls.pem");
    if (err == ERR_OK)
        err = path_join(tls_path[1], DOOR_PATH_BYTES, folder, "tls-key.pem");
    if (err == ERR_OK)
        err =
            certs_tls_ensure(door->ca, names.pointers, names.count, tls_path[0], tls_path[1], now);
    if (err != ERR_OK)
        log_line(LOG_ERROR, "door.certificates", "folder=%s err=%s", folder, err_name(err));
    return err;
}

/* A server whose seal is out of reach still numbers and meets: the clerk is told when sealing. */
static void seal_open(struct door *door)
{
    struct certs_device_place place = {
        .module = settings_text(&door->settings, SETTING_SEAL_MODULE),
        .token = settings_text(&door->settings, SETTING_SEAL_TOKEN),
        .label = settings_text(&door->settings, SETTING_SEAL_LABEL),
    };
    if (!*place.module)
        return;
    enum certs_device_fault fault = certs_device_open(&place, &door->seal);
    log_line(fault == CERTS_DEVICE_FINE ? LOG_INFO : LOG_ERROR, "door.seal",
             "module=\"%s\" device=%s", place.module, certs_device_fault_name(fault));
}

/* Needs: the port is known. */
static void public_url_make(struct door *door)
{
    struct names names;
    names_read(&names, settings_text(&door->settings, SETTING_HOST));
    const char *host = names.count > 0 ? names.pointers[0] : "localhost";
    snprintf(door->public_url, sizeof door->public_url,
             strchr(host, ':') ? "https://[%s]:%u" : "https://%s:%u", host, door->port);
}

static enum err meetings_open(struct door *door)
{
    seal_open(door);
    struct meeting_config config = {
        .data_folder = door->data_folder,
        .jobs = door->paper_jobs,
        .public_url = door->public_url,
        .issuer = certs_ca_issuing(door->ca),
        .trust = door->trust,
        .trust_path = door->anchors_path,
        .ask = &door->ask,
        .seal = door->seal,
    };
    enum err err = meeting_service_open(&config, clock_utc_ms(), &door->meetings);
    if (err != ERR_OK)
        log_line(LOG_ERROR, "door.meetings", "data=%s err=%s", door->data_folder, err_name(err));
    return err;
}

/* Into an empty directory only. */
static enum err demo_import(struct door *door, const char *path)
{
    struct province_summary summary;
    enum err err = province_import(door->meetings, path, clock_utc_ms(), &summary);
    if (err == ERR_OK)
        log_line(LOG_INFO, "door.demo", "units=%u users=%u", summary.units, summary.users);
    return err;
}

enum err door_open(struct door *door, const char *demo_path)
{
    char certs_folder[DOOR_PATH_BYTES], tls_path[2][DOOR_PATH_BYTES];
    enum err err = uv_loop_init(&door->loop) == 0 ? ERR_OK : ERR_IO;
    door->started_at = clock_utc_ms();
    door->connections_most = files_limit_set(LIMIT_CONNECTIONS);
    if (err == ERR_OK)
        err = folders_open(door, certs_folder);
    if (err == ERR_OK)
        err = jobs_open(door);
    if (err == ERR_OK)
        err = tables_open(door);
    if (err == ERR_OK)
        err = static_files_load(settings_text(&door->settings, SETTING_WEB), &door->files);
    if (err == ERR_OK)
        err = certificates_open(door, certs_folder, tls_path);
    if (err == ERR_OK)
        err = server_open(door, tls_path[0], tls_path[1]);
    public_url_make(door);
    if (err == ERR_OK)
        err = pki_open(door, clock_utc_ms());
    if (err == ERR_OK)
        err = meetings_open(door);
    if (err == ERR_OK)
        err = pki_adopt(door);
    if (err == ERR_OK && demo_path && meeting_user_count(door->meetings) == 0)
        err = demo_import(door, demo_path);
    if (err == ERR_OK)
        err = media_open(door, certs_folder, &door->media);
    if (err == ERR_OK)
        err = loop_start(door);
    if (err == ERR_OK)
        api_document_forget_old(door);
    else
        log_line(LOG_ERROR, "door", "opened=no err=%s", err_name(err));
    return err;
}

/* -- running and closing ---------------------------------------------------------------------- */

void door_run(struct door *door)
{
    uv_run(&door->loop, UV_RUN_DEFAULT);
}

void door_stop(struct door *door)
{
    door->stopping = true;
    uv_stop(&door->loop);
}

static void handle_close(uv_handle_t *handle)
{
    if (handle->loop && !uv_is_closing(handle))
        uv_close(handle, NULL);
}

void door_close(struct door *door)
{
    media_close_all(door->media);
    for (int turn = 0; door->media && turn < GOODBYE_TURNS; turn++)
        uv_run(&door->loop, UV_RUN_NOWAIT); /* the goodbyes leave */
    jobs_destroy(door->slow_jobs);          /* what it finishes still finds its owners */
    authority_stop(door);
    if (door->finished) {
        struct door_job *job = NULL;
        while (mailbox_receive(door->finished, &job))
            job->finish(job);
    }
    handle_close((uv_handle_t *)&door->finished_poll);
    handle_close((uv_handle_t *)&door->meetings_poll);
    handle_close((uv_handle_t *)&door->media_poll);
    handle_close((uv_handle_t *)&door->tick);
    handle_close((uv_handle_t *)&door->on_terminate);
    handle_close((uv_handle_t *)&door->on_interrupt);
    server_close(door);
    sfu_destroy(door->sfu);
    media_free(door->media);
    meeting_service_close(door->meetings);
    jobs_destroy(door->paper_jobs);
    jobs_destroy(door->media_jobs);
    authority_close(door);
    mailbox_destroy(door->finished);
    certs_device_close(door->seal);
    certs_trust_free(door->trust);
    certs_ca_close(door->ca);
    static_files_free(door->files);
    login_limit_destroy(door->logins);
    pool_done(&door->request_pool);
    free(door->requests);
    free(door->exchanges);
    uv_run(&door->loop, UV_RUN_NOWAIT);
    uv_loop_close(&door->loop);
}

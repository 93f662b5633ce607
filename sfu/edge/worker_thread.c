#include "sfu/edge/worker_thread.h"

#include <assert.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "sfu/edge/transform.h"
#include "sfu/edge/worker_loop.h"

struct worker_thread {
    struct worker_loop loop;
    pthread_t thread;
    bool running;
    uint64_t sent; /* messages, by the control thread */
};

/* One processor for each worker, in turn, of those that the process may use. */
static void worker_thread_pin(uint32_t index)
{
    cpu_set_t allowed;
    cpu_set_t own;
    if (sched_getaffinity(0, sizeof allowed, &allowed) != 0 || CPU_COUNT(&allowed) == 0)
        return;
    uint32_t left = index % (uint32_t)CPU_COUNT(&allowed);
    size_t cpu = 0;
    while (!CPU_ISSET(cpu, &allowed) || left-- > 0)
        cpu++;
    CPU_ZERO(&own);
    CPU_SET(cpu, &own);
    bool done = pthread_setaffinity_np(pthread_self(), sizeof own, &own) == 0;
    log_line(done ? LOG_INFO : LOG_WARN, "sfu.worker", "worker=%u cpu=%zu pinned=%s", index, cpu,
             done ? "yes" : "no");
}

static void *worker_thread_run(void *argument)
{
    struct worker_thread *thread = argument;
    char name[16];
    if (thread->loop.config.pin_cpu)
        worker_thread_pin(thread->loop.config.core.index);
    (void)snprintf(name, sizeof name, "media-%u", thread->loop.config.core.index);
    (void)pthread_setname_np(pthread_self(), name);
    worker_loop_run(&thread->loop);
    return NULL;
}

static bool worker_thread_watch(struct worker_loop *loop, int fd)
{
    struct epoll_event event = {.events = EPOLLIN, .data.fd = fd};
    return epoll_ctl(loop->epoll, EPOLL_CTL_ADD, fd, &event) == 0;
}

static enum err worker_thread_watch_all(struct worker_loop *loop)
{
    loop->epoll = epoll_create1(EPOLL_CLOEXEC);
    loop->stop = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    if (loop->epoll < 0 || loop->stop < 0)
        return ERR_IO;
    bool done = worker_thread_watch(loop, loop->stop) &&
                worker_thread_watch(loop, udp_fd(loop->udp)) &&
                worker_thread_watch(loop, mailbox_fd(loop->messages)) &&
                worker_thread_watch(loop, handshakes_fd(loop->handshakes));
    for (uint32_t from = 0; from < loop->config.core.workers; from++)
        if (loop->config.from[from])
            done = done && worker_thread_watch(loop, ring_fd(loop->config.from[from]));
    return done ? ERR_OK : ERR_IO;
}

static enum err worker_thread_equip(struct worker_loop *loop)
{
    const struct worker_thread_config *config = &loop->config;
    struct udp_config udp = {.port = config->port,
                             .endpoints = config->core.endpoints,
                             .segments = config->segment_offload != SFU_OFFLOAD_OFF};
    enum err err = udp_create(&udp, &loop->udp);
    if (err == ERR_OK)
        err = worker_create(&config->core, &loop->worker);
    if (err == ERR_OK)
        err = stun_responder_create(&loop->stun);
    if (err == ERR_OK)
        err = handshakes_create(config->core.endpoints, config->identity, config->cipher,
                                config->jobs, &loop->handshakes);
    if (err == ERR_OK)
        err = peers_create(config->core.endpoints, &loop->peers);
    if (err == ERR_OK)
        err = mailbox_create(sizeof(struct worker_message), LIMIT_WORKER_COMMANDS, &loop->messages);
    if (err != ERR_OK)
        return err;
    loop->sendbox = calloc(1, sizeof *loop->sendbox);
    loop->arena = malloc(WORKER_ARENA_BYTES);
    loop->heard = calloc(config->core.endpoints, sizeof loop->heard[0]);
    if (!loop->sendbox || !loop->arena || !loop->heard)
        return ERR_NO_MEMORY;
    loop->sendbox->udp = loop->udp;
    return worker_thread_watch_all(loop);
}

/* Signals are the control thread's. */
static bool worker_thread_start(struct worker_thread *thread)
{
    sigset_t all;
    sigset_t before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    thread->running = pthread_create(&thread->thread, NULL, worker_thread_run, thread) == 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return thread->running;
}

enum err worker_thread_create(const struct worker_thread_config *config,
                              struct worker_thread **ret_thread)
{
    struct worker_thread *thread = calloc(1, sizeof *thread);
    if (!thread)
        return ERR_NO_MEMORY;
    thread->loop.config = *config;
    thread->loop.epoll = -1;
    thread->loop.stop = -1;
    enum err err = worker_thread_equip(&thread->loop);
    if (err == ERR_OK && !worker_thread_start(thread))
        err = ERR_NO_MEMORY;
    if (err != ERR_OK) {
        worker_thread_destroy(thread);
        return err;
    }
    *ret_thread = thread;
    return ERR_OK;
}

/* Messages that nobody took still own what they point to. */
static void worker_thread_drop_messages(struct worker_loop *loop)
{
    struct worker_message message;
    while (loop->messages && mailbox_receive(loop->messages, &message)) {
        if (message.kind == WORKER_MESSAGE_JOIN)
            free(message.of.admission);
        else if (message.kind == WORKER_MESSAGE_REMOTE_SOURCE)
            free(message.of.remote);
    }
    mailbox_destroy(loop->messages);
}

/* The keys of all endpoints: each is made to leave, then they come back as spent. */
static void worker_thread_drop_endpoints(struct worker_loop *loop)
{
    uint64_t endpoint;
    struct handle handle;
    struct srtp_pair spent;
    while (loop->peers && peers_any(loop->peers, &endpoint)) {
        struct sfu_command leave = {.kind = SFU_LEAVE, .endpoint = endpoint};
        if (worker_on_command(loop->worker, clock_now_us(), &leave) != ERR_OK)
            log_line(LOG_WARN, "sfu.worker", "endpoint=%llu cannot leave",
                     (unsigned long long)endpoint);
        if (peers_remove(loop->peers, endpoint, &handle) != ERR_OK)
            break;
        while (worker_next_spent(loop->worker, &spent))
            transform_destroy_pair(&spent);
    }
    worker_destroy(loop->worker);
}

void worker_thread_destroy(struct worker_thread *thread)
{
    if (!thread)
        return;
    struct worker_loop *loop = &thread->loop;
    if (thread->running) {
        (void)eventfd_write(loop->stop, 1);
        pthread_join(thread->thread, NULL);
    }
    worker_thread_drop_messages(loop);
    handshakes_destroy(loop->handshakes);
    worker_thread_drop_endpoints(loop);
    stun_responder_destroy(loop->stun);
    peers_destroy(loop->peers);
    udp_destroy(loop->udp);
    free(loop->sendbox);
    free(loop->arena);
    free(loop->heard);
    if (loop->epoll >= 0)
        close(loop->epoll);
    if (loop->stop >= 0)
        close(loop->stop);
    free(thread);
}

struct udp_facts worker_thread_socket(const struct worker_thread *thread)
{
    return udp_facts(thread->loop.udp);
}

uint32_t worker_thread_room(const struct worker_thread *thread)
{
    uint64_t taken = atomic_load_explicit(&thread->loop.taken, memory_order_relaxed);
    return LIMIT_WORKER_COMMANDS - (uint32_t)(thread->sent - taken);
}

enum err worker_thread_send(struct worker_thread *thread, struct worker_message *message)
{
    enum err err = mailbox_send(thread->loop.messages, message);
    if (err == ERR_OK)
        thread->sent++;
    return err;
}

size_t worker_thread_endpoint_size(void)
{
    /* The places of its handshake, of when it was heard, of its peer and its path. */
    size_t places = sizeof(void *) + sizeof(uint32_t) + sizeof(usec_t);
    return places + peers_entry_size() + udp_path_size();
}

struct worker_counters worker_thread_counters(const struct worker_thread *thread)
{
    uint64_t each[WORKER_COUNTER_COUNT];
    for (uint32_t i = 0; i < WORKER_COUNTER_COUNT; i++)
        each[i] = atomic_load_explicit(&thread->loop.published[i], memory_order_relaxed);
    struct worker_counters all;
    memcpy(&all, each, sizeof all);
    return all;
}

uint64_t worker_thread_cpu_ns(const struct worker_thread *thread)
{
    clockid_t clock;
    struct timespec used;
    if (pthread_getcpuclockid(thread->thread, &clock) != 0 || clock_gettime(clock, &used) != 0)
        return 0;
    return (uint64_t)used.tv_sec * UINT64_C(1000000000) + (uint64_t)used.tv_nsec;
}

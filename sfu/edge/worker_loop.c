#include "sfu/edge/worker_loop.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <time.h>

#include "base/clock.h"
#include "base/log.h"
#include "sfu/edge/transform.h"
#include "sfu/proto/demux.h"

enum {
    BATCHES_PER_ROUND = 32,    /* a flood must not keep outputs waiting */
    EVENT_RETRY_US = 1000,     /* when the door's mailbox is full */
    MESSAGES_PER_ROUND = 1024, /* a join storm must not keep media waiting */
    ERRORS_PER_ROUND = 256,    /* a flood of ICMP must not either */
    /* Sound waits for a frame so many times the tick: it meets half as many again in two, and a
     * jitter buffer does not notice 10 ms. */
    SOUND_WAITS_TICKS = 2,
    /* What cannot leave for so long is late on any line: it makes room for what is newer. */
    FULL_PATIENCE_US = 20 * 1000,
    /* Whoever was heard within this time is there, whatever an ICMP error says, which anybody can
     * forge who knows both addresses: a browser reports at least every second. */
    HEARD_RECENTLY_US = 1500 * 1000,
};

/* ---- The door -------------------------------------------------------------------------------- */

/* The door learns of an endpoint that could not be admitted as of any other that is gone. */
static void loop_refuse(struct worker_loop *loop, const struct worker_join *join, enum err err)
{
    log_line(LOG_WARN, "sfu.worker", "worker=%u refused endpoint=%llu err=%s",
             loop->config.core.index, (unsigned long long)join->endpoint, err_name(err));
    struct sfu_event gone = {.kind = SFU_GONE,
                             .room = join->room,
                             .endpoint = join->endpoint,
                             .source = join->source,
                             .reason = SFU_GONE_NEVER_CAME};
    loop->event = gone; /* free: no message is taken while an event waits */
    loop->event_waits = true;
}

static void loop_on_admission(struct worker_loop *loop, usec_t now,
                              const struct worker_admission *admission)
{
    const struct worker_join *join = &admission->join;
    enum err err = worker_on_join(loop->worker, now, join);
    struct handle handle;
    const char *password;
    if (err == ERR_OK)
        err = worker_find_ufrag(loop->worker, bytes_of(join->local_ufrag), &handle, &password);
    if (err == ERR_OK)
        peers_put(loop->peers, handle, join->endpoint, &admission->fingerprint);
    else
        loop_refuse(loop, join, err);
}

static void loop_on_message(struct worker_loop *loop, usec_t now,
                            const struct worker_message *message)
{
    enum err err = ERR_OK;
    switch (message->kind) {
    case WORKER_MESSAGE_JOIN:
        loop_on_admission(loop, now, message->of.admission);
        free(message->of.admission);
        break;
    case WORKER_MESSAGE_RESTART:
        err = worker_on_restart(loop->worker, now, message->of.restart.endpoint,
                                message->of.restart.local_ufrag, message->of.restart.local_pwd);
        break;
    case WORKER_MESSAGE_COMMAND:
        err = worker_on_command(loop->worker, now, &message->of.command);
        break;
    case WORKER_MESSAGE_REMOTE_SOURCE:
        err = worker_on_remote_source(loop->worker, now, message->of.remote);
        free(message->of.remote);
        break;
    }
    /* What is unknown has left meanwhile, or was never this worker's. */
    if (err != ERR_OK && err != ERR_UNKNOWN)
        log_line(LOG_WARN, "sfu.worker", "worker=%u message=%d err=%s", loop->config.core.index,
                 (int)message->kind, err_name(err));
}

static void loop_take_messages(struct worker_loop *loop, usec_t now)
{
    struct worker_message message;
    uint32_t budget = MESSAGES_PER_ROUND;
    while (budget-- > 0 && !loop->event_waits && mailbox_receive(loop->messages, &message)) {
        atomic_fetch_add_explicit(&loop->taken, 1, memory_order_relaxed);
        loop_on_message(loop, now, &message);
    }
}

/* ---- The network ----------------------------------------------------------------------------- */

static void loop_on_stun(struct worker_loop *loop, usec_t now, const struct udp_datagram *datagram)
{
    struct stun_check check;
    struct stun_reply reply;
    enum err err = stun_on_datagram(loop->stun, loop->worker, &datagram->from,
                                    (struct bytes){datagram->data, datagram->size}, &check, &reply);
    if (reply.size > 0)
        sendbox_put(loop->sendbox, now, &datagram->from, (struct bytes){reply.data, reply.size});
    if (err == ERR_OK) {
        loop->heard[check.endpoint.index] = now;
        udp_learn(loop->udp, &datagram->from, &datagram->to);
        worker_on_binding(loop->worker, now, check.endpoint, &datagram->from, check.nominated);
    } else if (err == ERR_UNKNOWN) {
        loop->refused.drop_unknown_address++;
    } else if (err == ERR_AUTH) {
        loop->refused.drop_auth++;
    } else {
        loop->refused.drop_malformed++;
    }
}

/* Only from an address that an authenticated check came from: nobody else can make us compute. */
static void loop_on_dtls(struct worker_loop *loop, usec_t now, const struct udp_datagram *datagram)
{
    struct handle endpoint;
    if (worker_find_address(loop->worker, &datagram->from, &endpoint) != ERR_OK) {
        loop->refused.drop_unknown_address++;
        return;
    }
    const struct dtls_fingerprint *expected = peers_fingerprint(loop->peers, endpoint);
    if (!expected ||
        handshakes_on_datagram(loop->handshakes, now, endpoint, &datagram->from, expected,
                               (struct bytes){datagram->data, datagram->size}) != ERR_OK)
        loop->refused.drop_handshake++;
}

static void loop_on_srtp(struct worker_loop *loop, usec_t now, const struct udp_datagram *datagram)
{
    struct handle endpoint;
    if (worker_find_address(loop->worker, &datagram->from, &endpoint) != ERR_OK) {
        loop->refused.drop_unknown_address++;
        return;
    }
    loop->heard[endpoint.index] = now;
    if (!handshakes_wants_media(loop->handshakes, endpoint)) {
        worker_on_srtp(loop->worker, now, endpoint, datagram->data, datagram->size);
        return;
    }
    uint64_t before = worker_counters(loop->worker)->received_packets;
    worker_on_srtp(loop->worker, now, endpoint, datagram->data, datagram->size);
    if (worker_counters(loop->worker)->received_packets > before)
        handshakes_on_media(loop->handshakes, now, endpoint);
}

static void loop_on_datagram(struct worker_loop *loop, usec_t now,
                             const struct udp_datagram *datagram)
{
    switch (demux_classify((struct bytes){datagram->data, datagram->size})) {
    case DEMUX_STUN:
        loop_on_stun(loop, now, datagram);
        break;
    case DEMUX_DTLS:
        loop_on_dtls(loop, now, datagram);
        break;
    case DEMUX_RTP:
    case DEMUX_RTCP:
        loop_on_srtp(loop, now, datagram);
        break;
    case DEMUX_OTHER:
        loop->refused.drop_malformed++;
        break;
    }
}

static void loop_take_datagrams(struct worker_loop *loop, usec_t now)
{
    struct udp_datagram batch[UDP_BATCH];
    uint32_t count = UDP_IN_MESSAGES;
    for (uint32_t i = 0; i < BATCHES_PER_ROUND && count >= UDP_IN_MESSAGES; i++) {
        count = udp_receive(loop->udp, batch);
        for (uint32_t j = 0; j < count; j++)
            loop_on_datagram(loop, now, &batch[j]);
    }
}

/* A peer that is gone is not sent to until it is heard again: else each packet to it would cost an
 * ICMP message besides. */
static void loop_take_errors(struct worker_loop *loop, usec_t now)
{
    struct udp_error error;
    struct handle endpoint;
    loop->errors_wait = false; /* told again by the next wait if some are left */
    for (uint32_t i = 0; i < ERRORS_PER_ROUND && udp_next_error(loop->udp, &error); i++) {
        if (worker_find_address(loop->worker, &error.peer, &endpoint) != ERR_OK)
            continue;
        if (error.kind == UDP_ERROR_TOO_LARGE)
            udp_on_too_large(loop->udp, now, endpoint.index);
        else if (now - loop->heard[endpoint.index] >= HEARD_RECENTLY_US)
            worker_on_unreachable(loop->worker, now, endpoint, &error.peer);
    }
}

static void loop_take_handshakes(struct worker_loop *loop, usec_t now)
{
    struct handshake_output output;
    while (handshakes_next(loop->handshakes, now, &output)) {
        switch (output.kind) {
        case HANDSHAKE_SEND:
            sendbox_put(loop->sendbox, now, &output.to, output.datagram);
            break;
        case HANDSHAKE_KEYS:
            worker_on_keys(loop->worker, now, output.endpoint, &output.keys);
            break;
        case HANDSHAKE_FAILED:
            worker_on_handshake_failed(loop->worker, now, output.endpoint);
            break;
        }
    }
    handshakes_on_tick(loop->handshakes, now);
}

static void loop_take_relays(struct worker_loop *loop, usec_t now)
{
    for (uint32_t from = 0; from < loop->config.core.workers; from++) {
        struct ring *ring = loop->config.from[from];
        if (!ring)
            continue;
        const struct relay_message *message;
        uint32_t taken = 0; /* one ring's worth: a busy neighbour must not hold us here */
        while (taken++ < LIMIT_RELAY_RING_MESSAGES && (message = ring_front(ring))) {
            worker_on_relay(loop->worker, now, from, message);
            ring_pop(ring);
        }
    }
}

/* ---- Outputs --------------------------------------------------------------------------------- */

static void loop_give_relays(struct worker_loop *loop, usec_t now)
{
    for (uint32_t to = 0; to < loop->config.core.workers; to++) {
        struct ring *ring = loop->config.to[to];
        bool given = false;
        bool lost = false;
        while (ring) {
            struct relay_message *place = ring_place(ring);
            if (!worker_next_relay(loop->worker, to, place ? place : &loop->lost))
                break;
            if (place)
                ring_commit(ring);
            given = given || place;
            lost = lost || !place;
        }
        if (given)
            ring_wake(ring);
        if (lost)
            worker_on_relay_overflow(loop->worker, now, to);
    }
}

/* The endpoint's part of the edge goes with it. */
static void loop_forget(struct worker_loop *loop, uint64_t endpoint)
{
    struct handle handle;
    if (peers_remove(loop->peers, endpoint, &handle) == ERR_OK)
        handshakes_forget(loop->handshakes, handle);
}

/* An event that finds no room waits, and those behind it in the core: none is ever lost. */
static void loop_give_events(struct worker_loop *loop)
{
    while (loop->event_waits || worker_next_event(loop->worker, &loop->event)) {
        if (!loop->event_waits && loop->event.kind == SFU_GONE)
            loop_forget(loop, loop->event.endpoint);
        loop->event_waits = mailbox_send(loop->config.events, &loop->event) != ERR_OK;
        if (loop->event_waits)
            return;
    }
}

/* Sends what is built; false when the socket's buffer is full, and nothing more is to be built.
 * The core holds the rest back meanwhile, and forgets what gets too old. */
static bool loop_send_built(struct worker_loop *loop, usec_t now)
{
    const struct worker_send *rest = loop->sends + loop->sends_done;
    uint32_t count = loop->sends_count - loop->sends_done;
    uint32_t done = udp_send(loop->udp, now, rest, count);
    loop->sends_done += done;
    if (done == count) {
        loop->full_since = 0;
        return true;
    }
    if (loop->full_since == 0)
        loop->full_since = now;
    if (now - loop->full_since < FULL_PATIENCE_US)
        return false;
    loop->refused.drop_congested += udp_datagrams(rest + done, count - done);
    loop->sends_done = loop->sends_count;
    return true;
}

/* Asks to be woken when the socket takes more, or no more to be. */
static void loop_watch_room(struct worker_loop *loop, bool wanted)
{
    if (loop->watches_room == wanted)
        return;
    int fd = udp_fd(loop->udp);
    struct epoll_event event = {.events = wanted ? EPOLLIN | EPOLLOUT : EPOLLIN, .data.fd = fd};
    if (epoll_ctl(loop->epoll, EPOLL_CTL_MOD, fd, &event) == 0)
        loop->watches_room = wanted;
}

static void loop_give_datagrams(struct worker_loop *loop, usec_t now)
{
    sendbox_flush(loop->sendbox, now);
    bool has_room;
    while ((has_room = loop_send_built(loop, now))) {
        loop->sends_done = 0;
        loop->sends_count = worker_build(loop->worker, now, loop->sends, UDP_BATCH, loop->arena,
                                         WORKER_ARENA_BYTES);
        if (loop->sends_count == 0)
            break;
    }
    loop_watch_room(loop, !has_room);
}

static void loop_publish(struct worker_loop *loop)
{
    struct worker_counters all = *worker_counters(loop->worker);
    all.drop_malformed += loop->refused.drop_malformed;
    all.drop_auth += loop->refused.drop_auth;
    const struct udp_counters *udp = udp_counters(loop->udp);
    all.drop_too_large += udp->oversized;
    all.sent_trains = udp->trains;
    all.split_trains = udp->split;
    all.slow_paths = udp->paths_slow;
    all.sent_fragmented = udp->fragmented;
    all.drop_unknown_address += loop->refused.drop_unknown_address;
    all.drop_handshake += loop->refused.drop_handshake;
    all.drop_unsent += udp->lost;
    all.drop_congested += loop->refused.drop_congested + loop->sendbox->congested;
    uint64_t each[WORKER_COUNTER_COUNT];
    _Static_assert(sizeof each == sizeof all, "counters are 64-bit words and nothing else");
    memcpy(each, &all, sizeof each);
    for (uint32_t i = 0; i < WORKER_COUNTER_COUNT; i++)
        atomic_store_explicit(&loop->published[i], each[i], memory_order_relaxed);
}

/* ---- Rounds ---------------------------------------------------------------------------------- */

static usec_t loop_deadline(const struct worker_loop *loop, usec_t now)
{
    usec_t deadline = worker_deadline(loop->worker);
    usec_t handshake = handshakes_deadline(loop->handshakes);
    if (handshake < deadline)
        deadline = handshake;
    if (loop->event_waits && now + EVENT_RETRY_US < deadline)
        deadline = now + EVENT_RETRY_US;
    if (loop->full_since && loop->full_since + FULL_PATIENCE_US < deadline)
        deadline = loop->full_since + FULL_PATIENCE_US;
    return deadline;
}

/* Sleeps until something is there or `deadline`; false when it is time to stop. */
static bool loop_wait(struct worker_loop *loop, usec_t deadline)
{
    struct epoll_event ready[LIMIT_WORKERS + 4];
    usec_t now = clock_now_us();
    usec_t left = deadline > now ? deadline - now : 0;
    struct timespec timeout = {.tv_sec = (time_t)(left / USEC_PER_SEC),
                               .tv_nsec = (long)(left % USEC_PER_SEC) * 1000};
    int room = sizeof ready / sizeof ready[0];
    bool forever = deadline == USEC_NEVER;
    int count = epoll_pwait2(loop->epoll, ready, room, forever ? NULL : &timeout, NULL);
    if (count < 0 && errno == ENOSYS) /* before Linux 5.11: milliseconds must do */
        count =
            epoll_wait(loop->epoll, ready, room, forever ? -1 : (int)(left / USEC_PER_MSEC) + 1);
    for (int i = 0; i < count; i++) {
        if (ready[i].data.fd == loop->stop)
            return false;
        if (ready[i].data.fd == udp_fd(loop->udp) && ready[i].events & EPOLLERR)
            loop->errors_wait = true;
        for (uint32_t from = 0; from < loop->config.core.workers; from++)
            if (loop->config.from[from] && ring_fd(loop->config.from[from]) == ready[i].data.fd)
                ring_quiet(loop->config.from[from]);
    }
    return true;
}

static void loop_round(struct worker_loop *loop, usec_t now)
{
    loop_take_messages(loop, now);
    loop_take_datagrams(loop, now);
    if (loop->errors_wait)
        loop_take_errors(loop, now);
    loop_take_relays(loop, now);
    loop_take_handshakes(loop, now);
    worker_on_tick(loop->worker, now);
    loop_give_relays(loop, now);
    loop_give_datagrams(loop, now);
    loop_give_events(loop);
    struct srtp_pair spent;
    while (worker_next_spent(loop->worker, &spent))
        transform_retire_pair(loop->config.jobs, &spent);
    loop_publish(loop);
}

/* Lets the tick pass, and gives the time. */
static usec_t loop_await_tick(const struct worker_loop *loop)
{
    usec_t next = tick_next(&loop->tick);
    usec_t now = clock_now_us();
    if (now >= next)
        return now;
    struct timespec left = {.tv_sec = (time_t)((next - now) / USEC_PER_SEC),
                            .tv_nsec = (long)((next - now) % USEC_PER_SEC) * 1000};
    (void)nanosleep(&left, NULL); /* cut short by a signal, it is only a shorter tick */
    return clock_now_us();
}

void worker_loop_run(struct worker_loop *loop)
{
    usec_t now = clock_now_us();
    tick_init(&loop->tick, now, loop->config.tick_us);
    while (loop_wait(loop, loop_deadline(loop, now))) {
        now = loop_await_tick(loop);
        worker_set_sound_wait(loop->worker, SOUND_WAITS_TICKS * tick_length(&loop->tick));
        loop_round(loop, now);
        tick_on_round(&loop->tick, now, clock_now_us());
    }
}

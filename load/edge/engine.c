#include <assert.h>
#include <stdlib.h>
#include <time.h>

#include "base/clock.h"
#include "base/log.h"
#include "load/edge/crowd.h"
#include "load/edge/film_file.h"

enum {
    HANDSHAKES = 64, /* when the configuration does not say */
    FRAMES_PER_SECOND = 30,
    SCAN_US = 1000, /* peers' timers are looked at no more often */
    BATCHES = 16,   /* read before anything else gets its turn */
    SLEEP_US = 1000 * 1000,
};

/* ---- The lock -------------------------------------------------------------------------------- */

static void load_enter(struct load *load)
{
    struct timespec civil;
    pthread_mutex_lock(&load->door);
    pthread_mutex_lock(&load->lock);
    pthread_mutex_unlock(&load->door);
    clock_gettime(CLOCK_REALTIME, &civil);
    load->now = clock_now_us();
    load->now_ns = (uint64_t)civil.tv_sec * 1000000000u + (uint64_t)civil.tv_nsec;
}

static void load_exit(struct load *load)
{
    pthread_mutex_unlock(&load->lock);
}

/* ---- The thread ------------------------------------------------------------------------------ */

static usec_t send_due(struct load *load)
{
    usec_t next = USEC_NEVER;
    for (uint32_t i = 0; i < load->sent.count; i++) {
        struct peer *peer = &load->peers[load->senders[i]];
        if (peer->state != LOAD_PEER_CONNECTED)
            continue;
        publish_due(peer);
        usec_t due = sender_deadline(&peer->publisher->sender);
        next = due < next ? due : next;
    }
    port_flush(load->port);
    return next;
}

static void on_train(struct load *load, const struct port_train *train)
{
    if (train->peer >= load->peer_count) {
        load->stats.malformed++;
        return;
    }
    load->stats.trains += train->segment < train->size;
    for (size_t at = 0; at < train->size; at += train->segment) {
        size_t left = train->size - at;
        peer_on_datagram(&load->peers[train->peer], train, train->data + at,
                         left < train->segment ? left : train->segment);
    }
}

/* Returns whether there may be more. */
static bool receive_some(struct load *load)
{
    struct port_train trains[PORT_BATCH];
    for (int batch = 0; batch < BATCHES; batch++) {
        uint32_t count = port_receive(load->port, trains);
        load->now = clock_now_us();
        for (uint32_t i = 0; i < count; i++)
            on_train(load, &trains[i]);
        if (count == 0)
            return false;
    }
    return true;
}

static void start_waiting(struct load *load)
{
    uint32_t at_once = load->config.handshakes ? load->config.handshakes : HANDSHAKES;
    uint32_t at = load->waiting_from;
    for (; at < load->peer_count && load->connecting < at_once; at++)
        if (load->peers[at].state == LOAD_PEER_WAITING)
            peer_start(&load->peers[at]);
    load->waiting_from = at;
}

/* Returns when to look again. */
static usec_t run_timers(struct load *load)
{
    usec_t earliest = USEC_NEVER;
    usec_t allowed = load->scanned_at + SCAN_US;
    if (load->now < allowed || load->now < load->earliest)
        return load->earliest > allowed ? load->earliest : allowed;
    load->scanned_at = load->now;
    load->earliest = USEC_NEVER;
    for (uint32_t i = 0; i < load->peer_count; i++) {
        if (load->due[i] <= load->now)
            peer_on_due(&load->peers[i]);
        earliest = load->due[i] < earliest ? load->due[i] : earliest;
    }
    load->earliest = earliest;
    allowed = load->now + SCAN_US;
    return earliest > allowed ? earliest : allowed;
}

static void *engine_run(void *argument)
{
    struct load *load = argument;
    (void)pthread_setname_np(pthread_self(), "load");
    while (!atomic_load(&load->stop)) {
        load_enter(load);
        usec_t due = send_due(load);
        bool more = receive_some(load);
        start_waiting(load);
        usec_t timers = run_timers(load);
        port_flush(load->port);
        due = timers < due ? timers : due;
        usec_t now = clock_now_us();
        usec_t sleep = more || due <= now || load->config.spin ? 0 : due - now;
        load_exit(load);
        port_wait(load->port, sleep < SLEEP_US ? sleep : SLEEP_US);
    }
    return NULL;
}

/* ---- Life ------------------------------------------------------------------------------------ */

static enum err load_open_film(struct load *load)
{
    const struct load_config *config = &load->config;
    if (config->profile == LOAD_PROFILE_BENCH)
        return film_make_bench(config->frames_per_second ? config->frames_per_second
                                                         : FRAMES_PER_SECOND,
                               config->seed, &load->film_memory, &load->film);
    return config->film_path ? film_file_read(config->film_path, &load->film_memory, &load->film)
                             : ERR_OK;
}

static enum err load_open(struct load *load)
{
    const struct load_config *config = &load->config;
    load->peers = calloc(config->peers, sizeof load->peers[0]);
    load->due = calloc(config->peers, sizeof load->due[0]);
    if (!load->peers || !load->due)
        return ERR_NO_MEMORY;
    enum err err = load_open_film(load);
    if (err == ERR_OK)
        err = identity_create(&load->identity);
    if (err == ERR_OK)
        err = cipher_create(SFU_CIPHER_AUTO, &load->cipher);
    if (err == ERR_OK)
        err = checker_create(&load->checker);
    if (err == ERR_OK)
        err = port_create(config->addresses == LOAD_ADDRESS_SHARED, config->peers, &load->port);
    return err;
}

enum err load_create(const struct load_config *config, struct load **ret_load)
{
    assert(config->peers > 0 && config->peers <= LOAD_PEERS_MAX);
    struct load *load = calloc(1, sizeof *load);
    if (!load)
        return ERR_NO_MEMORY;
    load->config = *config;
    load->config.film_path = config->film_path;
    load->rng = rng_seed(config->seed);
    load->earliest = USEC_NEVER;
    pthread_mutex_init(&load->door, NULL);
    pthread_mutex_init(&load->lock, NULL);
    enum err err = load_open(load);
    if (err == ERR_OK) {
        load->running = pthread_create(&load->thread, NULL, engine_run, load) == 0;
        err = load->running ? ERR_OK : ERR_IO;
    }
    if (err != ERR_OK) {
        log_line(LOG_ERROR, "load", "event=not_started error=%s", err_name(err));
        load_destroy(load);
        return err;
    }
    *ret_load = load;
    return ERR_OK;
}

void load_destroy(struct load *load)
{
    if (!load)
        return;
    atomic_store(&load->stop, true);
    if (load->running) {
        port_wake(load->port);
        pthread_join(load->thread, NULL);
    }
    for (uint32_t i = 0; i < load->peer_count; i++)
        peer_done(&load->peers[i]);
    for (uint32_t i = 0; i < load->sent.count; i++)
        free(load->sent.sources[i]);
    film_done(&load->film);
    free(load->film_memory);
    identity_done(&load->identity);
    cipher_destroy(load->cipher);
    checker_destroy(load->checker);
    port_destroy(load->port);
    pthread_mutex_destroy(&load->door);
    pthread_mutex_destroy(&load->lock);
    free(load->peers);
    free(load->due);
    free(load);
}

/* ---- Peers ----------------------------------------------------------------------------------- */

static enum err add_peer(struct load *load, const struct load_peer *config, uint32_t *ret_peer)
{
    uint32_t number = load->peer_count;
    if (number == load->config.peers)
        return ERR_FULL;
    if (config->sends && load->film.video_count == 0)
        return ERR_WRONG_STATE;
    enum err err = port_open_peer(load->port, number);
    if (err != ERR_OK)
        return err;
    err = peer_init(&load->peers[number], load, number, config);
    if (err != ERR_OK) {
        port_close_peer(load->port, number);
        return err;
    }
    load->due[number] = USEC_NEVER;
    load->peer_count++;
    *ret_peer = number;
    return ERR_OK;
}

enum err load_add(struct load *load, const struct load_peer *peer, uint32_t *ret_peer)
{
    load_enter(load);
    enum err err = add_peer(load, peer, ret_peer);
    load_exit(load);
    return err;
}

void load_set_source(struct load *load, uint32_t peer, uint32_t source)
{
    load_enter(load);
    assert(peer < load->peer_count);
    load->peers[peer].config.source = source;
    if (load->peers[peer].publisher)
        load->peers[peer].publisher->sender.sent->source = source;
    load_exit(load);
}

enum err load_offer(struct load *load, uint32_t peer, char *ret_offer, size_t capacity)
{
    assert(peer < load->peer_count);
    const struct peer *of = &load->peers[peer]; /* what an offer says of it never changes */
    struct offer offer = {.ufrag = of->ufrag,
                          .pwd = of->pwd,
                          .fingerprint = load->identity.fingerprint,
                          .sends = of->config.sends,
                          .layers = load->film.video_count,
                          .audio_slots = of->config.audio_slots,
                          .video_slots = of->config.video_slots};
    if (of->publisher) {
        offer.microphone_ssrc = of->publisher->sender.streams[SENT_MICROPHONE].ssrc;
        offer.camera_ssrc = of->publisher->sender.streams[SENT_CAMERA].ssrc;
    }
    return offer_write(&offer, ret_offer, capacity);
}

enum err load_answer(struct load *load, uint32_t peer, struct bytes answer)
{
    struct answer parsed;
    enum err err = answer_parse(answer, &parsed);
    if (err != ERR_OK)
        return err;
    load_enter(load);
    assert(peer < load->peer_count);
    struct peer *of = &load->peers[peer];
    err = of->state == LOAD_PEER_NEW ? peer_take_answer(of, &parsed) : ERR_WRONG_STATE;
    load_exit(load);
    port_wake(load->port);
    return err;
}

void load_leave(struct load *load, uint32_t peer)
{
    load_enter(load);
    assert(peer < load->peer_count);
    peer_leave(&load->peers[peer]);
    load_exit(load);
}

struct load_peer_stats load_peer_stats(struct load *load, uint32_t peer)
{
    load_enter(load);
    assert(peer < load->peer_count);
    const struct peer *of = &load->peers[peer];
    const struct receiver *receiver = &of->receiver;
    struct load_peer_stats stats = {.state = of->state,
                                    .failure = of->failure,
                                    .packets = receiver->packets,
                                    .lost = receiver->lost};
    if (of->connected_at)
        stats.connect_us = of->connected_at - of->answered_at;
    if (receiver->first_packet_at)
        stats.first_packet_us = receiver->first_packet_at - of->answered_at;
    if (receiver->first_frame_at)
        stats.first_frame_us = receiver->first_frame_at - of->answered_at;
    for (uint32_t i = 0; i < receiver->slot_count; i++)
        if (receiver->slots[i].stage)
            stats.stage = receiver->slots[i].source;
    load_exit(load);
    return stats;
}

/* ---- Sending and measuring ------------------------------------------------------------------- */

void load_send(struct load *load, bool on)
{
    load_enter(load);
    load->sending = on;
    for (uint32_t i = 0; i < load->sent.count; i++)
        sender_switch(&load->peers[load->senders[i]].publisher->sender, load->now, on);
    load_exit(load);
    port_wake(load->port);
}

void load_set_layers(struct load *load, uint32_t peer, const bool camera[3])
{
    load_enter(load);
    assert(peer < load->peer_count);
    if (load->peers[peer].publisher)
        sender_set_layers(&load->peers[peer].publisher->sender, load->now, camera);
    load_exit(load);
    port_wake(load->port);
}

void load_expect_stage(struct load *load, uint32_t source)
{
    load_enter(load);
    load->stats.stage_switch = (struct load_switch){.source = source, .ordered_at = load->now};
    for (uint32_t i = 0; i < load->peer_count; i++)
        if (load->peers[i].state == LOAD_PEER_CONNECTED)
            load->stats.stage_switch.expected += receiver_expect_stage(&load->peers[i].receiver);
    load_exit(load);
}

void load_stats(struct load *load, struct load_stats *ret_stats)
{
    clockid_t clock;
    struct timespec cpu = {0};
    load_enter(load);
    *ret_stats = load->stats;
    ret_stats->at = load->now;
    ret_stats->overflowed = port_overflowed(load->port);
    ret_stats->unsent = port_unsent(load->port);
    load_exit(load);
    if (pthread_getcpuclockid(load->thread, &clock) == 0)
        (void)clock_gettime(clock, &cpu);
    ret_stats->cpu_ns = (uint64_t)cpu.tv_sec * 1000000000u + (uint64_t)cpu.tv_nsec;
}

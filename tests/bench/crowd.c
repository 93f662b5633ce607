#include "tests/bench/crowd.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "tests/bench/measure.h"

enum {
    RIGHTS = SFU_RIGHT_TILE | SFU_RIGHT_STAGE | SFU_RIGHT_MICROPHONE,
    STAGE_HEIGHT = 720,
    PATIENCE_US = 60 * 1000 * 1000,
    STEP_US = 5 * 1000,
    DRAIN_US = 150 * 1000,
    ENDPOINT_RECEIVERS = 100, /* endpoint numbers of receivers begin here */
    HANDSHAKES = 64,
    AT_ONCE = 400,
    FEEDBACK_US = 250 * 1000,
};

uint64_t crowd_drops(const struct worker_counters *counters)
{
    uint64_t sum = 0;
#define ADD_DROPS(name) sum += strncmp(#name, "drop_", 5) == 0 ? counters->name : 0;
    WORKER_COUNTERS(ADD_DROPS)
#undef ADD_DROPS
    return sum;
}

static size_t put_drop(const char *name, uint64_t count, char *text, size_t capacity, size_t at)
{
    if (strncmp(name, "drop_", 5) != 0 || count == 0 || at >= capacity)
        return at;
    int size = snprintf(text + at, capacity - at, "%s%s %llu", at ? ", " : "", name + 5,
                        (unsigned long long)count);
    return size > 0 ? at + (size_t)size : at;
}

void crowd_name_drops(const struct worker_counters *counters, char *ret_text, size_t capacity)
{
    size_t at = 0;
    ret_text[0] = 0;
#define PUT_DROP(name) at = put_drop(#name, counters->name, ret_text, capacity, at);
    WORKER_COUNTERS(PUT_DROP)
#undef PUT_DROP
}

static bool fails(const char *what)
{
    fprintf(stderr, "bench: %s\n", what);
    return false;
}

/* ---- Joining --------------------------------------------------------------------------------- */

static void take_events(struct crowd *crowd)
{
    struct sfu_event event;
    while (sfu_poll(crowd->house.sfu, &event))
        crowd->gone += event.kind == SFU_GONE;
}

void crowd_pass(struct crowd *crowd, usec_t duration)
{
    usec_t end = clock_now_us() + duration;
    for (usec_t now = clock_now_us(); now < end; now = clock_now_us()) {
        struct pollfd readable = {.fd = sfu_fd(crowd->house.sfu), .events = POLLIN};
        (void)poll(&readable, 1, (int)((end - now) / USEC_PER_MSEC) + 1);
        take_events(crowd);
    }
}

static bool join(struct crowd *crowd, const struct load_peer *peer, uint64_t endpoint)
{
    static char offer[LIMIT_SDP_BYTES];
    static char answer[LIMIT_SDP_BYTES];
    uint32_t number;
    struct sfu_refusal refusal;
    struct sfu_join who = {.room = CROWD_ROOM,
                           .endpoint = endpoint,
                           .source = peer->source,
                           .rights = peer->sends ? RIGHTS : 0};
    if (load_add(crowd->load, peer, &number) != ERR_OK ||
        load_offer(crowd->load, number, offer, sizeof offer) != ERR_OK)
        return fails("no offer");
    who.offer = bytes_of(offer);
    if (sfu_join(crowd->house.sfu, &who, answer, sizeof answer, &refusal) != ERR_OK)
        return fails("the server refused an offer");
    if (load_answer(crowd->load, number, bytes_of(answer)) != ERR_OK)
        return fails("the crowd refused an answer");
    struct sfu_command view = {
        .kind = SFU_SET_VIEW, .endpoint = endpoint, .view = {.stage_height = STAGE_HEIGHT}};
    return sfu_command(crowd->house.sfu, &view) == ERR_OK || fails("no room for a command");
}

static bool tell_failure(struct crowd *crowd, uint32_t peers)
{
    for (uint32_t i = 0; i < peers; i++) {
        const char *failure = load_peer_stats(crowd->load, i).failure;
        if (failure)
            fprintf(stderr, "bench: peer %u of %u: %s\n", i, peers, failure);
        if (failure)
            break;
    }
    return false;
}

static bool await_connected(struct crowd *crowd, uint32_t peers)
{
    usec_t end = clock_now_us() + PATIENCE_US;
    do {
        load_stats(crowd->load, crowd->after);
        if (crowd->after->failed > 0)
            return tell_failure(crowd, peers);
        if (crowd->after->connected >= peers)
            return true;
        crowd_pass(crowd, STEP_US);
    } while (clock_now_us() < end);
    fprintf(stderr, "bench: %llu of %u connected\n", (unsigned long long)crowd->after->connected,
            peers);
    return false;
}

/* Those who have joined by now, connected and heard from: a receiver's first feedback shows that
 * its keys work, and only then does the server give its handshake's memory back. */
static bool settle(struct crowd *crowd)
{
    if (!await_connected(crowd, crowd->config.senders + crowd->receivers))
        return false;
    crowd_flow(crowd, true);
    crowd_pass(crowd, FEEDBACK_US);
    crowd_flow(crowd, false);
    return true;
}

bool crowd_grow(struct crowd *crowd, uint32_t receivers)
{
    while (crowd->receivers < receivers) {
        const struct load_peer peer = {.audio_slots = 1, .video_slots = 1};
        if (!join(crowd, &peer, ENDPOINT_RECEIVERS + crowd->receivers))
            return false;
        crowd->receivers++;
        take_events(crowd);
        if ((crowd->receivers % AT_ONCE == 0 || crowd->receivers == receivers) && !settle(crowd))
            return false;
    }
    return true;
}

bool crowd_stage(struct crowd *crowd, uint32_t source)
{
    struct sfu_command command = {.kind = SFU_SET_STAGE, .room = CROWD_ROOM, .source = source};
    return sfu_command(crowd->house.sfu, &command) == ERR_OK;
}

static bool join_senders(struct crowd *crowd)
{
    for (uint32_t i = 1; i <= crowd->config.senders; i++) {
        const struct load_peer peer = {.sends = true, .source = i};
        if (!join(crowd, &peer, i))
            return false;
    }
    struct sfu_command floor = {.kind = SFU_SET_FLOOR, .room = CROWD_ROOM, .source = 1};
    return sfu_command(crowd->house.sfu, &floor) == ERR_OK && crowd_stage(crowd, 1) &&
           await_connected(crowd, crowd->config.senders);
}

/* ---- Life ------------------------------------------------------------------------------------ */

/* A thread names itself when it begins. */
static bool pin_when_named(const char *name, uint32_t core)
{
    enum { TRIES = 1000 };
    for (int i = 0; i < TRIES; i++) {
        if (measure_pin_named(name, core))
            return true;
        (void)poll(NULL, 0, 1);
    }
    return fails("no thread of that name");
}

static bool start_server(struct crowd *crowd)
{
    const struct crowd_config *config = &crowd->config;
    const struct sfu_config server = {.workers = config->workers,
                                      .endpoints = config->receivers + config->senders,
                                      .cipher = config->cipher,
                                      .tick_us = config->tick_us,
                                      .segment_offload = config->whole_segments ? SFU_OFFLOAD_AUTO
                                                                                : SFU_OFFLOAD_OFF};
    if (!media_house_open_as(&crowd->house, &server))
        return fails("the server did not start");
    for (uint32_t i = 0; i < config->workers; i++) {
        char name[24];
        (void)snprintf(name, sizeof name, "media-%u", i);
        if (!pin_when_named(name, i))
            return false;
    }
    return true;
}

bool crowd_open(struct crowd *crowd, const struct crowd_config *config)
{
    *crowd = (struct crowd){.config = *config};
    struct load_config load = {.peers = config->receivers + config->senders,
                               .addresses = LOAD_ADDRESS_SHARED,
                               .profile = LOAD_PROFILE_BENCH,
                               .seed = 1,
                               .handshakes = HANDSHAKES,
                               .frames_per_second = config->frames_per_second,
                               .spin = config->workers == 1};
    crowd->before = calloc(1, sizeof *crowd->before);
    crowd->after = calloc(1, sizeof *crowd->after);
    if (!crowd->before || !crowd->after || !start_server(crowd))
        return false;
    /* The crowd's thread inherits where this one may run, and how soon. */
    if (config->workers == 1)
        measure_pin(pthread_self(), 1);
    measure_prefer(true); /* where it shares cores with workers it must not be what is slow */
    bool made = load_create(&load, &crowd->load) == ERR_OK;
    measure_unpin(pthread_self());
    measure_prefer(false);
    return made ? join_senders(crowd) : fails("the crowd did not start");
}

void crowd_close(struct crowd *crowd)
{
    load_destroy(crowd->load);
    media_house_close(&crowd->house);
    free(crowd->before);
    free(crowd->after);
    *crowd = (struct crowd){0};
}

/* ---- Windows --------------------------------------------------------------------------------- */

void crowd_flow(struct crowd *crowd, bool on)
{
    if (crowd->flowing == on)
        return;
    load_send(crowd->load, on);
    crowd->flowing = on;
    crowd_pass(crowd, DRAIN_US);
}

void crowd_begin(struct crowd *crowd)
{
    load_stats(crowd->load, crowd->before);
    crowd->counters = media_house_counters(&crowd->house, crowd->config.workers);
    for (uint32_t i = 0; i < crowd->config.workers; i++)
        crowd->worker_ns[i] = sfu_cpu_ns(crowd->house.sfu, i);
}

void crowd_end(struct crowd *crowd, struct crowd_window *ret_window)
{
    struct worker_counters now = media_house_counters(&crowd->house, crowd->config.workers);
    *ret_window = (struct crowd_window){0};
    uint64_t busiest = 0;
    for (uint32_t i = 0; i < crowd->config.workers; i++) {
        uint64_t used = sfu_cpu_ns(crowd->house.sfu, i) - crowd->worker_ns[i];
        ret_window->cpu_ns += used;
        busiest = used > busiest ? used : busiest;
    }
    load_stats(crowd->load, crowd->after);
    const struct load_stats *a = crowd->before;
    const struct load_stats *b = crowd->after;
    ret_window->duration_us = b->at - a->at;
    ret_window->busy =
        ret_window->duration_us ? (double)busiest / 1000 / (double)ret_window->duration_us : 0;
    ret_window->sent = now.sent_packets - crowd->counters.sent_packets;
#define SINCE(name) ret_window->dropped.name = now.name - crowd->counters.name;
    WORKER_COUNTERS(SINCE)
#undef SINCE
    ret_window->drops = crowd_drops(&ret_window->dropped);
    ret_window->published = b->sent_packets - a->sent_packets;
    ret_window->received = b->packets - a->packets;
    ret_window->lost = b->lost - a->lost;
    ret_window->overflowed = b->overflowed - a->overflowed;
    ret_window->load_cpu_ns = b->cpu_ns - a->cpu_ns;
    ret_window->delay_us = times_since(&b->delay_us, &a->delay_us);
}

#include "sfu/sfu.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/rand.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/mailbox.h"
#include "sfu/edge/cipher.h"
#include "sfu/edge/sfu_part.h"
#include "sfu/edge/transform.h"
#include "sfu/edge/udp_system.h"

/* Histories and cached keyframes of one worker: 1.5 kB each, touched only as streams need them. */
enum { PACKETS_PER_WORKER = 16384 };

enum { SAMPLE_EVERY_US = 500 * 1000 };

/* ---- Start and end --------------------------------------------------------------------------- */

static enum err sfu_make_rings(struct sfu *sfu)
{
    for (uint32_t from = 0; from < sfu->workers; from++)
        for (uint32_t to = 0; to < sfu->workers; to++) {
            if (from == to)
                continue;
            enum err err = ring_create(LIMIT_RELAY_RING_MESSAGES, &sfu->rings[from][to]);
            if (err != ERR_OK)
                return err;
        }
    return ERR_OK;
}

static uint16_t sfu_port(const struct sfu_config *config, uint32_t worker)
{
    if (config->ports[worker])
        return config->ports[worker];
    return config->first_port ? (uint16_t)(config->first_port + worker) : 0;
}

static enum err sfu_start_worker(struct sfu *sfu, const struct sfu_config *config, uint32_t index)
{
    struct worker_thread_config thread = {
        .core = {.index = index,
                 .workers = sfu->workers,
                 .seed = rng_u64(&sfu->rng),
                 .endpoints = sfu->endpoints,
                 .rooms = LIMIT_ROOMS_PER_WORKER,
                 .packets = PACKETS_PER_WORKER},
        .port = sfu_port(config, index),
        .identity = sfu->identity,
        .cipher = sfu->cipher,
        .segment_offload = config->segment_offload,
        .tick_us = config->tick_us,
        .pin_cpu = config->pin_cpus,
        .jobs = config->jobs,
        .events = sfu->events,
    };
    for (uint32_t other = 0; other < sfu->workers; other++) {
        thread.from[other] = sfu->rings[other][index];
        thread.to[other] = sfu->rings[index][other];
    }
    enum err err = worker_thread_create(&thread, &sfu->threads[index]);
    if (err != ERR_OK)
        log_line(LOG_ERROR, "sfu", "worker=%u port=%u err=%s reason=\"%s\"", index, thread.port,
                 err_name(err), strerror(errno));
    return err;
}

/* A host without any other address still serves itself. */
static void sfu_choose_addresses(struct sfu *sfu, const struct sfu_config *config)
{
    static const struct udp_address loopback = {
        .ip = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 127, 0, 0, 1}};
    if (config->address_count > 0) {
        sfu->address_count = config->address_count;
        memcpy(sfu->addresses, config->addresses, config->address_count * sizeof sfu->addresses[0]);
        return;
    }
    sfu->address_count = udp_host_addresses(sfu->addresses, SFU_ADDRESSES_MAX);
    if (sfu->address_count == 0)
        sfu->addresses[sfu->address_count++] = loopback;
}

static enum err sfu_start(struct sfu *sfu, const struct sfu_config *config)
{
    uint64_t seed;
    if (RAND_bytes((uint8_t *)&seed, sizeof seed) != 1)
        return ERR_IO;
    sfu->rng = rng_seed(seed);
    sfu_choose_addresses(sfu, config);
    enum err err = dtls_identity_create(config->certificate_path, config->key_path, &sfu->identity);
    if (err != ERR_OK) {
        log_line(LOG_ERROR, "sfu", "certificate=%s err=%s",
                 config->certificate_path ? config->certificate_path : "new", err_name(err));
        return err;
    }
    err = cipher_create(config->cipher, &sfu->cipher);
    if (err != ERR_OK) {
        log_line(LOG_ERROR, "sfu", "cipher=%d err=%s", (int)config->cipher, err_name(err));
        return err;
    }
    err = mailbox_create(sizeof(struct sfu_event), LIMIT_WORKER_EVENTS, &sfu->events);
    if (err == ERR_OK)
        err = directory_create(sfu->workers * sfu->endpoints, rng_u64(&sfu->rng), &sfu->directory);
    struct placement_config placement = {.workers = sfu->workers,
                                         .endpoints = sfu->endpoints,
                                         .rooms = sfu->workers * LIMIT_ROOMS_PER_WORKER,
                                         .spread_percent = config->spread_percent,
                                         .seed = rng_u64(&sfu->rng)};
    if (err == ERR_OK)
        err = placement_create(&placement, &sfu->placement);
    if (err == ERR_OK)
        err = sfu_make_rings(sfu);
    for (uint32_t i = 0; i < sfu->workers && err == ERR_OK; i++)
        err = sfu_start_worker(sfu, config, i);
    return err;
}

static void sfu_log_worker(const struct sfu *sfu, uint32_t worker)
{
    struct udp_facts facts = worker_thread_socket(sfu->threads[worker]);
    log_line(LOG_INFO, "sfu",
             "worker=%u port=%u cipher=\"%s\" segments=%s joins=%s send_buffer=%d "
             "receive_buffer=%d",
             worker, facts.port, cipher_name(sfu->cipher), facts.segments ? "yes" : "no",
             facts.joins ? "yes" : "no", facts.send_buffer_bytes, facts.receive_buffer_bytes);
}

enum err sfu_create(const struct sfu_config *config, struct sfu **ret_sfu)
{
    if (config->workers == 0 || config->workers > LIMIT_WORKERS || config->endpoints == 0 ||
        config->endpoints > LIMIT_ENDPOINTS_PER_WORKER || config->address_count > SFU_ADDRESSES_MAX)
        return ERR_LIMIT;
    struct sfu *sfu = calloc(1, sizeof *sfu);
    if (!sfu)
        return ERR_NO_MEMORY;
    sfu->workers = config->workers;
    sfu->endpoints = config->endpoints;
    enum err err = sfu_start(sfu, config);
    if (err != ERR_OK) {
        sfu_destroy(sfu);
        return err;
    }
    for (uint32_t i = 0; i < sfu->workers; i++)
        sfu_log_worker(sfu, i);
    struct sfu_memory memory = sfu_memory(sfu);
    log_line(LOG_INFO, "sfu", "bytes_per_receiver=%zu bytes_per_sender=%zu", memory.receiver_bytes,
             memory.sender_bytes);
    *ret_sfu = sfu;
    return ERR_OK;
}

void sfu_destroy(struct sfu *sfu)
{
    if (!sfu)
        return;
    for (uint32_t i = 0; i < sfu->workers; i++)
        worker_thread_destroy(sfu->threads[i]);
    for (uint32_t from = 0; from < sfu->workers; from++)
        for (uint32_t to = 0; to < sfu->workers; to++)
            ring_destroy(sfu->rings[from][to]);
    directory_destroy(sfu->directory);
    placement_destroy(sfu->placement);
    mailbox_destroy(sfu->events);
    dtls_identity_destroy(sfu->identity);
    cipher_destroy(sfu->cipher);
    free(sfu);
}

void sfu_sample(struct sfu *sfu)
{
    usec_t now = clock_now_us();
    if (now - sfu->sampled_at < SAMPLE_EVERY_US)
        return;
    sfu->sampled_at = now;
    for (uint32_t i = 0; i < sfu->workers; i++) {
        struct placement_sample sample = {.now = now,
                                          .cpu_ns = worker_thread_cpu_ns(sfu->threads[i]),
                                          .packets = sfu_counters(sfu, i).sent_packets};
        placement_on_sample(sfu->placement, i, &sample);
    }
}

/* ---- Towards the workers --------------------------------------------------------------------- */

bool sfu_has_room(const struct sfu *sfu, uint32_t messages)
{
    for (uint32_t i = 0; i < sfu->workers; i++)
        if (worker_thread_room(sfu->threads[i]) < messages)
            return false;
    return true;
}

void sfu_tell(struct sfu *sfu, uint32_t worker, struct worker_message *message)
{
    enum err err = worker_thread_send(sfu->threads[worker], message);
    assert(err == ERR_OK);
    (void)err;
}

enum err sfu_announce(struct sfu *sfu, const struct member *member, bool present)
{
    for (uint32_t worker = 0; worker < sfu->workers; worker++) {
        if (worker == member->worker || member->source == 0)
            continue;
        struct worker_remote_source *remote = malloc(sizeof *remote);
        if (!remote)
            return ERR_NO_MEMORY;
        *remote = (struct worker_remote_source){.room = member->room,
                                                .source = member->source,
                                                .rights = member->rights,
                                                .worker = member->worker,
                                                .present = present};
        memcpy(remote->sources, member->session.sources, sizeof remote->sources);
        sfu_tell(
            sfu, worker,
            &(struct worker_message){.kind = WORKER_MESSAGE_REMOTE_SOURCE, .of.remote = remote});
    }
    return ERR_OK;
}

/* ---- Commands and events --------------------------------------------------------------------- */

enum err sfu_command(struct sfu *sfu, const struct sfu_command *command)
{
    struct worker_message message = {.kind = WORKER_MESSAGE_COMMAND, .of.command = *command};
    if (command->kind == SFU_LEAVE || command->kind == SFU_SET_VIEW) {
        const struct member *member = directory_find(sfu->directory, command->endpoint);
        if (!member)
            return ERR_UNKNOWN;
        message.of.command.room = member->room;
        return worker_thread_send(sfu->threads[member->worker], &message);
    }
    if (!sfu_has_room(sfu, 1))
        return ERR_FULL;
    for (uint32_t worker = 0; worker < sfu->workers; worker++)
        sfu_tell(sfu, worker, &message);
    return ERR_OK;
}

int sfu_fd(const struct sfu *sfu)
{
    return mailbox_fd(sfu->events);
}

static void sfu_on_gone(struct sfu *sfu, uint64_t endpoint)
{
    struct member *member = directory_find(sfu->directory, endpoint);
    if (!member)
        return;
    struct member gone = *member;
    directory_remove(sfu->directory, member);
    placement_on_gone(sfu->placement, gone.room, gone.worker);
    /* Somebody who came back before we noticed that he had left still sends as this source. */
    if (!directory_has_source(sfu->directory, gone.room, gone.source) &&
        sfu_announce(sfu, &gone, false) != ERR_OK)
        log_line(LOG_ERROR, "sfu", "endpoint=%llu left unannounced: out of memory",
                 (unsigned long long)endpoint);
}

bool sfu_poll(struct sfu *sfu, struct sfu_event *ret_event)
{
    /* An endpoint that has gone is announced to the workers: not before they would take it. */
    sfu_sample(sfu);
    if (!sfu_has_room(sfu, 1) || !mailbox_receive(sfu->events, ret_event))
        return false;
    if (ret_event->kind == SFU_GONE) {
        log_line(LOG_INFO, "sfu", "gone endpoint=%llu reason=%d",
                 (unsigned long long)ret_event->endpoint, (int)ret_event->reason);
        sfu_on_gone(sfu, ret_event->endpoint);
    }
    return true;
}

struct worker_counters sfu_counters(const struct sfu *sfu, uint32_t worker)
{
    assert(worker < sfu->workers);
    return worker_thread_counters(sfu->threads[worker]);
}

struct sfu_memory sfu_memory(const struct sfu *sfu)
{
    struct worker_memory core = worker_memory();
    struct sfu_memory memory = {.receiver_bytes = core.receiver_bytes};
    memory.receiver_bytes += worker_thread_endpoint_size() + sizeof(struct member);
    memory.receiver_bytes += transform_pair_size(sfu->cipher);
    memory.sender_bytes = memory.receiver_bytes + core.sender_bytes;
    return memory;
}

const char *sfu_cipher_name(const struct sfu *sfu)
{
    return cipher_name(sfu->cipher);
}

uint32_t sfu_endpoints(const struct sfu *sfu, uint32_t worker)
{
    assert(worker < sfu->workers);
    return placement_load(sfu->placement, worker).endpoints;
}

uint64_t sfu_cpu_ns(const struct sfu *sfu, uint32_t worker)
{
    assert(worker < sfu->workers);
    return worker_thread_cpu_ns(sfu->threads[worker]);
}

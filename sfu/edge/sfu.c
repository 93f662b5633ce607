#include "sfu/sfu.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/rand.h>

#include "base/log.h"
#include "base/mailbox.h"
#include "base/random.h"
#include "sfu/core/negotiate.h"
#include "sfu/edge/cipher.h"
#include "sfu/edge/directory.h"
#include "sfu/edge/udp_system.h"
#include "sfu/edge/worker_thread.h"

/* RFC 8839, section 5.4: at least 24 and 128 random bits; each character carries 6. */
enum { UFRAG_CHARACTERS = 8, PWD_CHARACTERS = 24 };

_Static_assert(UFRAG_CHARACTERS < (int)WORKER_ICE_UFRAG_BYTES, "with its terminator");
_Static_assert(PWD_CHARACTERS < (int)WORKER_ICE_PWD_BYTES, "with its terminator");

/* Histories and cached keyframes of one worker: 1.5 kB each, touched only as streams need them. */
enum { PACKETS_PER_WORKER = 16384 };

struct sfu {
    struct dtls_identity *identity;
    struct cipher *cipher;
    struct mailbox *events;
    struct directory *directory;
    struct rng rng;
    uint32_t workers;
    uint32_t endpoints; /* per worker */
    uint32_t address_count;
    struct udp_address addresses[SFU_ADDRESSES_MAX];
    uint32_t hosted[LIMIT_WORKERS]; /* endpoints by worker */
    struct worker_thread *threads[LIMIT_WORKERS];
    struct ring *rings[LIMIT_WORKERS][LIMIT_WORKERS]; /* [from][to] */
};

struct credentials {
    char ufrag[WORKER_ICE_UFRAG_BYTES];
    char pwd[WORKER_ICE_PWD_BYTES];
};

/* One offer and its answer. */
struct exchange {
    struct bytes offer;
    char *answer; /* the caller's, of `capacity` bytes */
    size_t capacity;
    const struct session *established; /* NULL at the first offer */
    struct credentials credentials;
    struct negotiated negotiated;
    struct sfu_refusal refusal; /* when it failed on the offer */
};

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

static enum err sfu_start_worker(struct sfu *sfu, const struct sfu_config *config, uint32_t index)
{
    struct worker_thread_config thread = {
        .core = {.index = index,
                 .workers = sfu->workers,
                 .seed = rng_u64(&sfu->rng),
                 .endpoints = sfu->endpoints,
                 .rooms = LIMIT_ROOMS_PER_WORKER,
                 .packets = PACKETS_PER_WORKER},
        .port = config->first_port ? (uint16_t)(config->first_port + index) : 0,
        .identity = sfu->identity,
        .cipher = sfu->cipher,
        .segment_offload = config->segment_offload,
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
    mailbox_destroy(sfu->events);
    dtls_identity_destroy(sfu->identity);
    cipher_destroy(sfu->cipher);
    free(sfu);
}

/* ---- Towards the workers --------------------------------------------------------------------- */

/* Whether every worker would take a message: then a broadcast reaches all or is not begun. */
static bool sfu_has_room(const struct sfu *sfu, uint32_t messages)
{
    for (uint32_t i = 0; i < sfu->workers; i++)
        if (worker_thread_room(sfu->threads[i]) < messages)
            return false;
    return true;
}

/* Needs: sfu_has_room(). */
static void sfu_tell(struct sfu *sfu, uint32_t worker, struct worker_message *message)
{
    enum err err = worker_thread_send(sfu->threads[worker], message);
    assert(err == ERR_OK);
    (void)err;
}

/* Tells all workers but its own what the member sends, or that it has left. Needs: room for one
 * message each. ERR_NO_MEMORY: those not reached miss the source. */
static enum err sfu_announce(struct sfu *sfu, const struct member *member, bool present)
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

/* ---- Joining --------------------------------------------------------------------------------- */

static enum err sfu_make_credentials(struct credentials *ret_credentials)
{
    static const char alphabet[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"; /* RFC 8839, ice-char */
    uint8_t random[UFRAG_CHARACTERS + PWD_CHARACTERS];
    if (RAND_bytes(random, sizeof random) != 1)
        return ERR_IO;
    memset(ret_credentials, 0, sizeof *ret_credentials);
    for (uint32_t i = 0; i < UFRAG_CHARACTERS; i++)
        ret_credentials->ufrag[i] = alphabet[random[i] & 63];
    for (uint32_t i = 0; i < PWD_CHARACTERS; i++)
        ret_credentials->pwd[i] = alphabet[random[UFRAG_CHARACTERS + i] & 63];
    return ERR_OK;
}

static enum err sfu_place(const struct sfu *sfu, uint32_t *ret_worker)
{
    uint32_t least = 0;
    for (uint32_t i = 1; i < sfu->workers; i++)
        if (sfu->hosted[i] < sfu->hosted[least])
            least = i;
    if (sfu->hosted[least] == sfu->endpoints)
        return ERR_FULL;
    *ret_worker = least;
    return ERR_OK;
}

/* Answers the offer with fresh credentials. */
static enum err sfu_answer(struct sfu *sfu, const struct member *member, struct exchange *exchange)
{
    enum err err = sfu_make_credentials(&exchange->credentials);
    if (err != ERR_OK)
        return err;
    struct udp_address candidates[SFU_ADDRESSES_MAX];
    for (uint32_t i = 0; i < sfu->address_count; i++) {
        candidates[i] = sfu->addresses[i];
        candidates[i].port = worker_thread_socket(sfu->threads[member->worker]).port;
    }
    struct negotiate_ours ours = {
        .ufrag = exchange->credentials.ufrag,
        .pwd = exchange->credentials.pwd,
        .fingerprint = sfu->identity->fingerprint,
        .candidates = candidates,
        .candidate_count = sfu->address_count,
        .session_id = member->session_id,
        .session_version = member->answers,
        .rng = &sfu->rng,
        .established = exchange->established,
    };
    struct wr answer = wr_init((uint8_t *)exchange->answer, exchange->capacity);
    struct negotiate_refusal refusal = {0};
    err = negotiate_offer(exchange->offer, &ours, &exchange->negotiated, &answer, &refusal);
    exchange->refusal = (struct sfu_refusal){refusal.code, refusal.line};
    wr_u8(&answer, 0);
    if (err == ERR_FULL || (err == ERR_OK && answer.failed))
        return ERR_LIMIT;
    return err;
}

static struct worker_admission *sfu_admission(const struct sfu_join *join,
                                              const struct exchange *exchange)
{
    struct worker_admission *admission = calloc(1, sizeof *admission);
    if (!admission)
        return NULL;
    admission->join.room = join->room;
    admission->join.endpoint = join->endpoint;
    admission->join.source = join->source;
    admission->join.rights = join->rights;
    const struct credentials *credentials = &exchange->credentials;
    memcpy(admission->join.local_ufrag, credentials->ufrag, sizeof credentials->ufrag);
    memcpy(admission->join.local_pwd, credentials->pwd, sizeof credentials->pwd);
    admission->join.session = exchange->negotiated.session;
    const struct negotiate_theirs *theirs = &exchange->negotiated.theirs;
    memcpy(admission->fingerprint.hash, theirs->hash, sizeof theirs->hash);
    memcpy(admission->fingerprint.digest, theirs->digest, sizeof theirs->digest);
    admission->fingerprint.size = theirs->digest_size;
    return admission;
}

/* Everything that can fail comes before the first worker is told. */
static enum err sfu_admit(struct sfu *sfu, const struct sfu_join *join, struct member *member,
                          const struct exchange *exchange)
{
    struct worker_admission *admission = sfu_admission(join, exchange);
    if (!admission)
        return ERR_NO_MEMORY;
    member->session = exchange->negotiated.session;
    enum err err = directory_put(sfu->directory, member);
    if (err == ERR_OK)
        err = sfu_announce(sfu, member, true);
    if (err != ERR_OK) {
        struct member *listed = directory_find(sfu->directory, join->endpoint);
        if (err != ERR_CONFLICT && listed)
            directory_remove(sfu->directory, listed);
        free(admission);
        return err;
    }
    sfu->hosted[member->worker]++;
    sfu_tell(sfu, member->worker,
             &(struct worker_message){.kind = WORKER_MESSAGE_JOIN, .of.admission = admission});
    return ERR_OK;
}

enum err sfu_join(struct sfu *sfu, const struct sfu_join *join, char *ret_answer, size_t capacity,
                  struct sfu_refusal *ret_refusal)
{
    struct member member = {.endpoint = join->endpoint,
                            .room = join->room,
                            .source = join->source,
                            .rights = join->rights,
                            .session_id = rng_u64(&sfu->rng) >> 1};
    if (directory_find(sfu->directory, join->endpoint))
        return ERR_CONFLICT;
    if (!sfu_has_room(sfu, 1))
        return ERR_FULL;
    enum err err = sfu_place(sfu, &member.worker);
    if (err != ERR_OK)
        return err;
    struct exchange exchange = {.offer = join->offer, .answer = ret_answer, .capacity = capacity};
    err = sfu_answer(sfu, &member, &exchange);
    *ret_refusal = exchange.refusal;
    if (err != ERR_OK)
        return err;
    member.answers = 1;
    err = sfu_admit(sfu, join, &member, &exchange);
    if (err == ERR_OK)
        log_line(LOG_INFO, "sfu", "joined endpoint=%llu room=%llu source=%u worker=%u slots=%u",
                 (unsigned long long)join->endpoint, (unsigned long long)join->room, join->source,
                 member.worker, exchange.negotiated.session.slot_count);
    return err;
}

enum err sfu_restart(struct sfu *sfu, uint64_t endpoint, struct bytes offer, char *ret_answer,
                     size_t capacity, struct sfu_refusal *ret_refusal)
{
    struct member *member = directory_find(sfu->directory, endpoint);
    if (!member)
        return ERR_UNKNOWN;
    if (worker_thread_room(sfu->threads[member->worker]) == 0)
        return ERR_FULL;
    struct exchange exchange = {.offer = offer,
                                .answer = ret_answer,
                                .capacity = capacity,
                                .established = &member->session};
    enum err err = sfu_answer(sfu, member, &exchange);
    *ret_refusal = exchange.refusal;
    if (err != ERR_OK)
        return err;
    const struct credentials *credentials = &exchange.credentials;
    member->answers++;
    struct worker_message message = {.kind = WORKER_MESSAGE_RESTART};
    message.of.restart.endpoint = endpoint;
    memcpy(message.of.restart.local_ufrag, credentials->ufrag, sizeof credentials->ufrag);
    memcpy(message.of.restart.local_pwd, credentials->pwd, sizeof credentials->pwd);
    sfu_tell(sfu, member->worker, &message);
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
    sfu->hosted[gone.worker]--;
    /* Somebody who came back before we noticed that he had left still sends as this source. */
    if (!directory_has_source(sfu->directory, gone.room, gone.source) &&
        sfu_announce(sfu, &gone, false) != ERR_OK)
        log_line(LOG_ERROR, "sfu", "endpoint=%llu left unannounced: out of memory",
                 (unsigned long long)endpoint);
}

bool sfu_poll(struct sfu *sfu, struct sfu_event *ret_event)
{
    /* An endpoint that has gone is announced to the workers: not before they would take it. */
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

const char *sfu_cipher_name(const struct sfu *sfu)
{
    return cipher_name(sfu->cipher);
}

uint32_t sfu_endpoints(const struct sfu *sfu, uint32_t worker)
{
    assert(worker < sfu->workers);
    return sfu->hosted[worker];
}

uint64_t sfu_cpu_ns(const struct sfu *sfu, uint32_t worker)
{
    assert(worker < sfu->workers);
    return worker_thread_cpu_ns(sfu->threads[worker]);
}

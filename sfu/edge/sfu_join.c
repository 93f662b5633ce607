/* Offers and their answers: an endpoint's way in, and its ICE restarts. */
#include <stdlib.h>
#include <string.h>

#include <openssl/rand.h>

#include "base/log.h"
#include "sfu/core/negotiate.h"
#include "sfu/edge/sfu_part.h"

/* RFC 8839, section 5.4: at least 24 and 128 random bits; each character carries 6. */
enum { UFRAG_CHARACTERS = 8, PWD_CHARACTERS = 24 };

_Static_assert(UFRAG_CHARACTERS < (int)WORKER_ICE_UFRAG_BYTES, "with its terminator");
_Static_assert(PWD_CHARACTERS < (int)WORKER_ICE_PWD_BYTES, "with its terminator");

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
    if (placement_on_join(sfu->placement, member->room, member->worker) != ERR_OK)
        log_line(LOG_WARN, "sfu", "room=%llu placed=apart", (unsigned long long)member->room);
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
    sfu_sample(sfu);
    enum err err = placement_choose(sfu->placement, join->room, &member.worker);
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

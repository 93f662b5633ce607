#include "sfu/edge/handshakes.h"

#include <assert.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/crypto.h>

#include "base/mailbox.h"
#include "sfu/edge/transform.h"

enum { RETRY_US = 10 * 1000 }; /* when the Jobs queue is full */

struct handshake {
    struct mailbox *home; /* where it comes back to */
    struct handle endpoint;
    struct udp_address peer;
    struct dtls_fingerprint expected;

    /* The worker's side. */
    bool away;      /* with a Jobs thread: only this side may be touched */
    bool abandoned; /* nobody waits for it: freed when it comes back */
    bool delivered; /* keys or failure were reported */
    usec_t began;
    usec_t due;       /* timer of OpenSSL, or another try; USEC_NEVER */
    usec_t free_at;   /* end of lingering; USEC_NEVER before the first packet */
    bool timeout_due; /* for the next trip */
    struct dtls_datagrams waiting;

    /* Crosses. */
    const struct dtls_identity *identity;
    const struct cipher *cipher;
    struct dtls *dtls; /* NULL before the first trip */
    bool on_timeout;
    struct dtls_datagrams in;
    struct dtls_datagrams out;
    uint32_t out_given;
    enum dtls_state state;
    usec_t timeout_us;
    bool has_keys;
    struct srtp_pair keys;
};

struct handshakes {
    const struct dtls_identity *identity;
    const struct cipher *cipher;
    struct jobs *jobs;
    struct mailbox *back;
    uint32_t endpoints;
    uint32_t alive;          /* how many there are, abandoned ones too */
    uint32_t away;           /* how many are with Jobs */
    struct handshake **of;   /* by endpoint index; NULL: none */
    uint32_t *over;          /* generation of the endpoint whose handshake ended */
    struct handshake **list; /* all that are in `of`, dense */
    uint32_t listed;
    struct handshake *giving; /* came back, its outputs are being drained */
    usec_t deadline;
};

/* ---- On a Jobs thread ------------------------------------------------------------------------ */

static void handshake_advance(struct handshake *handshake)
{
    struct dtls *dtls = handshake->dtls;
    if (handshake->on_timeout)
        handshake->state = dtls_on_timeout(dtls, &handshake->out);
    for (uint32_t i = 0; i < handshake->in.count; i++)
        handshake->state = dtls_on_datagram(
            dtls, (struct bytes){handshake->in.data[i], handshake->in.size[i]}, &handshake->out);
    handshake->timeout_us = dtls_timeout_us(dtls);
}

static void handshake_take_keys(struct handshake *handshake)
{
    struct dtls_keys keys;
    if (dtls_export_keys(handshake->dtls, &keys) == ERR_OK &&
        transform_create_pair(handshake->cipher, &keys, &handshake->keys) == ERR_OK)
        handshake->has_keys = true;
    else
        handshake->state = DTLS_FAILED;
    OPENSSL_cleanse(&keys, sizeof keys);
}

static void handshake_go_home(struct handshake *handshake)
{
    enum err err = mailbox_send(handshake->home, &handshake);
    assert(err == ERR_OK); /* the mailbox has a place for every handshake alive */
    (void)err;
}

static void handshake_run(void *argument)
{
    struct handshake *handshake = argument;
    bool was_done = handshake->state == DTLS_DONE;
    if (!handshake->dtls &&
        dtls_create(handshake->identity, &handshake->expected, &handshake->dtls) != ERR_OK)
        handshake->state = DTLS_FAILED;
    if (handshake->dtls)
        handshake_advance(handshake);
    if (handshake->state == DTLS_DONE && !was_done)
        handshake_take_keys(handshake);
    handshake_go_home(handshake);
}

/* ---- On the worker's thread ------------------------------------------------------------------ */

enum err handshakes_create(uint32_t endpoints, const struct dtls_identity *identity,
                           const struct cipher *cipher, struct jobs *jobs,
                           struct handshakes **ret_handshakes)
{
    struct handshakes *all = calloc(1, sizeof *all);
    if (!all)
        return ERR_NO_MEMORY;
    *all =
        (struct handshakes){.identity = identity,
                            .cipher = cipher,
                            .jobs = jobs,
                            .endpoints = endpoints,
                            .of = calloc(endpoints, sizeof(struct handshake *)),
                            .over = calloc(endpoints, sizeof *all->over),
                            .list = calloc(LIMIT_HANDSHAKES_PER_WORKER, sizeof(struct handshake *)),
                            .deadline = USEC_NEVER};
    enum err err =
        mailbox_create(sizeof(struct handshake *), LIMIT_HANDSHAKES_PER_WORKER, &all->back);
    if (err == ERR_OK && (!all->of || !all->over || !all->list))
        err = ERR_NO_MEMORY;
    if (err != ERR_OK) {
        handshakes_destroy(all);
        return err;
    }
    *ret_handshakes = all;
    return ERR_OK;
}

/* Nobody knows of it any more. Any thread. */
static void handshake_bury(void *argument)
{
    struct handshake *handshake = argument;
    dtls_destroy(handshake->dtls);
    free(handshake);
}

/* Giving OpenSSL's object back takes as long as a hundred packets: it is Jobs' too, but where those
 * have no room. */
static void handshake_free(struct handshakes *all, struct handshake *handshake)
{
    assert(!handshake->away);
    transform_destroy_pair(&handshake->keys); /* empty when they were given on */
    all->alive--;
    if (!handshake->dtls || jobs_submit(all->jobs, handshake_bury, handshake) != ERR_OK)
        handshake_bury(handshake);
}

/* Out of the table; freed now, or when it comes back. */
static void handshakes_drop(struct handshakes *all, struct handshake *handshake)
{
    uint32_t index = handshake->endpoint.index;
    assert(all->of[index] == handshake);
    all->of[index] = NULL;
    for (uint32_t i = 0; i < all->listed; i++)
        if (all->list[i] == handshake) {
            all->list[i] = all->list[--all->listed];
            break;
        }
    if (handshake->away || handshake == all->giving)
        handshake->abandoned = true;
    else
        handshake_free(all, handshake);
}

static struct handshake *handshakes_come_back(struct handshakes *all)
{
    struct handshake *handshake;
    if (!mailbox_receive(all->back, &handshake))
        return NULL;
    handshake->away = false;
    all->away--;
    return handshake;
}

void handshakes_destroy(struct handshakes *all)
{
    if (!all)
        return;
    while (all->away > 0) {
        struct pollfd back = {.fd = mailbox_fd(all->back), .events = POLLIN};
        (void)poll(&back, 1, -1);
        struct handshake *handshake = handshakes_come_back(all);
        if (handshake && handshake->abandoned)
            handshake_free(all, handshake);
    }
    if (all->giving && all->giving->abandoned)
        handshake_free(all, all->giving);
    all->giving = NULL;
    while (all->list && all->listed > 0)
        handshakes_drop(all, all->list[0]);
    mailbox_destroy(all->back);
    free(all->of);
    free(all->over);
    free(all->list);
    free(all);
}

int handshakes_fd(const struct handshakes *all)
{
    return mailbox_fd(all->back);
}

static void handshakes_note_deadline(struct handshakes *all, usec_t when)
{
    if (when < all->deadline)
        all->deadline = when;
}

/* Only the datagrams there are: the whole struct is 16 kB. */
static void datagrams_copy(struct dtls_datagrams *to, const struct dtls_datagrams *from)
{
    to->count = from->count;
    for (uint32_t i = 0; i < from->count; i++) {
        to->size[i] = from->size[i];
        memcpy(to->data[i], from->data[i], from->size[i]);
    }
}

/* Sends it to Jobs with what has come together. */
static void handshakes_send_away(struct handshakes *all, usec_t now, struct handshake *handshake)
{
    datagrams_copy(&handshake->in, &handshake->waiting);
    handshake->on_timeout = handshake->timeout_due;
    handshake->out.count = 0;
    handshake->out_given = 0;
    if (jobs_submit(all->jobs, handshake_run, handshake) != ERR_OK) {
        handshake->due = now + RETRY_US;
        handshakes_note_deadline(all, handshake->due);
        return;
    }
    handshake->away = true;
    handshake->waiting.count = 0;
    handshake->timeout_due = false;
    handshake->due = USEC_NEVER;
    all->away++;
}

/* Over and done with: further datagrams of this endpoint's DTLS are refused. */
static void handshakes_end(struct handshakes *all, struct handshake *handshake)
{
    all->over[handshake->endpoint.index] = handshake->endpoint.generation;
    handshakes_drop(all, handshake);
}

/* Makes room by ending the lingering of the one that has lingered longest. */
static void handshakes_make_room(struct handshakes *all)
{
    struct handshake *oldest = NULL;
    for (uint32_t i = 0; i < all->listed; i++) {
        struct handshake *each = all->list[i];
        if (each->free_at != USEC_NEVER && !each->away && each != all->giving &&
            (!oldest || each->free_at < oldest->free_at))
            oldest = each;
    }
    if (oldest)
        handshakes_end(all, oldest);
}

static enum err handshakes_begin(struct handshakes *all, usec_t now, struct handle endpoint,
                                 const struct dtls_fingerprint *expected,
                                 struct handshake **ret_handshake)
{
    if (all->alive == LIMIT_HANDSHAKES_PER_WORKER)
        handshakes_make_room(all);
    if (all->alive == LIMIT_HANDSHAKES_PER_WORKER)
        return ERR_FULL;
    struct handshake *handshake = calloc(1, sizeof *handshake);
    if (!handshake)
        return ERR_FULL;
    handshake->home = all->back;
    handshake->endpoint = endpoint;
    handshake->expected = *expected;
    handshake->identity = all->identity;
    handshake->cipher = all->cipher;
    handshake->began = now;
    handshake->due = USEC_NEVER;
    handshake->free_at = USEC_NEVER;
    all->alive++;
    all->of[endpoint.index] = handshake;
    all->list[all->listed++] = handshake;
    *ret_handshake = handshake;
    return ERR_OK;
}

enum err handshakes_on_datagram(struct handshakes *all, usec_t now, struct handle endpoint,
                                const struct udp_address *from,
                                const struct dtls_fingerprint *expected, struct bytes datagram)
{
    assert(endpoint.index < all->endpoints);
    struct handshake *handshake = all->of[endpoint.index];
    if (handshake && handshake->endpoint.generation != endpoint.generation) {
        handshakes_drop(all, handshake); /* the slot's former tenant */
        handshake = NULL;
    }
    if (!handshake && all->over[endpoint.index] == endpoint.generation)
        return ERR_WRONG_STATE;
    if (!handshake) {
        enum err err = handshakes_begin(all, now, endpoint, expected, &handshake);
        if (err != ERR_OK)
            return err;
    }
    struct dtls_datagrams *waiting = &handshake->waiting;
    if (waiting->count == LIMIT_HANDSHAKE_DATAGRAMS || datagram.size > LIMIT_DATAGRAM_BYTES)
        return ERR_FULL;
    memcpy(waiting->data[waiting->count], datagram.data, datagram.size);
    waiting->size[waiting->count++] = (uint16_t)datagram.size;
    if (!handshake->away && handshake != all->giving) {
        handshake->peer = *from;
        handshakes_send_away(all, now, handshake);
    }
    return ERR_OK;
}

static struct handshake *handshakes_find(const struct handshakes *all, struct handle endpoint)
{
    struct handshake *handshake = all->of[endpoint.index];
    return handshake && handshake->endpoint.generation == endpoint.generation ? handshake : NULL;
}

bool handshakes_wants_media(const struct handshakes *all, struct handle endpoint)
{
    const struct handshake *handshake = handshakes_find(all, endpoint);
    return handshake && handshake->delivered && handshake->free_at == USEC_NEVER;
}

void handshakes_on_media(struct handshakes *all, usec_t now, struct handle endpoint)
{
    struct handshake *handshake = handshakes_find(all, endpoint);
    if (!handshake || !handshake->delivered || handshake->free_at != USEC_NEVER)
        return;
    handshake->free_at = now + HANDSHAKE_LINGER_US;
    handshakes_note_deadline(all, handshake->free_at);
}

void handshakes_forget(struct handshakes *all, struct handle endpoint)
{
    struct handshake *handshake = handshakes_find(all, endpoint);
    if (handshake)
        handshakes_drop(all, handshake);
}

/* The timer of OpenSSL, or the end of our patience: then it comes back failed, without a trip. */
static void handshakes_on_due(struct handshakes *all, usec_t now, struct handshake *handshake)
{
    if (handshake->delivered || now < handshake->began + HANDSHAKE_TIMEOUT_US) {
        handshake->timeout_due = true;
        handshakes_send_away(all, now, handshake);
        return;
    }
    handshake->state = DTLS_FAILED;
    handshake->out.count = 0;
    handshake->due = USEC_NEVER;
    handshake_go_home(handshake);
    handshake->away = true;
    all->away++;
}

void handshakes_on_tick(struct handshakes *all, usec_t now)
{
    if (now < all->deadline)
        return;
    all->deadline = USEC_NEVER;
    for (uint32_t i = 0; i < all->listed;) {
        struct handshake *handshake = all->list[i];
        if (now >= handshake->free_at) {
            handshakes_end(all, handshake); /* the last one has taken its place */
            continue;
        }
        if (!handshake->away && handshake->due <= now)
            handshakes_on_due(all, now, handshake);
        handshakes_note_deadline(all, handshake->due);
        handshakes_note_deadline(all, handshake->free_at);
        i++;
    }
}

usec_t handshakes_deadline(const struct handshakes *all)
{
    return all->deadline;
}

/* ---- Outputs --------------------------------------------------------------------------------- */

static bool handshake_give(struct handshake *handshake, struct handshake_output *ret_output)
{
    *ret_output = (struct handshake_output){.endpoint = handshake->endpoint, .to = handshake->peer};
    if (handshake->out_given < handshake->out.count) {
        uint32_t at = handshake->out_given++;
        ret_output->kind = HANDSHAKE_SEND;
        ret_output->datagram = (struct bytes){handshake->out.data[at], handshake->out.size[at]};
        return true;
    }
    if (handshake->has_keys) {
        ret_output->kind = HANDSHAKE_KEYS;
        ret_output->keys = handshake->keys;
        handshake->keys = (struct srtp_pair){0};
        handshake->has_keys = false;
        handshake->delivered = true;
        return true;
    }
    if (handshake->state == DTLS_FAILED && !handshake->delivered) {
        ret_output->kind = HANDSHAKE_FAILED;
        handshake->delivered = true;
        return true;
    }
    return false;
}

/* All of its outputs are taken: what next? */
static void handshakes_settle(struct handshakes *all, usec_t now, struct handshake *handshake)
{
    all->giving = NULL;
    if (handshake->abandoned) {
        handshake_free(all, handshake);
        return;
    }
    if (handshake->state == DTLS_FAILED) {
        handshakes_end(all, handshake);
        return;
    }
    if (handshake->waiting.count > 0) {
        handshakes_send_away(all, now, handshake);
        return;
    }
    bool answered = handshake->timeout_us == USEC_NEVER;
    usec_t patience = handshake->delivered ? USEC_NEVER : handshake->began + HANDSHAKE_TIMEOUT_US;
    handshake->due = answered ? patience : now + handshake->timeout_us;
    handshakes_note_deadline(all, handshake->due);
}

bool handshakes_next(struct handshakes *all, usec_t now, struct handshake_output *ret_output)
{
    for (;;) {
        if (!all->giving)
            all->giving = handshakes_come_back(all);
        if (!all->giving)
            return false;
        if (!all->giving->abandoned && handshake_give(all->giving, ret_output))
            return true;
        handshakes_settle(all, now, all->giving);
    }
}

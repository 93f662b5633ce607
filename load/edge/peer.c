#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/rand.h>

#include "base/text.h"
#include "load/edge/crowd.h"
#include "sfu/proto/demux.h"

enum {
    GIVE_UP_US = 30 * 1000 * 1000,
    CHECK_FIRST_PAUSE_US = 100 * 1000,
    CHECK_LONGEST_PAUSE_US = 1600 * 1000,
    CONSENT_US = 5 * 1000 * 1000, /* RFC 7675, section 5.1, give or take a fifth */
};

static const char failed_check[] = "ice.refused";
static const char failed_silent[] = "ice.no_answer";
static const char failed_handshake[] = "dtls.failed";
static const char failed_handshake_silent[] = "dtls.no_answer";
static const char failed_certificate[] = "dtls.wrong_certificate";
static const char failed_profile[] = "dtls.no_srtp_profile";

/* ---- Life ------------------------------------------------------------------------------------ */

enum err peer_init(struct peer *peer, struct load *load, uint32_t number,
                   const struct load_peer *config)
{
    uint8_t ufrag[4];
    uint8_t pwd[12];
    *peer = (struct peer){.load = load, .number = number, .config = *config};
    peer->receiver.stats = &load->stats;
    peer->receiver.sent = &load->sent;
    if (RAND_bytes(ufrag, sizeof ufrag) != 1 || RAND_bytes(pwd, sizeof pwd) != 1)
        return ERR_NO_MEMORY;
    hex_write(ufrag, sizeof ufrag, peer->ufrag);
    hex_write(pwd, sizeof pwd, peer->pwd);
    return config->sends ? publish_init(peer) : ERR_OK;
}

void peer_done(struct peer *peer)
{
    shake_end(peer);
    keys_done(&peer->keys);
    sample_destroy(peer->sample);
    free(peer->receiver.slots);
    free(peer->publisher);
    peer->sample = NULL;
    peer->receiver.slots = NULL;
    peer->receiver.slot_count = 0;
    peer->publisher = NULL;
}

void peer_hasten(struct peer *peer, usec_t due)
{
    struct load *load = peer->load;
    if (due < load->due[peer->number])
        load->due[peer->number] = due;
    if (due < load->earliest)
        load->earliest = due;
}

bool peer_is_connecting(const struct peer *peer)
{
    return peer->state == LOAD_PEER_CHECKING || peer->state == LOAD_PEER_SHAKING;
}

static void peer_set_state(struct peer *peer, enum load_peer_state state)
{
    peer->load->connecting -= peer_is_connecting(peer);
    peer->state = state;
    peer->load->connecting += peer_is_connecting(peer);
}

void peer_fail(struct peer *peer, const char *failure)
{
    check_forget(peer->load->checker, &peer->check);
    shake_end(peer);
    peer->failure = failure;
    peer->load->stats.failed++;
    peer_set_state(peer, LOAD_PEER_FAILED);
    peer->load->due[peer->number] = USEC_NEVER;
}

void peer_leave(struct peer *peer)
{
    check_forget(peer->load->checker, &peer->check);
    shake_end(peer);
    if (peer->state != LOAD_PEER_LEFT)
        port_close_peer(peer->load->port, peer->number);
    peer_set_state(peer, LOAD_PEER_LEFT);
    peer->load->due[peer->number] = USEC_NEVER;
}

void peer_send(struct peer *peer, const uint8_t *data, size_t size)
{
    port_send(peer->load->port, peer->number, &peer->remote, data, size);
}

/* ---- The answer ------------------------------------------------------------------------------ */

static bool read_ip(const char *text, struct udp_address *ret_address)
{
    struct udp_address address = {.ip = {[10] = 0xff, [11] = 0xff}};
    if (inet_pton(AF_INET, text, address.ip + 12) != 1 &&
        inet_pton(AF_INET6, text, address.ip) != 1)
        return false;
    *ret_address = address;
    return true;
}

static void take_candidates(struct peer *peer, const struct answer *answer)
{
    for (uint32_t i = 0; i < answer->candidate_count; i++) {
        struct udp_address *to = &peer->candidates[peer->candidate_count];
        if (!read_ip(answer->candidates[i].ip, to) || !port_reaches(peer->load->port, to))
            continue;
        to->port = answer->candidates[i].port;
        peer->candidate_count++;
    }
}

static void take_slots(struct peer *peer, const struct answer *answer)
{
    struct receiver *receiver = &peer->receiver;
    bool stage_found = false;
    receiver->transport_cc_id = answer->transport_cc ? OFFER_EXTENSION_TRANSPORT_CC : 0;
    receiver->slot_count = answer->slot_count;
    for (uint32_t i = 0; i < answer->slot_count; i++) {
        struct receiver_slot *slot = &receiver->slots[i];
        slot->ssrc = answer->slots[i].ssrc;
        slot->rtx_ssrc = answer->slots[i].rtx_ssrc;
        slot->video = answer->slots[i].video;
        slot->stage = slot->video && !stage_found; /* the first one (docs/protocol.md) */
        stage_found |= slot->stage;
        receiver_slot_init(slot);
    }
}

static bool is_every(uint32_t number, uint32_t every)
{
    return every != 0 && number % every == 0;
}

enum err peer_take_answer(struct peer *peer, const struct answer *answer)
{
    struct load *load = peer->load;
    const struct load_config *config = &load->config;
    take_candidates(peer, answer);
    if (peer->candidate_count == 0)
        return ERR_UNSUPPORTED;
    if (answer->slot_count > 0) {
        peer->receiver.slots = calloc(answer->slot_count, sizeof peer->receiver.slots[0]);
        peer->receiver.sampled = is_every(peer->number, config->decrypt_every);
        bool decodes = peer->receiver.sampled && config->decode_every != 0 &&
                       peer->number / config->decrypt_every % config->decode_every == 0;
        if (!peer->receiver.slots ||
            (peer->receiver.sampled && sample_create(decodes, &peer->sample) != ERR_OK))
            return ERR_NO_MEMORY;
        take_slots(peer, answer);
    }
    memcpy(peer->remote_ufrag, answer->ufrag, sizeof peer->remote_ufrag);
    memcpy(peer->remote_pwd, answer->pwd, sizeof peer->remote_pwd);
    memcpy(peer->digest, answer->digest, sizeof peer->digest);
    if (peer->publisher)
        publish_begin(peer, answer);
    peer->answered_at = peer->receiver.answered_at = load->now;
    peer->give_up_at = load->now + GIVE_UP_US;
    load->stats.answered++;
    if (load->stats.first_answer_at == 0)
        load->stats.first_answer_at = load->now;
    if (peer->number < load->waiting_from)
        load->waiting_from = peer->number;
    peer_set_state(peer, LOAD_PEER_WAITING);
    return ERR_OK;
}

/* ---- ICE ------------------------------------------------------------------------------------- */

static usec_t consent_pause(struct load *load)
{
    return CONSENT_US * 4 / 5 + rng_below(&load->rng, CONSENT_US * 2 / 5);
}

/* Candidates take turns until one answers; then checks are for consent. */
static void peer_check(struct peer *peer)
{
    uint8_t request[CHECK_BYTES];
    struct load *load = peer->load;
    bool first = peer->state == LOAD_PEER_CHECKING;
    if (first)
        peer->remote = peer->candidates[peer->checks % peer->candidate_count];
    size_t size = check_write(load->checker, &peer->check, peer->remote_ufrag, peer->remote_pwd,
                              peer->ufrag, request);
    if (size > 0) {
        peer_send(peer, request, size);
        load->stats.checks++;
        peer->checks++;
    }
    if (!first) {
        peer->check_due = load->now + consent_pause(load);
        return;
    }
    peer->check_due = load->now + peer->check_pause_us;
    bool all_tried = peer->checks % peer->candidate_count == 0;
    if (all_tried && peer->check_pause_us < CHECK_LONGEST_PAUSE_US)
        peer->check_pause_us *= 2;
}

void peer_start(struct peer *peer)
{
    peer_set_state(peer, LOAD_PEER_CHECKING);
    peer->check_pause_us = CHECK_FIRST_PAUSE_US;
    peer_check(peer);
    peer_hasten(peer, peer->check_due);
}

/* ---- DTLS ------------------------------------------------------------------------------------ */

static void peer_on_keys(struct peer *peer)
{
    struct load *load = peer->load;
    struct load_stats *stats = &load->stats;
    peer_set_state(peer, LOAD_PEER_CONNECTED);
    peer->connected_at = load->now;
    stats->connected++;
    stats->last_connected_at = load->now;
    times_add(&stats->connect_us, load->now - peer->answered_at);
    /* Spread over their intervals: no crowd speaks in unison. */
    peer->feedback_due = load->now + rng_below(&load->rng, 100 * 1000);
    peer->report_due = load->now + rng_below(&load->rng, 1000 * 1000);
    peer->check_due = load->now + consent_pause(load);
    if (peer->publisher)
        peer->publisher->report_due = peer->report_due;
    peer_hasten(peer, load->now);
}

static void peer_on_handshake(struct peer *peer, enum shake_result result)
{
    if (result == SHAKE_FAILED) {
        peer_fail(peer, failed_handshake);
        return;
    }
    if (result == SHAKE_GOES_ON) {
        peer->shake_due = shake_deadline(peer);
        peer_hasten(peer, peer->shake_due);
        return;
    }
    bool certified = shake_is_certified(peer);
    enum err err = keys_create(peer->ssl, peer->load->cipher, peer->publisher != NULL,
                               peer->sample != NULL, &peer->keys);
    shake_end(peer);
    if (!certified)
        peer_fail(peer, failed_certificate);
    else if (err != ERR_OK)
        peer_fail(peer, failed_profile);
    else
        peer_on_keys(peer);
}

static void peer_on_checked(struct peer *peer)
{
    if (peer->state != LOAD_PEER_CHECKING)
        return;
    peer_set_state(peer, LOAD_PEER_SHAKING);
    peer->check_due = peer->load->now + consent_pause(peer->load);
    if (shake_begin(peer) != ERR_OK) {
        peer_fail(peer, failed_handshake);
        return;
    }
    peer_on_handshake(peer, shake_step(peer, (struct bytes){0}));
}

/* ---- Inputs ---------------------------------------------------------------------------------- */

static void peer_on_stun(struct peer *peer, const struct port_train *train, struct bytes datagram)
{
    switch ((int)check_read(peer->load->checker, &peer->check, peer->remote_pwd, datagram)) {
    case ERR_OK:
        peer->load->stats.checks_answered++;
        if (peer->state == LOAD_PEER_CHECKING)
            peer->remote = train->from;
        peer_on_checked(peer);
        break;
    case ERR_AUTH:
        if (peer->state == LOAD_PEER_CHECKING)
            peer_fail(peer, failed_check);
        break;
    default:
        break; /* late, or not for us */
    }
}

void peer_on_datagram(struct peer *peer, const struct port_train *train, uint8_t *data, size_t size)
{
    struct bytes datagram = {data, size};
    bool connected = peer->state == LOAD_PEER_CONNECTED;
    if (!connected && !peer_is_connecting(peer))
        return;
    peer->load->stats.bytes += size;
    switch (demux_classify(datagram)) {
    case DEMUX_STUN:
        peer_on_stun(peer, train, datagram);
        break;
    case DEMUX_DTLS:
        if (peer->state == LOAD_PEER_SHAKING)
            peer_on_handshake(peer, shake_step(peer, datagram));
        break;
    case DEMUX_RTP:
        if (connected)
            listen_on_rtp(peer, &(struct receiver_arrival){peer->load->now, train->at_ns}, data,
                          size);
        break;
    case DEMUX_RTCP:
        if (connected)
            listen_on_rtcp(peer, data, size);
        break;
    case DEMUX_OTHER:
        peer->load->stats.malformed++;
        break;
    }
}

static usec_t sooner(usec_t a, usec_t b)
{
    return a < b ? a : b;
}

/* What it has to do now; when it has to do something again. */
static usec_t peer_attend(struct peer *peer)
{
    struct load *load = peer->load;
    if (peer_is_connecting(peer) && load->now >= peer->give_up_at)
        peer_fail(peer,
                  peer->state == LOAD_PEER_CHECKING ? failed_silent : failed_handshake_silent);
    else if (load->now >= peer->check_due)
        peer_check(peer);
    if (peer->state == LOAD_PEER_SHAKING && load->now >= peer->shake_due)
        peer_on_handshake(peer, shake_step(peer, (struct bytes){0}));
    if (peer->state == LOAD_PEER_CONNECTED)
        return sooner(peer->check_due, listen_feedback(peer));
    if (!peer_is_connecting(peer))
        return USEC_NEVER;
    usec_t due = sooner(peer->check_due, peer->give_up_at);
    return peer->state == LOAD_PEER_SHAKING ? sooner(due, peer->shake_due) : due;
}

void peer_on_due(struct peer *peer)
{
    bool awake = peer_is_connecting(peer) || peer->state == LOAD_PEER_CONNECTED;
    peer->load->due[peer->number] = USEC_NEVER; /* whatever hastens it from here on counts */
    peer_hasten(peer, awake ? peer_attend(peer) : USEC_NEVER);
}

#include "tests/peer/peer.h"

#include <string.h>

#include <nice/agent.h>

#include "sfu/proto/demux.h"
#include "sfu/proto/sdp_line.h"
#include "tests/peer/peer_part.h"

enum {
    SOUND_EVERY_MS = 20,
    PICTURE_EVERY_MS = 66,
    DTLS_EVERY_MS = 50,
    ASK_EVERY_MS = 20,
    TRANSPORT_CC_EVERY_MS = 50,
    REPORT_EVERY_MS = 500,
    GATHERING_MS = 5000,
    COMPONENT = 1,
};

/* ---- Datagrams out --------------------------------------------------------------------------- */

void peer_transmit(struct peer *peer, const uint8_t *datagram, size_t size)
{
    (void)nice_agent_send(peer->agent, peer->stream, COMPONENT, (unsigned)size,
                          (const char *)datagram);
}

void peer_transmit_rtcp(struct peer *peer, uint8_t *compound, size_t size)
{
    if (peer->srtp && peer_srtp_protect(peer->srtp, true, compound, &size))
        peer_transmit(peer, compound, size);
}

static void transmit_dtls(void *context, const uint8_t *datagram, size_t size)
{
    peer_transmit(context, datagram, size);
}

/* ---- Datagrams in ---------------------------------------------------------------------------- */

/* The certificate must be the one that the answer named (RFC 8122, section 6.2). */
static bool is_their_certificate(const struct peer *peer)
{
    uint8_t digest[PEER_DTLS_DIGEST_BYTES];
    char text[128];
    int at = g_snprintf(text, sizeof text, "sha-256 ");
    if (!peer_dtls_their_digest(peer->dtls, digest))
        return false;
    for (size_t i = 0; i < sizeof digest; i++)
        at += g_snprintf(text + at, sizeof text - (size_t)at, "%s%02X", i ? ":" : "", digest[i]);
    return g_ascii_strcasecmp(text, peer->their_fingerprint) == 0;
}

static void check_dtls(struct peer *peer)
{
    if (peer->srtp || peer->state.failed)
        return;
    if (peer_dtls_has_failed(peer->dtls)) {
        peer->state.failed = true;
    } else if (peer_dtls_is_done(peer->dtls)) {
        peer->srtp = is_their_certificate(peer) ? peer_srtp_create(peer->dtls) : NULL;
        peer->state.dtls_ready = peer->srtp != NULL;
        peer->state.failed = peer->srtp == NULL;
    }
}

static void receive_srtp(struct peer *peer, bool rtcp, const uint8_t *datagram, size_t size)
{
    uint8_t packet[2048];
    struct rtcp_walk walk;
    struct rtcp_packet part;
    if (!peer->srtp || size > sizeof packet)
        return;
    memcpy(packet, datagram, size);
    if (!peer_srtp_unprotect(peer->srtp, rtcp, packet, &size)) {
        peer->state.undecrypted++;
        return;
    }
    if (!rtcp) {
        peer_receive_rtp(peer, packet, size);
        return;
    }
    if (rtcp_walk_init(&walk, (struct bytes){packet, size}) != ERR_OK)
        g_error("the server sent malformed RTCP");
    while (rtcp_walk_next(&walk, &part))
        peer_send_on_feedback(peer, &part);
}

static void on_datagram(NiceAgent *agent, unsigned stream, unsigned component, unsigned size,
                        char *data, void *context)
{
    struct peer *peer = context;
    const uint8_t *datagram = (const uint8_t *)data;
    (void)agent;
    (void)stream;
    (void)component;
    pthread_mutex_lock(&peer->lock);
    enum demux_kind kind = demux_classify((struct bytes){datagram, size});
    if (kind == DEMUX_DTLS) {
        peer_dtls_feed(peer->dtls, datagram, size);
        check_dtls(peer);
    } else if (kind == DEMUX_RTP || kind == DEMUX_RTCP) {
        receive_srtp(peer, kind == DEMUX_RTCP, datagram, size);
    }
    pthread_cond_broadcast(&peer->changed);
    pthread_mutex_unlock(&peer->lock);
}

static void on_gathered(NiceAgent *agent, unsigned stream, void *context)
{
    struct peer *peer = context;
    (void)agent;
    (void)stream;
    pthread_mutex_lock(&peer->lock);
    peer->gathered = true;
    pthread_cond_broadcast(&peer->changed);
    pthread_mutex_unlock(&peer->lock);
}

static void on_state(NiceAgent *agent, unsigned stream, unsigned component, unsigned state,
                     void *context)
{
    struct peer *peer = context;
    (void)agent;
    (void)stream;
    (void)component;
    pthread_mutex_lock(&peer->lock);
    peer->state.ice_state = state;
    /* Once it has a pair it can send on it, whatever it thinks of its other candidates since. */
    if (state == NICE_COMPONENT_STATE_READY || state == NICE_COMPONENT_STATE_CONNECTED)
        peer->state.ice_ready = true;
    if (peer->state.ice_ready)
        peer_dtls_start(peer->dtls);
    pthread_cond_broadcast(&peer->changed);
    pthread_mutex_unlock(&peer->lock);
}

/* ---- The loop -------------------------------------------------------------------------------- */

static void every(struct peer *peer, unsigned period_ms, GSourceFunc run)
{
    GSource *source = g_timeout_source_new(period_ms);
    g_source_set_callback(source, run, peer, NULL);
    (void)g_source_attach(source, peer->context);
    g_source_unref(source);
}

#define LOCKED_TIMER(name, action)                                                                 \
    static gboolean name(gpointer context)                                                         \
    {                                                                                              \
        struct peer *peer = context;                                                               \
        pthread_mutex_lock(&peer->lock);                                                           \
        action;                                                                                    \
        pthread_cond_broadcast(&peer->changed);                                                    \
        pthread_mutex_unlock(&peer->lock);                                                         \
        return G_SOURCE_CONTINUE;                                                                  \
    }

LOCKED_TIMER(on_dtls_timer, (peer_dtls_tick(peer->dtls), check_dtls(peer)))
LOCKED_TIMER(on_sound_timer, peer_send_sound(peer))
LOCKED_TIMER(on_picture_timer, peer_send_pictures(peer))
LOCKED_TIMER(on_ask_timer, peer_receive_ask(peer))
LOCKED_TIMER(on_transport_cc_timer, peer_receive_transport_cc(peer))
LOCKED_TIMER(on_report_timer, (peer_send_reports(peer), peer_receive_report(peer)))

static gpointer run_loop(gpointer context)
{
    struct peer *peer = context;
    g_main_context_push_thread_default(peer->context);
    g_main_loop_run(peer->loop);
    g_main_context_pop_thread_default(peer->context);
    return NULL;
}

static void make_agent(struct peer *peer)
{
    NiceAddress *address = nice_address_new();
    peer->agent = nice_agent_new_full(peer->context, NICE_COMPATIBILITY_RFC5245,
                                      NICE_AGENT_OPTION_CONSENT_FRESHNESS);
    g_object_set(peer->agent, "upnp", FALSE, "ice-tcp", FALSE, "controlling-mode", TRUE, NULL);
    if (!nice_address_set_from_string(address, peer->config.address) ||
        !nice_agent_add_local_address(peer->agent, address))
        g_error("no such address: %s", peer->config.address);
    nice_address_free(address);
    peer->stream = nice_agent_add_stream(peer->agent, 1);
    (void)g_signal_connect(peer->agent, "candidate-gathering-done", G_CALLBACK(on_gathered), peer);
    (void)g_signal_connect(peer->agent, "component-state-changed", G_CALLBACK(on_state), peer);
    (void)nice_agent_attach_recv(peer->agent, peer->stream, COMPONENT, peer->context, on_datagram,
                                 peer);
}

static bool is_gathered(struct peer *peer, void *context)
{
    (void)context;
    return peer->gathered;
}

struct peer *peer_create(const struct peer_config *config)
{
    struct peer *peer = g_new0(struct peer, 1);
    peer->config = *config;
    peer->level = 127;
    peer->rng = rng_seed((uint64_t)g_get_monotonic_time() ^ (uint64_t)(uintptr_t)peer);
    pthread_condattr_t attributes;
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_mutex_init(&peer->lock, NULL);
    pthread_cond_init(&peer->changed, &attributes);
    pthread_condattr_destroy(&attributes);
    peer->context = g_main_context_new();
    peer->loop = g_main_loop_new(peer->context, FALSE);
    peer->dtls = peer_dtls_create(config->profile == PEER_AES_GCM ? "SRTP_AEAD_AES_128_GCM"
                                                                  : "SRTP_AES128_CM_SHA1_80",
                                  transmit_dtls, peer);
    peer_send_init(peer);
    make_agent(peer);
    every(peer, DTLS_EVERY_MS, on_dtls_timer);
    every(peer, SOUND_EVERY_MS, on_sound_timer);
    every(peer, PICTURE_EVERY_MS, on_picture_timer);
    every(peer, ASK_EVERY_MS, on_ask_timer);
    every(peer, TRANSPORT_CC_EVERY_MS, on_transport_cc_timer);
    every(peer, REPORT_EVERY_MS, on_report_timer);
    peer->thread = g_thread_new("peer", run_loop, peer);
    if (!nice_agent_gather_candidates(peer->agent, peer->stream) ||
        !peer_wait(peer, is_gathered, NULL, GATHERING_MS))
        g_error("libnice gathered no candidates");
    return peer;
}

void peer_destroy(struct peer *peer)
{
    if (!peer)
        return;
    g_main_loop_quit(peer->loop);
    (void)g_thread_join(peer->thread);
    g_object_unref(peer->agent);
    peer_receive_done(peer);
    peer_send_done(peer);
    peer_srtp_destroy(peer->srtp);
    peer_dtls_destroy(peer->dtls);
    g_main_loop_unref(peer->loop);
    g_main_context_unref(peer->context);
    pthread_cond_destroy(&peer->changed);
    pthread_mutex_destroy(&peer->lock);
    g_free(peer);
}

/* ---- Offer and answer ------------------------------------------------------------------------ */

const char *peer_offer(struct peer *peer)
{
    char *ufrag = NULL;
    char *pwd = NULL;
    if (!nice_agent_get_local_credentials(peer->agent, peer->stream, &ufrag, &pwd))
        g_error("libnice has no credentials");
    pthread_mutex_lock(&peer->lock);
    peer_sdp_write_offer(peer, ufrag, pwd);
    pthread_mutex_unlock(&peer->lock);
    g_free(ufrag);
    g_free(pwd);
    return peer->offer;
}

const char *peer_offer_restart(struct peer *peer)
{
    if (!nice_agent_restart(peer->agent))
        g_error("libnice does not restart");
    pthread_mutex_lock(&peer->lock);
    peer->state.ice_ready = false;
    pthread_mutex_unlock(&peer->lock);
    return peer_offer(peer);
}

/* Credentials and candidates go to libnice, which reads candidate lines itself. */
static bool start_checks(struct peer *peer, const char *answer)
{
    struct sdp_lines lines = sdp_lines_init(bytes_of(answer), 0);
    struct sdp_line line;
    struct bytes value;
    GSList *candidates = NULL;
    char *ufrag = NULL;
    char *pwd = NULL;
    while (sdp_lines_next(&lines, &line)) {
        if (!ufrag && sdp_line_attribute(&line, "ice-ufrag", &value))
            ufrag = g_strndup((const char *)value.data, value.size);
        if (!pwd && sdp_line_attribute(&line, "ice-pwd", &value))
            pwd = g_strndup((const char *)value.data, value.size);
        if (sdp_line_attribute(&line, "candidate", &value)) {
            char *text =
                g_strdup_printf("a=candidate:%.*s", (int)value.size, (const char *)value.data);
            NiceCandidate *candidate =
                nice_agent_parse_remote_candidate_sdp(peer->agent, peer->stream, text);
            if (candidate)
                candidates = g_slist_append(candidates, candidate);
            g_free(text);
        }
    }
    bool good =
        ufrag && pwd && candidates &&
        nice_agent_set_remote_credentials(peer->agent, peer->stream, ufrag, pwd) &&
        nice_agent_set_remote_candidates(peer->agent, peer->stream, COMPONENT, candidates) > 0;
    g_slist_free_full(candidates, (GDestroyNotify)nice_candidate_free);
    g_free(ufrag);
    g_free(pwd);
    return good;
}

bool peer_accept(struct peer *peer, const char *answer)
{
    pthread_mutex_lock(&peer->lock);
    bool good = peer_sdp_read_answer(peer, answer);
    pthread_mutex_unlock(&peer->lock);
    return good && start_checks(peer, answer);
}

/* ---- Reading and steering -------------------------------------------------------------------- */

void peer_play(struct peer *peer, uint32_t media)
{
    pthread_mutex_lock(&peer->lock);
    peer->media = media;
    pthread_mutex_unlock(&peer->lock);
}

void peer_set_level(struct peer *peer, uint8_t level)
{
    pthread_mutex_lock(&peer->lock);
    peer->level = level;
    pthread_mutex_unlock(&peer->lock);
}

void peer_lose_every(struct peer *peer, uint32_t n)
{
    pthread_mutex_lock(&peer->lock);
    peer->lose_every = n;
    pthread_mutex_unlock(&peer->lock);
}

void peer_withhold_every(struct peer *peer, uint32_t n)
{
    pthread_mutex_lock(&peer->lock);
    peer->withhold_every = n;
    pthread_mutex_unlock(&peer->lock);
}

struct peer_state peer_state(struct peer *peer)
{
    pthread_mutex_lock(&peer->lock);
    struct peer_state state = peer->state;
    pthread_mutex_unlock(&peer->lock);
    return state;
}

static struct peer_incoming *find_slot(struct peer *peer, enum peer_slot kind, uint32_t index)
{
    for (uint32_t i = 0; i < peer->incoming_count; i++)
        if (peer->incoming[i]->kind == kind && peer->incoming[i]->index == index)
            return peer->incoming[i];
    return NULL;
}

uint32_t peer_slot_ssrc(struct peer *peer, enum peer_slot kind, uint32_t index)
{
    pthread_mutex_lock(&peer->lock);
    const struct peer_incoming *incoming = find_slot(peer, kind, index);
    uint32_t ssrc = incoming ? incoming->ssrc : 0;
    pthread_mutex_unlock(&peer->lock);
    return ssrc;
}

struct peer_stream peer_stream(struct peer *peer, enum peer_slot kind, uint32_t index)
{
    pthread_mutex_lock(&peer->lock);
    const struct peer_incoming *incoming = find_slot(peer, kind, index);
    struct peer_stream record = incoming ? incoming->record : (struct peer_stream){0};
    pthread_mutex_unlock(&peer->lock);
    return record;
}

bool peer_wait(struct peer *peer, bool (*holds)(struct peer *peer, void *context), void *context,
               uint32_t timeout_ms)
{
    int64_t end_us = g_get_monotonic_time() + (int64_t)timeout_ms * 1000;
    const struct timespec end = {.tv_sec = end_us / 1000000, .tv_nsec = end_us % 1000000 * 1000};
    bool good = holds(peer, context);
    while (!good && g_get_monotonic_time() < end_us) {
        pthread_mutex_lock(&peer->lock);
        /* What changes between asking and waiting is seen a timer tick later at the latest. */
        (void)pthread_cond_timedwait(&peer->changed, &peer->lock, &end);
        pthread_mutex_unlock(&peer->lock);
        good = holds(peer, context);
    }
    return good;
}

static bool is_connected(struct peer *peer, void *context)
{
    (void)context;
    struct peer_state state = peer_state(peer);
    return state.failed || (state.ice_ready && state.dtls_ready);
}

bool peer_wait_connected(struct peer *peer, uint32_t timeout_ms)
{
    return peer_wait(peer, is_connected, NULL, timeout_ms) && !peer_state(peer).failed;
}

#include "sfu/core/endpoint.h"

#include <assert.h>
#include <stddef.h>
#include <string.h>

#include "sfu/core/cast.h"
#include "sfu/core/feedback.h"
#include "sfu/core/intake.h"
#include "sfu/core/show.h"
#include "sfu/core/state.h"

enum {
    REPORT_EVERY_US = 1000000,
    /* A layer is paused only when nobody wanted it for this long: slots change places. */
    LAYERS_OFF_AFTER_US = 1000000,
    DEFAULT_STAGE_HEIGHT = 720,
    DEFAULT_SCREEN_HEIGHT = 1080,
    DEFAULT_TILE_HEIGHT = 180,
};

static uint64_t id_hash(const struct worker *worker, uint64_t id)
{
    return table_hash(worker->hash_seed, id, 3);
}

static uint64_t ufrag_hash(const struct worker *worker, const char ufrag[WORKER_ICE_UFRAG_BYTES])
{
    uint64_t words[2];
    static_assert(sizeof words == WORKER_ICE_UFRAG_BYTES, "two words hold a ufrag");
    memcpy(words, ufrag, sizeof words);
    return table_hash(worker->hash_seed, words[0], words[1]);
}

struct endpoint *endpoint_get(struct worker *worker, struct handle handle)
{
    if (!pool_has(&worker->endpoint_pool, handle))
        return NULL;
    struct endpoint *endpoint = &worker->endpoints[handle.index];
    return endpoint->gone ? NULL : endpoint;
}

struct endpoint *endpoint_find(struct worker *worker, uint64_t id)
{
    struct table_walk walk = {0};
    uint32_t index;
    while (table_next(&worker->by_endpoint, id_hash(worker, id), &walk, &index))
        if (worker->endpoints[index].id == id)
            return &worker->endpoints[index];
    return NULL;
}

static struct endpoint *find_by_ufrag(const struct worker *worker, struct bytes ufrag)
{
    char padded[WORKER_ICE_UFRAG_BYTES] = {0};
    if (ufrag.size == 0 || ufrag.size >= sizeof padded)
        return NULL;
    memcpy(padded, ufrag.data, ufrag.size);
    struct table_walk walk = {0};
    uint32_t index;
    while (table_next(&worker->by_ufrag, ufrag_hash(worker, padded), &walk, &index))
        if (memcmp(worker->endpoints[index].ufrag, padded, sizeof padded) == 0)
            return &worker->endpoints[index];
    return NULL;
}

enum err worker_find_ufrag(const struct worker *worker, struct bytes local_ufrag,
                           struct handle *ret_endpoint, const char **ret_pwd)
{
    const struct endpoint *endpoint = find_by_ufrag(worker, local_ufrag);
    if (!endpoint)
        return ERR_UNKNOWN;
    *ret_endpoint = endpoint->handle;
    *ret_pwd = endpoint->pwd;
    return ERR_OK;
}

/* Zero-padded, so that equal fragments are equal bytes. ERR_LIMIT when there is no terminator. */
static enum err set_credentials(struct endpoint *endpoint, const char *ufrag, const char *pwd)
{
    size_t ufrag_size = strnlen(ufrag, WORKER_ICE_UFRAG_BYTES);
    size_t pwd_size = strnlen(pwd, WORKER_ICE_PWD_BYTES);
    if (ufrag_size == 0 || ufrag_size == WORKER_ICE_UFRAG_BYTES || pwd_size == WORKER_ICE_PWD_BYTES)
        return ERR_LIMIT;
    memset(endpoint->ufrag, 0, sizeof endpoint->ufrag);
    memset(endpoint->pwd, 0, sizeof endpoint->pwd);
    memcpy(endpoint->ufrag, ufrag, ufrag_size);
    memcpy(endpoint->pwd, pwd, pwd_size);
    return ERR_OK;
}

static void init_slots(struct worker *worker, struct endpoint *endpoint,
                       const struct session *session)
{
    endpoint->slot_count =
        session->slot_count < SESSION_SLOTS ? session->slot_count : SESSION_SLOTS;
    for (uint32_t i = 0; i < endpoint->slot_count; i++) {
        struct feed *feed = &worker->feeds[(size_t)endpoint->handle.index * SESSION_SLOTS + i];
        slot_init(&endpoint->slots[i], feed, session, i, &worker->rng);
    }
    endpoint->rtcp_ssrc = endpoint->slot_count ? endpoint->slots[0].ssrc : 1;
}

static void enter_room(struct worker *worker, struct endpoint *endpoint)
{
    struct room *room = &worker->rooms[endpoint->room];
    endpoint->room_next = room->endpoints;
    endpoint->room_previous = INDEX_NONE;
    if (room->endpoints != INDEX_NONE)
        worker->endpoints[room->endpoints].room_previous = endpoint->handle.index;
    room->endpoints = endpoint->handle.index;
}

static void leave_room(struct worker *worker, struct endpoint *endpoint)
{
    struct room *room = &worker->rooms[endpoint->room];
    if (endpoint->room_next != INDEX_NONE)
        worker->endpoints[endpoint->room_next].room_previous = endpoint->room_previous;
    if (endpoint->room_previous != INDEX_NONE)
        worker->endpoints[endpoint->room_previous].room_next = endpoint->room_next;
    else
        room->endpoints = endpoint->room_next;
}

void endpoint_lose_source(struct worker *worker, struct endpoint *endpoint)
{
    endpoint->source = INDEX_NONE;
    if (endpoint->intake)
        memset(endpoint->intake->receivers, 0, sizeof endpoint->intake->receivers);
    if (endpoint->connected)
        endpoint_tell(worker, endpoint, NEWS_LAYERS); /* nothing of it is watched any more */
}

/* The newest endpoint with a source's number is that source: whoever reconnects need not wait for
 * the old connection to be missed. */
static enum err take_source(struct worker *worker, struct endpoint *endpoint,
                            const struct worker_join *join)
{
    uint32_t index;
    enum err err = room_need_source(worker, endpoint->room, join->source, &index);
    if (err != ERR_OK)
        return err;
    struct source *source = &worker->sources[index];
    if (source->endpoint != INDEX_NONE)
        endpoint_lose_source(worker, &worker->endpoints[source->endpoint]);
    room_remove_streams(worker, index);
    source->rights = join->rights;
    source->worker = worker->config.index;
    source->endpoint = endpoint->handle.index;
    err = room_add_streams(worker, index, join->session.sources);
    if (err == ERR_OK)
        endpoint->source = index;
    else
        room_forget_source(worker, index);
    return err;
}

enum err endpoint_join(struct worker *worker, const struct worker_join *join)
{
    struct bytes ufrag = {(const uint8_t *)join->local_ufrag,
                          strnlen(join->local_ufrag, sizeof join->local_ufrag)};
    if (endpoint_find(worker, join->endpoint) || find_by_ufrag(worker, ufrag))
        return ERR_CONFLICT;
    struct handle handle;
    enum err err = pool_take(&worker->endpoint_pool, &handle);
    if (err != ERR_OK)
        return err;
    struct endpoint *endpoint = &worker->endpoints[handle.index];
    struct outlet *outlet = &worker->outlets[handle.index];
    *outlet =
        (struct outlet){.endpoint = handle, .queued = outlet->queued}; /* it may stand there */
    memset(endpoint, 0, offsetof(struct endpoint, slots));
    endpoint->handle = handle;
    endpoint->id = join->endpoint;
    endpoint->room_id = join->room;
    endpoint->source = INDEX_NONE;
    endpoint->number = join->source;
    endpoint->extensions = join->session.extensions;
    memcpy(endpoint->offered, join->session.sources, sizeof endpoint->offered);
    endpoint->feedback_at = USEC_NEVER;
    endpoint->layers_at = USEC_NEVER;
    endpoint->report_at = USEC_NEVER;
    endpoint->view = (struct sfu_view){.stage_height = DEFAULT_STAGE_HEIGHT,
                                       .screen_height = DEFAULT_SCREEN_HEIGHT,
                                       .tile_height = DEFAULT_TILE_HEIGHT};
    ice_init(&endpoint->ice, worker->now);
    err = set_credentials(endpoint, join->local_ufrag, join->local_pwd);
    if (err == ERR_OK)
        err = room_need(worker, join->room, &endpoint->room);
    if (err == ERR_OK && join->source) {
        err = take_source(worker, endpoint, join);
        if (err != ERR_OK)
            room_release(worker, endpoint->room);
    }
    if (err != ERR_OK) {
        pool_give(&worker->endpoint_pool, handle);
        return err;
    }
    init_slots(worker, endpoint, &join->session);
    enter_room(worker, endpoint);
    err = table_put(&worker->by_endpoint, id_hash(worker, endpoint->id), handle.index);
    assert(err == ERR_OK); /* both tables are as large as the pool */
    err = table_put(&worker->by_ufrag, ufrag_hash(worker, endpoint->ufrag), handle.index);
    assert(err == ERR_OK);
    deadlines_set(&worker->deadlines, handle.index, ice_deadline(&endpoint->ice));
    if (endpoint->source != INDEX_NONE)
        cast_source(worker, endpoint->room, endpoint->number);
    return ERR_OK;
}

enum err endpoint_restart(struct worker *worker, uint64_t id, const char *ufrag, const char *pwd)
{
    struct endpoint *endpoint = endpoint_find(worker, id);
    if (!endpoint)
        return ERR_UNKNOWN;
    struct bytes wanted = {(const uint8_t *)ufrag, strnlen(ufrag, WORKER_ICE_UFRAG_BYTES)};
    struct endpoint *holder = find_by_ufrag(worker, wanted);
    if (holder && holder != endpoint)
        return ERR_CONFLICT;
    uint64_t old_hash = ufrag_hash(worker, endpoint->ufrag);
    enum err err = set_credentials(endpoint, ufrag, pwd);
    if (err != ERR_OK)
        return err;
    bool removed = table_remove(&worker->by_ufrag, old_hash, endpoint->handle.index);
    assert(removed);
    err = table_put(&worker->by_ufrag, ufrag_hash(worker, endpoint->ufrag), endpoint->handle.index);
    assert(err == ERR_OK);
    ice_on_restart(&endpoint->ice, worker->now);
    return ERR_OK;
}

void endpoint_spend_keys(struct worker *worker, const struct srtp_pair *keys)
{
    assert(worker->spent_count < 2 * worker->config.endpoints);
    worker->spent[worker->spent_count++] = *keys;
}

void endpoint_leave(struct worker *worker, struct endpoint *endpoint, enum sfu_gone_reason reason)
{
    show_end(worker, endpoint);
    endpoint->gone = true;
    endpoint->connected = false;
    outlet_refresh(worker, endpoint);
    intake_give(worker, endpoint);
    leave_room(worker, endpoint);
    if (endpoint->source != INDEX_NONE)
        room_forget_source(worker, endpoint->source);
    endpoint->source = INDEX_NONE;

    uint32_t index = endpoint->handle.index;
    bool removed = table_remove(&worker->by_endpoint, id_hash(worker, endpoint->id), index);
    assert(removed);
    removed = table_remove(&worker->by_ufrag, ufrag_hash(worker, endpoint->ufrag), index);
    assert(removed);
    endpoint_forget_paths(worker, endpoint);
    deadlines_set(&worker->deadlines, index, USEC_NEVER);
    if (endpoint->keyed)
        endpoint_spend_keys(worker, &endpoint->keys);
    endpoint->keyed = false;
    endpoint->reason = reason;
    endpoint_tell(worker, endpoint, NEWS_GONE);
    room_release(worker, endpoint->room);
}

void endpoint_free(struct worker *worker, struct endpoint *endpoint)
{
    pool_give(&worker->endpoint_pool, endpoint->handle);
}

void endpoint_try_connect(struct worker *worker, struct endpoint *endpoint)
{
    if (endpoint->connected || !endpoint->keyed || !ice_address(&endpoint->ice))
        return;
    endpoint->connected = true;
    outlet_refresh(worker, endpoint);
    endpoint->report_at = worker->now + rng_below(&worker->rng, REPORT_EVERY_US);
    deadlines_hasten(&worker->deadlines, endpoint->handle.index, endpoint->report_at);
    endpoint_tell(worker, endpoint, NEWS_CONNECTED);
    endpoint_tell(worker, endpoint, NEWS_SLOTS);
    if (endpoint->source != INDEX_NONE)
        endpoint_tell(worker, endpoint, NEWS_LAYERS);
    cast_endpoint(worker, endpoint);
}

void endpoint_on_keys(struct worker *worker, struct endpoint *endpoint,
                      const struct srtp_pair *keys)
{
    if (endpoint->keyed)
        endpoint_spend_keys(worker, &endpoint->keys);
    endpoint->keys = *keys;
    endpoint->keyed = true;
    outlet_refresh(worker, endpoint);
    const struct srtp_transform *out = &keys->outbound;
    enum err err = out->ops->add_outgoing(out->state, endpoint->rtcp_ssrc);
    for (uint32_t i = 0; i < endpoint->slot_count && err == ERR_OK; i++) {
        const struct slot *slot = &endpoint->slots[i];
        if (slot->ssrc != endpoint->rtcp_ssrc)
            err = out->ops->add_outgoing(out->state, slot->ssrc);
        if (err == ERR_OK && slot->rtx_payload_type)
            err = out->ops->add_outgoing(out->state, slot->rtx_ssrc);
    }
    if (err != ERR_OK)
        endpoint_leave(worker, endpoint, SFU_GONE_HANDSHAKE);
    else
        endpoint_try_connect(worker, endpoint);
}

void endpoint_pend(struct worker *worker, struct endpoint *endpoint, uint32_t slot)
{
    outlet_pend(worker, endpoint->handle.index, slot);
}

void endpoint_need_control(struct worker *worker, struct endpoint *endpoint, enum control control)
{
    struct outlet *outlet = outlet_of(worker, endpoint);
    outlet->control |= (uint8_t)control;
    if (!outlet->queued)
        fifo_put(&worker->sends, endpoint->handle.index);
    outlet->queued = true;
}

void endpoint_tell(struct worker *worker, struct endpoint *endpoint, enum news news)
{
    endpoint->news |= (uint8_t)news;
    if (!endpoint->news_queued)
        fifo_put(&worker->news, endpoint->handle.index);
    endpoint->news_queued = true;
}

struct sfu_layers endpoint_layers(const struct worker *worker, const struct endpoint *endpoint)
{
    struct sfu_layers layers = {0};
    if (endpoint->source == INDEX_NONE)
        return layers;
    const struct source *source = &worker->sources[endpoint->source];
    uint8_t camera = source_wanted(worker, source, SOURCE_CAMERA);
    for (int layer = 0; layer < LIMIT_SIMULCAST_LAYERS; layer++)
        layers.camera[layer] = (camera >> layer) & 1;
    layers.screen = source_wanted(worker, source, SOURCE_SCREEN) != 0;
    return layers;
}

void endpoint_on_wanted(struct worker *worker, struct endpoint *endpoint)
{
    if (!endpoint->connected)
        return;
    struct sfu_layers now = endpoint_layers(worker, endpoint);
    const struct sfu_layers *told = &endpoint->layers_told;
    bool more = now.screen && !told->screen;
    bool less = !now.screen && told->screen;
    for (int layer = 0; layer < LIMIT_SIMULCAST_LAYERS; layer++) {
        more = more || (now.camera[layer] && !told->camera[layer]);
        less = less || (!now.camera[layer] && told->camera[layer]);
    }
    if (more)
        endpoint_tell(worker, endpoint, NEWS_LAYERS);
    if (less && endpoint->layers_at == USEC_NEVER) {
        endpoint->layers_at = worker->now + LAYERS_OFF_AFTER_US;
        deadlines_hasten(&worker->deadlines, endpoint->handle.index, endpoint->layers_at);
    }
}

static usec_t earlier(usec_t a, usec_t b)
{
    return a < b ? a : b;
}

/* Also does what is due of the slots; the next time one is, or USEC_NEVER. */
static usec_t cut_slots(struct worker *worker, struct endpoint *endpoint)
{
    usec_t next = USEC_NEVER;
    for (uint64_t cutting = endpoint->cutting; cutting; cutting &= cutting - 1) {
        uint32_t index = (uint32_t)__builtin_ctzll(cutting);
        usec_t at = endpoint->slots[index].cut_at;
        if (at <= worker->now)
            show_cut(worker, endpoint, index);
        else
            next = earlier(next, at);
    }
    return next;
}

void endpoint_on_due(struct worker *worker, struct endpoint *endpoint)
{
    usec_t now = worker->now;
    if (ice_expired(&endpoint->ice, now)) {
        endpoint_leave(worker, endpoint,
                       endpoint->ice.came ? SFU_GONE_CONSENT_EXPIRED : SFU_GONE_NEVER_CAME);
        return;
    }
    if (endpoint->layers_at <= now) {
        endpoint->layers_at = USEC_NEVER;
        endpoint_tell(worker, endpoint, NEWS_LAYERS);
    }
    if (endpoint->feedback_at <= now) {
        endpoint->feedback_at = USEC_NEVER;
        endpoint_need_control(worker, endpoint, CONTROL_TRANSPORT_CC);
    }
    if (endpoint->report_at <= now) {
        endpoint->report_at = now + REPORT_EVERY_US;
        endpoint_need_control(worker, endpoint, CONTROL_REPORT);
        feedback_judge(worker, endpoint);
    }
    usec_t nack = USEC_NEVER;
    for (int place = 0; endpoint->intake && place < SOURCE_PLACES; place++)
        nack = earlier(nack, nack_deadline(&endpoint->intake->receivers[place].nack));
    if (nack <= now) {
        endpoint_need_control(worker, endpoint, CONTROL_NACK);
        nack = USEC_NEVER; /* set again when the request is written */
    }
    usec_t next = earlier(ice_deadline(&endpoint->ice), cut_slots(worker, endpoint));
    next = earlier(next, earlier(endpoint->layers_at, endpoint->feedback_at));
    next = earlier(next, earlier(endpoint->report_at, nack));
    deadlines_set(&worker->deadlines, endpoint->handle.index, next);
}

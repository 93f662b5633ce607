#include "tests/sim/world.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "sfu/proto/demux.h"
#include "tests/sim/session.h"

enum item_kind { TO_WORKER, TO_PEER, RELAY, LAYERS, FILM, SPEAK, WATCH, CHECK, TICK };

enum {
    RELAY_DELAY_US = 50,
    CHECK_EVERY_US = 2500000,
    SERVER_KEY = 0x5e,
    STAGE_SLOT = LIMIT_AUDIO_SLOTS,
    SCREEN_SLOT,
    TILE_SLOT,
};

static void note(struct world *world, const void *data, size_t size)
{
    const uint8_t *bytes = data;
    for (size_t i = 0; i < size; i += sizeof world->hash) {
        uint64_t word = 0;
        memcpy(&word, bytes + i, size - i < sizeof word ? size - i : sizeof word);
        world->hash = (world->hash ^ word) * UINT64_C(0x9e3779b97f4a7c15);
        world->hash ^= world->hash >> 32;
    }
}

static void note_number(struct world *world, uint64_t number)
{
    note(world, &number, sizeof number);
}

struct world *world_create(uint64_t seed, uint32_t packets)
{
    struct world *world = calloc(1, sizeof *world);
    assert(world);
    world->seed = seed;
    world->rng = rng_seed(seed);
    world->now = 1000000;
    world->hash = UINT64_C(0xcbf29ce484222325);
    world->ring_messages = LIMIT_RELAY_RING_MESSAGES;
    for (uint32_t i = 0; i < WORLD_WORKERS; i++) {
        struct worker_config config = {.index = i,
                                       .workers = WORLD_WORKERS,
                                       .seed = rng_u64(&world->rng),
                                       .endpoints = WORLD_PEERS,
                                       .rooms = 4,
                                       .packets = packets};
        enum err err = worker_create(&config, &world->workers[i]);
        assert(err == ERR_OK);
    }
    return world;
}

void world_destroy(struct world *world)
{
    for (uint32_t i = 0; i < WORLD_WORKERS; i++)
        worker_destroy(world->workers[i]);
    wire_done(&world->wire);
    free(world);
}

static void later(struct world *world, usec_t delay, enum item_kind kind, uint32_t peer)
{
    wire_put(&world->wire, world->now + delay, &(struct wire_item){.kind = kind, .to = peer});
}

static void send_up(void *context, uint32_t index, const uint8_t *data, size_t size)
{
    struct world *world = context;
    struct peer *peer = &world->peers[index];
    if (peer->unreachable || !peer->here)
        return;
    uint8_t *bytes = malloc(size);
    assert(bytes);
    memcpy(bytes, data, size);
    struct wire_item item = {
        .kind = TO_WORKER, .from = index, .to = peer->worker, .size = size, .data = bytes};
    wire_send(&world->wire, &world->rng, &peer->up, world->now, &item);
    free(bytes);
}

/* ---- What the server says ----------------------------------------------------------------- */

static struct peer *peer_by_endpoint(struct world *world, uint64_t endpoint)
{
    assert(endpoint >= 1 && endpoint <= world->peer_count);
    return &world->peers[endpoint - 1];
}

static void on_event(struct world *world, const struct sfu_event *event)
{
    note_number(world, event->kind);
    note_number(world, event->endpoint);
    if (event->kind == SFU_SPEAKERS) {
        world->speaker_events++;
        world->speakers_count = event->of.speakers.count;
        memcpy(world->speakers, event->of.speakers.sources, sizeof world->speakers);
        return;
    }
    struct peer *peer = peer_by_endpoint(world, event->endpoint);
    switch (event->kind) {
    case SFU_CONNECTED:
        peer->connected = true;
        break;
    case SFU_GONE:
        peer->gone = true;
        peer->here = false;
        peer->reason = event->reason;
        break;
    case SFU_SLOTS:
        assert(event->of.slots.number > peer->slots_number);
        peer->slots_number = event->of.slots.number;
        peer->slots = event->of.slots;
        break;
    case SFU_LAYERS:
        peer->layers = event->of.layers;
        later(world, WORLD_SIGNAL_US, LAYERS, (uint32_t)event->endpoint - 1);
        break;
    case SFU_SPEAKERS:
        break;
    }
}

/* Rights are judged when a packet leaves the server: the tag is ours to ignore, not the CSRC. */
static void judge_right(struct world *world, const struct peer *peer, struct bytes packet)
{
    struct rtp_header header;
    if (demux_classify(packet) != DEMUX_RTP || rtp_parse(packet, &header) != ERR_OK ||
        header.csrc_count == 0)
        return;
    uint32_t rights = 0;
    for (uint32_t i = 0; i < world->peer_count; i++)
        if (world->peers[i].source == header.csrc[0])
            rights = world->peers[i].rights;
    for (uint32_t i = 0; i < peer->session.slot_count; i++) {
        const struct session_slot *slot = &peer->session.slots[i];
        if (slot->ssrc != header.ssrc && slot->rtx_ssrc != header.ssrc)
            continue;
        bool sound = slot->kind == SLOT_AUDIO && slot->index == LIMIT_AUDIO_SLOTS - 1;
        uint32_t need = sound                      ? SFU_RIGHT_SCREEN
                        : slot->kind == SLOT_AUDIO ? SFU_RIGHT_MICROPHONE
                        : slot->kind == SLOT_STAGE ? SFU_RIGHT_STAGE
                        : slot->kind == SLOT_TILE  ? SFU_RIGHT_TILE
                                                   : SFU_RIGHT_SCREEN;
        world->sent_without_right += !(rights & need);
    }
}

static void send_down(struct world *world, const struct worker_send *send)
{
    uint32_t index = (send->to.port - 1u) % WORLD_PEERS;
    assert(index < world->peer_count);
    struct peer *peer = &world->peers[index];
    if (send->to.port != peer->address.port)
        return; /* nobody lives there any more */
    size_t each = send->segment_size ? send->segment_size : send->size;
    world->trains += send->size > each;
    for (size_t at = 0; at < send->size; at += each) {
        size_t size = send->size - at < each ? send->size - at : each;
        struct wire_item item = {
            .kind = TO_PEER, .to = index, .size = size, .data = send->data + at};
        judge_right(world, peer, (struct bytes){item.data, size});
        wire_send(&world->wire, &world->rng, &peer->down, world->now, &item);
    }
}

static void drain_relay(struct world *world, uint32_t from, uint32_t to)
{
    struct relay_message message;
    memset(&message, 0, sizeof message);
    while (worker_next_relay(world->workers[from], to, &message)) {
        if (world->ring_used[to] == world->ring_messages) {
            worker_on_relay_overflow(world->workers[from], world->now, to);
            continue;
        }
        world->ring_used[to]++;
        struct wire_item item = {.kind = RELAY,
                                 .from = from,
                                 .to = to,
                                 .size = sizeof message,
                                 .data = (uint8_t *)&message};
        wire_put(&world->wire, world->now + RELAY_DELAY_US, &item);
    }
}

static void drain(struct world *world, uint32_t index)
{
    static uint8_t arena[WORLD_ARENA_BYTES];
    struct worker *worker = world->workers[index];
    struct worker_send sends[WORLD_SENDS];
    struct sfu_event event;
    struct srtp_pair spent;
    world->batching[index] = false;
    worker_on_tick(worker, world->now);
    for (uint32_t count = 1; count > 0;) {
        count = worker_build(worker, world->now, sends, WORLD_SENDS, arena, sizeof arena);
        for (uint32_t i = 0; i < count; i++)
            send_down(world, &sends[i]);
    }
    for (uint32_t to = 0; to < WORLD_WORKERS; to++)
        if (to != index)
            drain_relay(world, index, to);
    while (worker_next_event(worker, &event))
        on_event(world, &event);
    while (worker_next_spent(worker, &spent))
        world->spent++;
}

/* ---- What the peers do -------------------------------------------------------------------- */

static void on_datagram_at_peer(struct world *world, struct peer *peer, struct wire_item *item)
{
    note_number(world, world->now);
    note(world, item->data, item->size);
    struct bytes datagram = {item->data, item->size};
    if (!peer->here)
        return;
    if (demux_classify(datagram) == DEMUX_RTCP) {
        uint32_t index;
        size_t size;
        struct seal seal = {.key = peer->viewer.server_key};
        enum err err = seal_ops.unprotect_rtcp(&seal, item->data, item->size, &index, &size);
        assert(err == ERR_OK);
        publisher_on_rtcp(&peer->publisher, (struct bytes){item->data, size});
    } else {
        viewer_on_rtp(&peer->viewer, world->now, item->data, item->size);
    }
}

static void batch(struct world *world, uint32_t worker)
{
    if (!world->batching[worker])
        later(world, WORLD_BATCH_US, TICK, worker);
    world->batching[worker] = true;
}

static void on_item(struct world *world, struct wire_item *item)
{
    struct peer *peer = &world->peers[item->to];
    switch ((enum item_kind)item->kind) {
    case TO_WORKER:
        worker_on_srtp(world->workers[item->to], world->now, world->peers[item->from].handle,
                       item->data, item->size);
        batch(world, item->to);
        break;
    case TO_PEER:
        on_datagram_at_peer(world, peer, item);
        break;
    case RELAY: {
        struct relay_message message;
        memcpy(&message, item->data, sizeof message);
        world->ring_used[item->to]--;
        worker_on_relay(world->workers[item->to], world->now, item->from, &message);
        batch(world, item->to);
        break;
    }
    case LAYERS:
        publisher_on_layers(&peer->publisher, &peer->layers);
        break;
    case FILM:
        publisher_film(&peer->publisher, world->now);
        later(world, PUBLISHER_FRAME_US, FILM, item->to);
        break;
    case SPEAK:
        publisher_speak(&peer->publisher, world->now);
        later(world, PUBLISHER_AUDIO_US, SPEAK, item->to);
        break;
    case WATCH:
        if (peer->here)
            viewer_on_tick(&peer->viewer, world->now);
        later(world, VIEWER_TICK_US, WATCH, item->to);
        break;
    case CHECK:
        if (!peer->here || peer->unreachable)
            break;
        worker_on_binding(world->workers[peer->worker], world->now, peer->handle, &peer->address,
                          true);
        later(world, CHECK_EVERY_US, CHECK, item->to);
        break;
    case TICK:
        drain(world, item->to);
        break;
    }
}

void world_run(struct world *world, usec_t duration)
{
    usec_t end = world->now + duration;
    for (;;) {
        usec_t next = wire_next(&world->wire);
        uint32_t due = WORLD_WORKERS;
        for (uint32_t i = 0; i < WORLD_WORKERS; i++)
            if (worker_deadline(world->workers[i]) < next) {
                next = worker_deadline(world->workers[i]);
                due = i;
            }
        if (next > end)
            break;
        world->now = next > world->now ? next : world->now;
        if (due < WORLD_WORKERS) {
            drain(world, due);
            continue;
        }
        struct wire_item item = wire_take(&world->wire);
        on_item(world, &item);
        free(item.data);
    }
    world->now = end;
}

/* ---- Joining and commands ----------------------------------------------------------------- */

static void tell_others(struct world *world, const struct peer *peer, bool present)
{
    struct worker_remote_source remote = {.room = WORLD_ROOM,
                                          .source = peer->source,
                                          .worker = peer->worker,
                                          .rights = peer->rights,
                                          .present = present};
    memcpy(remote.sources, peer->session.sources, sizeof remote.sources);
    for (uint32_t i = 0; i < WORLD_WORKERS; i++)
        if (i != peer->worker) {
            enum err err = worker_on_remote_source(world->workers[i], world->now, &remote);
            assert(err == ERR_OK);
            drain(world, i);
        }
}

static uint32_t join(struct world *world, uint32_t worker, uint32_t rights, uint32_t tiles,
                     uint32_t source)
{
    bool sends = source != 0;
    uint32_t index = world->peer_count++;
    assert(index < WORLD_PEERS);
    struct peer *peer = &world->peers[index];
    peer->here = true;
    peer->worker = worker;
    peer->source = source;
    peer->rights = rights;
    peer->to_server.key = index + 1;
    peer->from_server.key = SERVER_KEY + index;
    peer->address = (struct udp_address){.ip = {[15] = 9}, .port = (uint16_t)(index + 1)};
    session_make(&peer->session, index, sends, tiles);
    struct outbox outbox = {send_up, world, index};
    peer->publisher.outbox = outbox;
    peer->publisher.session = &peer->session;
    peer->publisher.seal = &peer->to_server;
    publisher_init(&peer->publisher, &world->rng, source);
    peer->viewer.outbox = outbox;
    peer->viewer.session = &peer->session;
    peer->viewer.seal = &peer->to_server;
    peer->viewer.server_key = peer->from_server.key;
    peer->viewer.source = peer->source;
    for (uint32_t i = 0; i < peer->session.slot_count; i++)
        peer->viewer.slots[i].resync = true;

    struct worker_join request = {.room = WORLD_ROOM,
                                  .endpoint = index + 1,
                                  .source = peer->source,
                                  .rights = rights,
                                  .local_pwd = "password-of-22-letters",
                                  .session = peer->session};
    request.local_ufrag[0] = (char)('A' + index);
    enum err err = worker_on_join(world->workers[worker], world->now, &request);
    assert(err == ERR_OK);
    const char *pwd;
    err = worker_find_ufrag(world->workers[worker], bytes_of(request.local_ufrag), &peer->handle,
                            &pwd);
    assert(err == ERR_OK);
    if (sends)
        tell_others(world, peer, true);
    struct srtp_pair keys = {.inbound = {&seal_ops, &peer->to_server},
                             .outbound = {&seal_ops, &peer->from_server}};
    worker_on_binding(world->workers[worker], world->now, peer->handle, &peer->address, true);
    worker_on_keys(world->workers[worker], world->now, peer->handle, &keys);
    drain(world, worker);
    later(world, CHECK_EVERY_US, CHECK, index);
    later(world, rng_below(&world->rng, PUBLISHER_FRAME_US), FILM, index);
    later(world, rng_below(&world->rng, PUBLISHER_AUDIO_US), SPEAK, index);
    later(world, rng_below(&world->rng, VIEWER_TICK_US), WATCH, index);
    return index;
}

uint32_t world_join(struct world *world, uint32_t worker, uint32_t rights, uint32_t tiles)
{
    return join(world, worker, rights, tiles, world->peer_count + 1);
}

uint32_t world_watch(struct world *world, uint32_t worker, uint32_t tiles)
{
    return join(world, worker, 0, tiles, 0);
}

uint32_t world_rejoin(struct world *world, uint32_t worker, uint32_t old)
{
    const struct peer *peer = &world->peers[old];
    return join(world, worker, peer->rights, 2, peer->source);
}

void world_move(struct world *world, uint32_t index)
{
    struct peer *peer = &world->peers[index];
    peer->address.port = (uint16_t)(peer->address.port + WORLD_PEERS);
    worker_on_binding(world->workers[peer->worker], world->now, peer->handle, &peer->address, true);
    drain(world, peer->worker);
}

void world_command(struct world *world, const struct sfu_command *command)
{
    for (uint32_t i = 0; i < WORLD_WORKERS; i++) {
        enum err err = worker_on_command(world->workers[i], world->now, command);
        assert(err == ERR_OK || err == ERR_UNKNOWN);
        drain(world, i);
    }
    if (command->kind != SFU_LEAVE)
        return;
    struct peer *peer = peer_by_endpoint(world, command->endpoint);
    bool elsewhere = false; /* the same source, over another connection */
    for (uint32_t i = 0; i < world->peer_count; i++)
        if (world->peers[i].here && world->peers[i].source == peer->source)
            elsewhere = true;
    if (peer->source && !elsewhere)
        tell_others(world, peer, false);
}

void world_set_rights(struct world *world, uint32_t source, uint32_t rights)
{
    for (uint32_t i = 0; i < world->peer_count; i++)
        if (world->peers[i].source == source)
            world->peers[i].rights = rights;
    world_command(
        world, &(struct sfu_command){
                   .kind = SFU_SET_RIGHTS, .room = WORLD_ROOM, .source = source, .rights = rights});
}

void world_set_stage(struct world *world, uint32_t source)
{
    world_command(
        world, &(struct sfu_command){.kind = SFU_SET_STAGE, .room = WORLD_ROOM, .source = source});
}

void world_set_floor(struct world *world, uint32_t source)
{
    world_command(
        world, &(struct sfu_command){.kind = SFU_SET_FLOOR, .room = WORLD_ROOM, .source = source});
}

void world_set_screen(struct world *world, uint32_t source)
{
    world_command(
        world, &(struct sfu_command){.kind = SFU_SET_SCREEN, .room = WORLD_ROOM, .source = source});
}

struct viewer_slot *world_slot(struct world *world, uint32_t peer, enum slot_kind kind,
                               uint32_t index)
{
    uint32_t at = kind == SLOT_AUDIO    ? index
                  : kind == SLOT_STAGE  ? (uint32_t)STAGE_SLOT
                  : kind == SLOT_SCREEN ? (uint32_t)SCREEN_SLOT
                                        : (uint32_t)TILE_SLOT + index;
    return &world->peers[peer].viewer.slots[at];
}

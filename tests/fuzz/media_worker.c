/* Two media workers and whatever happens to them: joins, commands, packets, relay messages, time.
 * The protection is one that accepts every packet, so each byte is an endpoint's own word. Nothing
 * may trip an assertion, nothing may be asked for in the past, and a closed room leaves nothing. */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "base/bytes.h"
#include "sfu/core/worker.h"

enum { WORKERS = 2, ENDPOINTS = 4, ROOM = 7, ARENA_BYTES = 8192, SENDS = 4 };

struct act {
    struct rd rd;
    usec_t now;
    uint32_t ufrags;
    uint32_t rtcp_index;
    struct worker *workers[WORKERS];
};

static enum err protect_rtp(void *state, uint64_t index, uint8_t *packet, size_t capacity,
                            size_t header_size, size_t own_size, struct bytes shared,
                            size_t *ret_size)
{
    (void)state;
    (void)index;
    assert(header_size + own_size + shared.size <= capacity);
    if (shared.size)
        memcpy(packet + header_size + own_size, shared.data, shared.size);
    *ret_size = header_size + own_size + shared.size;
    return ERR_OK;
}

static enum err unprotect_rtp(void *state, uint64_t index, uint8_t *packet, size_t size,
                              size_t header_size, size_t *ret_size)
{
    (void)state;
    (void)index;
    (void)packet;
    assert(header_size <= size);
    *ret_size = size;
    return ERR_OK;
}

static enum err protect_rtcp(void *state, uint32_t index, uint8_t *packet, size_t capacity,
                             size_t size, size_t *ret_size)
{
    (void)state;
    (void)index;
    (void)packet;
    assert(size <= capacity);
    *ret_size = size;
    return ERR_OK;
}

static enum err unprotect_rtcp(void *state, uint8_t *packet, size_t size, uint32_t *ret_index,
                               size_t *ret_size)
{
    struct act *act = state;
    (void)packet;
    *ret_index = act->rtcp_index++;
    *ret_size = size;
    return ERR_OK;
}

static enum err add_outgoing(void *state, uint32_t ssrc)
{
    (void)state;
    (void)ssrc;
    return ERR_OK;
}

static const struct srtp_ops open_ops = {
    .protect_rtp = protect_rtp,
    .unprotect_rtp = unprotect_rtp,
    .protect_rtcp = protect_rtcp,
    .unprotect_rtcp = unprotect_rtcp,
    .add_outgoing = add_outgoing,
};

static void drain(struct act *act)
{
    static uint8_t arena[ARENA_BYTES];
    static struct relay_message message;
    struct worker_send sends[SENDS];
    struct sfu_event event;
    struct srtp_pair spent;
    for (uint32_t i = 0; i < WORKERS; i++) {
        worker_on_tick(act->workers[i], act->now);
        uint32_t limit = 0;
        while (worker_build(act->workers[i], act->now, sends, SENDS, arena, sizeof arena) > 0)
            assert(limit++ < 10000);
        while (worker_next_relay(act->workers[i], 1 - i, &message)) {
            assert(limit++ < 10000);
            worker_on_relay(act->workers[1 - i], act->now, i, &message);
        }
        while (worker_next_event(act->workers[i], &event))
            assert(limit++ < 10000);
        while (worker_next_spent(act->workers[i], &spent))
            assert(limit++ < 10000);
        /* Otherwise an edge would spin. */
        worker_on_tick(act->workers[i], act->now);
        assert(worker_deadline(act->workers[i]) > act->now);
    }
}

static void make_session(struct session *session, uint32_t base, uint8_t shape)
{
    session->extensions = (struct session_extensions){1, 2, 3, 4, (shape & 1) ? 5 : 0};
    session->sources[SOURCE_MICROPHONE] = (struct session_source){
        .present = true, .mid = "0", .payload_type = 111, .red_payload_type = 63, .layer_count = 1};
    session->sources[SOURCE_CAMERA] = (struct session_source){.present = true,
                                                              .mid = "1",
                                                              .payload_type = 96,
                                                              .rtx_payload_type = 97,
                                                              .layer_count = 3,
                                                              .rid = {"q", "h", "f"},
                                                              .ssrc = {1, 2, 3},
                                                              .rtx_ssrc = {4, 5, 6}};
    if (shape & 2)
        session->sources[SOURCE_SCREEN] = (struct session_source){
            .present = true, .mid = "2", .payload_type = 96, .layer_count = 1, .ssrc = {7}};
    static const enum slot_kind kinds[] = {SLOT_AUDIO, SLOT_AUDIO, SLOT_STAGE, SLOT_SCREEN,
                                           SLOT_TILE};
    for (uint32_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        session->slots[session->slot_count++] =
            (struct session_slot){.kind = kinds[i],
                                  .index = (uint8_t)(i == 1),
                                  .payload_type = 96,
                                  .rtx_payload_type = kinds[i] == SLOT_AUDIO ? 0 : 97,
                                  .ssrc = base + 2 * i,
                                  .rtx_ssrc = kinds[i] == SLOT_AUDIO ? 0 : base + 2 * i + 1};
}

static void do_join(struct act *act)
{
    uint8_t which = rd_u8(&act->rd);
    uint8_t rights = rd_u8(&act->rd);
    struct worker_join join = {.room = ROOM,
                               .endpoint = 1 + which % ENDPOINTS,
                               .source = (which >> 2) % 4,
                               .rights = rights % 16,
                               .local_pwd = "pwd"};
    join.local_ufrag[0] = 'u';
    join.local_ufrag[1] = (char)('a' + act->ufrags++ % 26);
    make_session(&join.session, 100 * (1u + which % ENDPOINTS), which >> 4);
    struct worker *worker = act->workers[which >> 7];
    if (worker_on_join(worker, act->now, &join) != ERR_OK)
        return;
    struct handle handle;
    const char *pwd;
    enum err err = worker_find_ufrag(worker, bytes_of(join.local_ufrag), &handle, &pwd);
    assert(err == ERR_OK);
    struct udp_address from = {.port = which};
    struct srtp_pair keys = {{&open_ops, act}, {&open_ops, act}};
    worker_on_binding(worker, act->now, handle, &from, true);
    worker_on_keys(worker, act->now, handle, &keys);
}

static void do_command(struct act *act)
{
    struct sfu_command command = {.kind = (enum sfu_command_kind)(rd_u8(&act->rd) % 7),
                                  .room = ROOM,
                                  .endpoint = 1 + rd_u8(&act->rd) % ENDPOINTS,
                                  .source = rd_u8(&act->rd) % 4,
                                  .rights = rd_u8(&act->rd) % 16};
    command.view = (struct sfu_view){.stage_height = (uint16_t)(command.source * 240),
                                     .screen_height = (uint16_t)(command.rights * 90),
                                     .tile_height = 180,
                                     .tile_count = 1,
                                     .tiles = {command.source}};
    for (uint32_t i = 0; i < WORKERS; i++)
        (void)!worker_on_command(act->workers[i], act->now, &command);
}

static void do_remote(struct act *act)
{
    uint8_t which = rd_u8(&act->rd);
    struct session session = {0};
    make_session(&session, 1, which >> 4);
    struct worker_remote_source remote = {.room = ROOM,
                                          .source = which % 4,
                                          .worker = which >> 7,
                                          .rights = 15,
                                          .present = which & 4};
    memcpy(remote.sources, session.sources, sizeof remote.sources);
    (void)!worker_on_remote_source(act->workers[1 - remote.worker], act->now, &remote);
}

/* A datagram of the input's bytes, from the endpoint at that address. */
static void do_datagram(struct act *act)
{
    uint8_t which = rd_u8(&act->rd);
    uint8_t size = rd_u8(&act->rd);
    struct bytes bytes = rd_bytes(&act->rd, size);
    uint8_t datagram[UINT8_MAX + 1];
    if (bytes.size)
        memcpy(datagram, bytes.data, bytes.size);
    struct udp_address from = {.port = which};
    struct handle handle;
    struct worker *worker = act->workers[which >> 7];
    if (worker_find_address(worker, &from, &handle) == ERR_OK)
        worker_on_srtp(worker, act->now, handle, datagram, bytes.size);
}

static void do_relay(struct act *act)
{
    static struct relay_message message;
    uint8_t which = rd_u8(&act->rd);
    message.kind = (enum relay_kind)(which % 4);
    message.room = ROOM;
    message.source = (which >> 2) % 4;
    message.source_kind = (enum source_kind)(rd_u8(&act->rd) % SOURCE_KINDS);
    message.layer = rd_u8(&act->rd);
    message.layers = rd_u8(&act->rd);
    message.level = rd_u8(&act->rd);
    struct bytes bytes = rd_bytes(&act->rd, rd_u8(&act->rd));
    message.size = (uint16_t)bytes.size;
    if (bytes.size)
        memcpy(message.packet, bytes.data, bytes.size);
    worker_on_relay(act->workers[which >> 7], act->now, 1u - (which >> 7), &message);
}

static void do_something(struct act *act)
{
    switch (rd_u8(&act->rd) % 8) {
    case 0:
        act->now += (usec_t)rd_u8(&act->rd) * rd_u8(&act->rd) * 1000;
        break;
    case 1:
        do_join(act);
        break;
    case 2:
        do_command(act);
        break;
    case 3:
        do_remote(act);
        break;
    case 4:
        do_relay(act);
        break;
    case 5:
        worker_on_relay_overflow(act->workers[0], act->now, 1);
        break;
    default:
        do_datagram(act);
        break;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct act act = {.rd = rd_init((struct bytes){data, size}), .now = 1};
    for (uint32_t i = 0; i < WORKERS; i++) {
        struct worker_config config = {.index = i,
                                       .workers = WORKERS,
                                       .seed = i,
                                       .endpoints = ENDPOINTS,
                                       .rooms = 1,
                                       .packets = 24};
        enum err err = worker_create(&config, &act.workers[i]);
        assert(err == ERR_OK);
    }
    while (rd_left(&act.rd) > 0) {
        do_something(&act);
        drain(&act);
    }
    struct sfu_command close = {.kind = SFU_CLOSE_ROOM, .room = ROOM};
    for (uint32_t i = 0; i < WORKERS; i++)
        (void)!worker_on_command(act.workers[i], act.now, &close);
    drain(&act);
    for (uint32_t i = 0; i < WORKERS; i++) {
        act.now += 3600 * USEC_PER_SEC;
        worker_on_tick(act.workers[i], act.now);
        assert(worker_deadline(act.workers[i]) == USEC_NEVER);
        worker_destroy(act.workers[i]);
    }
    return 0;
}

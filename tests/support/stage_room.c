#include "tests/support/stage_room.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "sfu/proto/rtp.h"
#include "sfu/proto/vp8.h"

enum {
    ROOM = 3,
    OTHER_ROOM = 4,
    ENDPOINTS = STAGE_SOURCES + STAGE_SUBSCRIBERS,
    OPUS = 111,
    VP8 = 96,
    RTX = 97,
    TRANSPORT_CC_ID = 5,
    TAG_BYTES = 16,
    SOUND_BYTES = 80,
    SOUND_SSRC = 0x100,
};

struct stage stage;

/* By the publisher's number. */
static uint16_t payload_sizes[STAGE_SOURCES][STAGE_KINDS][1 << 16];

/* ---- A cipher that leaves everything readable ------------------------------------------------ */

static enum err open_protect_rtp(void *state, uint64_t index, uint8_t *packet, size_t capacity,
                                 size_t header_size, size_t own_size, struct bytes shared,
                                 size_t *ret_size)
{
    (void)state;
    size_t size = header_size + own_size + shared.size;
    assert_true(size + TAG_BYTES <= capacity);
    assert_int_equal((uint16_t)index, packet[2] << 8 | packet[3]);
    if (shared.size)
        memcpy(packet + header_size + own_size, shared.data, shared.size);
    memset(packet + size, 0xee, TAG_BYTES);
    *ret_size = size + TAG_BYTES;
    return ERR_OK;
}

static enum err open_unprotect_rtp(void *state, uint64_t index, uint8_t *packet, size_t size,
                                   size_t header_size, size_t *ret_size)
{
    (void)state;
    (void)index;
    (void)packet;
    (void)header_size;
    *ret_size = size;
    return ERR_OK;
}

static enum err open_protect_rtcp(void *state, uint32_t index, uint8_t *packet, size_t capacity,
                                  size_t size, size_t *ret_size)
{
    (void)state;
    (void)index;
    (void)packet;
    (void)capacity;
    *ret_size = size;
    return ERR_OK;
}

static enum err open_unprotect_rtcp(void *state, uint8_t *packet, size_t size, uint32_t *ret_index,
                                    size_t *ret_size)
{
    static uint32_t index;
    (void)state;
    (void)packet;
    *ret_index = ++index;
    *ret_size = size;
    return ERR_OK;
}

static enum err open_add_outgoing(void *state, uint32_t ssrc)
{
    (void)state;
    (void)ssrc;
    return ERR_OK;
}

static const struct srtp_ops open_ops = {
    .protect_rtp = open_protect_rtp,
    .unprotect_rtp = open_unprotect_rtp,
    .protect_rtcp = open_protect_rtcp,
    .unprotect_rtcp = open_unprotect_rtcp,
    .add_outgoing = open_add_outgoing,
};

/* ---- The room -------------------------------------------------------------------------------- */

static struct handle join(uint32_t number)
{
    bool sends = number < STAGE_SOURCES;
    struct worker_join who = {.room = ROOM,
                              .endpoint = number + 1,
                              .source = sends ? number + 1 : 0,
                              .rights = SFU_RIGHT_STAGE | SFU_RIGHT_MICROPHONE,
                              .local_ufrag = {(char)('a' + number)},
                              .local_pwd = "password"};
    struct session *session = &who.session;
    session->extensions.transport_cc = TRANSPORT_CC_ID;
    if (sends) {
        session->sources[SOURCE_MICROPHONE] =
            (struct session_source){.present = true,
                                    .payload_type = OPUS,
                                    .layer_count = 1,
                                    .ssrc = {1 + STAGE_KIND_SOUND}};
        session->sources[SOURCE_CAMERA] = (struct session_source){
            .present = true, .payload_type = VP8, .layer_count = 1, .ssrc = {1 + STAGE_KIND_VIDEO}};
    } else {
        session->slots[session->slot_count++] = (struct session_slot){
            .kind = SLOT_AUDIO, .payload_type = OPUS, .transport_cc = true, .ssrc = SOUND_SSRC};
        session->slots[session->slot_count++] = (struct session_slot){.kind = SLOT_STAGE,
                                                                      .payload_type = VP8,
                                                                      .rtx_payload_type = RTX,
                                                                      .transport_cc = true,
                                                                      .ssrc = STAGE_SSRC,
                                                                      .rtx_ssrc = STAGE_SSRC + 1};
    }
    struct handle handle;
    const char *password;
    assert_int_equal(worker_on_join(stage.worker, stage.now, &who), ERR_OK);
    assert_int_equal(worker_find_ufrag(stage.worker, bytes_of(who.local_ufrag), &handle, &password),
                     ERR_OK);
    struct udp_address from = {.port = (uint16_t)(number + 1)};
    worker_on_binding(stage.worker, stage.now, handle, &from, true);
    struct srtp_pair keys = {{&open_ops, NULL}, {&open_ops, NULL}};
    worker_on_keys(stage.worker, stage.now, handle, &keys);
    return handle;
}

void stage_order(enum sfu_command_kind kind, uint32_t source)
{
    struct sfu_command command = {.kind = kind, .room = ROOM, .source = source};
    assert_int_equal(worker_on_command(stage.worker, stage.now, &command), ERR_OK);
}

void stage_begin(uint64_t seed)
{
    memset(&stage, 0, sizeof stage);
    stage.rng = rng_seed(seed);
    stage.now = USEC_PER_SEC;
    struct worker_config config = {.workers = 1,
                                   .seed = seed,
                                   .endpoints = ENDPOINTS + STAGE_OTHERS,
                                   .rooms = 2,
                                   .packets = 4096};
    assert_int_equal(worker_create(&config, &stage.worker), ERR_OK);
    for (uint32_t i = 0; i < STAGE_SOURCES; i++)
        stage.publishers[i] = (struct stage_publisher){.handle = join(i), .next = {60000, 100}};
    for (uint32_t i = 0; i < STAGE_SUBSCRIBERS; i++) {
        struct stage_subscriber *subscriber = &stage.subscribers[i];
        subscriber->handle = join(STAGE_SOURCES + i);
        subscriber->lowest[STAGE_KIND_VIDEO] = subscriber->lowest[STAGE_KIND_SOUND] = -1;
    }
    stage_order(SFU_SET_FLOOR, 1);
    stage_order(SFU_SET_STAGE, 1);
}

void stage_join_others(uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        struct worker_join who = {
            .room = OTHER_ROOM, .endpoint = ENDPOINTS + 1 + i, .local_pwd = "password"};
        (void)snprintf(who.local_ufrag, sizeof who.local_ufrag, "o%u", i);
        assert_int_equal(worker_on_join(stage.worker, stage.now, &who), ERR_OK);
    }
}

/* ---- What is published ----------------------------------------------------------------------- */

/* What stands behind the descriptor can be told from the number alone. */
static void fill(uint8_t *out, size_t size, uint32_t source, uint16_t number)
{
    struct rng rng = rng_seed((uint64_t)source << 16 | number);
    for (size_t i = 0; i < size; i++)
        out[i] = (uint8_t)rng_u64(&rng);
}

static void make(struct stage_packet *made, uint32_t source, uint32_t kind,
                 const struct rtp_outgoing *given, struct bytes head, size_t size)
{
    struct rtp_outgoing header = *given;
    struct stage_publisher *publisher = &stage.publishers[source - 1];
    size_t unused;
    header.ssrc = 1 + kind;
    header.sequence = publisher->next[kind]++;
    assert_int_equal(
        rtp_write_header(&header, made->packet, sizeof made->packet, &made->size, &unused), ERR_OK);
    if (head.size)
        memcpy(made->packet + made->size, head.data, head.size);
    fill(made->packet + made->size + head.size, size - head.size, source, header.sequence);
    made->size += size;
    payload_sizes[source - 1][kind][header.sequence] = (uint16_t)size;
}

void stage_make_sound(struct stage_packet *made, uint32_t source)
{
    struct rtp_outgoing header = {.payload_type = OPUS,
                                  .timestamp = (uint32_t)(stage.now * 48 / 1000)};
    make(made, source, STAGE_KIND_SOUND, &header, (struct bytes){NULL, 0}, SOUND_BYTES);
}

uint32_t stage_make_frame(struct stage_packet *made, uint32_t source, bool keyframe)
{
    static const uint8_t start[10] = {0x10, 0, 0, 0x9d, 0x01, 0x2a, 0, 5, 0xd0, 2};
    struct stage_publisher *publisher = &stage.publishers[source - 1];
    uint32_t count = keyframe ? 12 + rng_below(&stage.rng, 20) : 1 + rng_below(&stage.rng, 7);
    size_t each = 300 + rng_below(&stage.rng, 800);
    publisher->frames++;
    for (uint32_t i = 0; i < count; i++) {
        uint8_t head[32];
        struct vp8_descriptor descriptor = {.starts_partition = i == 0, .has_picture_id = true};
        size_t head_size = vp8_write(&descriptor, (uint16_t)(publisher->frames & 0x7fff), 0, head);
        head[head_size] = 1;
        if (i == 0 && keyframe)
            memcpy(head + head_size, start, sizeof start);
        head_size += i == 0 && keyframe ? sizeof start : 1;
        bool last = i + 1 == count;
        size_t size = last && rng_below(&stage.rng, 4) == 0 ? 40 + rng_below(&stage.rng, 200)
                                                            : each - rng_below(&stage.rng, 2);
        struct rtp_outgoing header = {
            .marker = last, .payload_type = VP8, .timestamp = publisher->frames * 3000};
        make(&made[i], source, STAGE_KIND_VIDEO, &header, (struct bytes){head, head_size}, size);
    }
    return count;
}

void stage_give(uint32_t source, struct stage_packet *made)
{
    worker_on_srtp(stage.worker, stage.now, stage.publishers[source - 1].handle, made->packet,
                   made->size);
}

/* ---- What is sent ---------------------------------------------------------------------------- */

static void check_content(const struct rtp_header *header, struct bytes payload, uint32_t kind,
                          uint16_t number)
{
    struct rd rd = rd_init(payload);
    assert_int_equal(payload.size, payload_sizes[header->csrc[0] - 1][kind][number]);
    if (kind == STAGE_KIND_VIDEO) {
        struct vp8_descriptor descriptor;
        assert_int_equal(vp8_parse(payload, &descriptor), ERR_OK);
        assert_true(descriptor.has_picture_id);
        rd_skip(&rd, descriptor.size);
        rd_skip(&rd, vp8_is_keyframe(&descriptor, payload) ? 10 : 1);
    }
    uint8_t expected[LIMIT_RTP_PACKET_BYTES];
    struct bytes rest = rd_bytes(&rd, rd_left(&rd));
    fill(expected, rest.size, header->csrc[0], number);
    assert_memory_equal(rest.data, expected, rest.size);
}

/* Which of the publisher's numbers has this content. */
static uint16_t find_original(const struct rtp_header *header, struct bytes payload, uint32_t kind)
{
    const struct stage_publisher *publisher = &stage.publishers[header->csrc[0] - 1];
    struct rd rd = rd_init(payload);
    struct vp8_descriptor descriptor;
    if (kind == STAGE_KIND_VIDEO && vp8_parse(payload, &descriptor) == ERR_OK) {
        rd_skip(&rd, descriptor.size);
        rd_skip(&rd, vp8_is_keyframe(&descriptor, payload) ? 10 : 1);
    }
    struct bytes rest = rd_bytes(&rd, rd_left(&rd));
    for (uint16_t number = (uint16_t)(publisher->next[kind] - 1);; number--) {
        uint8_t expected[8];
        fill(expected, sizeof expected, header->csrc[0], number);
        if (memcmp(rest.data, expected, sizeof expected) == 0)
            return number;
        assert_int_not_equal(number, (uint16_t)(publisher->next[kind] - STAGE_NUMBERS));
    }
}

static void on_again(struct stage_subscriber *subscriber, const struct rtp_header *header,
                     struct bytes payload)
{
    uint16_t number;
    struct bytes original;
    assert_int_equal(rtp_rtx_split(payload, &number, &original), ERR_OK);
    assert_false(header->padded);
    uint32_t at =
        (uint16_t)(number - (uint16_t)subscriber->lowest[STAGE_KIND_VIDEO]) % STAGE_NUMBERS;
    assert_int_equal(header->csrc[0], subscriber->origin[STAGE_KIND_VIDEO][at]);
    check_content(header, original, STAGE_KIND_VIDEO, subscriber->original[STAGE_KIND_VIDEO][at]);
    subscriber->resent++;
}

static void on_packet(struct stage_subscriber *subscriber, struct bytes packet)
{
    struct rtp_header header;
    struct bytes payload;
    uint16_t number;
    packet.size -= TAG_BYTES;
    assert_int_equal(rtp_parse(packet, &header), ERR_OK);
    assert_int_equal(rtp_payload(&header, packet, &payload), ERR_OK);
    assert_true(rtp_transport_cc(&header, TRANSPORT_CC_ID, &number));
    assert_int_equal(number, (uint16_t)subscriber->numbers++);
    stage.padded += header.padded;
    if (header.ssrc == STAGE_SSRC + 1) {
        on_again(subscriber, &header, payload);
        return;
    }
    uint32_t kind = header.ssrc == STAGE_SSRC ? STAGE_KIND_VIDEO : STAGE_KIND_SOUND;
    int64_t *lowest = &subscriber->lowest[kind];
    if (*lowest < 0)
        *lowest = subscriber->highest[kind] = STAGE_NUMBERS + header.sequence;
    int64_t full = subscriber->highest[kind] +
                   (int16_t)(uint16_t)(header.sequence -
                                       (uint16_t)(subscriber->highest[kind] - STAGE_NUMBERS));
    if (full > subscriber->highest[kind])
        subscriber->highest[kind] = full;
    assert_true(full - *lowest < STAGE_NUMBERS && full >= *lowest);
    uint32_t at = (uint32_t)(full - *lowest);
    subscriber->seen[kind][at]++;
    assert_int_equal(subscriber->seen[kind][at], 1);
    subscriber->origin[kind][at] = header.csrc[0];
    subscriber->original[kind][at] = find_original(&header, payload, kind);
    check_content(&header, payload, kind, subscriber->original[kind][at]);
}

void stage_on_send(const struct worker_send *send)
{
    size_t each = send->segment_size ? send->segment_size : send->size;
    uint32_t cars = 0;
    uint32_t of_stage = 0;
    struct stage_subscriber *subscriber = NULL;
    for (uint32_t i = 0; i < STAGE_SUBSCRIBERS; i++)
        if (handle_equal(stage.subscribers[i].handle, send->endpoint))
            subscriber = &stage.subscribers[i];
    assert_true(send->size <= LIMIT_GSO_BYTES);
    for (size_t at = 0; at < send->size; at += each, cars++) {
        struct bytes packet = {send->data + at, send->size - at < each ? send->size - at : each};
        bool rtcp = packet.data[1] >= 192 && packet.data[1] <= 223;
        if (rtcp || !subscriber)
            continue;
        on_packet(subscriber, packet);
        of_stage += (packet.data[1] & 0x7f) == VP8;
    }
    assert_true(cars <= LIMIT_GSO_SEGMENTS && of_stage <= 10);
    if (cars > stage.longest_train)
        stage.longest_train = cars;
}

void stage_drain(uint32_t builds)
{
    struct worker_send sends[STAGE_SENDS];
    struct sfu_event event;
    worker_on_tick(stage.worker, stage.now);
    while (builds-- > 0) {
        uint32_t count = worker_build(stage.worker, stage.now, sends, STAGE_SENDS, stage.arena,
                                      sizeof stage.arena);
        if (count == 0)
            break;
        for (uint32_t i = 0; i < count; i++)
            stage_on_send(&sends[i]);
    }
    while (worker_next_event(stage.worker, &event))
        ;
}

void stage_end(void)
{
    stage.now += USEC_PER_MSEC;
    stage_drain(UINT32_MAX);
    worker_destroy(stage.worker);
}

/* What the media core alone costs, without a socket: one publisher (video 150 packets/s of 1,100
 * bytes as 30 frames/s, audio 50 packets/s of 100 bytes) to N subscribers in virtual time, each of
 * which sends transport-wide feedback ten times a second.
 *
 * Once with a cipher that only copies, which leaves what the core itself costs; once with the
 * cipher the server uses. Figures are thread CPU time by packet sent, the median of several
 * windows, by part: taking in and settling, building, feedback.
 *
 * Usage: bench_fanout FILE.json [N…] */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "sfu/core/srtp_gcm.h"
#include "sfu/core/worker.h"
#include "sfu/edge/transform.h"
#include "sfu/proto/rtcp_write.h"
#include "sfu/proto/rtp.h"
#include "sfu/proto/vp8.h"

enum {
    ROOM = 1,
    TICK_US = 1000,
    AUDIO_EVERY_TICKS = 20,
    FRAME_PACKETS = 5,
    KEYFRAME_EVERY = 300,
    VIDEO_BYTES = 1100 - 40, /* of payload: header and tag are the other 40 */
    AUDIO_BYTES = 100 - 40,
    FEEDBACK_EVERY_TICKS = 100,
    WINDOW_TICKS = 1000,
    WINDOWS = 5,
    ROWS_MAX = 8,
    SENDS = 64,
    ARENA_BYTES = 256 * 1024,
    TRANSPORT_CC_ID = 5,
    OPUS = 111,
    VP8 = 96,
    RTX = 97,
};

struct row {
    uint32_t n;
    const struct cipher *cipher; /* NULL: the one that only copies */
    double settle;
    double build;
    double feedback; /* all by packet sent */
    double sends;    /* by packet sent */
};

struct subscriber {
    struct handle handle;
    struct srtp_transform feedback; /* the client's, to protect what it reports */
    uint32_t rtcp_index;
    uint32_t got; /* packets: the next transport-wide number */
    uint32_t told;
};

struct bench {
    struct worker *worker;
    struct subscriber *subscribers; /* by endpoint index; 0 is the publisher */
    uint32_t n;
    uint32_t tick;
    usec_t now;
    struct srtp_transform publisher;
    uint16_t video_sequence;
    uint16_t audio_sequence;
    uint32_t frames;
    uint64_t packets;
    uint64_t sends;
    uint64_t clock_ns;
    uint64_t settle_ns;
    uint64_t build_ns;
    uint64_t feedback_ns;
    uint8_t *arena;
};

/* ---- Time ------------------------------------------------------------------------------------ */

static uint64_t cpu_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (uint64_t)now.tv_sec * 1000000000U + (uint64_t)now.tv_nsec;
}

/* What asking for the time twice takes by itself. */
static uint64_t clock_cost_ns(void)
{
    enum { TIMES = 10000 };
    uint64_t begun = cpu_ns();
    for (int i = 0; i < TIMES; i++)
        (void)cpu_ns();
    return (cpu_ns() - begun) / TIMES;
}

static void charge(const struct bench *bench, uint64_t *account, uint64_t begun)
{
    uint64_t spent = cpu_ns() - begun;
    *account += spent > bench->clock_ns ? spent - bench->clock_ns : 0;
}

/* ---- Ciphers --------------------------------------------------------------------------------- */

static void copy_seal(void *key, const uint8_t iv[AEAD_IV_BYTES], struct bytes aad, uint8_t *out,
                      size_t head_size, struct bytes rest)
{
    (void)key;
    (void)iv;
    (void)aad;
    if (rest.size)
        memcpy(out + head_size, rest.data, rest.size);
    memset(out + head_size + rest.size, 0, AEAD_TAG_BYTES);
}

static enum err copy_open(void *key, const uint8_t iv[AEAD_IV_BYTES], struct bytes aad,
                          uint8_t *data, size_t size)
{
    (void)key;
    (void)iv;
    (void)aad;
    (void)data;
    (void)size;
    return ERR_OK;
}

static const struct aead_ops copy_aead = {.seal = copy_seal, .open = copy_open};

static struct srtp_transform make_transform(const struct row *row, uint32_t number, bool seals)
{
    struct srtp_transform made = {0};
    if (row->cipher) {
        uint8_t key[CIPHER_KEY_BYTES] = {1};
        static const uint8_t salt[SRTP_GCM_SALT_BYTES] = {2};
        memcpy(key + 4, &number, sizeof number);
        if (transform_create_gcm(row->cipher, (struct bytes){key, sizeof key},
                                 (struct bytes){salt, sizeof salt},
                                 seals ? CIPHER_SEAL : CIPHER_OPEN, &made) != ERR_OK)
            abort();
        return made;
    }
    struct srtp_gcm *gcm = calloc(1, sizeof *gcm);
    if (!gcm)
        abort();
    gcm->aead = &copy_aead;
    return (struct srtp_transform){&srtp_gcm_ops, gcm};
}

static void drop_transform(const struct row *row, struct srtp_transform *transform)
{
    if (row->cipher)
        transform_destroy(transform);
    else
        free(transform->state);
}

/* ---- Joining --------------------------------------------------------------------------------- */

static void add_slot(struct session *session, enum slot_kind kind, uint8_t index, uint32_t ssrc)
{
    bool audio = kind == SLOT_AUDIO;
    session->slots[session->slot_count++] = (struct session_slot){
        .kind = kind,
        .index = index,
        .payload_type = audio ? OPUS : VP8,
        .rtx_payload_type = audio ? 0 : RTX,
        .transport_cc = true,
        .ssrc = ssrc,
        .rtx_ssrc = audio ? 0 : ssrc + 1,
    };
}

static void join(struct bench *bench, const struct row *row, uint32_t number)
{
    struct worker_join who = {.room = ROOM, .endpoint = number + 1, .local_pwd = "password"};
    struct session *session = &who.session;
    (void)snprintf(who.local_ufrag, sizeof who.local_ufrag, "u%u", number);
    session->extensions.transport_cc = TRANSPORT_CC_ID;
    if (number == 0) {
        who.source = 1;
        who.rights = SFU_RIGHT_TILE | SFU_RIGHT_STAGE | SFU_RIGHT_MICROPHONE;
        session->sources[SOURCE_MICROPHONE] = (struct session_source){
            .present = true, .payload_type = OPUS, .layer_count = 1, .ssrc = {1}};
        session->sources[SOURCE_CAMERA] = (struct session_source){
            .present = true, .payload_type = VP8, .layer_count = 1, .ssrc = {2}};
    }
    /* As a browser joins: four sounds, stage, screen, twelve tiles. */
    for (uint32_t i = 0; i < LIMIT_AUDIO_SLOTS; i++)
        add_slot(session, SLOT_AUDIO, (uint8_t)i, 1000 + i);
    add_slot(session, SLOT_STAGE, 0, 2000);
    add_slot(session, SLOT_SCREEN, 0, 2002);
    for (uint32_t i = 0; i < 12; i++)
        add_slot(session, SLOT_TILE, (uint8_t)i, 3000 + 2 * i);
    const char *password;
    struct handle handle;
    if (worker_on_join(bench->worker, bench->now, &who) != ERR_OK ||
        worker_find_ufrag(bench->worker, bytes_of(who.local_ufrag), &handle, &password) != ERR_OK)
        abort();
    struct udp_address from = {.ip = {[12] = 10, [13] = 1}, .port = (uint16_t)(1 + number)};
    worker_on_binding(bench->worker, bench->now, handle, &from, true);
    struct srtp_pair keys = {.inbound = make_transform(row, number * 2, false),
                             .outbound = make_transform(row, number * 2 + 1, true)};
    worker_on_keys(bench->worker, bench->now, handle, &keys);
    bench->subscribers[handle.index] =
        (struct subscriber){.handle = handle, .feedback = make_transform(row, number * 2, true)};
}

static void drain_events(struct bench *bench)
{
    struct sfu_event ignored;
    while (worker_next_event(bench->worker, &ignored))
        ;
}

static void bench_open(struct bench *bench, const struct row *row)
{
    struct worker_config config = {
        .workers = 1, .seed = 1, .endpoints = row->n + 1, .rooms = 1, .packets = 8192};
    *bench = (struct bench){.n = row->n, .now = 10 * USEC_PER_SEC, .clock_ns = clock_cost_ns()};
    bench->subscribers = calloc(row->n + 1, sizeof *bench->subscribers);
    bench->arena = malloc(ARENA_BYTES);
    if (!bench->subscribers || !bench->arena || worker_create(&config, &bench->worker) != ERR_OK)
        abort();
    for (uint32_t i = 0; i <= row->n; i++)
        join(bench, row, i);
    for (int kind = SFU_SET_FLOOR; kind <= SFU_SET_STAGE; kind++) {
        struct sfu_command command = {
            .kind = (enum sfu_command_kind)kind, .room = ROOM, .source = 1};
        if (worker_on_command(bench->worker, bench->now, &command) != ERR_OK)
            abort();
    }
    drain_events(bench);
}

static void bench_close(struct bench *bench, const struct row *row)
{
    struct sfu_command close = {.kind = SFU_CLOSE_ROOM, .room = ROOM};
    if (worker_on_command(bench->worker, bench->now, &close) != ERR_OK)
        abort();
    struct srtp_pair spent;
    while (worker_next_spent(bench->worker, &spent)) {
        drop_transform(row, &spent.inbound);
        drop_transform(row, &spent.outbound);
    }
    for (uint32_t i = 0; i <= row->n; i++)
        drop_transform(row, &bench->subscribers[i].feedback);
    worker_destroy(bench->worker);
    free(bench->subscribers);
    free(bench->arena);
}

/* ---- Traffic --------------------------------------------------------------------------------- */

static void publish(struct bench *bench, const struct rtp_outgoing *header, size_t payload_size,
                    const uint8_t *payload)
{
    uint8_t packet[LIMIT_DATAGRAM_BYTES];
    size_t size;
    size_t unused;
    struct srtp_transform *seal = &bench->subscribers[0].feedback;
    if (rtp_write_header(header, packet, sizeof packet, &size, &unused) != ERR_OK ||
        seal->ops->protect_rtp(seal->state, header->sequence, packet, sizeof packet, size, 0,
                               (struct bytes){payload, payload_size}, &size) != ERR_OK)
        abort();
    uint64_t begun = cpu_ns();
    worker_on_srtp(bench->worker, bench->now, bench->subscribers[0].handle, packet, size);
    charge(bench, &bench->settle_ns, begun);
}

static void publish_audio(struct bench *bench)
{
    uint8_t payload[AUDIO_BYTES] = {0};
    struct rtp_outgoing header = {.payload_type = OPUS,
                                  .sequence = bench->audio_sequence++,
                                  .timestamp = bench->tick * 48,
                                  .ssrc = 1};
    publish(bench, &header, sizeof payload, payload);
}

static void publish_frame(struct bench *bench)
{
    bool key = bench->frames % KEYFRAME_EVERY == 0;
    for (int i = 0; i < FRAME_PACKETS; i++) {
        uint8_t payload[VIDEO_BYTES] = {0};
        struct vp8_descriptor descriptor = {.starts_partition = i == 0, .has_picture_id = true};
        size_t size = vp8_write(&descriptor, (uint16_t)(bench->frames & 0x7fff), 0, payload);
        static const uint8_t start[10] = {0x10, 0, 0, 0x9d, 0x01, 0x2a, 0, 5, 0xd0, 2};
        if (i == 0 && key)
            memcpy(payload + size, start, sizeof start);
        else
            payload[size] = 1;
        struct rtp_outgoing header = {.marker = i == FRAME_PACKETS - 1,
                                      .payload_type = VP8,
                                      .sequence = bench->video_sequence++,
                                      .timestamp = bench->frames * 3000,
                                      .ssrc = 2};
        /* Encoders' packets of a frame differ by a byte. */
        publish(bench, &header, sizeof payload - (i > 2), payload);
    }
    bench->frames++;
}

/* What this subscriber got since it last told, all of it arrived. */
static void report(struct bench *bench, struct subscriber *subscriber)
{
    static struct transport_cc feedback;
    uint8_t packet[LIMIT_DATAGRAM_BYTES];
    feedback = (struct transport_cc){.sender_ssrc = 1, .media_ssrc = 2};
    feedback.base_sequence = (uint16_t)subscriber->told;
    feedback.count = subscriber->got - subscriber->told;
    if (feedback.count == 0 || feedback.count > LIMIT_TRANSPORT_CC_PACKETS)
        return;
    for (uint32_t i = 0; i < feedback.count; i++)
        feedback.arrivals[i] = (struct transport_cc_arrival){true, (int32_t)i};
    struct wr wr = wr_init(packet, sizeof packet - SRTP_OVERHEAD_MAX_BYTES);
    size_t size;
    if (rtcp_write_transport_cc(&wr, &feedback) != ERR_OK ||
        subscriber->feedback.ops->protect_rtcp(subscriber->feedback.state, subscriber->rtcp_index++,
                                               packet, sizeof packet, wr_size(&wr),
                                               &size) != ERR_OK)
        abort();
    subscriber->told = subscriber->got;
    uint64_t begun = cpu_ns();
    worker_on_srtp(bench->worker, bench->now, subscriber->handle, packet, size);
    charge(bench, &bench->feedback_ns, begun);
}

/* Checks keep a connection alive (RFC 7675). */
static void check(struct bench *bench, const struct subscriber *subscriber, uint32_t index)
{
    struct udp_address from = {.ip = {[12] = 10, [13] = 1}, .port = (uint16_t)(1 + index)};
    worker_on_binding(bench->worker, bench->now, subscriber->handle, &from, true);
}

static void count_send(struct bench *bench, const struct worker_send *send)
{
    size_t each = send->segment_size ? send->segment_size : send->size;
    bench->sends++;
    for (size_t at = 0; at < send->size; at += each) {
        uint8_t type = send->data[at + 1];
        if (type >= 192 && type <= 223)
            continue;
        bench->subscribers[send->endpoint.index].got++;
        bench->packets++;
    }
}

static void bench_tick(struct bench *bench)
{
    bench->now += TICK_US;
    bench->tick++;
    if (bench->tick % AUDIO_EVERY_TICKS == 0)
        publish_audio(bench);
    if (bench->tick * 3 % 100 < 3)
        publish_frame(bench);
    for (uint32_t i = 1 + bench->tick % FEEDBACK_EVERY_TICKS; i <= bench->n;
         i += FEEDBACK_EVERY_TICKS)
        report(bench, &bench->subscribers[i]);
    if (bench->tick % (10 * WINDOW_TICKS) == 0)
        for (uint32_t i = 0; i <= bench->n; i++)
            check(bench, &bench->subscribers[i], i);
    uint64_t begun = cpu_ns();
    worker_on_tick(bench->worker, bench->now);
    charge(bench, &bench->settle_ns, begun);
    for (;;) {
        struct worker_send sends[SENDS];
        begun = cpu_ns();
        uint32_t count =
            worker_build(bench->worker, bench->now, sends, SENDS, bench->arena, ARENA_BYTES);
        charge(bench, &bench->build_ns, begun);
        for (uint32_t i = 0; i < count; i++)
            count_send(bench, &sends[i]);
        if (count == 0)
            break;
    }
    drain_events(bench);
}

/* ---- Figures --------------------------------------------------------------------------------- */

static int compare(const void *a, const void *b)
{
    const double *x = a;
    const double *y = b;
    return (*x > *y) - (*x < *y);
}

static double median(double *values)
{
    qsort(values, WINDOWS, sizeof values[0], compare);
    return values[WINDOWS / 2];
}

static bool measure(struct row *row)
{
    struct bench bench;
    double settle[WINDOWS];
    double build[WINDOWS];
    double feedback[WINDOWS];
    bench_open(&bench, row);
    for (int i = 0; i < WINDOW_TICKS; i++)
        bench_tick(&bench);
    uint64_t first = bench.packets;
    uint64_t sends = bench.sends;
    for (int w = 0; w < WINDOWS; w++) {
        uint64_t packets = bench.packets;
        bench.settle_ns = bench.build_ns = bench.feedback_ns = 0;
        for (int i = 0; i < WINDOW_TICKS; i++)
            bench_tick(&bench);
        double sent = (double)(bench.packets - packets);
        settle[w] = (double)bench.settle_ns / sent;
        build[w] = (double)bench.build_ns / sent;
        feedback[w] = (double)bench.feedback_ns / sent;
    }
    uint64_t packets = bench.packets - first;
    row->settle = median(settle);
    row->build = median(build);
    row->feedback = median(feedback);
    row->sends = (double)(bench.sends - sends) / (double)packets;
    bench_close(&bench, row);
    /* The publisher sees itself on the stage. */
    return packets == WINDOWS * (row->n * UINT64_C(200) + 150);
}

static bool write_json(const char *path, const struct row *rows, uint32_t count)
{
    FILE *file = fopen(path, "we");
    if (!file)
        return false;
    fprintf(file, "{\"rows\":[");
    for (uint32_t i = 0; i < count; i++)
        fprintf(file,
                "%s{\"n\":%u,\"cipher\":%s,\"settle_ns\":%.1f,\"build_ns\":%.1f,"
                "\"feedback_ns\":%.1f,\"sends_per_packet\":%.3f}",
                i ? "," : "", rows[i].n, rows[i].cipher ? "true" : "false", rows[i].settle,
                rows[i].build, rows[i].feedback, rows[i].sends);
    fprintf(file, "]}\n");
    return fclose(file) == 0;
}

int main(int argc, char **argv)
{
    static const uint32_t usual[] = {100, 1000, 3400};
    struct row rows[2 * ROWS_MAX];
    uint32_t count = 0;
    struct cipher *cipher;
    if (argc < 2) {
        fprintf(stderr, "usage: bench_fanout FILE.json [N...]\n");
        return 2;
    }
    if (cipher_create(SFU_CIPHER_AUTO, &cipher) != ERR_OK)
        return 1;
    uint32_t chosen = argc > 2 ? (uint32_t)argc - 2 : 3;
    for (uint32_t i = 0; i < 2 * chosen && i < 2 * ROWS_MAX; i++) {
        uint32_t at = i % chosen;
        uint32_t n = argc > 2 ? (uint32_t)strtoul(argv[at + 2], NULL, 10) : usual[at];
        if (n == 0 || n >= LIMIT_ENDPOINTS_PER_WORKER)
            return 2;
        rows[count++] = (struct row){.n = n, .cipher = i < chosen ? NULL : cipher};
    }
    printf("Cipher: %s\n", cipher_name(cipher));
    printf("%8s %8s %10s %10s %10s %10s %12s\n", "N", "cipher", "settle ns", "build ns", "feedback",
           "all ns", "sends/packet");
    for (uint32_t i = 0; i < count; i++) {
        if (!measure(&rows[i])) {
            fprintf(stderr, "bench: N=%u lost packets\n", rows[i].n);
            return 1;
        }
        printf("%8u %8s %10.1f %10.1f %10.1f %10.1f %12.3f\n", rows[i].n,
               rows[i].cipher ? "real" : "copy", rows[i].settle, rows[i].build, rows[i].feedback,
               rows[i].settle + rows[i].build + rows[i].feedback, rows[i].sends);
    }
    cipher_destroy(cipher);
    return write_json(argv[1], rows, count) ? 0 : 1;
}

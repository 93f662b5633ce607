#include "tests/bench/floor.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/udp.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/random.h"
#include "tests/bench/floor_sink.h"
#include "tests/bench/measure.h"

#ifndef UDP_SEGMENT
#define UDP_SEGMENT 103
#endif
#ifndef UDP_GRO
#define UDP_GRO 104
#endif

enum {
    BATCH = 32,
    HEADER_BYTES = 24, /* fixed part, one CSRC, one extension word with its head */
    SENT_BYTES = FLOOR_VIDEO_BYTES + FLOOR_TAG_BYTES,
    AUDIO_SENT_BYTES = FLOOR_AUDIO_BYTES + FLOOR_TAG_BYTES,
    TRAIN_BYTES = FLOOR_FRAME_PACKETS * SENT_BYTES + AUDIO_SENT_BYTES,
    MESSAGES = BATCH * (FLOOR_FRAME_PACKETS + 1),
    FEEDBACK_BATCH = 64,
    FEEDBACK_ROOM = 2048,
    FEEDBACK_PLAIN_BYTES = 96, /* a receiver report and transport-cc for 20 packets */
    RTCP_CLEAR_BYTES = 8,
    RTCP_INDEX_BYTES = 4,
    SOCKET_BYTES = 8 * 1024 * 1024,
};

enum kind { VIDEO, AUDIO, KINDS };

struct subscriber {
    struct floor_key *seal;
    struct floor_key *open;
    uint8_t salt[FLOOR_IV_BYTES];
    uint32_t ssrc[KINDS];
    uint32_t sequence[KINDS]; /* with the roll-over counter above the 16 bits sent */
    uint32_t timestamp_offset[KINDS];
    uint16_t picture;
    uint16_t transport_cc;
    struct sockaddr_in to;
};

struct source_packet {
    enum kind kind;
    uint16_t size;
    uint8_t data[FLOOR_VIDEO_BYTES];
};

struct control {
    _Alignas(struct cmsghdr) char bytes[CMSG_SPACE(sizeof(uint16_t))];
};

struct floor {
    struct floor_config config;
    struct subscriber *subscribers;
    struct sink_feedback *feedback;
    struct floor_sink *sink;
    int fd;
    struct source_packet frame[FLOOR_FRAME_PACKETS];
    struct source_packet audio;
    struct floor_result total;

    uint8_t arena[BATCH * TRAIN_BYTES];
    struct mmsghdr out[MESSAGES];
    struct iovec out_part[MESSAGES];
    struct control out_control[MESSAGES];
    struct mmsghdr in[FEEDBACK_BATCH];
    struct iovec in_part[FEEDBACK_BATCH];
    struct sockaddr_in in_from[FEEDBACK_BATCH];
    struct control in_control[FEEDBACK_BATCH];
    uint8_t in_data[FEEDBACK_BATCH][FEEDBACK_ROOM];
};

/* ---- A packet -------------------------------------------------------------------------------- */

static void put_u16(uint8_t *at, uint16_t value)
{
    value = htons(value);
    memcpy(at, &value, sizeof value);
}

static void put_u32(uint8_t *at, uint32_t value)
{
    value = htonl(value);
    memcpy(at, &value, sizeof value);
}

/* RFC 7714, section 8.1: 00 00 | SSRC | index, XORed with the salt. */
static void make_iv(uint8_t iv[FLOOR_IV_BYTES], const uint8_t *salt, uint32_t ssrc, uint32_t index)
{
    put_u16(iv, 0);
    put_u32(iv + 2, ssrc);
    put_u16(iv + 6, 0);
    put_u32(iv + 8, index);
    for (int i = 0; i < FLOOR_IV_BYTES; i++)
        iv[i] ^= salt[i];
}

/* One packet for one subscriber at `out`; gives its size. */
static size_t make_packet(struct subscriber *to, struct source_packet *from, uint8_t *out)
{
    enum kind kind = from->kind;
    uint32_t index = to->sequence[kind]++;
    uint32_t timestamp;
    memcpy(&timestamp, from->data + 4, sizeof timestamp);
    memcpy(out, from->data, HEADER_BYTES);
    put_u16(out + 2, (uint16_t)index);
    put_u32(out + 4, ntohl(timestamp) + to->timestamp_offset[kind]);
    put_u32(out + 8, to->ssrc[kind]);
    put_u16(out + HEADER_BYTES - 3, to->transport_cc++);
    if (kind == VIDEO) /* nobody reads the shared bytes between two seals, so they hold it */
        put_u16(from->data + HEADER_BYTES + 2, (uint16_t)(0x8000 | to->picture));
    uint8_t iv[FLOOR_IV_BYTES];
    make_iv(iv, to->salt, to->ssrc[kind], index);
    floor_key_seal(to->seal, iv, (struct bytes){out, HEADER_BYTES},
                   (struct bytes){from->data + HEADER_BYTES, (size_t)from->size - HEADER_BYTES},
                   out + HEADER_BYTES);
    return (size_t)from->size + FLOOR_TAG_BYTES;
}

/* ---- Sending --------------------------------------------------------------------------------- */

static void put_message(struct floor *floor, uint32_t place, const struct subscriber *to,
                        uint8_t *data, size_t size)
{
    struct msghdr *header = &floor->out[place].msg_hdr;
    floor->out_part[place] = (struct iovec){data, size};
    header->msg_name = &floor->subscribers[to - floor->subscribers].to;
    header->msg_namelen = sizeof to->to;
    header->msg_iov = &floor->out_part[place];
    header->msg_iovlen = 1;
    bool train = size > SENT_BYTES;
    header->msg_control = train ? floor->out_control[place].bytes : NULL;
    header->msg_controllen = train ? sizeof floor->out_control[place].bytes : 0;
}

static void send_messages(struct floor *floor, uint32_t count)
{
    for (uint32_t done = 0; done < count;) {
        int sent = sendmmsg(floor->fd, floor->out + done, count - done, 0);
        floor->total.refused += sent <= 0;
        done += sent > 0 ? (uint32_t)sent : 1;
    }
}

/* The frame (NULL: none) and an audio packet (NULL: none) to the subscribers from `first` on. */
static void send_burst(struct floor *floor, uint32_t first, uint32_t count, bool frame, bool audio)
{
    uint8_t *at = floor->arena;
    uint32_t messages = 0;
    for (uint32_t i = 0; i < count; i++) {
        struct subscriber *to = &floor->subscribers[first + i];
        uint8_t *train = at;
        for (uint32_t j = 0; j < (frame ? FLOOR_FRAME_PACKETS : 0) + (audio ? 1U : 0); j++) {
            bool last = !frame || j == FLOOR_FRAME_PACKETS;
            size_t size = make_packet(to, last ? &floor->audio : &floor->frame[j], at);
            if (!floor->config.segments)
                put_message(floor, messages++, to, at, size);
            at += size;
            floor->total.packets++;
            floor->total.bytes += size;
        }
        if (floor->config.segments)
            put_message(floor, messages++, to, train, (size_t)(at - train));
        to->picture = (uint16_t)((to->picture + frame) & 0x7fff);
    }
    send_messages(floor, messages);
}

static void send_all(struct floor *floor, bool frame, bool audio)
{
    for (uint32_t first = 0; first < floor->config.subscribers; first += BATCH) {
        uint32_t left = floor->config.subscribers - first;
        send_burst(floor, first, left < BATCH ? left : BATCH, frame, audio);
    }
}

/* ---- Feedback -------------------------------------------------------------------------------- */

/* 127.1.0.1 and on, 250 to each third byte. */
static in_addr_t address_of(uint32_t subscriber)
{
    return htonl(UINT32_C(0x7f010000) + (subscriber / 250 << 8) + subscriber % 250 + 1);
}

static uint32_t subscriber_of(struct in_addr address)
{
    uint32_t low = ntohl(address.s_addr) - UINT32_C(0x7f010000);
    return (low >> 8) * 250 + (low & 0xff) - 1;
}

/* RFC 7714, section 9: the clear bytes and the index word are authenticated, the rest is sealed. */
static bool feedback_is_authentic(struct subscriber *from, uint8_t *data, size_t size)
{
    if (size < RTCP_CLEAR_BYTES + FLOOR_TAG_BYTES + RTCP_INDEX_BYTES)
        return false;
    uint8_t iv[FLOOR_IV_BYTES];
    uint8_t aad[RTCP_CLEAR_BYTES + RTCP_INDEX_BYTES];
    uint32_t ssrc;
    uint32_t index;
    memcpy(&ssrc, data + 4, sizeof ssrc);
    memcpy(&index, data + size - RTCP_INDEX_BYTES, sizeof index);
    memcpy(aad, data, RTCP_CLEAR_BYTES);
    memcpy(aad + RTCP_CLEAR_BYTES, &index, sizeof index);
    make_iv(iv, from->salt, ntohl(ssrc), ntohl(index) & 0x7fffffff);
    return floor_key_open(from->open, iv, (struct bytes){aad, sizeof aad}, data + RTCP_CLEAR_BYTES,
                          size - RTCP_CLEAR_BYTES - RTCP_INDEX_BYTES);
}

static void receive_feedback(struct floor *floor)
{
    int got;
    do {
        for (int i = 0; i < FEEDBACK_BATCH; i++) {
            floor->in[i].msg_hdr.msg_namelen = sizeof floor->in_from[i];
            floor->in[i].msg_hdr.msg_controllen = sizeof floor->in_control[i];
        }
        got = recvmmsg(floor->fd, floor->in, FEEDBACK_BATCH, MSG_DONTWAIT, NULL);
        for (int i = 0; i < got; i++) {
            uint32_t from = subscriber_of(floor->in_from[i].sin_addr);
            if (from < floor->config.subscribers &&
                feedback_is_authentic(&floor->subscribers[from], floor->in_data[i],
                                      floor->in[i].msg_len))
                floor->total.feedback++;
        }
    } while (got == FEEDBACK_BATCH);
}

static void make_feedback(const struct subscriber *from, enum floor_cipher cipher,
                          const uint8_t key[FLOOR_KEY_BYTES], struct sink_feedback *feedback)
{
    uint8_t plain[FEEDBACK_PLAIN_BYTES] = {0x81, 201, 0, 7};
    uint8_t iv[FLOOR_IV_BYTES];
    uint8_t aad[RTCP_CLEAR_BYTES + RTCP_INDEX_BYTES];
    uint32_t index = 1;
    put_u32(plain + 4, from->ssrc[VIDEO]);
    memcpy(aad, plain, RTCP_CLEAR_BYTES);
    put_u32(aad + RTCP_CLEAR_BYTES, index | 0x80000000);
    make_iv(iv, from->salt, from->ssrc[VIDEO], index);
    struct floor_key *seal = floor_key_create(cipher, key, true);
    if (!seal)
        return;
    memcpy(feedback->data, plain, RTCP_CLEAR_BYTES);
    floor_key_seal(seal, iv, (struct bytes){aad, sizeof aad},
                   (struct bytes){plain + RTCP_CLEAR_BYTES, sizeof plain - RTCP_CLEAR_BYTES},
                   feedback->data + RTCP_CLEAR_BYTES);
    put_u32(feedback->data + sizeof plain + FLOOR_TAG_BYTES, index | 0x80000000);
    feedback->size = sizeof plain + FLOOR_TAG_BYTES + RTCP_INDEX_BYTES;
    feedback->from = from->to.sin_addr;
    floor_key_destroy(seal);
}

/* ---- Pace ------------------------------------------------------------------------------------ */

/* Takes feedback until `deadline`. */
static void wait_until(struct floor *floor, usec_t deadline)
{
    for (usec_t now = clock_now_us(); now < deadline; now = clock_now_us()) {
        usec_t left = deadline - now;
        struct timespec timeout = {.tv_sec = (time_t)(left / USEC_PER_SEC),
                                   .tv_nsec = (long)(left % USEC_PER_SEC) * 1000};
        struct pollfd readable = {.fd = floor->fd, .events = POLLIN};
        if (ppoll(&readable, 1, &timeout, NULL) > 0)
            receive_feedback(floor);
    }
}

struct floor_result floor_run(struct floor *floor, usec_t duration, uint32_t frames_per_second)
{
    usec_t frame_us = USEC_PER_SEC / frames_per_second;
    uint64_t received = floor_sink_received(floor->sink);
    usec_t frame_at = clock_now_us();
    usec_t end = frame_at + duration;
    usec_t audio_us = frame_us * 3 / 5;
    usec_t audio_at = frame_at + audio_us / 2;
    floor->total = (struct floor_result){0};
    floor_sink_feed(floor->sink, true);
    uint64_t cpu = measure_thread_ns();
    for (uint32_t frames = 0; frame_at < end; frames++) {
        wait_until(floor, frame_at);
        usec_t began = clock_now_us();
        send_all(floor, true, floor->config.riding);
        floor->total.frames_us += clock_now_us() - began;
        floor->total.frames++;
        receive_feedback(floor);
        if (floor->config.riding) { /* what does not ride: two in three frames */
            audio_at = frames % 3 != 2 ? frame_at + frame_us / 2 : frame_at + frame_us;
            audio_us = frame_us;
        }
        for (; audio_at < frame_at + frame_us; audio_at += audio_us) {
            wait_until(floor, audio_at);
            send_all(floor, false, true);
        }
        frame_at += frame_us;
    }
    wait_until(floor, frame_at);
    floor->total.cpu_ns = measure_thread_ns() - cpu;
    floor_sink_feed(floor->sink, false);
    floor->total.received = floor_sink_received(floor->sink) - received;
    return floor->total;
}

/* ---- Life ------------------------------------------------------------------------------------ */

static void make_source(struct floor *floor)
{
    static const uint8_t header[HEADER_BYTES] = {0x91, 96, 0, 0, 0,    0,    0, 0, 0,    0, 0, 0,
                                                 0,    0,  0, 1, 0xbe, 0xde, 0, 1, 0x31, 0, 0, 0};
    struct rng rng = rng_seed(7);
    for (uint32_t i = 0; i <= FLOOR_FRAME_PACKETS; i++) {
        bool audio = i == FLOOR_FRAME_PACKETS;
        struct source_packet *packet = audio ? &floor->audio : &floor->frame[i];
        packet->kind = audio ? AUDIO : VIDEO;
        packet->size = audio ? FLOOR_AUDIO_BYTES : FLOOR_VIDEO_BYTES;
        for (uint16_t j = 0; j < packet->size; j++)
            packet->data[j] = (uint8_t)rng_u64(&rng);
        memcpy(packet->data, header, sizeof header);
    }
}

static bool make_subscriber(struct floor *floor, uint32_t index, struct rng *rng)
{
    struct subscriber *one = &floor->subscribers[index];
    uint64_t key[FLOOR_KEY_BYTES / sizeof(uint64_t)] = {rng_u64(rng), rng_u64(rng)};
    uint8_t bytes[FLOOR_KEY_BYTES];
    memcpy(bytes, key, sizeof bytes);
    for (int i = 0; i < FLOOR_IV_BYTES; i++)
        one->salt[i] = (uint8_t)rng_u64(rng);
    for (int kind = 0; kind < KINDS; kind++) {
        one->ssrc[kind] = (uint32_t)rng_u64(rng);
        one->sequence[kind] = (uint16_t)rng_u64(rng);
        one->timestamp_offset[kind] = (uint32_t)rng_u64(rng);
    }
    one->seal = floor_key_create(floor->config.cipher, bytes, true);
    one->open = floor_key_create(floor->config.cipher, bytes, false);
    one->to = (struct sockaddr_in){.sin_family = AF_INET, .sin_addr.s_addr = address_of(index)};
    make_feedback(one, floor->config.cipher, bytes, &floor->feedback[index]);
    return one->seal && one->open && floor->feedback[index].size > 0;
}

static bool open_socket(struct floor *floor, struct sockaddr_in *ret_bound)
{
    int probe = IP_PMTUDISC_PROBE;
    int yes = 1;
    int bytes = SOCKET_BYTES;
    socklen_t size = sizeof *ret_bound;
    *ret_bound =
        (struct sockaddr_in){.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    floor->fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (floor->fd < 0)
        return false;
    (void)setsockopt(floor->fd, IPPROTO_IP, IP_MTU_DISCOVER, &probe, sizeof probe);
    (void)setsockopt(floor->fd, IPPROTO_UDP, UDP_GRO, &yes, sizeof yes);
    (void)setsockopt(floor->fd, SOL_SOCKET, SO_SNDBUFFORCE, &bytes, sizeof bytes);
    (void)setsockopt(floor->fd, SOL_SOCKET, SO_RCVBUFFORCE, &bytes, sizeof bytes);
    return bind(floor->fd, (const struct sockaddr *)ret_bound, sizeof *ret_bound) == 0 &&
           getsockname(floor->fd, (struct sockaddr *)ret_bound, &size) == 0;
}

static void prepare_messages(struct floor *floor)
{
    const uint16_t segment = SENT_BYTES;
    struct cmsghdr control = {
        .cmsg_len = CMSG_LEN(sizeof segment), .cmsg_level = IPPROTO_UDP, .cmsg_type = UDP_SEGMENT};
    for (uint32_t i = 0; i < MESSAGES; i++) {
        memcpy(floor->out_control[i].bytes, &control, sizeof control);
        memcpy(floor->out_control[i].bytes + CMSG_LEN(0), &segment, sizeof segment);
    }
    for (uint32_t i = 0; i < FEEDBACK_BATCH; i++) {
        floor->in_part[i] = (struct iovec){floor->in_data[i], FEEDBACK_ROOM};
        floor->in[i].msg_hdr = (struct msghdr){.msg_name = &floor->in_from[i],
                                               .msg_iov = &floor->in_part[i],
                                               .msg_iovlen = 1,
                                               .msg_control = &floor->in_control[i]};
    }
}

struct floor *floor_create(const struct floor_config *config)
{
    struct floor *floor = calloc(1, sizeof *floor);
    if (!floor || config->subscribers == 0 || config->subscribers > FLOOR_SUBSCRIBERS_MAX) {
        free(floor);
        return NULL;
    }
    floor->config = *config;
    floor->fd = -1;
    floor->subscribers = calloc(config->subscribers, sizeof floor->subscribers[0]);
    floor->feedback = calloc(config->subscribers, sizeof floor->feedback[0]);
    struct rng rng = rng_seed(1);
    struct sockaddr_in bound;
    bool made = floor->subscribers && floor->feedback && open_socket(floor, &bound);
    for (uint32_t i = 0; i < config->subscribers && made; i++)
        made = make_subscriber(floor, i, &rng);
    if (made)
        floor->sink =
            floor_sink_create(floor->feedback, config->subscribers, &bound, config->sink_core);
    if (!floor->sink) {
        floor_destroy(floor);
        return NULL;
    }
    for (uint32_t i = 0; i < config->subscribers; i++)
        floor->subscribers[i].to.sin_port = htons(floor_sink_port(floor->sink));
    make_source(floor);
    prepare_messages(floor);
    return floor;
}

void floor_destroy(struct floor *floor)
{
    if (!floor)
        return;
    floor_sink_destroy(floor->sink);
    for (uint32_t i = 0; floor->subscribers && i < floor->config.subscribers; i++) {
        floor_key_destroy(floor->subscribers[i].seal);
        floor_key_destroy(floor->subscribers[i].open);
    }
    if (floor->fd >= 0)
        close(floor->fd);
    free(floor->subscribers);
    free(floor->feedback);
    free(floor);
}

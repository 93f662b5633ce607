#include "tests/support/media_house.h"

#include <poll.h>
#include <string.h>

#include "base/bytes.h"
#include "base/clock.h"

enum { JOB_THREADS = 2, JOB_QUEUE = 4096, EVENT_PATIENCE_MS = 5000, OPUS_BYTES = 60 };

static const struct udp_address loopback = {
    .ip = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 127, 0, 0, 1}};

bool media_house_open_as(struct media_house *house, const struct sfu_config *config)
{
    *house = (struct media_house){0};
    if (jobs_create(JOB_THREADS, JOB_QUEUE, &house->jobs) != ERR_OK)
        return false;
    struct sfu_config whole = *config;
    whole.address_count = 1;
    whole.addresses[0] = loopback;
    whole.jobs = house->jobs;
    return sfu_create(&whole, &house->sfu) == ERR_OK;
}

bool media_house_open(struct media_house *house, uint32_t workers, uint32_t endpoints)
{
    const struct sfu_config config = {.workers = workers, .endpoints = endpoints};
    return media_house_open_as(house, &config);
}

void media_house_close(struct media_house *house)
{
    sfu_destroy(house->sfu);
    jobs_destroy(house->jobs);
    *house = (struct media_house){0};
}

bool media_house_await(struct media_house *house, enum sfu_event_kind kind, uint64_t endpoint,
                       struct sfu_event *ret_event)
{
    usec_t deadline = clock_now_us() + EVENT_PATIENCE_MS * USEC_PER_MSEC;
    while (clock_now_us() < deadline) {
        while (sfu_poll(house->sfu, ret_event))
            if (ret_event->kind == kind && (endpoint == 0 || ret_event->endpoint == endpoint))
                return true;
        struct pollfd readable = {.fd = sfu_fd(house->sfu), .events = POLLIN};
        (void)poll(&readable, 1, 100);
    }
    return false;
}

struct worker_counters media_house_counters(const struct media_house *house, uint32_t workers)
{
    struct worker_counters sum = {0};
    for (uint32_t i = 0; i < workers; i++) {
        struct worker_counters one = sfu_counters(house->sfu, i);
#define ADD(name) sum.name += one.name;
        WORKER_COUNTERS(ADD)
#undef ADD
    }
    return sum;
}

static void put_header(struct wr *wr, const struct media_rtp *rtp, uint8_t type, bool marker,
                       bool extension)
{
    wr_u8(wr, extension ? 0x90 : 0x80);
    wr_u8(wr, (uint8_t)(type | (marker ? 0x80 : 0)));
    wr_u16(wr, rtp->sequence);
    wr_u32(wr, rtp->timestamp);
    wr_u32(wr, rtp->ssrc);
}

size_t media_house_audio(const struct media_rtp *rtp, uint8_t packet[CLIENT_PACKET_BYTES])
{
    struct wr wr = wr_init(packet, CLIENT_PACKET_BYTES);
    put_header(&wr, rtp, CLIENT_AUDIO_TYPE, false, true);
    wr_u16(&wr, 0xbede); /* RFC 8285, section 4.2 */
    wr_u16(&wr, 1);
    wr_u8(&wr, CLIENT_LEVEL_EXTENSION << 4);
    wr_u8(&wr, rtp->level);
    wr_u16(&wr, 0);
    wr_u8(&wr, 0x78); /* opus: one 20 ms frame of CELT */
    wr_fill(&wr, (uint8_t)rtp->sequence, OPUS_BYTES);
    return wr_size(&wr);
}

size_t media_house_video(const struct media_video *video, uint8_t packet[CLIENT_PACKET_BYTES])
{
    bool first = video->parts & MEDIA_FIRST;
    bool keyframe = video->parts & MEDIA_KEYFRAME;
    struct wr wr = wr_init(packet, CLIENT_PACKET_BYTES);
    put_header(&wr, &video->rtp, CLIENT_VIDEO_TYPE, video->parts & MEDIA_LAST, false);
    size_t header = wr_size(&wr);
    wr_u8(&wr, first ? 0x90 : 0x80); /* RFC 7741, section 4.2: extended; S at a partition's start */
    wr_u8(&wr, 0x80);                /* a picture id follows */
    wr_u16(&wr, (uint16_t)(0x8000 | video->picture));
    if (first) {
        wr_u8(&wr, keyframe ? 0x10 : 0x11); /* section 4.3: the lowest bit is set in interframes */
        wr_u16(&wr, 0);
    }
    if (first && keyframe) {
        wr_u24(&wr, 0x9d012a);
        wr_u16(&wr, 0x8002); /* 640, little-endian */
        wr_u16(&wr, 0x6801); /* 360 */
    }
    while (wr_size(&wr) - header < video->size)
        wr_u8(&wr, (uint8_t)video->rtp.sequence);
    return wr_size(&wr);
}

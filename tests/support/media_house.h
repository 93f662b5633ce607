/* A media server with two workers for a test, and the packets its peers send. */
#ifndef TESTS_SUPPORT_MEDIA_HOUSE_H
#define TESTS_SUPPORT_MEDIA_HOUSE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/jobs.h"
#include "sfu/sfu.h"
#include "tests/support/media_client.h"

struct media_house {
    struct jobs *jobs;
    struct sfu *sfu;
};

bool media_house_open(struct media_house *house, uint32_t workers, uint32_t endpoints);
/* The same by a configuration of one's own; its addresses and jobs are filled in. */
bool media_house_open_as(struct media_house *house, const struct sfu_config *config);
void media_house_close(struct media_house *house);

/* The next event of this kind for this endpoint (0: any), within a few seconds; others are dropped.
 */
bool media_house_await(struct media_house *house, enum sfu_event_kind kind, uint64_t endpoint,
                       struct sfu_event *ret_event);
/* The sum over all workers. */
struct worker_counters media_house_counters(const struct media_house *house, uint32_t workers);

struct media_rtp {
    uint32_t ssrc;
    uint16_t sequence;
    uint32_t timestamp;
    uint8_t level; /* audio: RFC 6464, 0 is loudest */
};

/* 20 ms of opus, as far as a server can tell, with its loudness. */
size_t media_house_audio(const struct media_rtp *rtp, uint8_t packet[CLIENT_PACKET_BYTES]);
/* One packet of a VP8 frame of 640x360 with `size` payload bytes (at least 20). */
enum media_part {
    MEDIA_KEYFRAME = 1, /* else an interframe */
    MEDIA_FIRST = 2,
    MEDIA_LAST = 4,
};

struct media_video {
    struct media_rtp rtp;
    uint16_t picture;
    uint32_t parts; /* of enum media_part */
    size_t size;
};

size_t media_house_video(const struct media_video *video, uint8_t packet[CLIENT_PACKET_BYTES]);

#endif

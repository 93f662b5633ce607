/* What our senders sent of late, so that a receiver's packet can be found again in it.
 *
 * The server gives packets other SSRCs, numbers and timestamps, and maybe other first 16 payload
 * bytes; their length and what follows stays. So a packet is found once by its payload's end, and
 * after that by number (receive.h). A ring each for the microphone and every layer of the camera of
 * a sender; older packets are forgotten. Pure. */
#ifndef LOAD_CORE_SENT_H
#define LOAD_CORE_SENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"

enum {
    SENT_RING = 2048, /* packets: three seconds of the highest layer; a power of two */
    SENT_STREAMS = 4, /* microphone, then the camera's layers */
    SENT_MICROPHONE = 0,
    SENT_CAMERA = 1,
};

struct sent_packet {
    uint64_t at_ns; /* civil clock, as the kernel stamps received packets; 0: none */
    uint64_t print; /* of the payload's end */
    uint32_t timestamp;
    uint16_t sequence;
    uint16_t size;  /* of the payload */
    bool key_start; /* first packet of a keyframe */
    bool marker;
};

struct sent_stream {
    uint16_t newest;
    bool any;
    struct sent_packet ring[SENT_RING];
};

struct sent_source {
    uint32_t source; /* the server's name for it; 0: not known yet */
    struct sent_stream streams[SENT_STREAMS];
};

enum { SENT_SOURCES_MAX = 512 };

/* All that may be found again. */
struct sent_list {
    uint32_t count;
    struct sent_source *sources[SENT_SOURCES_MAX];
};

/* NULL when it is not one of ours. */
const struct sent_source *sent_source_of(const struct sent_list *list, uint32_t source);

/* A number that differs for payloads whose sizes or last bytes differ. */
uint64_t sent_print(struct bytes payload);

void sent_add(struct sent_stream *stream, const struct sent_packet *packet);
/* The packet with this number; NULL when it was never sent or is forgotten. */
const struct sent_packet *sent_at(const struct sent_stream *stream, uint16_t sequence);
/* The newest packet of this size and print; NULL. */
const struct sent_packet *sent_find(const struct sent_stream *stream, struct bytes payload);

#endif

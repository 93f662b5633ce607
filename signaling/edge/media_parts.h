/* What the files of media share and nobody else sees: media.c (rooms, presence, the workers' word),
 * media_join.c (endpoints), media_seats.c (standard clients), line_test_room.c. */
#ifndef SIGNALING_EDGE_MEDIA_PARTS_H
#define SIGNALING_EDGE_MEDIA_PARTS_H

#include "signaling/core/admission.h"
#include "signaling/edge/line_test_room.h"
#include "signaling/edge/media.h"
#include "signaling/edge/presence.h"

/* An endpoint from its join until the worker says that it is gone. */
struct media_endpoint {
    struct media_peer *peer; /* NULL once given up */
    bool is_connected;       /* ICE and DTLS are done */
    bool is_line_test;
};

struct media {
    struct door *door;
    struct room *rooms;
    struct presence presence;
    struct seat *seats;
    uint32_t seat_count;
    struct pool endpoints;
    struct media_endpoint *endpoint_list; /* by the handle's index */
    uint32_t line_test_endpoints;         /* of all those taken */
    uint32_t capacity;                    /* endpoints that all workers take together */
    struct line_test_room *line_test;     /* NULL: none runs */
    struct admission admission;           /* of joins */
    struct connection *joins_first, *joins_last;
    uint32_t joins_waiting;
    uv_timer_t joins_timer;
    struct media_totals totals;
    utc_ms_t swept_at;
    utc_ms_t told_at; /* those whose join waits */
    char *answer;     /* LIMIT_SDP_BYTES */
};

/* An endpoint's number is its handle in one word. */
static inline uint64_t media_number_of(struct handle handle)
{
    return (uint64_t)handle.generation << 32 | handle.index;
}

static inline struct handle media_handle_of(uint64_t number)
{
    return (struct handle){(uint32_t)number, (uint32_t)(number >> 32)};
}

/* NULL when nobody is in it. */
struct room *media_room_find(const struct media *media, uint64_t number);
/* The peer has no endpoint any more; nobody is told. */
void media_forget(struct media *media, struct media_peer *peer);
bool media_is_connected(const struct media *media, const struct media_peer *peer);
/* The queue of joins: its timer, what those who wait are told, its end. */
void media_joins_open(struct media *media);
void media_joins_tell(struct media *media);
void media_joins_close(struct media *media);
/* Seats whose token has expired are given up. */
void media_seats_sweep(struct media *media, utc_ms_t now);
void media_seats_free(struct media *media);

#endif

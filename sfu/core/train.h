/* The sends being built: datagrams of one subscriber joined to trains (UDP_SEGMENT).
 *
 * All datagrams of a train are equally long, but the last one may be shorter and then ends it:
 *
 *   |1100|1100|1100|1100|1100|100|      five of a frame, and the sound that rides along
 *
 * At most LIMIT_GSO_SEGMENTS and LIMIT_GSO_BYTES, which is what the kernel takes. Writes only into
 * the caller's arena and sends. */
#ifndef SFU_CORE_TRAIN_H
#define SFU_CORE_TRAIN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sfu/core/outlet.h"
#include "sfu/core/worker.h"
#include "sfu/proto/rtp.h"

enum {
    /* What any one datagram may take: our header, a payload, and what protection adds. */
    TRAIN_DATAGRAM_ROOM = RTP_OUTGOING_MAX_BYTES + LIMIT_RTP_PACKET_BYTES + RTP_RTX_OSN_BYTES +
                          SRTP_OVERHEAD_MAX_BYTES,
    TRAIN_TURN_ROOM = 12 * TRAIN_DATAGRAM_ROOM,
};

struct trains {
    struct worker_send *sends;
    uint32_t count;
    uint32_t max;
    uint32_t cars; /* datagrams of the last train */
    size_t plain;  /* what the first of them took before protection */
    bool open;     /* the last train takes more */
    uint8_t *at;   /* where the next datagram is written */
    uint8_t *end;
};

struct trains trains_init(struct worker_send *sends, uint32_t max, uint8_t *arena, size_t size);

/* What joins no train: for what is protected otherwise. */
#define TRAIN_ALONE SIZE_MAX

/* Whether one more datagram of this size before protection would join the last train. */
static inline bool trains_joins(const struct trains *trains, size_t plain)
{
    return trains->open && plain <= trains->plain;
}

/* Where to write a datagram of this size before protection; NULL when arena or sends are used
 * up. */
static inline uint8_t *trains_room(const struct trains *trains, size_t plain)
{
    bool room = (trains->count < trains->max || trains_joins(trains, plain)) &&
                (size_t)(trains->end - trains->at) >= TRAIN_DATAGRAM_ROOM;
    return room ? trains->at : NULL;
}

/* Whether another subscriber's turn should begin here: not where its first train would be cut. */
static inline bool trains_worth_starting(const struct trains *trains)
{
    return trains->count == 0 || (trains->count + 2 <= trains->max &&
                                  (size_t)(trains->end - trains->at) >= (size_t)TRAIN_TURN_ROOM);
}

/* What was written at trains->at: `plain` bytes, `size` when protected. Needs: trains_room() was
 * there; protection adds the same to every datagram of a train. */
void trains_add(struct trains *trains, const struct outlet *outlet, size_t plain, size_t size);

/* Whatever comes next is another subscriber's. */
static inline void trains_end(struct trains *trains)
{
    trains->open = false;
}

#endif

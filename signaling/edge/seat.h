/* Seats of standard clients (WHIP, WHEP): a bearer token that its owner gives to one such client.
 *
 * A seat belongs to a participant and a meeting and lives as long as a session may. A WHIP seat
 * sends as that participant, in the place of their browser; a WHEP seat watches. */
#ifndef SIGNALING_EDGE_SEAT_H
#define SIGNALING_EDGE_SEAT_H

#include <stdbool.h>

#include "signaling/edge/room.h"

enum { SEATS_MAX = 1024, SEAT_TOKEN_BYTES = 44 };

struct seat {
    struct seat *next;         /* of all */
    struct seat *next_in_room; /* while it has an endpoint */
    struct room *room;         /* likewise, else NULL */
    struct media_peer peer;
    uint64_t meeting;
    utc_ms_t expires_at;
    bool is_sender;                  /* WHIP */
    char token[SEAT_TOKEN_BYTES];    /* of the Authorization header */
    char resource[SEAT_TOKEN_BYTES]; /* of the Location; "" without an endpoint */
};

/* Into the list of its room, and out of it. */
void seat_attach(struct seat *seat, struct room *room);
void seat_detach(struct seat *seat);
/* The living seat of this token; NULL. */
struct seat *seat_find(struct seat *first, struct bytes token, utc_ms_t now);

#endif

#include "signaling/edge/seat.h"

#include <stdlib.h>
#include <string.h>

#include "signaling/edge/media.h"

void seat_attach(struct seat *seat, struct room *room)
{
    seat_detach(seat);
    seat->room = room;
    seat->next_in_room = room->seats;
    room->seats = seat;
}

void seat_detach(struct seat *seat)
{
    if (!seat->room)
        return;
    struct seat **at = &seat->room->seats;
    while (*at && *at != seat)
        at = &(*at)->next_in_room;
    if (*at)
        *at = seat->next_in_room;
    seat->room = NULL;
    seat->resource[0] = 0;
}

struct seat *seat_find(struct seat *first, struct bytes token, utc_ms_t now)
{
    for (struct seat *at = first; at; at = at->next)
        if (at->expires_at > now && strlen(at->token) == token.size &&
            bytes_equal_secret((const uint8_t *)at->token, token.data, token.size))
            return at;
    return NULL;
}

/* Seats of standard clients, as media keeps them (seat.h). */
#include <stdlib.h>

#include "base/clock.h"
#include "signaling/edge/media_parts.h"
#include "signaling/edge/seat.h"

struct seat *media_seat_create(struct media *media, uint64_t meeting,
                               const struct state_participant *participant, bool is_sender)
{
    struct seat *seat = media->seat_count < SEATS_MAX ? calloc(1, sizeof *seat) : NULL;
    if (!seat)
        return NULL;
    seat->meeting = meeting;
    seat->is_sender = is_sender;
    seat->expires_at = clock_utc_ms() + media->door->sessions.absolute_ms;
    seat->peer = (struct media_peer){.user = participant->user_id,
                                     .participant = participant->id,
                                     .source = is_sender ? participant->source : 0,
                                     .seat = seat};
    seat->next = media->seats;
    media->seats = seat;
    media->seat_count++;
    return seat;
}

struct seat *media_seat_find(struct media *media, struct bytes token, utc_ms_t now)
{
    return seat_find(media->seats, token, now);
}

enum door_refusal media_seat_join(struct media *media, struct seat *seat, const char *offer,
                                  char **ret_answer)
{
    struct room *room = media_room(media, seat->meeting);
    if (!room)
        return DOOR_BUSY;
    seat_attach(seat, room);
    if (seat->is_sender)
        media_enter(media, room, &seat->peer);
    enum door_refusal refusal = media_join(media, room, &seat->peer, offer, NULL, ret_answer);
    if (refusal != DOOR_REFUSAL_COUNT)
        media_seat_part(media, seat);
    return refusal;
}

void media_seat_part(struct media *media, struct seat *seat)
{
    media_part(media, &seat->peer);
    if (seat->room)
        media_leave(media, seat->room, &seat->peer, true);
    seat_detach(seat);
}

void media_seats_sweep(struct media *media, utc_ms_t now)
{
    for (struct seat **at = &media->seats; *at;) {
        struct seat *seat = *at;
        if (seat->expires_at > now) {
            at = &seat->next;
            continue;
        }
        media_seat_part(media, seat);
        *at = seat->next;
        media->seat_count--;
        free(seat);
    }
}

void media_seats_free(struct media *media)
{
    while (media->seats) {
        struct seat *seat = media->seats;
        media->seats = seat->next;
        free(seat);
    }
}

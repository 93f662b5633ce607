/* Between the record and the media workers: rooms, endpoints, presence.
 *
 *   events of the record ─► rights, floor, stage ─► workers
 *   events of the workers ─► slots, layers, speakers ─► live connections
 *   first connection ─► enter; last one gone for the grace time ─► leave
 *
 * Thread rule: control thread. */
#ifndef SIGNALING_EDGE_MEDIA_H
#define SIGNALING_EDGE_MEDIA_H

#include <stdint.h>

#include "base/err.h"
#include "signaling/core/refusal_text.h"
#include "signaling/edge/room.h"

struct media;

struct media_totals {
    uint64_t joins;
    uint64_t joins_refused;
    usec_t join_us; /* of the control thread's time */
};

struct media_load {
    uint32_t capacity; /* media connections that the workers take together */
    uint32_t meetings; /* in use by meetings */
    uint32_t line_test;
    uint32_t joins_waiting;
    struct media_totals totals;
};

/* Starts the media workers with the DTLS certificate of `certs_folder`. */
MUST_USE enum err media_open(struct door *door, const char *certs_folder, struct media **ret_media);
/* Ends all live connections with a goodbye, before the server is closed. Accepts NULL. */
void media_close_all(struct media *media);
/* After the server and the workers are gone. Accepts NULL. */
void media_free(struct media *media);

void media_on_event(struct media *media, const struct meeting_output *event);
void media_on_reset(struct media *media, uint64_t meeting);
void media_on_sfu(struct media *media, const struct sfu_event *event);
/* After a batch of events. */
void media_settle(struct media *media);
void media_tick(struct media *media, utc_ms_t now);
uint32_t media_room_count(const struct media *media);
struct media_load media_load(const struct media *media);

/* The room of a meeting, made if need be; NULL without memory. */
struct room *media_room(struct media *media, uint64_t meeting);
/* Tells the workers that the room is over, and forgets what its peers had there. False: they are
 * busy; say it again. */
bool media_end_room(struct media *media, struct room *room);
/* Counts the peer as present if the meeting allows it now. */
void media_enter(struct media *media, struct room *room, struct media_peer *peer);
/* Stops counting the peer: now, or when the grace time has passed without another of theirs. */
void media_leave(struct media *media, struct room *room, struct media_peer *peer, bool at_once);

/* Answers the connection's `join`, now or when its turn has come (admission.h); who waits for
 * longer is told so. Takes the message over. */
void media_join_ask(struct media *media, struct connection *connection,
                    struct live_message *message);
/* The connection is going: its join waits no longer. */
void media_join_forget(struct media *media, struct connection *connection);
/* Gives the peer an endpoint for this offer and answers it. An endpoint that it had, or that
 * another peer sends the same source with, is given up; `resume` may name that other connection,
 * which is then closed without being told that it was replaced. DOOR_REFUSAL_COUNT: done. */
enum door_refusal media_join(struct media *media, struct room *room, struct media_peer *peer,
                             const char *offer, const char *resume, char **ret_answer);
enum door_refusal media_restart(struct media *media, struct media_peer *peer, const char *offer,
                                char **ret_answer);
/* Gives up the peer's endpoint, if it has one. */
void media_part(struct media *media, struct media_peer *peer);

/* -- standard clients ------------------------------------------------------------------------- */

/* A new seat for that participant, its token still to be made; NULL when there are SEATS_MAX. */
struct seat *media_seat_create(struct media *media, uint64_t meeting,
                               const struct state_participant *participant, bool is_sender);
struct seat *media_seat_find(struct media *media, struct bytes token, utc_ms_t now);
enum door_refusal media_seat_join(struct media *media, struct seat *seat, const char *offer,
                                  char **ret_answer);
void media_seat_part(struct media *media, struct seat *seat);

#endif

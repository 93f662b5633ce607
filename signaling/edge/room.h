/* A meeting's live side: who is connected to it, what is told to all of them, and what the media
 * workers have been told about it.
 *
 * What is told to the workers is compared with what the record says and sent when they differ
 * (room_settle()), after every batch of events and again on every tick: a full mailbox delays a
 * right, and cannot lose one. Thread rule: control thread. */
#ifndef SIGNALING_EDGE_ROOM_H
#define SIGNALING_EDGE_ROOM_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buffer.h"
#include "signaling/core/crowd.h"
#include "signaling/core/live.h"
#include "signaling/core/refusal_text.h"
#include "signaling/core/source_table.h"
#include "signaling/edge/door.h"
#include "signaling/edge/live_message.h"

struct lws;
struct connection;
struct line_test_room;
struct seat;

/* One participant's hold on the media workers, by a browser or a standard client. */
struct media_peer {
    uint64_t endpoint; /* 0: none */
    uint64_t user;
    uint64_t participant;
    uint32_t place;                /* among the meeting's participants, to begin a search at */
    uint32_t source;               /* 0: only watches */
    uint32_t rights;               /* as the workers were told last */
    bool is_entered;               /* counted as present */
    struct connection *connection; /* one of these two */
    struct seat *seat;
};

enum {
    CONNECTION_TOKEN_BYTES = 44,
    ROOM_TOLD_MAX = 64, /* more than one connection watches at once */
};

_Static_assert((int)ROOM_TOLD_MAX > (int)LIMIT_TILES_PER_ENDPOINT, "tiles, stage and screen fit");

/* What a connection was told that a source sends. */
struct room_told {
    uint32_t source; /* 0: nothing yet */
    struct live_sending sending;
};

/* A browser's WebSocket. */
struct connection {
    struct connection *next, *previous; /* in its room */
    struct connection *joins_next;      /* among those whose join waits */
    struct door *door;
    struct lws *wsi;
    struct room *room;
    struct media_peer peer;
    struct live live;
    struct bucket rate; /* of what it may ask */
    struct buffer inbound;
    uint64_t actions; /* of `may`, as sent last */
    struct sfu_slots slots;
    struct sfu_layers layers;
    struct sfu_view view; /* as asked for last */
    struct live_sending sending;
    uint32_t told_next; /* the oldest of these is overwritten */
    struct room_told told[ROOM_TOLD_MAX];
    struct connection *newcomers_next; /* its `may` is looked at with every event */
    bool is_newcomer;
    struct live_message join; /* while it waits for its turn */
    bool join_waits;
    bool is_asked;    /* whether it is still there: the answer has not come */
    usec_t heard_at;  /* anything */
    bool has_session; /* a seat of a line test has none */
    uint8_t session_hash[SESSION_HASH_BYTES];
    char resume[CONNECTION_TOKEN_BYTES];
};

struct room {
    struct room *next;
    struct door *door;
    uint64_t meeting;                 /* or, of a line test, a number that no meeting has */
    struct line_test_room *line_test; /* NULL: a meeting's room, or the test is over */
    struct live_ring ring;
    struct connection *connections;
    struct connection *newcomers; /* whose coming is not yet on record */
    uint32_t connection_count;
    struct seat *seats;
    struct source_table peers;   /* struct media_peer: who has the source's endpoint */
    struct source_table sending; /* struct connection: who said last what the source sends */
    struct meeting_media told;   /* of floor, stage and screen, to the workers */
    bool is_told;                /* false: they know nothing yet */
    bool is_ended;               /* the workers were told that it is over */
    bool has_changed;            /* `may` is to be looked at again, of everybody */
    struct crowd crowd;          /* what everybody is still to be told: at the room's pace … */
    bool speakers_changed;
    bool sending_changed;
    usec_t paced_until; /* … which allows it from here on */
    uint32_t speaker_count;
    uint32_t speakers[SFU_SPEAKERS_MAX];
};

void room_init(struct room *room, struct door *door, uint64_t meeting);
void room_done(struct room *room);

void room_add(struct room *room, struct connection *connection);
void room_remove(struct room *room, struct connection *connection);
/* Puts a text into the ring and wakes everybody. */
void room_broadcast(struct room *room, struct bytes text);
/* Marks everybody and wakes them. */
void room_mark(struct room *room, uint32_t marks);
/* -- room_settle.c ---------------------------------------------------------------------------- */

/* Brings workers and `may` in line with the record. */
void room_settle(struct room *room);
/* Likewise floor, stage and screen alone: enough after a join, and the same work in any room. */
void room_settle_places(struct room *room);
/* Whether media may be joined now. */
bool room_is_open(const struct room *room);
/* What the peer has of media rights now, as the workers' mask. */
uint32_t room_rights(const struct room *room, const struct media_peer *peer);

/* -- room_crowd.c: what costs a message to everybody, or grows with everybody ------------------ */

/* An event of the record: told at once, or put together with others like it. */
void room_on_event(struct room *room, const struct meeting_output *event);
/* Tells what waits, if the room's pace allows it now. */
void room_pace(struct room *room, usec_t now);
/* The next source that the connection watches and was not told about as it is now, counted as told
 * from here on; 0 when there is none. */
uint32_t room_next_untold(const struct room *room, struct connection *connection,
                          struct live_sending *ret_sending);
/* The connection says what it sends. */
void room_on_sending(struct room *room, struct connection *connection, struct live_sending sending);

/* -- a connection ----------------------------------------------------------------------------- */

/* Answers one connection; closes it when it does not read. Takes `text` over (NULL: memory was
 * short). */
void connection_reply(struct connection *connection, char *text);
/* Refuses what was asked; the connection goes on. */
void connection_refuse(struct connection *connection, enum door_refusal refusal);
/* Says why and closes. `fatal` tells the page not to come back by itself. */
void connection_end(struct connection *connection, enum door_refusal refusal, bool fatal);
void connection_wake(struct connection *connection);

#endif

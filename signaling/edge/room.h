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
#include "signaling/core/live.h"
#include "signaling/core/refusal_text.h"
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
    INTRODUCTIONS_MAX = 64, /* so that a join costs the same in a meeting of 3,400 */
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
    struct live_sending sending;
    uint32_t introduced_count;
    uint32_t introduced_source; /* told about everybody up to this one */
    struct live_message join;   /* while it waits for its turn */
    bool join_waits;
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
    struct seat *seats;
    struct meeting_media told; /* of floor, stage and screen, to the workers */
    bool is_told;              /* false: they know nothing yet */
    bool is_ended;             /* the workers were told that it is over */
    bool has_changed;          /* `may` is to be looked at again */
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
/* Brings workers and `may` in line with the record. */
void room_settle(struct room *room);
/* Likewise floor, stage and screen alone: enough after a join, and the same work in any room. */
void room_settle_places(struct room *room);
/* Whether media may be joined now. */
bool room_is_open(const struct room *room);
/* What the peer has of media rights now, as the workers' mask. */
uint32_t room_rights(const struct room *room, const struct media_peer *peer);
/* The next participant who sends something and whom the newcomer has not been told about; NULL when
 * that was all, or INTRODUCTIONS_MAX. */
const struct connection *room_introduce(const struct room *room, struct connection *newcomer);
/* A `media` message: what that participant sends. NULL without memory. */
json_t *room_sending_json(const struct connection *connection);

/* Answers one connection; closes it when it does not read. Takes `text` over (NULL: memory was
 * short). */
void connection_reply(struct connection *connection, char *text);
/* Refuses what was asked; the connection goes on. */
void connection_refuse(struct connection *connection, enum door_refusal refusal);
/* Says why and closes. `fatal` tells the page not to come back by itself. */
void connection_end(struct connection *connection, enum door_refusal refusal, bool fatal);
void connection_wake(struct connection *connection);

#endif

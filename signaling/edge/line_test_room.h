/* The room of the line test that runs: its token, its seats, its end (signaling/core/line_test.h).
 * Thread rule: control thread. */
#ifndef SIGNALING_EDGE_LINE_TEST_ROOM_H
#define SIGNALING_EDGE_LINE_TEST_ROOM_H

#include <stdbool.h>
#include <stdint.h>

#include "signaling/core/line_test.h"
#include "signaling/edge/room.h"

struct media;

/* No meeting's id has this bit: ids are 63 bits. */
#define LINE_TEST_ROOM_BIT (UINT64_C(1) << 63)

struct line_test_room {
    struct line_test test;
    struct room *room; /* media's; outlives this until its last seat has closed */
    char token[CONNECTION_TOKEN_BYTES];
};

struct line_test_counts {
    uint32_t running; /* 0 or 1 */
    uint32_t open;
    uint32_t joined;
    uint32_t connected;
};

/* DOOR_REFUSAL_COUNT: it runs. */
enum door_refusal line_test_room_start(struct media *media, uint32_t receivers, uint32_t senders,
                                       const struct line_test_room **ret_room);
/* The one that runs, if it has this id; NULL. */
const struct line_test_room *line_test_room_find(const struct media *media, uint64_t id);
struct line_test_counts line_test_room_counts(const struct media *media);
/* Tells its seats and closes them. Needs: one runs. */
void line_test_room_end(struct media *media);
/* Ends it when it is time. */
void line_test_room_tick(struct media *media, utc_ms_t now);
/* Accepts NULL. */
void line_test_room_free(struct line_test_room *room);

/* Gives the connection a seat and fills its peer in. DOOR_REFUSAL_COUNT: it has one. */
enum door_refusal line_test_room_admit(struct media *media, uint64_t id, struct bytes token,
                                       bool sends, struct connection *connection);
/* The connection has closed. */
void line_test_room_part(struct line_test_room *room, const struct media_peer *peer);
/* A seat's media are under way: the first sender gets stage and floor. */
void line_test_room_on_joined(struct line_test_room *room, uint32_t source);
/* Stage and floor to that source. False: it has no media. */
bool line_test_room_stage(struct line_test_room *room, uint32_t source);
struct meeting_media line_test_room_places(const struct line_test_room *room);

#endif

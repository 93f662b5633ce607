/* Rooms, and the sources in them: who may be seen and heard, who has floor, stage and screen.
 *
 * A source is known from its first mention: rights may be set before it joins. It is hosted by this
 * worker (an endpoint) or by another one (relayed); nothing else tells the two apart. */
#ifndef SFU_CORE_ROOM_H
#define SFU_CORE_ROOM_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/limits.h"
#include "base/units.h"
#include "sfu/core/command.h"
#include "sfu/core/loudness.h"
#include "sfu/core/session.h"

struct worker;

/* A source's streams have fixed places: microphone, camera layers, screen, screen sound. */
enum {
    PLACE_MICROPHONE = 0,
    PLACE_CAMERA = 1,
    PLACE_SCREEN = PLACE_CAMERA + LIMIT_SIMULCAST_LAYERS,
    PLACE_SCREEN_SOUND,
    SOURCE_PLACES,
};

struct source {
    uint32_t room;
    uint32_t number;
    uint32_t rights; /* of enum sfu_right */
    bool present;
    uint32_t worker;   /* which one hosts it */
    uint32_t endpoint; /* its index here; INDEX_NONE when another worker hosts it */
    uint32_t room_next;
    uint32_t room_previous;
    uint8_t layer_count[SOURCE_KINDS]; /* 0: not sent */
    uint32_t streams[SOURCE_PLACES];   /* INDEX_NONE: not sent */
    uint16_t level_queued;             /* bit per worker in whose queue its level stands */
    bool back_queued;                  /* it stands in the queue towards its worker */
    uint8_t wanted_told[SOURCE_KINDS]; /* layers, as last told to that worker */
    usec_t less_since;                 /* some of these are not wanted any more; 0: all are */
    uint8_t keyframes[SOURCE_KINDS];   /* layers whose keyframe is still to be asked for there */
};

struct room {
    uint64_t id;
    uint32_t endpoints; /* first of each list */
    uint32_t sources;
    uint32_t floor; /* source numbers, 0: nobody */
    uint32_t stage;
    uint32_t screen;
    usec_t framed;    /* when a frame of it was last settled; 0: never */
    usec_t mentioned; /* when somebody last joined it or set something in it */
    bool closing;     /* everybody is on the way out */
    bool speakers_new;
    bool news_queued;
    struct loudness loudness;
};

/* Where a kind's streams begin among the places, and what place a layer has. */
uint8_t source_place(enum source_kind kind, uint8_t layer);
enum source_kind source_kind_of(uint8_t place);
/* What must be held for this kind to be forwarded at all. */
bool source_may_send(const struct source *source, enum source_kind kind);
/* What must be held to be shown in a slot of this kind. */
bool source_may_show(const struct source *source, enum slot_kind kind);
/* Layers of this kind that anybody wants, as bits. */
uint8_t source_wanted(const struct worker *worker, const struct source *source,
                      enum source_kind kind);

/* INDEX_NONE when there is none. */
uint32_t room_find(const struct worker *worker, uint64_t id);
/* A new room if there is none. When every place is taken, one gives way in which nobody is and
 * nobody sends, the longest unmentioned first; ERR_FULL when there is no such room. */
MUST_USE enum err room_need(struct worker *worker, uint64_t id, uint32_t *ret_room);
/* Gives the room back if nothing is in it and nothing was set. */
void room_release(struct worker *worker, uint32_t index);
/* Every endpoint leaves, every source is forgotten. */
void room_close(struct worker *worker, uint32_t index);
uint32_t room_find_source(const struct worker *worker, uint32_t room, uint32_t number);
MUST_USE enum err room_need_source(struct worker *worker, uint32_t room, uint32_t number,
                                   uint32_t *ret_source);
/* The source begins to send what was offered. ERR_FULL leaves it absent. */
MUST_USE enum err room_add_streams(struct worker *worker, uint32_t index,
                                   const struct session_source offered[SOURCE_KINDS]);
/* It sends no more from where it was. */
void room_remove_streams(struct worker *worker, uint32_t index);
/* Forgets the source altogether. */
void room_forget_source(struct worker *worker, uint32_t index);
/* Rights apply from the next packet on. */
void room_set_rights(struct worker *worker, uint32_t index, uint32_t rights);
/* A microphone packet's level, or a relayed one. */
void room_on_level(struct worker *worker, uint32_t index, uint8_t level, bool relayed);
/* The room's deadline: loudness. */
void room_on_due(struct worker *worker, uint32_t index);

#endif

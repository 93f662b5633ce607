/* What happened: the rows of a meeting's log, as values (docs/protocol.md, Event).
 *
 * A body is borrowed memory: texts and lists point into the arena, state or command that made it.
 * Ids are 1 to 2^63 - 1; 0 stands for JSON's null where null is allowed. */
#ifndef MEETING_PROTO_EVENT_H
#define MEETING_PROTO_EVENT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/units.h"
#include "meeting/proto/minutes.h"
#include "meeting/proto/words.h"

/* kind, member of the union, word in JSON */
#define EVENT_KINDS(X)                                                                             \
    X(MEETING_CREATED, created, "meeting.created")                                                 \
    X(AGENDA_SET, agenda_set, "agenda.set")                                                        \
    X(DOCUMENT_ADDED, document_added, "document.added")                                            \
    X(DOCUMENT_REMOVED, document_removed, "document.removed")                                      \
    X(UNITS_INVITED, units_invited, "units.invited")                                               \
    X(MEETING_SUBMITTED, empty, "meeting.submitted")                                               \
    X(MEETING_APPROVED, empty, "meeting.approved")                                                 \
    X(MEETING_RETURNED, reason, "meeting.returned")                                                \
    X(MEETING_ANNOUNCED, empty, "meeting.announced")                                               \
    X(MEETING_CANCELLED, reason, "meeting.cancelled")                                              \
    X(ROOM_OPENED, empty, "room.opened")                                                           \
    X(MEETING_STARTED, empty, "meeting.started")                                                   \
    X(MEETING_PAUSED, empty, "meeting.paused")                                                     \
    X(MEETING_RESUMED, empty, "meeting.resumed")                                                   \
    X(MEETING_ENDED, empty, "meeting.ended")                                                       \
    X(PARTICIPANT_ENTERED, entered, "participant.entered")                                         \
    X(PARTICIPANT_LEFT, left, "participant.left")                                                  \
    X(AGENDA_OPENED, agenda_opened, "agenda.opened")                                               \
    X(FLOOR_REQUESTED, participant, "floor.requested")                                             \
    X(FLOOR_WITHDRAWN, participant, "floor.withdrawn")                                             \
    X(FLOOR_GRANTED, participant, "floor.granted")                                                 \
    X(FLOOR_RELEASED, participant, "floor.released")                                               \
    X(STAGE_SET, participant, "stage.set")                                                         \
    X(DOCUMENT_PRESENTED, presented, "document.presented")                                         \
    X(VOTE_OPENED, vote_opened, "vote.opened")                                                     \
    X(VOTE_CAST, vote_cast, "vote.cast")                                                           \
    X(VOTE_CLOSED, vote_closed, "vote.closed")                                                     \
    X(CONCLUSION_ADDED, conclusion_added, "conclusion.added")                                      \
    X(CONCLUSION_REMOVED, conclusion_removed, "conclusion.removed")                                \
    X(MINUTES_LOCKED, locked, "minutes.locked")                                                    \
    X(MINUTES_UNLOCKED, unlocked, "minutes.unlocked")                                              \
    X(MINUTES_SAVED, saved, "minutes.saved")                                                       \
    X(MINUTES_FINALISED, finalised, "minutes.finalised")                                           \
    X(MINUTES_REOPENED, empty, "minutes.reopened")                                                 \
    X(MINUTES_SIGNED, signed_by, "minutes.signed")                                                 \
    X(MEETING_PUBLISHED, empty, "meeting.published")

enum event_kind {
#define X(kind, member, word) EVENT_##kind,
    EVENT_KINDS(X)
#undef X
        EVENT_KIND_COUNT,
};

extern const struct word_list event_kind_words;

enum { EVENT_VERSION = 1 }; /* of the bodies below; a changed body gets the next number */

/* A participant as invited: the record keeps name, position and unit of that day. */
struct event_person {
    uint64_t id;     /* of the participant */
    uint32_t source; /* 32-bit number that RTP carries as CSRC; from 1, unique in the meeting */
    uint64_t user_id;
    const char *name;
    const char *position;
    const char *unit;
    uint32_t capacity; /* enum capacity */
    bool vote;
};

struct event_unit {
    uint64_t id;
    const char *name;
};

struct event_agenda_item {
    uint64_t id;
    const char *title;
    uint64_t presenter_id; /* participant; 0: nobody named */
    uint32_t planned_minutes;
};

struct meeting_event {
    enum event_kind kind;
    union {
        struct {
            const char *code;
            const char *title;
            const char *place;
            utc_ms_t start_at;
            utc_ms_t end_at;
            struct event_person chair;
            struct event_person secretary;
        } created;
        struct {
            uint32_t item_count;
            const struct event_agenda_item *items; /* the whole list */
        } agenda_set;
        struct {
            uint64_t document_id;
            uint64_t agenda_id; /* 0: belongs to the whole meeting */
            const char *title;
            const char *sha256; /* 64 lower-case hexadecimal digits */
            uint64_t size_bytes;
            uint32_t pages;
        } document_added;
        struct {
            uint64_t document_id;
        } document_removed;
        struct {
            uint32_t unit_count;
            uint32_t person_count;
            const struct event_unit *units;
            const struct event_person *people; /* the whole list but chair and secretary */
        } units_invited;
        struct {
            const char *reason;
        } reason;
        struct {
            uint64_t participant_id;
            uint32_t method; /* enum presence_method */
        } entered;
        struct {
            uint64_t participant_id;
            uint32_t method;
            utc_ms_t out_at; /* earlier than the event itself after a restart */
        } left;
        struct {
            uint64_t agenda_id;
        } agenda_opened;
        struct {
            uint64_t participant_id; /* 0 in stage.set: nobody */
        } participant;
        struct {
            uint64_t document_id; /* 0: presenting has stopped, and page is 0 */
            uint64_t participant_id;
            uint32_t page;   /* from 1 */
            uint32_t number; /* rises with every change */
        } presented;
        struct {
            uint64_t vote_id;
            const char *question;
            uint32_t eligible; /* participants with a vote who are present at this event */
        } vote_opened;
        struct {
            uint64_t vote_id;
            uint64_t participant_id;
            uint32_t choice; /* enum choice */
        } vote_cast;
        struct {
            uint64_t vote_id;
            uint32_t agree;
            uint32_t disagree;
            uint32_t abstain;
        } vote_closed;
        struct {
            uint64_t conclusion_id;
            const char *text;
        } conclusion_added;
        struct {
            uint64_t conclusion_id;
        } conclusion_removed;
        struct {
            uint64_t user_id;
            bool takeover; /* another held the lock */
        } locked;
        struct {
            uint64_t user_id;
        } unlocked;
        struct {
            uint32_t revision;
            struct minutes minutes;
        } saved;
        struct {
            uint32_t revision;
            const char *code;   /* 16 base32 characters under which anyone may verify the file */
            const char *sha256; /* of the unsigned PDF */
        } finalised;
        struct {
            uint32_t field; /* enum minutes_field */
            uint64_t user_id;
            const char *serial; /* of the signer's certificate, hexadecimal */
            const char *sha256; /* of the PDF with this signature */
        } signed_by;
        struct {
            uint8_t none;
        } empty;
    } of;
};

#endif

/* What happened: the rows of a meeting's log, as values (docs/protocol.md, Event).
 *
 * A body is borrowed memory: texts and lists point into the arena, state or command that made it.
 * Ids are 1 to 2^63 - 1; 0 stands for JSON's null where null is allowed. */
#ifndef MEETING_PROTO_EVENT_H
#define MEETING_PROTO_EVENT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/units.h"
#include "meeting/proto/event_kind.h"
#include "meeting/proto/minutes.h"
#include "meeting/proto/words.h"

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
            uint64_t issue_id;
            uint32_t type;      /* enum issue_type */
            const char *symbol; /* what stands behind "/BB-"; may be empty */
            uint32_t year;      /* of the series, in Vietnam's calendar */
            uint32_t number;    /* from 1 in every series, without gaps */
        } numbered;
        struct {
            uint64_t issue_id;
            const char *sha256; /* of the PDF with number and date in it */
        } written;
        struct {
            uint64_t issue_id;
            const char *serial; /* of the seal's certificate, hexadecimal */
            const char *sha256; /* of the PDF with the seal */
        } sealed;
        struct {
            uint64_t issue_id;
            uint32_t unit_count;
            const struct event_unit *units; /* the recipients (nơi nhận), as named that day */
        } distributed;
        struct {
            uint64_t issue_id;
            uint64_t unit_id;
            uint32_t of; /* enum receipt_of */
        } received;
        struct {
            uint64_t issue_id;
            const char *reason;
        } recalled;
        struct {
            uint64_t issue_id; /* the recalled paper */
            uint64_t by;       /* the paper that stands in its place */
        } replaced;
        struct {
            const char *before; /* SHA-256 of the signed PDF as it was */
            const char *sha256; /* and with validation data and a timestamp behind it */
        } archived;
        struct {
            uint8_t none;
        } empty;
    } of;
};

#endif

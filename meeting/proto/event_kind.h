/* Every kind of event that a log can hold. New kinds are added at the end: a log that an older
 * build wrote is read for ever. */
#ifndef MEETING_PROTO_EVENT_KIND_H
#define MEETING_PROTO_EVENT_KIND_H

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
    X(MEETING_PUBLISHED, empty, "meeting.published")                                               \
    X(ISSUE_NUMBERED, numbered, "issue.numbered")                                                  \
    X(ISSUE_WRITTEN, written, "issue.written")                                                     \
    X(ISSUE_SEALED, sealed, "issue.sealed")                                                        \
    X(ISSUE_DISTRIBUTED, distributed, "issue.distributed")                                         \
    X(ISSUE_RECEIVED, received, "issue.received")                                                  \
    X(ISSUE_RECALLED, recalled, "issue.recalled")                                                  \
    X(ISSUE_REPLACED, replaced, "issue.replaced")                                                  \
    X(MINUTES_ARCHIVED, archived, "minutes.archived")

enum event_kind {
#define X(kind, member, word) EVENT_##kind,
    EVENT_KINDS(X)
#undef X
        EVENT_KIND_COUNT,
};

extern const struct word_list event_kind_words;

enum { EVENT_VERSION = 1 }; /* of the bodies below; a changed body gets the next number */

#endif

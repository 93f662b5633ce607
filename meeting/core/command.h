/* What somebody asks of a meeting, as values (docs/protocol.md, Command).
 *
 * Texts and lists are borrowed for the duration of the call that takes the command. Ids are 1 to
 * 2^63 - 1; 0 stands for null. Texts are NFC and within the bounds of base/limits.h. */
#ifndef MEETING_CORE_COMMAND_H
#define MEETING_CORE_COMMAND_H

#include <stdbool.h>
#include <stdint.h>

#include "base/units.h"
#include "meeting/core/media.h"
#include "meeting/proto/minutes.h"
#include "meeting/proto/words.h"

/* Every action, its member of the command's union, and its word: in commands and in `may`. */
#define MEETING_ACTIONS(X)                                                                         \
    X(AGENDA_SET, agenda_set, "agenda.set")                                                        \
    X(DOCUMENT_ADD, document_add, "document.add")                                                  \
    X(DOCUMENT_REMOVE, document_remove, "document.remove")                                         \
    X(UNITS_INVITE, units_invite, "units.invite")                                                  \
    X(SUBMIT, empty, "submit")                                                                     \
    X(APPROVE, empty, "approve")                                                                   \
    X(RETURN, reason, "return")                                                                    \
    X(ANNOUNCE, empty, "announce")                                                                 \
    X(CANCEL, reason, "cancel")                                                                    \
    X(ENTER, empty, "enter")                                                                       \
    X(LEAVE, leave, "leave")                                                                       \
    X(START, empty, "start")                                                                       \
    X(PAUSE, empty, "pause")                                                                       \
    X(RESUME, empty, "resume")                                                                     \
    X(END, empty, "end")                                                                           \
    X(AGENDA_OPEN, agenda_open, "agenda.open")                                                     \
    X(FLOOR_REQUEST, empty, "floor.request")                                                       \
    X(FLOOR_WITHDRAW, empty, "floor.withdraw")                                                     \
    X(FLOOR_GRANT, participant, "floor.grant")                                                     \
    X(FLOOR_RELEASE, empty, "floor.release")                                                       \
    X(STAGE_SET, participant, "stage.set")                                                         \
    X(DOCUMENT_PRESENT, document_present, "document.present")                                      \
    X(VOTE_OPEN, vote_open, "vote.open")                                                           \
    X(VOTE_CAST, vote_cast, "vote.cast")                                                           \
    X(VOTE_CLOSE, vote_close, "vote.close")                                                        \
    X(CONCLUSION_ADD, conclusion_add, "conclusion.add")                                            \
    X(CONCLUSION_REMOVE, conclusion_remove, "conclusion.remove")                                   \
    X(MINUTES_LOCK, empty, "minutes.lock")                                                         \
    X(MINUTES_UNLOCK, empty, "minutes.unlock")                                                     \
    X(MINUTES_TAKEOVER, empty, "minutes.takeover")                                                 \
    X(MINUTES_SAVE, minutes_save, "minutes.save")                                                  \
    X(MINUTES_FINALISE, minutes_finalise, "minutes.finalise")                                      \
    X(MINUTES_REOPEN, empty, "minutes.reopen")                                                     \
    X(MINUTES_SIGN, minutes_sign, "minutes.sign")                                                  \
    X(ISSUE_NUMBER, empty, "issue.number")                                                         \
    X(ISSUE_WRITE, issue_file, "issue.write")                                                      \
    X(ISSUE_SEAL, issue_file, "issue.seal")                                                        \
    X(ISSUE_DISTRIBUTE, issue_distribute, "issue.distribute")                                      \
    X(ISSUE_RECEIVE, issue_receive, "issue.receive")                                               \
    X(ISSUE_RECALL, reason, "issue.recall")

enum meeting_action {
#define X(action, member, word) ACTION_##action,
    MEETING_ACTIONS(X)
#undef X
        ACTION_COUNT,
};

extern const struct word_list action_words;

/* What the one who acts is in the province, as the directory knows them today. */
struct actor_office {
    bool clerk;       /* văn thư of the body that issues the papers */
    bool receives;    /* papers for their unit */
    uint64_t unit_id; /* 0: none */
};

/* Somebody to be invited, as the directory knows them today. */
struct invitee {
    uint64_t user_id;
    const char *name;
    const char *position;
    const char *unit;
    uint32_t capacity; /* enum capacity: member, invited, observer or technician */
};

struct invited_unit {
    uint64_t id;
    const char *name;
};

struct agenda_item {
    uint64_t id; /* 0: new */
    const char *title;
    uint64_t presenter_id; /* participant; 0: nobody named */
    uint32_t planned_minutes;
};

struct meeting_command {
    enum meeting_action action;
    uint64_t meeting;
    uint64_t actor; /* user */
    union {
        struct {
            uint32_t item_count;
            const struct agenda_item *items; /* the whole list */
        } agenda_set;
        struct { /* made by the service once the file is stored, never by a client */
            const char *title;
            uint64_t agenda_id; /* 0: of the whole meeting */
            const char *sha256;
            uint64_t size_bytes;
            uint32_t pages;
        } document_add;
        struct {
            uint64_t document_id;
        } document_remove;
        struct {
            uint32_t unit_count;
            uint32_t user_count;
            const uint64_t *unit_ids; /* both whole lists; a unit brings its official */
            const uint64_t *user_ids;
        } units_invite;
        struct {
            const char *reason;
        } reason; /* return, cancel, issue.recall */
        struct {
            uint32_t method; /* enum presence_method */
            utc_ms_t out_at; /* 0: now */
        } leave;
        struct {
            uint64_t agenda_id;
        } agenda_open;
        struct {
            uint64_t participant_id; /* stage.set: 0 puts nobody on the stage */
        } participant;
        struct {
            uint64_t document_id; /* 0: stop presenting */
            uint32_t page;
        } document_present;
        struct {
            const char *question;
        } vote_open;
        struct {
            uint64_t vote_id;
            uint32_t choice; /* enum choice */
        } vote_cast;
        struct {
            uint64_t vote_id;
        } vote_close;
        struct {
            const char *text;
        } conclusion_add;
        struct {
            uint64_t conclusion_id;
        } conclusion_remove;
        struct {
            uint32_t base_revision;
            struct minutes minutes;
        } minutes_save;
        struct {
            uint32_t revision;
            const char *code; /* both given by the service, which has laid out the file */
            const char *sha256;
        } minutes_finalise;
        struct {            /* made by the service once the signature is verified */
            uint32_t field; /* enum minutes_field */
            const char *serial;
            const char *sha256;
        } minutes_sign;
        struct { /* issue.write, issue.seal: made by the service once the file is stored */
            const char *serial; /* of the seal's certificate; NULL for issue.write */
            const char *sha256;
        } issue_file;
        struct {
            uint32_t unit_count;
            const uint64_t *unit_ids; /* besides the units that took part */
        } issue_distribute;
        struct {
            uint64_t issue_id;
            uint64_t unit_id; /* the actor's, from the directory: given by the service */
        } issue_receive;
        struct {
            uint8_t none;
        } empty;
    } of;
};

/* POST /meetings: not a command to a meeting, since there is none yet. */
struct meeting_plan {
    uint64_t actor;
    const char *title;
    const char *place;
    utc_ms_t start_at;
    utc_ms_t end_at;
    uint64_t chair_id; /* users */
    uint64_t secretary_id;
};

#endif

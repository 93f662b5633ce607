/* A meeting as its log tells it: what fold() makes of the events so far.
 *
 * Owner: whoever called state_init(). Texts and lists belong to the state and change only in
 * fold(). Ids are 0 where there is none. Lists are in the order in which things came to be;
 * participants[0] is the chair and participants[1] the secretary. */
#ifndef MEETING_CORE_STATE_H
#define MEETING_CORE_STATE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/units.h"
#include "meeting/core/command.h"
#include "meeting/core/state_issue.h"
#include "meeting/proto/arena.h"
#include "meeting/proto/words.h"

/* From in_at until out_at; out_at is 0 while it lasts. */
struct state_span {
    utc_ms_t in_at;
    utc_ms_t out_at;
};

struct state_participant {
    uint64_t id;
    uint64_t user_id;
    uint32_t source;
    enum capacity capacity;
    bool vote;
    bool present;
    char *name;
    char *position;
    char *unit;
    uint32_t span_count;
    struct state_span *spans;
};

struct state_unit {
    uint64_t id;
    char *name;
};

struct state_agenda_item {
    uint64_t id;
    uint64_t presenter_id;
    uint32_t planned_minutes;
    char *title;
    utc_ms_t started_at; /* 0: not yet */
    utc_ms_t ended_at;
};

struct state_document {
    uint64_t id;
    uint64_t agenda_id;
    uint64_t size_bytes;
    uint32_t pages;
    char *title;
    char sha256[65];
};

struct state_request {
    uint64_t participant_id;
    utc_ms_t at;
};

/* One turn at the floor; to_at is 0 while it lasts. */
struct state_speech {
    uint64_t participant_id;
    uint64_t agenda_id;
    utc_ms_t from_at;
    utc_ms_t to_at;
};

enum ballot { BALLOT_NONE, BALLOT_DUE, BALLOT_AGREE, BALLOT_DISAGREE, BALLOT_ABSTAIN };

struct state_vote {
    uint64_t id;
    uint64_t agenda_id;
    char *question;
    enum vote_phase phase;
    utc_ms_t opened_at;
    utc_ms_t closed_at;
    uint32_t eligible;
    uint32_t cast;
    uint32_t tally[CHOICE_COUNT]; /* counted as ballots come; not to be shown while open */
    uint32_t ballot_count;        /* participants at opening */
    uint8_t *ballots;             /* enum ballot by participant index, frozen at opening */
};

struct state_conclusion {
    uint64_t id;
    uint64_t agenda_id;
    char *text;
    utc_ms_t at;
};

struct state_signature {
    bool made;
    uint64_t user_id;
    utc_ms_t at;
    char serial[65];
};

struct state_minutes {
    enum minutes_stage stage;
    uint32_t revision;  /* 0: never saved; the text is then what minutes_draft() writes */
    uint64_t locked_by; /* user */
    utc_ms_t saved_at;
    char code[17];   /* empty before final */
    char sha256[65]; /* of the file as it stands */
    struct state_signature signatures[MINUTES_FIELD_COUNT];
    uint64_t issue_id;   /* their number, seal and distribution; 0: no number yet */
    struct minutes text; /* of `revision`, in `memory` */
    struct arena memory;
};

struct meeting_state {
    uint64_t id;
    uint64_t seq;     /* of the last event folded; 0: the meeting does not exist yet */
    utc_ms_t last_at; /* its time */
    enum meeting_phase phase;
    char *code;
    char *title;
    char *place;
    char *reason; /* why it was returned or cancelled; NULL otherwise */
    utc_ms_t start_at;
    utc_ms_t end_at;
    utc_ms_t started_at;
    utc_ms_t ended_at;
    uint32_t next_source;

    uint32_t participant_count;
    struct state_participant *participants;
    uint32_t present_count;
    uint32_t unit_count;
    struct state_unit *units;
    uint32_t agenda_count;
    struct state_agenda_item *agenda;
    uint64_t agenda_now; /* the open item */
    uint32_t document_count;
    struct state_document *documents;

    uint64_t floor_holder; /* participant */
    uint32_t request_count;
    struct state_request *requests;
    uint32_t speech_count;
    struct state_speech *speeches;
    uint64_t stage; /* participant */

    uint64_t presented_document;
    uint64_t presented_by;
    uint32_t presented_page;
    uint32_t presented_number;

    uint32_t vote_count;
    struct state_vote *votes;
    uint32_t conclusion_count;
    struct state_conclusion *conclusions;
    struct state_minutes minutes;
    uint32_t issue_count;
    struct state_issue *issues;
};

void state_init(struct meeting_state *state, uint64_t id);
void state_done(struct meeting_state *state);

/* Each: NULL when there is none. */
const struct state_participant *state_participant_find(const struct meeting_state *state,
                                                       uint64_t participant_id);
const struct state_participant *state_user_find(const struct meeting_state *state,
                                                uint64_t user_id);
const struct state_agenda_item *state_agenda_find(const struct meeting_state *state,
                                                  uint64_t agenda_id);
const struct state_document *state_document_find(const struct meeting_state *state,
                                                 uint64_t document_id);
const struct state_vote *state_vote_find(const struct meeting_state *state, uint64_t vote_id);
const struct state_vote *state_vote_open(const struct meeting_state *state);
const struct state_conclusion *state_conclusion_find(const struct meeting_state *state,
                                                     uint64_t conclusion_id);
const struct state_issue *state_issue_find(const struct meeting_state *state, uint64_t issue_id);
/* The issue of the minutes as they stand now. */
const struct state_issue *state_issue_now(const struct meeting_state *state);
const struct state_recipient *state_recipient_find(const struct state_issue *issue, uint64_t unit);
/* The choice of `participant_id`: BALLOT_NONE when not eligible, BALLOT_DUE when not cast. */
enum ballot state_vote_ballot(const struct meeting_state *state, const struct state_vote *vote,
                              uint64_t participant_id);
/* Likewise of a participant of `state` who is at hand: the same work in any meeting. */
enum ballot state_vote_ballot_of(const struct meeting_state *state, const struct state_vote *vote,
                                 const struct state_participant *participant);

/* Whether people can be in the room: checking_in, live, paused. */
bool state_is_in_room(const struct meeting_state *state);

/* What a participant's media may do now: a mask of enum media_right. */
uint32_t state_media_rights(const struct meeting_state *state,
                            const struct state_participant *participant);
struct meeting_media state_media(const struct meeting_state *state);

#endif

#include "meeting/core/permission.h"

#include <assert.h>

struct permission_row {
    uint16_t who;   /* 1 << standing */
    uint16_t phase; /* 1 << phase */
};

/* Whom a row names. */
enum {
    CHAIR = 1 << STANDING_CHAIR,
    SECRETARY = 1 << STANDING_SECRETARY,
    MEMBER = 1 << STANDING_MEMBER,
    OBSERVER = 1 << STANDING_OBSERVER,
    TECHNICIAN = 1 << STANDING_TECHNICIAN,
    HOLDER = 1 << STANDING_HOLDER,
    WRITER = 1 << STANDING_WRITER,
    CLERK = 1 << STANDING_CLERK,
    RECIPIENT = 1 << STANDING_RECIPIENT,
    PEOPLE = CHAIR | SECRETARY | MEMBER | OBSERVER | TECHNICIAN,
};

/* In which phases it holds. */
enum {
    IN_DRAFT = 1 << PHASE_DRAFT,
    IN_SUBMITTED = 1 << PHASE_SUBMITTED,
    IN_APPROVED = 1 << PHASE_APPROVED,
    IN_INVITED = 1 << PHASE_INVITED,
    IN_CHECKING_IN = 1 << PHASE_CHECKING_IN,
    IN_LIVE = 1 << PHASE_LIVE,
    IN_PAUSED = 1 << PHASE_PAUSED,
    IN_ENDED = 1 << PHASE_ENDED,
    IN_MINUTES_SIGNED = 1 << PHASE_MINUTES_SIGNED,
    IN_PUBLISHED = 1 << PHASE_PUBLISHED,
    ONCE_SIGNED = IN_MINUTES_SIGNED | IN_PUBLISHED,
    IN_PREPARATION = IN_DRAFT | IN_SUBMITTED | IN_APPROVED | IN_INVITED,
    BEFORE_LIVE = IN_PREPARATION | IN_CHECKING_IN,
    IN_ROOM = IN_CHECKING_IN | IN_LIVE | IN_PAUSED,
};

static const struct permission_row rows[ACTION_COUNT] = {
    [ACTION_AGENDA_SET] = {SECRETARY, IN_PREPARATION},
    [ACTION_DOCUMENT_ADD] = {SECRETARY, BEFORE_LIVE | IN_LIVE},
    [ACTION_DOCUMENT_REMOVE] = {SECRETARY, BEFORE_LIVE},
    [ACTION_UNITS_INVITE] = {SECRETARY, IN_PREPARATION},
    [ACTION_SUBMIT] = {SECRETARY, IN_DRAFT},
    [ACTION_APPROVE] = {CHAIR, IN_SUBMITTED},
    [ACTION_RETURN] = {CHAIR, IN_SUBMITTED},
    [ACTION_ANNOUNCE] = {SECRETARY, IN_APPROVED},
    [ACTION_CANCEL] = {CHAIR | SECRETARY, BEFORE_LIVE},
    [ACTION_ENTER] = {PEOPLE, IN_INVITED | IN_ROOM},
    [ACTION_LEAVE] = {PEOPLE, IN_ROOM},
    [ACTION_START] = {CHAIR, IN_CHECKING_IN},
    [ACTION_PAUSE] = {CHAIR, IN_LIVE},
    [ACTION_RESUME] = {CHAIR, IN_PAUSED},
    [ACTION_END] = {CHAIR, IN_LIVE | IN_PAUSED},
    [ACTION_AGENDA_OPEN] = {CHAIR | SECRETARY, IN_LIVE},
    [ACTION_FLOOR_REQUEST] = {SECRETARY | MEMBER, IN_LIVE},
    [ACTION_FLOOR_WITHDRAW] = {SECRETARY | MEMBER, IN_LIVE},
    [ACTION_FLOOR_GRANT] = {CHAIR, IN_LIVE},
    [ACTION_FLOOR_RELEASE] = {CHAIR | HOLDER, IN_LIVE},
    [ACTION_STAGE_SET] = {CHAIR | TECHNICIAN, IN_CHECKING_IN | IN_LIVE},
    [ACTION_DOCUMENT_PRESENT] = {CHAIR | SECRETARY | HOLDER, IN_LIVE},
    [ACTION_VOTE_OPEN] = {CHAIR, IN_LIVE},
    [ACTION_VOTE_CAST] = {CHAIR | SECRETARY | MEMBER, IN_LIVE},
    [ACTION_VOTE_CLOSE] = {CHAIR, IN_LIVE},
    [ACTION_CONCLUSION_ADD] = {CHAIR | SECRETARY, IN_LIVE},
    [ACTION_CONCLUSION_REMOVE] = {CHAIR | SECRETARY, IN_LIVE},
    [ACTION_MINUTES_LOCK] = {CHAIR | SECRETARY, IN_ENDED},
    [ACTION_MINUTES_UNLOCK] = {WRITER, IN_ENDED},
    [ACTION_MINUTES_TAKEOVER] = {CHAIR | SECRETARY, IN_ENDED},
    [ACTION_MINUTES_SAVE] = {WRITER, IN_ENDED},
    [ACTION_MINUTES_FINALISE] = {SECRETARY, IN_ENDED},
    [ACTION_MINUTES_REOPEN] = {SECRETARY, IN_ENDED | ONCE_SIGNED},
    [ACTION_MINUTES_SIGN] = {CHAIR | SECRETARY, IN_ENDED},
    /* The law gives these to nobody but the clerk, and only after the competent signature
     * (Nghị định 30/2020, Articles 14, 15 and 32). */
    [ACTION_ISSUE_NUMBER] = {CLERK, ONCE_SIGNED},
    [ACTION_ISSUE_WRITE] = {CLERK, ONCE_SIGNED},
    [ACTION_ISSUE_SEAL] = {CLERK, ONCE_SIGNED},
    [ACTION_ISSUE_DISTRIBUTE] = {CLERK, ONCE_SIGNED},
    /* A recalled paper is confirmed too, and the minutes may be open again by then (Article 18). */
    [ACTION_ISSUE_RECEIVE] = {RECIPIENT, IN_ENDED | ONCE_SIGNED},
    [ACTION_ISSUE_RECALL] = {CLERK, ONCE_SIGNED},
};

bool permission_may(enum standing standing, enum meeting_action action, enum meeting_phase phase)
{
    assert(standing < STANDING_COUNT && action < ACTION_COUNT && phase < PHASE_COUNT);
    return (rows[action].who >> standing & 1) && (rows[action].phase >> phase & 1);
}

uint32_t permission_standings(const struct meeting_state *state,
                              const struct state_participant *participant)
{
    static const enum standing of_capacity[CAPACITY_COUNT] = {
        [CAPACITY_CHAIR] = STANDING_CHAIR,       [CAPACITY_SECRETARY] = STANDING_SECRETARY,
        [CAPACITY_MEMBER] = STANDING_MEMBER,     [CAPACITY_INVITED] = STANDING_MEMBER,
        [CAPACITY_OBSERVER] = STANDING_OBSERVER, [CAPACITY_TECHNICIAN] = STANDING_TECHNICIAN,
    };
    if (!participant)
        return 0;
    uint32_t standings = 1u << of_capacity[participant->capacity];
    if (participant->id == state->floor_holder)
        standings |= HOLDER;
    if (participant->user_id == state->minutes.locked_by)
        standings |= WRITER;
    return standings;
}

uint32_t permission_office_standings(const struct meeting_state *state,
                                     const struct actor_office *office)
{
    uint32_t standings = office->clerk ? CLERK : 0;
    for (uint32_t i = 0; office->receives && i < state->issue_count; i++)
        if (state_recipient_find(&state->issues[i], office->unit_id))
            standings |= RECIPIENT;
    return standings;
}

enum permission permission_of(uint32_t standings, enum meeting_action action,
                              enum meeting_phase phase)
{
    assert(action < ACTION_COUNT && phase < PHASE_COUNT);
    if (!(rows[action].who & standings))
        return PERMISSION_DENIED;
    return rows[action].phase >> phase & 1 ? PERMISSION_GIVEN : PERMISSION_WRONG_PHASE;
}

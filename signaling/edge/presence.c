#include "signaling/edge/presence.h"

#include <stdlib.h>

struct departure {
    struct departure *next;
    uint64_t meeting;
    uint64_t user;
    utc_ms_t left_at; /* when the line was lost: what the record will say */
};

void presence_done(struct presence *presence)
{
    while (presence->departures) {
        struct departure *departure = presence->departures;
        presence->departures = departure->next;
        free(departure);
    }
}

static void leave(struct presence *presence, const struct departure *departure, utc_ms_t now)
{
    struct meeting_command command = {
        .action = ACTION_LEAVE,
        .meeting = departure->meeting,
        .actor = departure->user,
        .of.leave = {.method = PRESENCE_ONLINE, .out_at = departure->left_at}};
    /* Refused when the meeting has ended meanwhile, which ended the presence too. */
    (void)meeting_submit(presence->meetings, &command, now);
}

bool presence_enter(struct presence *presence, uint64_t meeting, uint64_t user, utc_ms_t now)
{
    const struct meeting_state *state = meeting_state_of(presence->meetings, meeting);
    bool takes = state && state->phase >= PHASE_INVITED && state->phase <= PHASE_PAUSED;
    struct meeting_command command = {.action = ACTION_ENTER, .meeting = meeting, .actor = user};
    return takes && meeting_submit(presence->meetings, &command, now).refusal == NULL;
}

void presence_leave(struct presence *presence, uint64_t meeting, uint64_t user, bool at_once,
                    utc_ms_t now)
{
    const struct departure known = {presence->departures, meeting, user, now};
    struct departure *departure = at_once ? NULL : malloc(sizeof *departure);
    if (!departure) {
        leave(presence, &known, now);
        return;
    }
    *departure = known;
    presence->departures = departure;
}

void presence_tick(struct presence *presence, utc_ms_t now)
{
    for (struct departure **at = &presence->departures; *at;) {
        struct departure *departure = *at;
        if (departure->left_at + presence->grace_ms > now) {
            at = &departure->next;
            continue;
        }
        *at = departure->next;
        leave(presence, departure, now);
        free(departure);
    }
}

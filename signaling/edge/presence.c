#include "signaling/edge/presence.h"

#include <stdlib.h>

struct departure {
    struct departure *next;
    uint64_t meeting;
    uint64_t user;
    utc_ms_t due_at;
};

void presence_done(struct presence *presence)
{
    while (presence->departures) {
        struct departure *departure = presence->departures;
        presence->departures = departure->next;
        free(departure);
    }
}

static bool submit(struct presence *presence, uint64_t meeting, uint64_t user,
                   enum meeting_action action, utc_ms_t now)
{
    struct meeting_command command = {.action = action, .meeting = meeting, .actor = user};
    if (action == ACTION_LEAVE)
        command.of.leave.method = PRESENCE_ONLINE;
    struct meeting_receipt receipt = meeting_submit(presence->meetings, &command, now);
    return receipt.refusal == NULL;
}

bool presence_enter(struct presence *presence, uint64_t meeting, uint64_t user, utc_ms_t now)
{
    const struct meeting_state *state = meeting_state_of(presence->meetings, meeting);
    bool takes = state && state->phase >= PHASE_INVITED && state->phase <= PHASE_PAUSED;
    return takes && submit(presence, meeting, user, ACTION_ENTER, now);
}

void presence_leave(struct presence *presence, uint64_t meeting, uint64_t user, bool at_once,
                    utc_ms_t now)
{
    struct departure *departure = at_once ? NULL : malloc(sizeof *departure);
    if (!departure) {
        submit(presence, meeting, user, ACTION_LEAVE, now);
        return;
    }
    *departure = (struct departure){presence->departures, meeting, user, now + presence->grace_ms};
    presence->departures = departure;
}

void presence_tick(struct presence *presence, utc_ms_t now)
{
    for (struct departure **at = &presence->departures; *at;) {
        struct departure *departure = *at;
        if (departure->due_at > now) {
            at = &departure->next;
            continue;
        }
        *at = departure->next;
        submit(presence, departure->meeting, departure->user, ACTION_LEAVE, now);
        free(departure);
    }
}

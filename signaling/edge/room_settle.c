/* What the workers and each connection's `may` should be by the record, compared with what they
 * were told. */
#include "signaling/edge/line_test_room.h"
#include "signaling/edge/media.h"
#include "signaling/edge/room.h"
#include "signaling/edge/seat.h"

_Static_assert((int)MEDIA_TILE == (int)SFU_RIGHT_TILE && (int)MEDIA_STAGE == (int)SFU_RIGHT_STAGE &&
                   (int)MEDIA_MICROPHONE == (int)SFU_RIGHT_MICROPHONE &&
                   (int)MEDIA_SCREEN == (int)SFU_RIGHT_SCREEN,
               "the record's rights are the workers' rights");

bool room_is_open(const struct room *room)
{
    if (room->line_test)
        return true;
    const struct meeting_state *state = meeting_state_of(room->door->meetings, room->meeting);
    return state && state_is_in_room(state);
}

/* The meeting's participant whom this peer is. Participants keep their order while people can be in
 * the room, so their place is remembered: 3,400 peers are settled without 3,400 searches. */
static const struct state_participant *participant_of(const struct meeting_state *state,
                                                      const struct media_peer *peer)
{
    if (peer->place < state->participant_count &&
        state->participants[peer->place].id == peer->participant)
        return &state->participants[peer->place];
    return state_participant_find(state, peer->participant);
}

static uint32_t rights_of(const struct meeting_state *state, const struct media_peer *peer)
{
    const struct state_participant *one = participant_of(state, peer);
    return one ? state_media_rights(state, one) : 0;
}

uint32_t room_rights(const struct room *room, const struct media_peer *peer)
{
    static const uint32_t all =
        SFU_RIGHT_TILE | SFU_RIGHT_STAGE | SFU_RIGHT_MICROPHONE | SFU_RIGHT_SCREEN;
    if (room->line_test)
        return peer->source ? all : 0;
    const struct meeting_state *state = meeting_state_of(room->door->meetings, room->meeting);
    return state ? rights_of(state, peer) : 0;
}

static void rights_settle(struct room *room, const struct meeting_state *state,
                          struct media_peer *peer)
{
    if (peer->endpoint == 0 || peer->source == 0)
        return;
    uint32_t rights = rights_of(state, peer);
    if (rights == peer->rights)
        return;
    struct sfu_command command = {
        .kind = SFU_SET_RIGHTS, .room = room->meeting, .source = peer->source, .rights = rights};
    if (sfu_command(room->door->sfu, &command) == ERR_OK)
        peer->rights = rights;
}

static bool place_settle(struct room *room, enum sfu_command_kind kind, uint32_t wanted,
                         uint32_t *told)
{
    if (room->is_told && wanted == *told)
        return true;
    struct sfu_command command = {.kind = kind, .room = room->meeting, .source = wanted};
    if (sfu_command(room->door->sfu, &command) != ERR_OK)
        return false;
    *told = wanted;
    return true;
}

static struct meeting_media places_wanted(const struct room *room)
{
    if (room->line_test)
        return line_test_room_places(room->line_test);
    const struct meeting_state *state = meeting_state_of(room->door->meetings, room->meeting);
    return state ? state_media(state) : (struct meeting_media){0};
}

void room_settle_places(struct room *room)
{
    struct meeting_media wanted = places_wanted(room);
    bool floor = place_settle(room, SFU_SET_FLOOR, wanted.floor, &room->told.floor);
    bool stage = place_settle(room, SFU_SET_STAGE, wanted.stage, &room->told.stage);
    bool screen = place_settle(room, SFU_SET_SCREEN, wanted.screen, &room->told.screen);
    room->is_told = floor && stage && screen;
}

/* Rights first: whoever is put on the stage has the right to it by then. */
static void media_settle_room(struct room *room, const struct meeting_state *state)
{
    bool has_endpoint = false;
    for (struct connection *at = room->connections; at; at = at->next) {
        rights_settle(room, state, &at->peer);
        has_endpoint = has_endpoint || at->peer.endpoint != 0;
    }
    for (struct seat *at = room->seats; at; at = at->next_in_room) {
        rights_settle(room, state, &at->peer);
        has_endpoint = has_endpoint || at->peer.endpoint != 0;
    }
    if (has_endpoint)
        room_settle_places(room);
}

/* -- may -------------------------------------------------------------------------------------- */

static void may_settle(struct room *room, const struct meeting_state *state,
                       struct connection *connection)
{
    if (!connection->peer.is_entered)
        media_enter(room->door->media, room, &connection->peer);
    uint64_t actions = guard_actions_of(state, participant_of(state, &connection->peer));
    if (actions == connection->actions)
        return;
    connection->actions = actions;
    live_mark(&connection->live, LIVE_MARK_MAY);
    connection_wake(connection);
}

static void may_settle_all(struct room *room, const struct meeting_state *state)
{
    room->has_changed = false;
    for (struct connection *at = room->connections; at; at = at->next)
        may_settle(room, state, at);
}

/* Who has just come waits for the record to say so, and then may do more: that is not to wait for
 * the room's pace. */
static void may_settle_newcomers(struct room *room, const struct meeting_state *state)
{
    for (struct connection **at = &room->newcomers; *at;) {
        struct connection *one = *at;
        const struct state_participant *who = participant_of(state, &one->peer);
        if (who && !who->present) {
            at = &one->newcomers_next;
            continue;
        }
        *at = one->newcomers_next;
        one->is_newcomer = false;
        may_settle(room, state, one);
    }
}

void room_settle(struct room *room)
{
    const struct meeting_state *state = meeting_state_of(room->door->meetings, room->meeting);
    if (room->line_test && line_test_room_places(room->line_test).stage)
        room_settle_places(room);
    if (!state)
        return;
    if (state->phase > PHASE_PAUSED)
        media_end_room(room->door->media, room);
    else
        media_settle_room(room, state);
    may_settle_newcomers(room, state);
    if (room->has_changed)
        may_settle_all(room, state);
}

#include "signaling/edge/room.h"

#include <libwebsockets.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "signaling/edge/json.h"
#include "signaling/edge/line_test_room.h"
#include "signaling/edge/media.h"
#include "signaling/edge/seat.h"

_Static_assert((int)MEDIA_TILE == (int)SFU_RIGHT_TILE && (int)MEDIA_STAGE == (int)SFU_RIGHT_STAGE &&
                   (int)MEDIA_MICROPHONE == (int)SFU_RIGHT_MICROPHONE &&
                   (int)MEDIA_SCREEN == (int)SFU_RIGHT_SCREEN,
               "the record's rights are the workers' rights");

void room_init(struct room *room, struct door *door, uint64_t meeting)
{
    *room = (struct room){.door = door, .meeting = meeting};
    live_ring_init(&room->ring);
}

void room_done(struct room *room)
{
    live_ring_done(&room->ring);
}

void room_add(struct room *room, struct connection *connection)
{
    connection->room = room;
    connection->previous = NULL;
    connection->next = room->connections;
    if (connection->next)
        connection->next->previous = connection;
    room->connections = connection;
}

void room_remove(struct room *room, struct connection *connection)
{
    if (connection->previous)
        connection->previous->next = connection->next;
    else
        room->connections = connection->next;
    if (connection->next)
        connection->next->previous = connection->previous;
    connection->next = connection->previous = NULL;
    connection->room = NULL;
}

/* -- saying ----------------------------------------------------------------------------------- */

void connection_wake(struct connection *connection)
{
    lws_callback_on_writable(connection->wsi);
}

static char *error_text(enum door_refusal refusal, bool fatal)
{
    const struct refusal_text *text = refusal_text_of(refusal);
    json_t *json = json_pack("{s:s,s:s,s:s,s:s,s:b}", "type", "error", "code", text->code, "vi",
                             text->vi, "en", text->en, "fatal", fatal);
    char *written = json ? json_write(json) : NULL;
    json_decref(json);
    return written;
}

void connection_refuse(struct connection *connection, enum door_refusal refusal)
{
    connection_reply(connection, error_text(refusal, false));
}

void connection_end(struct connection *connection, enum door_refusal refusal, bool fatal)
{
    char *text = error_text(refusal, fatal);
    live_end(&connection->live, (struct live_text){text, text ? strlen(text) : 0});
    connection_wake(connection);
}

void connection_reply(struct connection *connection, char *text)
{
    enum err err = ERR_NO_MEMORY;
    if (text)
        err = live_reply(&connection->live, (struct live_text){text, strlen(text)});
    if (err == ERR_FULL || err == ERR_NO_MEMORY) {
        log_line(LOG_INFO, "door.live", "user=%llu closed=unread err=%s",
                 (unsigned long long)connection->peer.user, err_name(err));
        connection_end(connection, DOOR_LIVE_SLOW, false);
    }
    connection_wake(connection);
}

void room_broadcast(struct room *room, struct bytes text)
{
    if (live_ring_put(&room->ring, text) != ERR_OK)
        log_line(LOG_ERROR, "door.live", "meeting=%llu err=no_memory",
                 (unsigned long long)room->meeting);
    for (struct connection *at = room->connections; at; at = at->next)
        connection_wake(at);
}

void room_mark(struct room *room, uint32_t marks)
{
    for (struct connection *at = room->connections; at; at = at->next) {
        live_mark(&at->live, marks);
        connection_wake(at);
    }
}

json_t *room_sending_json(const struct connection *connection)
{
    const struct live_sending *now = &connection->sending;
    return json_pack("{s:s,s:I,s:b,s:b,s:b}", "type", "media", "source",
                     (json_int_t)connection->peer.source, "microphone", now->microphone, "camera",
                     now->camera, "screen", now->screen);
}

const struct connection *room_introduce(const struct room *room, struct connection *newcomer)
{
    const struct connection *next = NULL;
    if (newcomer->introduced_count == INTRODUCTIONS_MAX)
        return NULL;
    for (const struct connection *at = room->connections; at; at = at->next) {
        const struct live_sending *now = &at->sending;
        bool sends = now->microphone || now->camera || now->screen;
        if (at != newcomer && sends && at->peer.source > newcomer->introduced_source &&
            (!next || at->peer.source < next->peer.source))
            next = at;
    }
    if (next) {
        newcomer->introduced_source = next->peer.source;
        newcomer->introduced_count++;
    }
    return next;
}

/* -- settling --------------------------------------------------------------------------------- */

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
    if (!room->has_changed)
        return;
    room->has_changed = false;
    for (struct connection *at = room->connections; at; at = at->next) {
        if (!at->peer.is_entered)
            media_enter(room->door->media, room, &at->peer);
        uint64_t actions = guard_actions(state, at->peer.user);
        if (actions == at->actions)
            continue;
        at->actions = actions;
        live_mark(&at->live, LIVE_MARK_MAY);
        connection_wake(at);
    }
}

/* What many in a room do, told at a pace that the control thread can keep in any room; and of whom
 * a connection is told what they send: those whom it watches, not everybody. */
#include <stdlib.h>

#include "base/log.h"
#include "signaling/edge/json.h"
#include "signaling/edge/meeting_json.h"
#include "signaling/edge/room.h"

/* -- the record ------------------------------------------------------------------------------- */

static const struct meeting_state *state_of(const struct room *room)
{
    return meeting_state_of(room->door->meetings, room->meeting);
}

static void crowd_tell(struct room *room)
{
    const struct meeting_state *state = state_of(room);
    if (room->crowd.from == 0 || !state)
        return;
    json_t *json = meeting_json_crowd(state, &room->crowd);
    char *text = json ? json_write(json) : NULL;
    json_decref(json);
    if (text)
        room_broadcast(room, bytes_of(text));
    free(text);
    crowd_clear(&room->crowd);
    room->has_changed = true;
}

/* Whether it is put together with others like it. */
static bool crowd_takes(struct room *room, const struct meeting_output *event)
{
    const struct meeting_state *state = state_of(room);
    const struct state_participant *who = NULL;
    switch ((int)event->event_kind) {
    case EVENT_PARTICIPANT_ENTERED:
    case EVENT_PARTICIPANT_LEFT:
        who = state ? state_participant_find(state, meeting_json_participant_of(event)) : NULL;
        if (who)
            crowd_on_presence(&room->crowd, event->seq, who->id);
        return who != NULL;
    case EVENT_VOTE_CAST:
        crowd_on_ballot(&room->crowd, event->seq);
        return true;
    default:
        return false;
    }
}

void room_on_event(struct room *room, const struct meeting_output *event)
{
    if (crowd_takes(room, event))
        return;
    crowd_tell(room);
    struct buffer text = {0};
    if (meeting_json_event(event, state_of(room), &text) == ERR_OK)
        room_broadcast(room, buffer_bytes(&text));
    buffer_done(&text);
    room->has_changed = true;
}

/* -- what others send ------------------------------------------------------------------------- */

static bool sending_equal(struct live_sending a, struct live_sending b)
{
    return a.microphone == b.microphone && a.camera == b.camera && a.screen == b.screen;
}

static struct live_sending sending_of(const struct room *room, uint32_t source)
{
    const struct connection *who = source_table_get(&room->sending, source);
    return who ? who->sending : (struct live_sending){0};
}

static struct room_told *told_find(struct connection *connection, uint32_t source)
{
    for (uint32_t n = 0; n < ROOM_TOLD_MAX; n++)
        if (connection->told[n].source == source)
            return &connection->told[n];
    return NULL;
}

/* Whether what `source` sends is news to the connection. Who was never mentioned sends nothing. */
static bool is_untold(const struct room *room, struct connection *connection, uint32_t source)
{
    if (source == 0 || source == connection->peer.source)
        return false;
    const struct room_told *told = told_find(connection, source);
    return !sending_equal(told ? told->sending : (struct live_sending){0},
                          sending_of(room, source));
}

static uint32_t untold_find(const struct room *room, struct connection *connection)
{
    const struct sfu_slots *slots = &connection->slots;
    const struct sfu_view *view = &connection->view;
    if (is_untold(room, connection, slots->stage))
        return slots->stage;
    if (is_untold(room, connection, slots->screen))
        return slots->screen;
    for (uint32_t n = 0; n < slots->tile_count; n++)
        if (is_untold(room, connection, slots->tiles[n]))
            return slots->tiles[n];
    for (uint32_t n = 0; n < view->tile_count; n++)
        if (is_untold(room, connection, view->tiles[n]))
            return view->tiles[n];
    return 0;
}

uint32_t room_next_untold(const struct room *room, struct connection *connection,
                          struct live_sending *ret_sending)
{
    uint32_t source = untold_find(room, connection);
    if (source == 0)
        return 0;
    struct room_told *told = told_find(connection, source);
    if (!told) {
        told = &connection->told[connection->told_next];
        connection->told_next = (connection->told_next + 1) % ROOM_TOLD_MAX;
    }
    *told = (struct room_told){source, sending_of(room, source)};
    *ret_sending = told->sending;
    return source;
}

void room_on_sending(struct room *room, struct connection *connection, struct live_sending sending)
{
    connection->sending = sending;
    if (connection->peer.source == 0)
        return;
    if (source_table_put(&room->sending, connection->peer.source, connection) != ERR_OK)
        log_line(LOG_ERROR, "door.live", "meeting=%llu err=no_memory",
                 (unsigned long long)room->meeting);
    room->sending_changed = true;
}

static void sending_tell(struct room *room)
{
    for (struct connection *at = room->connections; at; at = at->next) {
        if (untold_find(room, at) == 0)
            continue;
        live_mark(&at->live, LIVE_MARK_OTHERS);
        connection_wake(at);
    }
}

/* -- the pace --------------------------------------------------------------------------------- */

void room_pace(struct room *room, usec_t now)
{
    bool waits = room->crowd.from || room->speakers_changed || room->sending_changed;
    if (!waits || now < room->paced_until)
        return;
    room->paced_until = now + crowd_pace_us(room->connection_count);
    crowd_tell(room);
    if (room->speakers_changed)
        room_mark(room, LIVE_MARK_SPEAKERS);
    if (room->sending_changed)
        sending_tell(room);
    room->speakers_changed = room->sending_changed = false;
}

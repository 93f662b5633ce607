#include "signaling/edge/room.h"

#include <libwebsockets.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "signaling/edge/json.h"

void room_init(struct room *room, struct door *door, uint64_t meeting)
{
    *room = (struct room){.door = door, .meeting = meeting};
    live_ring_init(&room->ring);
}

void room_done(struct room *room)
{
    live_ring_done(&room->ring);
    source_table_done(&room->peers);
    source_table_done(&room->sending);
}

void room_add(struct room *room, struct connection *connection)
{
    connection->room = room;
    connection->previous = NULL;
    connection->next = room->connections;
    if (connection->next)
        connection->next->previous = connection;
    room->connections = connection;
    room->connection_count++;
    connection->is_newcomer = true;
    connection->newcomers_next = room->newcomers;
    room->newcomers = connection;
}

static void newcomer_remove(struct room *room, struct connection *connection)
{
    struct connection **at = &room->newcomers;
    while (*at && *at != connection)
        at = &(*at)->newcomers_next;
    if (*at)
        *at = connection->newcomers_next;
    connection->is_newcomer = false;
}

void room_remove(struct room *room, struct connection *connection)
{
    if (connection->is_newcomer)
        newcomer_remove(room, connection);
    source_table_remove(&room->sending, connection->peer.source, connection);
    room->sending_changed = true;
    room->connection_count--;
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

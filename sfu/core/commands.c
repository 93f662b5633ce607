/* What the door says (command.h), and which sources other workers host. */
#include <assert.h>

#include "sfu/core/cast.h"
#include "sfu/core/show.h"
#include "sfu/core/state.h"

static enum err set_rights(struct worker *worker, const struct sfu_command *command)
{
    uint32_t room;
    uint32_t source;
    if (command->source == 0)
        return ERR_UNKNOWN;
    enum err err = room_need(worker, command->room, &room);
    if (err == ERR_OK)
        err = room_need_source(worker, room, command->source, &source);
    if (err != ERR_OK)
        return err;
    room_set_rights(worker, source, command->rights);
    return ERR_OK;
}

/* Floor, stage or screen. */
static enum err set_place(struct worker *worker, const struct sfu_command *command)
{
    uint32_t index;
    enum err err = room_need(worker, command->room, &index);
    if (err != ERR_OK)
        return err;
    struct room *room = &worker->rooms[index];
    uint32_t *place = command->kind == SFU_SET_FLOOR   ? &room->floor
                      : command->kind == SFU_SET_STAGE ? &room->stage
                                                       : &room->screen;
    if (*place != command->source) {
        *place = command->source;
        cast_room(worker, index);
    }
    room_release(worker, index);
    return ERR_OK;
}

static enum err set_view(struct worker *worker, const struct sfu_command *command)
{
    struct endpoint *endpoint = endpoint_find(worker, command->endpoint);
    if (!endpoint)
        return ERR_UNKNOWN;
    struct sfu_view old = endpoint->view;
    endpoint->view = command->view;
    if (endpoint->view.tile_count > LIMIT_TILES_PER_ENDPOINT)
        endpoint->view.tile_count = LIMIT_TILES_PER_ENDPOINT;
    cast_endpoint(worker, endpoint);
    for (uint32_t i = 0; i < endpoint->slot_count; i++) {
        enum slot_kind kind = endpoint->slots[i].kind;
        if ((kind == SLOT_STAGE && old.stage_height != endpoint->view.stage_height) ||
            (kind == SLOT_SCREEN && old.screen_height != endpoint->view.screen_height) ||
            (kind == SLOT_TILE && old.tile_height != endpoint->view.tile_height))
            show_again(worker, endpoint, i);
    }
    return ERR_OK;
}

static enum err leave(struct worker *worker, const struct sfu_command *command)
{
    struct endpoint *endpoint = endpoint_find(worker, command->endpoint);
    if (!endpoint)
        return ERR_UNKNOWN;
    endpoint_leave(worker, endpoint, SFU_GONE_LEFT);
    return ERR_OK;
}

static enum err close_room(struct worker *worker, const struct sfu_command *command)
{
    uint32_t room = room_find(worker, command->room);
    if (room == INDEX_NONE)
        return ERR_UNKNOWN;
    room_close(worker, room);
    return ERR_OK;
}

enum err worker_on_command(struct worker *worker, usec_t now, const struct sfu_command *command)
{
    assert(now >= worker->now);
    worker->now = now;
    switch (command->kind) {
    case SFU_LEAVE:
        return leave(worker, command);
    case SFU_SET_RIGHTS:
        return set_rights(worker, command);
    case SFU_SET_FLOOR:
    case SFU_SET_STAGE:
    case SFU_SET_SCREEN:
        return set_place(worker, command);
    case SFU_SET_VIEW:
        return set_view(worker, command);
    case SFU_CLOSE_ROOM:
        return close_room(worker, command);
    }
    return ERR_UNKNOWN;
}

static enum err remote_left(struct worker *worker, const struct worker_remote_source *remote)
{
    uint32_t room = room_find(worker, remote->room);
    uint32_t index =
        room == INDEX_NONE ? INDEX_NONE : room_find_source(worker, room, remote->source);
    if (index == INDEX_NONE)
        return ERR_OK;
    const struct source *source = &worker->sources[index];
    if (source->endpoint == INDEX_NONE && source->worker == remote->worker) {
        room_forget_source(worker, index);
        room_release(worker, room);
    }
    return ERR_OK;
}

enum err worker_on_remote_source(struct worker *worker, usec_t now,
                                 const struct worker_remote_source *remote)
{
    assert(now >= worker->now && remote->worker < worker->config.workers);
    assert(remote->worker != worker->config.index);
    worker->now = now;
    if (!remote->present)
        return remote_left(worker, remote);
    uint32_t room;
    uint32_t index;
    enum err err = remote->source ? room_need(worker, remote->room, &room) : ERR_UNKNOWN;
    if (err == ERR_OK)
        err = room_need_source(worker, room, remote->source, &index);
    if (err != ERR_OK)
        return err;
    struct source *source = &worker->sources[index];
    if (source->endpoint != INDEX_NONE) /* it moved: its endpoint here is the older one */
        endpoint_lose_source(worker, &worker->endpoints[source->endpoint]);
    room_remove_streams(worker, index);
    source->rights = remote->rights;
    source->worker = remote->worker;
    err = room_add_streams(worker, index, remote->sources);
    if (err == ERR_OK)
        cast_source(worker, room, remote->source);
    return err;
}

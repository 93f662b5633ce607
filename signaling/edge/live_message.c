#include "signaling/edge/live_message.h"

#include <string.h>

#include "base/limits.h"
#include "signaling/edge/json.h"

enum { HEIGHT_MAX = 4320 };

static enum err join_parse(const json_t *json, struct live_message *message)
{
    static const char *const MEMBERS[] = {"type", "sdp", "resume", "tiles", NULL};
    uint64_t tiles = 0;
    enum err err = json_only(json, MEMBERS);
    if (err == ERR_OK)
        err = json_text(json, "sdp", &message->sdp);
    if (err == ERR_OK)
        err = json_number(json, "tiles", LIMIT_TILES_PER_ENDPOINT, &tiles);
    if (err == ERR_OK && json_object_get(json, "resume"))
        err = json_text(json, "resume", &message->resume);
    return err;
}

static enum err restart_parse(const json_t *json, struct live_message *message)
{
    static const char *const MEMBERS[] = {"type", "sdp", NULL};
    enum err err = json_only(json, MEMBERS);
    return err == ERR_OK ? json_text(json, "sdp", &message->sdp) : err;
}

static enum err height_parse(const json_t *json, const char *name, uint16_t *ret_height)
{
    uint64_t height = 0;
    enum err err = json_number(json, name, HEIGHT_MAX, &height);
    if (err == ERR_OK)
        *ret_height = (uint16_t)height;
    return err;
}

static enum err tiles_parse(const json_t *json, struct sfu_view *view)
{
    const json_t *tiles = json_object_get(json, "tiles");
    if (!json_is_array(tiles))
        return ERR_FORMAT;
    if (json_array_size(tiles) > LIMIT_TILES_PER_ENDPOINT)
        return ERR_LIMIT;
    view->tile_count = (uint16_t)json_array_size(tiles);
    for (size_t n = 0; n < view->tile_count; n++) {
        const json_t *tile = json_array_get(tiles, n);
        json_int_t source = json_integer_value(tile);
        if (!json_is_integer(tile) || source < 0 || source > UINT32_MAX)
            return ERR_FORMAT;
        view->tiles[n] = (uint32_t)source;
    }
    return ERR_OK;
}

static enum err watch_parse(const json_t *json, struct live_message *message)
{
    static const char *const MEMBERS[] = {"type",         "tiles",      "stageHeight",
                                          "screenHeight", "tileHeight", NULL};
    struct sfu_view *view = &message->view;
    enum err err = json_only(json, MEMBERS);
    if (err == ERR_OK)
        err = tiles_parse(json, view);
    if (err == ERR_OK)
        err = height_parse(json, "stageHeight", &view->stage_height);
    if (err == ERR_OK)
        err = height_parse(json, "screenHeight", &view->screen_height);
    if (err == ERR_OK)
        err = height_parse(json, "tileHeight", &view->tile_height);
    return err;
}

static enum err media_parse(const json_t *json, struct live_message *message)
{
    static const char *const MEMBERS[] = {"type", "microphone", "camera", "screen", NULL};
    enum err err = json_only(json, MEMBERS);
    if (err == ERR_OK)
        err = json_flag(json, "microphone", &message->sending.microphone);
    if (err == ERR_OK)
        err = json_flag(json, "camera", &message->sending.camera);
    if (err == ERR_OK)
        err = json_flag(json, "screen", &message->sending.screen);
    return err;
}

static enum err ping_parse(const json_t *json, struct live_message *message)
{
    static const char *const MEMBERS[] = {"type", "n", NULL};
    enum err err = json_only(json, MEMBERS);
    return err == ERR_OK ? json_number(json, "n", INT64_MAX, &message->number) : err;
}

static enum err stage_parse(const json_t *json, struct live_message *message)
{
    static const char *const MEMBERS[] = {"type", "source", NULL};
    enum err err = json_only(json, MEMBERS);
    return err == ERR_OK ? json_number(json, "source", UINT32_MAX, &message->number) : err;
}

static const struct {
    const char *type;
    enum err (*parse)(const json_t *json, struct live_message *message);
} TYPES[] = {
    [LIVE_MESSAGE_JOIN] = {"join", join_parse},
    [LIVE_MESSAGE_RESTART] = {"restart", restart_parse},
    [LIVE_MESSAGE_WATCH] = {"watch", watch_parse},
    [LIVE_MESSAGE_MEDIA] = {"media", media_parse},
    [LIVE_MESSAGE_PING] = {"ping", ping_parse},
    [LIVE_MESSAGE_STAGE] = {"stage", stage_parse},
};

enum err live_message_parse(struct bytes text, struct live_message *ret_message)
{
    struct live_message message = {0};
    const char *type = NULL;
    enum err err = json_read(text, &message.json);
    if (err != ERR_OK)
        return err;
    err = json_text(message.json, "type", &type);
    if (err == ERR_OK) {
        err = ERR_UNKNOWN;
        for (size_t n = 0; n < sizeof TYPES / sizeof TYPES[0]; n++)
            if (strcmp(type, TYPES[n].type) == 0) {
                message.type = (enum live_message_type)n;
                err = TYPES[n].parse(message.json, &message);
            }
    }
    if (err == ERR_OK)
        *ret_message = message;
    else
        live_message_done(&message);
    return err;
}

void live_message_done(struct live_message *message)
{
    json_decref(message->json);
    *message = (struct live_message){0};
}

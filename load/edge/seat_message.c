#include "load/edge/seat_message.h"

#include <stdio.h>
#include <string.h>

#include "base/limits.h"

enum { STAGE_LINES = 720, TILE_LINES = 180 };

static void copy_text(char *out, size_t capacity, const json_t *text)
{
    const char *value = json_string_value(text);
    (void)snprintf(out, capacity, "%s", value ? value : "");
}

static enum err read_layers(const json_t *json, struct seat_message *message)
{
    const json_t *camera = json_object_get(json, "camera");
    if (json_array_size(camera) != 3)
        return ERR_FORMAT;
    for (size_t i = 0; i < 3; i++)
        message->camera[i] = json_is_true(json_array_get(camera, i));
    return ERR_OK;
}

static enum err read_body(const char *type, struct seat_message *message)
{
    const json_t *json = message->json;
    if (strcmp(type, "hello") == 0) {
        json_int_t source = json_integer_value(json_object_get(json, "source"));
        message->type = SEAT_MESSAGE_HELLO;
        message->source = source >= 0 && source <= UINT32_MAX ? (uint32_t)source : 0;
        return json_is_integer(json_object_get(json, "source")) ? ERR_OK : ERR_FORMAT;
    }
    if (strcmp(type, "joined") == 0) {
        message->type = SEAT_MESSAGE_JOINED;
        message->sdp = json_string_value(json_object_get(json, "sdp"));
        return message->sdp ? ERR_OK : ERR_FORMAT;
    }
    if (strcmp(type, "layers") == 0) {
        message->type = SEAT_MESSAGE_LAYERS;
        return read_layers(json, message);
    }
    if (strcmp(type, "error") == 0) {
        message->type = SEAT_MESSAGE_ERROR;
        message->fatal = json_is_true(json_object_get(json, "fatal"));
        copy_text(message->refusal.code, sizeof message->refusal.code,
                  json_object_get(json, "code"));
        copy_text(message->refusal.vi, DOOR_TEXT_BYTES, json_object_get(json, "vi"));
        copy_text(message->refusal.en, DOOR_TEXT_BYTES, json_object_get(json, "en"));
        return ERR_OK;
    }
    message->type = SEAT_MESSAGE_OTHER;
    return ERR_OK;
}

enum err seat_message_parse(struct bytes text, struct seat_message *ret_message)
{
    struct seat_message message = {0};
    message.json = text.size <= LIMIT_SDP_BYTES * 2
                       ? json_loadb((const char *)text.data, text.size, 0, NULL)
                       : NULL;
    const char *type = json_string_value(json_object_get(message.json, "type"));
    enum err err = type ? read_body(type, &message) : ERR_FORMAT;
    if (err != ERR_OK)
        seat_message_done(&message);
    else
        *ret_message = message;
    return err;
}

void seat_message_done(struct seat_message *message)
{
    json_decref(message->json);
    *message = (struct seat_message){0};
}

/* ---- Writing --------------------------------------------------------------------------------- */

static char *write_text(json_t *json)
{
    char *text = json ? json_dumps(json, JSON_COMPACT) : NULL;
    json_decref(json);
    return text;
}

char *seat_message_join(const char *sdp, uint32_t tiles)
{
    return write_text(json_pack("{s:s,s:s,s:i}", "type", "join", "sdp", sdp, "tiles", (int)tiles));
}

/* Tiles show the senders, as many as there are. */
char *seat_message_watch(uint32_t senders, uint32_t tiles)
{
    json_t *sources = json_array();
    for (uint32_t i = 0; sources && i < senders && i < tiles; i++)
        (void)json_array_append_new(sources, json_integer((json_int_t)i + 1));
    return write_text(json_pack("{s:s,s:o,s:i,s:i,s:i}", "type", "watch", "tiles", sources,
                                "stageHeight", STAGE_LINES, "screenHeight", 0, "tileHeight",
                                tiles ? TILE_LINES : 0));
}

char *seat_message_stage(uint32_t source)
{
    return write_text(json_pack("{s:s,s:I}", "type", "stage", "source", (json_int_t)source));
}

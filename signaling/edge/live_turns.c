#include "signaling/edge/live_turns.h"

#include <inttypes.h>
#include <libwebsockets.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "signaling/edge/json.h"
#include "signaling/edge/meeting_json.h"

static json_t *slots_json(const struct sfu_slots *slots)
{
    json_t *tiles = json_array();
    for (uint32_t n = 0; n < slots->tile_count; n++)
        json_array_append_new(tiles, json_integer((json_int_t)slots->tiles[n]));
    return json_pack("{s:s,s:I,s:I,s:I,s:o}", "type", "slots", "number", (json_int_t)slots->number,
                     "stage", (json_int_t)slots->stage, "screen", (json_int_t)slots->screen,
                     "tiles", tiles);
}

static json_t *speakers_json(const struct room *room)
{
    json_t *sources = json_array();
    for (uint32_t n = 0; n < room->speaker_count; n++)
        json_array_append_new(sources, json_integer((json_int_t)room->speakers[n]));
    return json_pack("{s:s,s:o}", "type", "speakers", "sources", sources);
}

static json_t *turn_json(const struct connection *connection, enum live_turn turn)
{
    const struct sfu_layers *layers = &connection->layers;
    switch ((int)turn) {
    case LIVE_MAY:
        return json_pack("{s:s,s:o}", "type", "may", "actions",
                         meeting_json_actions(connection->actions));
    case LIVE_SLOTS:
        return slots_json(&connection->slots);
    case LIVE_LAYERS:
        return json_pack("{s:s,s:[b,b,b],s:b}", "type", "layers", "camera", layers->camera[0],
                         layers->camera[1], layers->camera[2], "screen", layers->screen);
    case LIVE_SPEAKERS:
        return speakers_json(connection->room);
    default:
        return NULL;
    }
}

static bool text_send(struct lws *wsi, struct bytes text)
{
    unsigned char *frame = malloc(LWS_PRE + text.size);
    if (!frame)
        return false;
    memcpy(frame + LWS_PRE, text.data, text.size);
    int written = lws_write(wsi, frame + LWS_PRE, text.size, LWS_WRITE_TEXT);
    free(frame);
    struct door *door = lws_context_user(lws_get_context(wsi));
    door->live_sent_messages_total++;
    door->live_sent_bytes_total += text.size;
    return written >= (int)text.size;
}

static bool json_send(struct lws *wsi, json_t *json)
{
    char *text = json ? json_write(json) : NULL;
    bool sent = text && text_send(wsi, bytes_of(text));
    free(text);
    json_decref(json);
    return sent;
}

/* RFC 6455, section 5.5.2: whoever lives answers by itself, with the same payload. It has one
 * because libwebsockets 4.1.6 does not tell of an answer that has none. */
static bool ping_send(struct lws *wsi)
{
    unsigned char frame[LWS_PRE + 1] = {[LWS_PRE] = '?'};
    return lws_write(wsi, frame + LWS_PRE, 1, LWS_WRITE_PING) >= 0;
}

/* One other each turn, marked again for the next. */
static bool others_send(struct lws *wsi, struct connection *connection)
{
    struct live_sending sending;
    uint32_t source = room_next_untold(connection->room, connection, &sending);
    if (source == 0)
        return true;
    live_mark(&connection->live, LIVE_MARK_OTHERS);
    return json_send(wsi, json_pack("{s:s,s:I,s:b,s:b,s:b}", "type", "media", "source",
                                    (json_int_t)source, "microphone", sending.microphone, "camera",
                                    sending.camera, "screen", sending.screen));
}

int live_turns_on_writable(struct lws *wsi, struct connection *connection)
{
    const struct live_ring *ring = connection->room ? &connection->room->ring : NULL;
    struct live_text text = {0};
    struct bytes bytes;
    bool sent = true;
    enum live_turn turn = live_next(&connection->live, ring, &text);
    switch (turn) {
    case LIVE_NOTHING:
        return 0;
    case LIVE_REPLY:
        bytes = (struct bytes){(const uint8_t *)text.text, text.size};
        sent = text.size == 0 || text_send(wsi, bytes);
        free(text.text);
        break;
    case LIVE_BROADCAST:
        sent = text_send(wsi, (struct bytes){(const uint8_t *)text.text, text.size});
        break;
    case LIVE_MAY:
    case LIVE_SLOTS:
    case LIVE_LAYERS:
    case LIVE_SPEAKERS:
        sent = json_send(wsi, turn_json(connection, turn));
        break;
    case LIVE_OTHERS:
        sent = others_send(wsi, connection);
        break;
    case LIVE_ASK:
        sent = ping_send(wsi);
        break;
    case LIVE_BEHIND:
        log_line(LOG_INFO, "door.live", "user=%" PRIu64 " closed=slow", connection->peer.user);
        connection_end(connection, DOOR_LIVE_SLOW, false);
        break;
    case LIVE_CLOSE:
        lws_close_reason(wsi, LWS_CLOSE_STATUS_POLICY_VIOLATION, NULL, 0);
        return -1;
    }
    if (sent && live_has_turn(&connection->live, ring))
        connection_wake(connection);
    return sent ? 0 : -1;
}

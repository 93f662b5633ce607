/* WHIP (RFC 9725) and WHEP: a standard client sends to a meeting, or watches it, by one POST. */
#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "signaling/core/http_text.h"
#include "signaling/edge/api.h"
#include "signaling/edge/json.h"
#include "signaling/edge/media.h"
#include "signaling/edge/seat.h"

static void token_make(char ret_text[SEAT_TOKEN_BYTES])
{
    uint8_t bytes[32];
    randombytes_buf(bytes, sizeof bytes);
    sodium_bin2base64(ret_text, SEAT_TOKEN_BYTES, bytes, sizeof bytes,
                      sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

void whip_seat_token(struct request *request)
{
    static const char *const MEMBERS[] = {"use", NULL};
    const struct meeting_state *state = api_meeting_of(request);
    const struct state_participant *me = state ? state_user_find(state, request->user->id) : NULL;
    const char *use = NULL;
    json_t *body = NULL;
    if (!state)
        return;
    if (!me) {
        reply_refusal(request, DOOR_NOT_INVITED);
        return;
    }
    if (!api_read_json(request, MEMBERS, &body))
        return;
    bool sender = json_text(body, "use", &use) == ERR_OK && strcmp(use, "whip") == 0;
    if (!use || (!sender && strcmp(use, "whep") != 0)) {
        reply_refusal(request, DOOR_BAD_REQUEST);
        json_decref(body);
        return;
    }
    struct seat *seat = media_seat_create(request->door->media, request->match.id, me, sender);
    if (!seat) {
        reply_refusal(request, DOOR_BUSY);
    } else {
        char url[DOOR_URL_BYTES + 64];
        token_make(seat->token);
        snprintf(url, sizeof url, "%s/%s/%" PRIu64, request->door->public_url, use,
                 request->match.id);
        reply_json(request, 201, json_pack("{s:s,s:s}", "token", seat->token, "url", url));
    }
    json_decref(body);
}

/* The seat of the Authorization header, for this meeting and this use; NULL: answered. */
static struct seat *seat_of(struct request *request, bool sender)
{
    struct bytes token;
    struct seat *seat = NULL;
    if (http_text_bearer(bytes_of(request->authorization), &token) == ERR_OK)
        seat = media_seat_find(request->door->media, token, clock_utc_ms());
    if (seat && seat->meeting == request->match.id && seat->is_sender == sender)
        return seat;
    reply_refusal(request, DOOR_NO_SEAT);
    return NULL;
}

void whip_create(struct request *request)
{
    bool sender = request->match.route == ROUTE_WHIP_CREATE;
    struct media *media = request->door->media;
    struct seat *seat = seat_of(request, sender);
    struct buffer offer = request->body;
    char *answer = NULL;
    if (!seat)
        return;
    if (buffer_put(&offer, (struct bytes){(const uint8_t *)"", 1}) != ERR_OK) {
        reply_refusal(request, DOOR_BUSY);
        return;
    }
    request->body = offer;
    enum door_refusal refusal = media_seat_join(media, seat, (const char *)offer.data, &answer);
    if (refusal != DOOR_REFUSAL_COUNT) {
        reply_refusal(request, refusal);
        return;
    }
    struct buffer text = {0};
    enum err err = buffer_put(&text, bytes_of(answer));
    free(answer);
    token_make(seat->resource);
    snprintf(request->reply.location, sizeof request->reply.location, "/%s/%" PRIu64 "/%s",
             sender ? "whip" : "whep", seat->meeting, seat->resource);
    if (err == ERR_OK)
        reply_text(request, 201, "application/sdp", &text);
    else
        reply_refusal(request, DOOR_BUSY);
}

void whip_delete(struct request *request)
{
    struct seat *seat = seat_of(request, request->match.route == ROUTE_WHIP_DELETE);
    if (!seat)
        return;
    if (!bytes_equal(request->match.token, bytes_of(seat->resource))) {
        reply_refusal(request, DOOR_NOT_FOUND);
        return;
    }
    media_seat_part(request->door->media, seat);
    reply_empty(request, 200);
}

void whip_options(struct request *request)
{
    request->reply.allow = "POST, DELETE, OPTIONS";
    request->reply.accept_post = "application/sdp";
    reply_empty(request, 204);
}

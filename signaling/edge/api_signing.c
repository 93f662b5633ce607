#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "signaling/edge/api.h"
#include "signaling/edge/json.h"

/* -- signing the minutes ---------------------------------------------------------------------- */

static void on_prepared(struct request *request, const struct meeting_output *output)
{
    if (reply_failed_output(request, output))
        return;
    const struct signing *signing = meeting_signing_find(request->door->meetings, output->id,
                                                         request->user->id, clock_utc_ms());
    if (!signing) {
        reply_refusal_as(request, refusal_of(REFUSAL_NO_SIGNING));
        return;
    }
    char file[64];
    snprintf(file, sizeof file, "/api/v1/signing/%llu/file", (unsigned long long)signing->id);
    const uint64_t *range = signing->byte_range;
    reply_json(request, 201,
               json_pack("{s:o,s:s,s:[I,I,I,I],s:I}", "id", json_of_id(signing->id), "file", file,
                         "byteRange", (json_int_t)range[0], (json_int_t)range[1],
                         (json_int_t)range[2], (json_int_t)range[3], "expiresAt",
                         (json_int_t)signing->expires_at));
}

void api_signing_prepare(struct request *request)
{
    static const char *const MEMBERS[] = {"field", "serial", NULL};
    const char *field_word = NULL, *serial = NULL;
    uint32_t field = 0;
    json_t *body = NULL;
    if (!api_meeting_of(request) || !api_read_json(request, MEMBERS, &body))
        return;
    if (json_text(body, "field", &field_word) != ERR_OK ||
        json_text(body, "serial", &serial) != ERR_OK ||
        words_find(&minutes_field_words, bytes_of(field_word), &field) != ERR_OK) {
        reply_refusal(request, DOOR_BAD_REQUEST);
    } else {
        struct meeting_receipt receipt =
            meeting_signing_prepare(request->door->meetings, request->match.id, request->user->id,
                                    (enum minutes_field)field, serial, clock_utc_ms());
        request_await(request, &receipt, on_prepared);
    }
    json_decref(body);
}

void api_signing_file(struct request *request)
{
    struct meeting_service *meetings = request->door->meetings;
    const struct signing *signing =
        meeting_signing_find(meetings, request->match.id, request->user->id, clock_utc_ms());
    char path[MEETING_PATH_BYTES];
    if (!signing || meeting_file_path(meetings, signing->sha256, path) != ERR_OK)
        reply_refusal_as(request, refusal_of(REFUSAL_NO_SIGNING));
    else
        reply_file(request, path, "application/pdf", signing->sha256);
}

static void on_signed(struct request *request, const struct meeting_output *output)
{
    if (reply_failed_output(request, output))
        return;
    const struct meeting_state *state = meeting_state_of(request->door->meetings, output->meeting);
    if (state)
        reply_json(request, 200,
                   json_pack("{s:s,s:I}", "sha256", state->minutes.sha256, "seq",
                             (json_int_t)output->seq));
    else
        reply_refusal(request, DOOR_BROKEN);
}

void api_signing_complete(struct request *request)
{
    static const char *const MEMBERS[] = {"signature", NULL};
    uint8_t signature[SIGNATURE_RAW_BYTES];
    size_t size = 0;
    const char *text = NULL;
    json_t *body = NULL;
    if (!api_read_json(request, MEMBERS, &body))
        return;
    if (json_text(body, "signature", &text) != ERR_OK ||
        sodium_base642bin(signature, sizeof signature, text, strlen(text), NULL, &size, NULL,
                          sodium_base64_VARIANT_ORIGINAL) != 0 ||
        size != sizeof signature) {
        reply_refusal(request, DOOR_BAD_REQUEST);
    } else {
        struct meeting_receipt receipt =
            meeting_signing_complete(request->door->meetings, request->match.id, request->user->id,
                                     (struct bytes){signature, size}, clock_utc_ms());
        request_await(request, &receipt, on_signed);
    }
    json_decref(body);
}

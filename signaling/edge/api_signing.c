#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/text.h"
#include "signaling/edge/api.h"
#include "signaling/edge/json.h"

/* -- keys ------------------------------------------------------------------------------------- */

static json_t *json_of_base64(struct bytes bytes)
{
    size_t room = sodium_base64_ENCODED_LEN(bytes.size, sodium_base64_VARIANT_ORIGINAL);
    char *text = malloc(room);
    if (!text)
        return NULL;
    sodium_bin2base64(text, room, bytes.data, bytes.size, sodium_base64_VARIANT_ORIGINAL);
    json_t *json = json_string(text);
    free(text);
    return json;
}

void api_signing_keys(struct request *request)
{
    struct meeting_service *meetings = request->door->meetings;
    json_t *keys = json_array();
    uint32_t cursor = 0;
    const struct certificate *one;
    while ((one = meeting_certificate_next(meetings, request->user->id, &cursor)))
        json_array_append_new(keys,
                              json_pack("{s:s,s:s,s:I,s:o}", "serial", one->serial, "spki",
                                        one->spki_sha256, "notAfter", (json_int_t)one->not_after,
                                        "certificate", json_of_base64(one->der)));
    reply_json(request, 200, json_pack("{s:o}", "keys", keys));
}

/* The certificate into the register, and its facts to the caller. */
static void certified_reply(struct request *request, const struct certs_issued *issued)
{
    struct door *door = request->door;
    struct certificate certificate = {
        .user_id = request->user->id,
        .not_after = issued->not_after,
        .der = buffer_bytes(&issued->certificate),
    };
    snprintf(certificate.serial, sizeof certificate.serial, "%s", issued->serial);
    hex_write(issued->spki_sha256, sizeof issued->spki_sha256, certificate.spki_sha256);
    enum err err = meeting_certificate_add(door->meetings, &certificate);
    if (err != ERR_OK) {
        log_line(LOG_ERROR, "door.keys", "serial=%s err=%s", issued->serial, err_name(err));
        reply_refusal(request, DOOR_BROKEN);
        return;
    }
    reply_json(request, 201,
               json_pack("{s:o,s:[o],s:s,s:I}", "certificate", json_of_base64(certificate.der),
                         "chain", json_of_base64(certs_ca_issuing(door->ca)), "serial",
                         issued->serial, "notAfter", (json_int_t)issued->not_after));
}

void api_signing_certify(struct request *request)
{
    static const char *const MEMBERS[] = {"csr", NULL};
    struct door *door = request->door;
    const struct directory_user *user = request->user;
    const struct directory_unit *unit = meeting_unit_find(door->meetings, user->unit_id);
    uint8_t csr[LIMIT_CSR_BYTES];
    size_t csr_size = 0;
    const char *text = NULL;
    json_t *body = NULL;
    if (!api_read_json(request, MEMBERS, &body))
        return;
    bool fine = json_text(body, "csr", &text) == ERR_OK &&
                sodium_base642bin(csr, sizeof csr, text, strlen(text), NULL, &csr_size, NULL,
                                  sodium_base64_VARIANT_ORIGINAL) == 0;
    json_decref(body);
    struct certs_person person = {
        .name = user->name,
        .position = user->position,
        .unit = unit ? unit->name : "",
        .province = settings_text(&door->settings, SETTING_PROVINCE),
        .user_id = user->id,
    };
    struct certs_issued issued;
    if (!fine || certs_issue_personal(door->ca, &person, (struct bytes){csr, csr_size},
                                      clock_utc_ms(), &issued) != ERR_OK) {
        reply_refusal(request, DOOR_BAD_CSR);
        return;
    }
    certified_reply(request, &issued);
    certs_issued_done(&issued);
}

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

/* People's signing keys at the door (docs/protocol.md, Keys): asking for a certificate, an
 * officer's decision, loss and revocation. The private half is in none of these messages. */
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

enum { OFFICERS = 1 << ROLE_ADMIN | 1 << ROLE_CERTIFIER };

/* -- as JSON ---------------------------------------------------------------------------------- */

json_t *api_base64(struct bytes bytes)
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

static json_t *person_json(const struct meeting_service *meetings, uint64_t id)
{
    const struct directory_user *user = meeting_user_find(meetings, id);
    if (!user)
        return json_null();
    const struct directory_unit *unit = meeting_unit_find(meetings, user->unit_id);
    return json_pack("{s:o,s:s,s:s,s:s}", "id", json_of_id(user->id), "name", user->name,
                     "position", user->position, "unit", unit ? unit->name : "");
}

static const char *certificate_state(const struct certificate *certificate, utc_ms_t now)
{
    if (certificate->revoked_at)
        return "revoked";
    return certificate->not_after > now ? "valid" : "expired";
}

static json_t *key_json(const struct certificate *one, utc_ms_t now)
{
    return json_pack("{s:s,s:s,s:s,s:I,s:o,s:o,s:b,s:o}", "serial", one->serial, "spki",
                     one->spki_sha256, "state", certificate_state(one, now), "notAfter",
                     (json_int_t)one->not_after, "revokedAt", json_of_time(one->revoked_at),
                     "revokedWhy", json_of_optional(one->revoked_why), "revokedByOwner",
                     one->revoked_at && one->revoked_by == one->user_id, "certificate",
                     api_base64(one->der));
}

static json_t *request_json(const struct key_request *one)
{
    return json_pack("{s:o,s:s,s:s,s:o,s:o,s:o,s:o,s:o}", "id", json_of_id(one->id), "spki",
                     one->spki_sha256, "state", words_name(&key_request_state_words, one->state),
                     "askedAt", json_of_time(one->asked_at), "decidedAt",
                     json_of_time(one->decided_at), "reason", json_of_optional(one->reason),
                     "renews", json_of_optional(one->renews), "serial",
                     json_of_optional(one->serial));
}

/* -- the person's own ------------------------------------------------------------------------- */

void api_keys_list(struct request *request)
{
    struct meeting_service *meetings = request->door->meetings;
    json_t *keys = json_array();
    json_t *requests = json_array();
    uint32_t cursor = 0;
    const struct certificate *key;
    while ((key = meeting_certificate_next(meetings, request->user->id, &cursor)))
        json_array_append_new(keys, key_json(key, clock_utc_ms()));
    cursor = 0;
    const struct key_request *asked;
    while ((asked = meeting_key_request_next(meetings, request->user->id, &cursor)))
        json_array_append_new(requests, request_json(asked));
    reply_json(request, 200, json_pack("{s:o,s:o}", "keys", keys, "requests", requests));
}

/* A certificate of the caller's that still holds, by the serial in `text`; NULL: no such. */
static const struct certificate *own_certificate(struct request *request, const char *text)
{
    const struct certificate *one = meeting_certificate_find(request->door->meetings, text);
    return one && one->user_id == request->user->id && !one->revoked_at ? one : NULL;
}

static void asked_reply(struct request *request, enum err err, uint64_t id)
{
    struct meeting_service *meetings = request->door->meetings;
    if (err == ERR_CONFLICT) {
        reply_refusal(request, DOOR_KEY_KNOWN);
    } else if (err == ERR_LIMIT) {
        reply_refusal_as(request, refusal_of(REFUSAL_TOO_MANY));
    } else if (err != ERR_OK) {
        log_line(LOG_ERROR, "door.keys", "asked=no err=%s", err_name(err));
        reply_refusal_as(request, refusal_of(REFUSAL_NOT_KEPT));
    } else {
        log_line(LOG_INFO, "door.keys", "request=%llu user=%llu state=pending",
                 (unsigned long long)id, (unsigned long long)request->user->id);
        reply_json(
            request, 202,
            json_pack("{s:o}", "request", request_json(meeting_key_request_find(meetings, id))));
    }
}

void api_keys_ask(struct request *request)
{
    static const char *const MEMBERS[] = {"csr", "renews", NULL};
    struct key_request asked = {.user_id = request->user->id, .asked_at = clock_utc_ms()};
    uint8_t csr[LIMIT_CSR_BYTES], spki[CERTS_SHA256_BYTES];
    size_t size = 0;
    const char *text = NULL, *renews = NULL;
    json_t *body = NULL;
    uint64_t id = 0;
    if (!api_read_json(request, MEMBERS, &body))
        return;
    bool fine = json_text(body, "csr", &text) == ERR_OK &&
                sodium_base642bin(csr, sizeof csr, text, strlen(text), NULL, &size, NULL,
                                  sodium_base64_VARIANT_ORIGINAL) == 0 &&
                certs_request_key((struct bytes){csr, size}, spki) == ERR_OK;
    bool follows = json_object_get(body, "renews") != NULL;
    if (!fine) {
        reply_refusal(request, DOOR_BAD_CSR);
    } else if (follows && (json_text(body, "renews", &renews) != ERR_OK ||
                           !own_certificate(request, renews))) {
        reply_refusal(request, DOOR_NO_KEY);
    } else {
        asked.csr = (struct bytes){csr, size};
        hex_write(spki, sizeof spki, asked.spki_sha256);
        if (renews)
            snprintf(asked.renews, sizeof asked.renews, "%s", renews);
        enum err err = meeting_key_request_add(request->door->meetings, &asked, &id);
        asked_reply(request, err, id);
    }
    json_decref(body);
}

/* -- the officer's ---------------------------------------------------------------------------- */

static bool is_officer(struct request *request)
{
    if (request->user->roles & OFFICERS)
        return true;
    reply_refusal(request, DOOR_NOT_OFFICER);
    return false;
}

static json_t *asked_by_json(const struct meeting_service *meetings, const struct key_request *one)
{
    json_t *json = request_json(one);
    if (json)
        json_object_set_new(json, "person", person_json(meetings, one->user_id));
    return json;
}

void api_key_requests_list(struct request *request)
{
    struct meeting_service *meetings = request->door->meetings;
    if (!is_officer(request))
        return;
    json_t *requests = json_array();
    uint32_t cursor = 0;
    const struct key_request *one;
    while ((one = meeting_key_request_next(meetings, 0, &cursor)))
        if (one->state == KEY_REQUEST_PENDING)
            json_array_append_new(requests, asked_by_json(meetings, one));
    reply_json(request, 200, json_pack("{s:o}", "requests", requests));
}

/* Everyone's certificates, oldest first; `after` counts those already seen. */
void api_certificates_list(struct request *request)
{
    struct meeting_service *meetings = request->door->meetings;
    struct bytes query;
    uint64_t after;
    uint32_t limit, cursor = 0;
    if (!is_officer(request) || !api_read_page(request, &query, &after, &limit))
        return;
    cursor = after < UINT32_MAX ? (uint32_t)after : UINT32_MAX;
    json_t *certificates = json_array();
    const struct certificate *one = NULL;
    while (json_array_size(certificates) < limit &&
           (one = meeting_certificate_next(meetings, 0, &cursor))) {
        const struct directory_user *user = meeting_user_find(meetings, one->user_id);
        if (!user || !meeting_user_matches(user, query))
            continue;
        json_t *json = key_json(one, clock_utc_ms());
        json_object_set_new(json, "person", person_json(meetings, one->user_id));
        json_array_append_new(certificates, json);
    }
    char next[24];
    snprintf(next, sizeof next, "%u", cursor);
    reply_json(request, 200,
               json_pack("{s:o,s:o}", "certificates", certificates, "next",
                         one ? json_string(next) : json_null()));
}

/* The certificate, into the directory; the caller releases it. */
static enum err certify(struct door *door, const struct key_request *asked, utc_ms_t now,
                        struct certs_issued *ret_issued)
{
    const struct directory_user *user = meeting_user_find(door->meetings, asked->user_id);
    if (!user)
        return ERR_UNKNOWN;
    const struct directory_unit *unit = meeting_unit_find(door->meetings, user->unit_id);
    struct certs_person person = {
        .name = user->name,
        .position = user->position,
        .unit = unit ? unit->name : "",
        .province = settings_text(&door->settings, SETTING_PROVINCE),
        .user_id = user->id,
    };
    struct certs_issued issued;
    enum err err = certs_issue_personal(door->ca, &person, asked->csr, now, &issued);
    if (err != ERR_OK)
        return err;
    struct certificate certificate = {
        .user_id = user->id,
        .not_after = issued.not_after,
        .der = buffer_bytes(&issued.certificate),
    };
    snprintf(certificate.serial, sizeof certificate.serial, "%s", issued.serial);
    hex_write(issued.spki_sha256, sizeof issued.spki_sha256, certificate.spki_sha256);
    err = meeting_certificate_add(door->meetings, &certificate);
    if (err == ERR_OK)
        *ret_issued = issued;
    else
        certs_issued_done(&issued);
    return err;
}

static void decide(struct request *request, const struct key_request *asked, const char *reason)
{
    struct door *door = request->door;
    struct certs_issued issued = {0};
    struct key_decision decision = {
        .request_id = asked->id,
        .by = request->user->id,
        .reason = reason,
        .at = clock_utc_ms(),
    };
    enum err err = reason ? ERR_OK : certify(door, asked, decision.at, &issued);
    if (!reason)
        decision.serial = issued.serial;
    if (err == ERR_OK)
        err = meeting_key_request_decide(door->meetings, &decision);
    log_line(err == ERR_OK ? LOG_INFO : LOG_ERROR, "door.keys",
             "request=%llu by=%llu approved=%s serial=%s err=%s", (unsigned long long)asked->id,
             (unsigned long long)decision.by, reason ? "no" : "yes",
             decision.serial ? decision.serial : "none", err_name(err));
    if (err == ERR_OK)
        reply_json(request, 200, json_pack("{s:o}", "request", request_json(asked)));
    else
        reply_refusal_as(request, refusal_of(REFUSAL_NOT_KEPT));
    certs_issued_done(&issued);
}

void api_key_request_decide(struct request *request)
{
    static const char *const MEMBERS[] = {"approve", "reason", NULL};
    const char *reason = NULL;
    bool approve = false;
    json_t *body = NULL;
    if (!is_officer(request) || !api_read_json(request, MEMBERS, &body))
        return;
    bool fine = json_flag(body, "approve", &approve) == ERR_OK;
    bool has_reason = json_text(body, "reason", &reason) == ERR_OK && reason[0] != '\0' &&
                      strlen(reason) <= LIMIT_KEY_REASON_BYTES;
    const struct key_request *asked =
        meeting_key_request_find(request->door->meetings, request->match.id);
    if (!fine || approve == (reason != NULL) || (!approve && !has_reason))
        reply_refusal(request, DOOR_NEEDS_REASON);
    else if (!asked)
        reply_refusal(request, DOOR_NO_KEY_REQUEST);
    else if (asked->state != KEY_REQUEST_PENDING)
        reply_refusal(request, DOOR_KEY_DECIDED);
    else if (asked->user_id == request->user->id)
        reply_refusal(request, DOOR_OWN_REQUEST);
    else
        decide(request, asked, approve ? NULL : reason);
    json_decref(body);
}

/* -- loss and revocation ---------------------------------------------------------------------- */

static const struct revocation_word {
    const char *word;
    enum certs_reason reason;
    bool for_owner;
} REVOCATIONS[] = {
    {"lost", CERTS_REASON_KEY_COMPROMISE, true},
    {"stopped", CERTS_REASON_CESSATION, true},
    {"moved", CERTS_REASON_AFFILIATION_CHANGED, false},
    {"withdrawn", CERTS_REASON_PRIVILEGE_WITHDRAWN, false},
};

static const struct revocation_word *revocation_find(const char *word)
{
    for (size_t i = 0; i < sizeof REVOCATIONS / sizeof *REVOCATIONS; i++)
        if (strcmp(REVOCATIONS[i].word, word) == 0)
            return &REVOCATIONS[i];
    return NULL;
}

/* First the authority, which tells the world; then our own list, which stops the next signature. */
static void revoke_now(struct request *request, const struct certificate *certificate,
                       const struct revocation_word *word, const char *why)
{
    struct door *door = request->door;
    utc_ms_t now = clock_utc_ms();
    enum err err = certs_register_revoke(door->ca, certificate->serial, word->reason, now);
    if (err == ERR_WRONG_STATE)
        err = ERR_OK; /* told before, by `dienhong ca revoke` */
    if (err == ERR_OK)
        err = meeting_certificate_revoke(door->meetings, certificate->serial, request->user->id,
                                         why, now);
    log_line(err == ERR_OK ? LOG_INFO : LOG_ERROR, "door.keys",
             "serial=%s revoked_by=%llu reason=%s err=%s", certificate->serial,
             (unsigned long long)request->user->id, word->word, err_name(err));
    if (err == ERR_OK)
        reply_json(request, 200, json_pack("{s:o}", "key", key_json(certificate, now)));
    else
        reply_refusal_as(request, refusal_of(REFUSAL_NOT_KEPT));
}

void api_key_revoke(struct request *request)
{
    static const char *const MEMBERS[] = {"reason", "why", NULL};
    char serial[CERTIFICATE_SERIAL_BYTES];
    const char *reason = NULL, *why = NULL;
    json_t *body = NULL;
    if (!api_read_json(request, MEMBERS, &body))
        return;
    bool named = text_copy(serial, sizeof serial, request->match.token) == ERR_OK;
    const struct certificate *certificate =
        named ? meeting_certificate_find(request->door->meetings, serial) : NULL;
    bool own = certificate && certificate->user_id == request->user->id;
    bool fine = json_text(body, "reason", &reason) == ERR_OK &&
                json_text(body, "why", &why) == ERR_OK && strlen(why) <= LIMIT_KEY_REASON_BYTES;
    const struct revocation_word *word = fine ? revocation_find(reason) : NULL;
    if (!certificate || (!own && !(request->user->roles & OFFICERS)))
        reply_refusal(request, DOOR_NO_KEY);
    else if (!word || (own && !word->for_owner))
        reply_refusal(request, DOOR_BAD_REQUEST);
    else if (!own && why[0] == '\0')
        reply_refusal(request, DOOR_NEEDS_REASON);
    else if (certificate->revoked_at)
        reply_refusal(request, DOOR_KEY_REVOKED);
    else
        revoke_now(request, certificate, word, why);
    json_decref(body);
}

#include "signaling/edge/api.h"

#include <stddef.h>

#include "signaling/edge/json.h"
#include "signaling/edge/static_files.h"

enum { PAGE_USUAL = 50 };

static void handle_nothing(struct request *request)
{
    reply_refusal(request, request->match.method_refused ? DOOR_WRONG_METHOD : DOOR_NOT_FOUND);
}

static void handle_static(struct request *request)
{
    const struct static_file *file = static_files_find(request->door->files, request->path);
    if (file)
        reply_static(request, file);
    else
        reply_refusal(request, DOOR_NOT_FOUND);
}

/* GET /api/v1/live without an upgrade. */
static void handle_live(struct request *request)
{
    reply_refusal(request, DOOR_BAD_REQUEST);
}

static void (*const HANDLERS[])(struct request *) = {
    [ROUTE_NONE] = handle_nothing,
    [ROUTE_STATIC] = handle_static,
    [ROUTE_SESSION_GET] = api_session_get,
    [ROUTE_SESSION_CREATE] = api_session_create,
    [ROUTE_SESSION_DELETE] = api_session_delete,
    [ROUTE_UNITS] = api_directory_units,
    [ROUTE_USERS] = api_directory_users,
    [ROUTE_MEETINGS] = api_meeting_list,
    [ROUTE_MEETING_CREATE] = api_meeting_create,
    [ROUTE_MEETING] = api_meeting_get,
    [ROUTE_COMMAND] = api_meeting_command,
    [ROUTE_EVENTS] = api_meeting_events,
    [ROUTE_PARTICIPANTS] = api_meeting_participants,
    [ROUTE_MEETING_UNITS] = api_meeting_units,
    [ROUTE_UPLOAD_GET] = api_document_upload_get,
    [ROUTE_UPLOAD_PUT] = api_document_upload_end,
    [ROUTE_DOCUMENT_FILE] = api_document_file,
    [ROUTE_MINUTES] = api_minutes_get,
    [ROUTE_MINUTES_FILE] = api_minutes_file,
    [ROUTE_PACKAGE] = api_package_file,
    [ROUTE_DRAFT] = api_draft_file,
    [ROUTE_DESK] = api_issue_desk,
    [ROUTE_INCOMING] = api_issue_incoming,
    [ROUTE_ISSUES] = api_issue_register,
    [ROUTE_ISSUE] = api_issue_get,
    [ROUTE_ISSUE_FILE] = api_issue_file,
    [ROUTE_KEYS] = api_keys_list,
    [ROUTE_KEY_ASK] = api_keys_ask,
    [ROUTE_KEY_REVOKE] = api_key_revoke,
    [ROUTE_KEY_REQUESTS] = api_key_requests_list,
    [ROUTE_KEY_DECIDE] = api_key_request_decide,
    [ROUTE_CERTIFICATES] = api_certificates_list,
    [ROUTE_ISSUE_SEAL] = api_issue_seal,
    [ROUTE_SIGNATURE_PREPARE] = api_signing_prepare,
    [ROUTE_SIGNING_FILE] = api_signing_file,
    [ROUTE_SIGNING_COMPLETE] = api_signing_complete,
    [ROUTE_EXCHANGE_OPEN] = api_exchange_open,
    [ROUTE_EXCHANGE_GET] = api_exchange_get,
    [ROUTE_EXCHANGE_FILE] = api_exchange_file,
    [ROUTE_EXCHANGE_TAKE] = api_exchange_take,
    [ROUTE_VERIFY_CODE] = api_verify_code,
    [ROUTE_VERIFY_FILE] = api_verify_file,
    [ROUTE_SEAT_TOKEN] = whip_seat_token,
    [ROUTE_LINE_TEST_START] = api_line_test_start,
    [ROUTE_LINE_TEST] = api_line_test_get,
    [ROUTE_LINE_TEST_END] = api_line_test_end,
    [ROUTE_LIVE] = handle_live,
    [ROUTE_WHIP_CREATE] = whip_create,
    [ROUTE_WHIP_DELETE] = whip_delete,
    [ROUTE_WHIP_OPTIONS] = whip_options,
    [ROUTE_WHEP_CREATE] = whip_create,
    [ROUTE_WHEP_DELETE] = whip_delete,
    [ROUTE_WHEP_OPTIONS] = whip_options,
    [ROUTE_PKI_ISSUING] = api_pki_issuing,
    [ROUTE_PKI_ROOT] = api_pki_root,
    [ROUTE_PKI_CRL] = api_pki_crl,
    [ROUTE_PKI_ROOT_CRL] = api_pki_root_crl,
    [ROUTE_PKI_OCSP_GET] = api_pki_ocsp_get,
    [ROUTE_PKI_OCSP] = api_pki_ocsp,
    [ROUTE_TSA] = api_pki_tsa,
};

_Static_assert(sizeof HANDLERS / sizeof HANDLERS[0] == ROUTE_COUNT, "every route has a handler");

void api_handle(struct request *request)
{
    HANDLERS[request->match.route](request);
}

bool api_before_body(struct request *request)
{
    if (request->match.route == ROUTE_UPLOAD_PUT)
        return api_document_upload_begin(request);
    if (request->match.route == ROUTE_EXCHANGE_TAKE)
        return api_exchange_begin(request);
    if (request->match.route == ROUTE_VERIFY_FILE)
        return api_verify_begin(request);
    return true;
}

const struct meeting_state *api_meeting_of(struct request *request)
{
    struct meeting_service *meetings = request->door->meetings;
    uint64_t id = request->match.id;
    if (meeting_is_visible(meetings, id, request->user->id))
        return meeting_state_of(meetings, id);
    reply_refusal_as(request, refusal_of(REFUSAL_NO_MEETING));
    return NULL;
}

const struct meeting_state *api_paper_of(struct request *request)
{
    struct meeting_service *meetings = request->door->meetings;
    uint64_t id = request->match.id;
    if (meeting_paper_is_visible(meetings, id, request->user->id))
        return meeting_state_of(meetings, id);
    reply_refusal_as(request, refusal_of(REFUSAL_NO_MEETING));
    return NULL;
}

bool api_read_json(struct request *request, const char *const *members, json_t **ret_body)
{
    json_t *body = NULL;
    enum err err = json_read(buffer_bytes(&request->body), &body);
    if (err != ERR_OK) {
        reply_refusal(request, err == ERR_LIMIT ? DOOR_TOO_LARGE : DOOR_BAD_JSON);
        return false;
    }
    if (members && json_only(body, members) != ERR_OK) {
        reply_refusal(request, DOOR_UNKNOWN_MEMBER);
        json_decref(body);
        return false;
    }
    *ret_body = body;
    return true;
}

bool api_read_page(struct request *request, struct bytes *ret_query, uint64_t *ret_after,
                   uint32_t *ret_limit)
{
    uint64_t limit = 0;
    const char *query = request_argument(request, "query");
    if (request_argument_number(request, "after", 0, ret_after) != ERR_OK ||
        request_argument_number(request, "limit", PAGE_USUAL, &limit) != ERR_OK || limit == 0 ||
        limit > API_PAGE_MAX) {
        reply_refusal(request, DOOR_BAD_REQUEST);
        return false;
    }
    *ret_query = bytes_of(query ? query : "");
    *ret_limit = (uint32_t)limit;
    return true;
}

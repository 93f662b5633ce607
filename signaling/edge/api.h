/* The handlers behind the routes. Each answers its request exactly once, now or later; the rules of
 * its route (session, Origin, CSRF, body's size and type) have been checked before it runs. */
#ifndef SIGNALING_EDGE_API_H
#define SIGNALING_EDGE_API_H

#include <stdbool.h>

#include "signaling/edge/request.h"

void api_handle(struct request *request);

/* For routes whose body goes to disk: decides by the headers alone, opens the file. False: refused
 * and answered. */
bool api_before_body(struct request *request);

/* -- one file each ---------------------------------------------------------------------------- */

/* api_session.c: api_session.h says more */
void api_session_get(struct request *request);
void api_session_create(struct request *request);
void api_session_delete(struct request *request);

/* api_directory.c */
void api_directory_units(struct request *request);
void api_directory_users(struct request *request);

/* api_meeting.c */
void api_meeting_list(struct request *request);
void api_meeting_create(struct request *request);
void api_meeting_get(struct request *request);
void api_meeting_command(struct request *request);
void api_meeting_events(struct request *request);
void api_meeting_participants(struct request *request);
void api_meeting_units(struct request *request);

/* api_document.c */
void api_document_upload_get(struct request *request);
bool api_document_upload_begin(struct request *request);
void api_document_upload_end(struct request *request);
void api_document_file(struct request *request);

/* api_minutes.c */
void api_minutes_get(struct request *request);
void api_minutes_file(struct request *request);

/* api_package.c */
void api_package_file(struct request *request);

/* api_draft.c */
void api_draft_file(struct request *request);

/* api_issue.c */
void api_issue_desk(struct request *request);
void api_issue_incoming(struct request *request);
void api_issue_register(struct request *request);
void api_issue_get(struct request *request);
void api_issue_file(struct request *request);
void api_issue_seal(struct request *request);

/* api_keys.c */
void api_keys_list(struct request *request);
void api_keys_ask(struct request *request);
void api_key_revoke(struct request *request);
void api_key_requests_list(struct request *request);
void api_key_request_decide(struct request *request);
void api_certificates_list(struct request *request);
/* Bytes as a JSON string in base64. */
json_t *api_base64(struct bytes bytes);

/* api_signing.c */
void api_signing_prepare(struct request *request);
void api_signing_file(struct request *request);
void api_signing_complete(struct request *request);

/* api_exchange.c */
void api_exchange_open(struct request *request);
void api_exchange_get(struct request *request);
void api_exchange_file(struct request *request);
bool api_exchange_begin(struct request *request);
void api_exchange_take(struct request *request);

/* api_verify.c */
void api_verify_code(struct request *request);
bool api_verify_begin(struct request *request);
void api_verify_file(struct request *request);

/* api_line_test.c */
void api_line_test_start(struct request *request);
void api_line_test_get(struct request *request);
void api_line_test_end(struct request *request);

/* api_pki.c */
void api_pki_issuing(struct request *request);
void api_pki_root(struct request *request);
void api_pki_crl(struct request *request);
void api_pki_root_crl(struct request *request);
void api_pki_ocsp(struct request *request);
void api_pki_ocsp_get(struct request *request);
void api_pki_tsa(struct request *request);

/* whip.c */
void whip_seat_token(struct request *request);
void whip_create(struct request *request);
void whip_delete(struct request *request);
void whip_options(struct request *request);

/* For several of them: the meeting of the path if the caller may know of it; NULL: answered 404. */
const struct meeting_state *api_meeting_of(struct request *request);
/* Likewise for what concerns its signed minutes alone. */
const struct meeting_state *api_paper_of(struct request *request);

/* The arguments of a page: `query`, `after`, `limit` (at most API_PAGE_MAX). False: answered. */
enum { API_PAGE_MAX = 200 };
bool api_read_page(struct request *request, struct bytes *ret_query, uint64_t *ret_after,
                   uint32_t *ret_limit);

/* The request's body as one JSON object with no members but the NULL-ended `members` (NULL: any).
 * False: answered. The caller releases *ret_body. */
bool api_read_json(struct request *request, const char *const *members, json_t **ret_body);

#endif

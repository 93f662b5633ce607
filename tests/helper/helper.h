/* The parts of the reference helper: signing (signing_helper.c) and enrolment (enrolment.c). */
#ifndef TESTS_HELPER_HELPER_H
#define TESTS_HELPER_HELPER_H

#include "base/bytes.h"
#include "certs/certs.h"
#include "tests/helper/http.h"

struct helper {
    struct certs_device *device;
    const char *folder; /* the person's own: what is signed, and a request that waits */
    char **origins;
    int origin_count;
    uint16_t port;
};

enum { HELPER_PIN_BYTES = CERTS_DEVICE_PIN_BYTES + 2 };

/* Text from a page, without what would move the terminal's cursor. */
void helper_print(const char *text);
/* Asks for the PIN behind what was shown; false: an empty line, which means no. The caller wipes
 * `ret_pin`. */
bool helper_ask_pin(char ret_pin[HELPER_PIN_BYTES]);

void helper_reply_fault(struct http_request *request, int status, const char *code);
/* 403 with the fault's name. */
void helper_reply_device(struct http_request *request, enum certs_device_fault fault);
json_t *helper_base64(struct bytes bytes);

/* GET /v1/requests: what waits. POST /v1/requests?name=…: a key, and the request for its
 * certificate; the same again while it waits. POST /v1/certificates: the certificate (DER) that was
 * made of it, into the token. */
void enrolment_get(const struct helper *helper, struct http_request *request);
void enrolment_post(const struct helper *helper, struct http_request *request);
void enrolment_keep(const struct helper *helper, struct http_request *request);

#endif

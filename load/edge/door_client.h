/* The few requests that a line test makes of the door (docs/protocol.md, "Session" and "Line
 * test"), by libcurl: log in, announce the test, end it. Blocking; one thread. */
#ifndef LOAD_EDGE_DOOR_CLIENT_H
#define LOAD_EDGE_DOOR_CLIENT_H

#include <stdint.h>

#include "base/err.h"
#include "load/core/options.h"

struct door_client;

enum { DOOR_ID_BYTES = 24, DOOR_TOKEN_BYTES = 128, DOOR_TEXT_BYTES = 1024 };

struct door_line_test {
    char id[DOOR_ID_BYTES];
    char token[DOOR_TOKEN_BYTES];
};

/* Why something did not succeed, in words for people. The codes "door.unreachable" and
 * "door.strange" are ours, the others the server's. */
struct door_refusal {
    char code[64];
    char vi[DOOR_TEXT_BYTES];
    char en[DOOR_TEXT_BYTES];
};

/* Logs in. Needs: options->command is OPTIONS_TEST. ERR_IO: no connection; ERR_FORBIDDEN: refused;
 * both fill *ret_refusal. */
MUST_USE enum err door_client_open(const struct options *options, const char *password,
                                   struct door_client **ret_client,
                                   struct door_refusal *ret_refusal);
/* Logs out. Accepts NULL. */
void door_client_close(struct door_client *client);

/* Likewise. */
MUST_USE enum err door_client_start(struct door_client *client, uint32_t receivers,
                                    uint32_t senders, struct door_line_test *ret_test,
                                    struct door_refusal *ret_refusal);
void door_client_end(struct door_client *client, const struct door_line_test *test);

#endif

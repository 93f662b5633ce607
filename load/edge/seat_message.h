/* What a seat and the door say to each other, in JSON (docs/protocol.md, "Live"). */
#ifndef LOAD_EDGE_SEAT_MESSAGE_H
#define LOAD_EDGE_SEAT_MESSAGE_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/err.h"
#include "load/core/options.h"
#include "load/edge/door_client.h"

enum seat_message_type {
    SEAT_MESSAGE_HELLO,
    SEAT_MESSAGE_JOINED,
    SEAT_MESSAGE_LAYERS,
    SEAT_MESSAGE_ERROR,
    SEAT_MESSAGE_OTHER, /* nothing a seat acts on */
};

struct seat_message {
    enum seat_message_type type;
    json_t *json;    /* owns `sdp` */
    uint32_t source; /* hello */
    const char *sdp; /* joined */
    bool camera[3];  /* layers */
    bool fatal;      /* error */
    struct door_refusal refusal;
};

/* ERR_FORMAT unless it is an object with a type and what that type needs. */
MUST_USE enum err seat_message_parse(struct bytes text, struct seat_message *ret_message);
void seat_message_done(struct seat_message *message);

/* Texts to be freed by the caller; NULL when out of memory. */
char *seat_message_join(const char *sdp, uint32_t tiles);
char *seat_message_watch(uint32_t senders, uint32_t tiles);
char *seat_message_stage(uint32_t source);

#endif

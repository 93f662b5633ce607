/* A peer that means harm, or is as good as dead: joined like any other, then behaving badly. Its
 * packets are made by libnice, OpenSSL and libsrtp2 (media_client.h). */
#ifndef TESTS_SUPPORT_HOSTILE_H
#define TESTS_SUPPORT_HOSTILE_H

#include <stdbool.h>
#include <stdint.h>

#include "tests/support/media_client.h"

enum hostile_kind {
    HOSTILE_STOPS_READING, /* its socket's buffer fills up */
    HOSTILE_DIES,          /* its port is closed: every send is answered by ICMP */
    HOSTILE_JUNK,          /* noise, from its own address and from strangers' */
    HOSTILE_STUN,          /* checks with wrong passwords */
    HOSTILE_WRONG_KEYS,    /* RTP that no key of its fits */
    HOSTILE_NACKS,         /* asks for seventeen packets again, over and over */
    HOSTILE_PLIS,          /* asks for a keyframe, over and over */
    HOSTILE_FORGES,        /* transport-cc that says what cannot be */
    HOSTILE_KINDS
};

struct hostile {
    struct media_client client;
    enum hostile_kind kind;
    int stranger;   /* a socket that never joined */
    uint32_t index; /* of the next SRTCP packet, and of whatever else counts up */
    uint64_t sent;
};

const char *hostile_name(enum hostile_kind kind);

/* Joins `room` as `endpoint`: a receiver with one audio slot and one stage slot, and a microphone
 * that nobody allowed. */
bool hostile_join(struct hostile *hostile, enum hostile_kind kind, struct sfu *sfu, uint64_t room,
                  uint64_t endpoint);
/* Does it `times` times, at once. */
bool hostile_act(struct hostile *hostile, uint32_t times);
void hostile_leave(struct hostile *hostile);

#endif

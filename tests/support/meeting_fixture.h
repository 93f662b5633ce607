/* A province in a temporary folder, for tests of the meeting's service: real files, real SQLite. */
#ifndef TESTS_SUPPORT_MEETING_FIXTURE_H
#define TESTS_SUPPORT_MEETING_FIXTURE_H

#include "meeting/meeting.h"

/* Monday 23 November 2026, 08:00 in Vietnam. */
#define FIXTURE_START INT64_C(1795395600000)

enum { FIXTURE_COMMUNES = 4 };

struct meeting_fixture {
    char folder[64];
    struct jobs *jobs;
    struct meeting_service *service;
    utc_ms_t now;
    struct certs_ca *ca;       /* only after fixture_make_ca() */
    struct certs_trust *trust; /* likewise */
    struct certs_ask *ask;     /* likewise */
    struct certs_device *seal; /* the test's own; taken up by fixture_reopen() */
    uint64_t province;
    uint64_t communes[FIXTURE_COMMUNES];
    uint64_t chair; /* users */
    uint64_t secretary;
    uint64_t technician;
    uint64_t clerk;
    uint64_t members[FIXTURE_COMMUNES];
    uint64_t meeting;
};

/* All assert that they succeed. */
void fixture_open(struct meeting_fixture *fixture);
void fixture_close(struct meeting_fixture *fixture); /* and removes the folder */
/* Closes the service and opens it again on the same folder. */
void fixture_reopen(struct meeting_fixture *fixture);
/* A CA in the folder, and the service opened with its trust. */
void fixture_make_ca(struct meeting_fixture *fixture);

/* Makes fixture->meeting: announced, with an agenda of two items, all communes invited. */
void fixture_announce(struct meeting_fixture *fixture);
/* And further: chair, secretary and all members entered, started, the first item open. */
void fixture_start(struct meeting_fixture *fixture);

/* Fills in the meeting and moves the clock by a second. */
struct meeting_receipt fixture_submit(struct meeting_fixture *fixture, uint64_t actor,
                                      struct meeting_command command);
/* Submits and waits; ERR_OK or how it ended. `ret_id` may be NULL. */
enum err fixture_do(struct meeting_fixture *fixture, uint64_t actor,
                    struct meeting_command command);
/* Waits for the end of a ticket, and drops what is told before. Gives the refusal, or NULL. */
const struct refusal *fixture_wait(struct meeting_fixture *fixture,
                                   const struct meeting_receipt *receipt, uint64_t *ret_id);
const struct meeting_state *fixture_state(const struct meeting_fixture *fixture);
uint64_t fixture_participant(const struct meeting_fixture *fixture, uint64_t user);

#endif

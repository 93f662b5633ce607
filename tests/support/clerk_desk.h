/* The clerk's desk with one paper on it: minutes that both have signed, and a device (SoftHSM2)
 * with the agency's seal. Functions for one test file. */
#ifndef TESTS_SUPPORT_CLERK_DESK_H
#define TESTS_SUPPORT_CLERK_DESK_H

#include <poll.h>

#include "tests/support/device.h"
#include "tests/support/minutes_signing.h"

/* A meeting whose minutes both have signed, and a device with the agency's seal. */
struct desk {
    struct meeting_fixture f;
    struct device_fixture device;
    struct certs_issued seal;
};

static inline void sign(struct meeting_fixture *f, uint64_t user, enum minutes_field field)
{
    char serial[65];
    uint64_t id = 0;
    struct signer signer = person(f, user, serial);
    assert_null(prepare(f, user, field, serial, &id));
    assert_null(complete(f, &signer, user, id));
    signer_done(&signer);
}

static inline void minutes_sign(struct meeting_fixture *f)
{
    struct meeting_command finalise = {.action = ACTION_MINUTES_FINALISE,
                                       .of.minutes_finalise.revision =
                                           fixture_state(f)->minutes.revision};
    assert_int_equal(fixture_do(f, f->secretary, finalise), ERR_OK);
    sign(f, f->secretary, MINUTES_FIELD_SECRETARY);
    sign(f, f->chair, MINUTES_FIELD_CHAIR);
}

static inline void desk_open(struct desk *desk)
{
    struct meeting_fixture *f = &desk->f;
    device_open(&desk->device, NULL);
    device_make(&desk->device);
    fixture_open(f);
    f->seal = desk->device.device;
    fixture_make_ca(f);
    desk->seal = device_certify(&desk->device, f->ca, f->now);
    fixture_start(f);
    assert_int_equal(fixture_do(f, f->chair, (struct meeting_command){.action = ACTION_END}),
                     ERR_OK);
    minutes_sign(f);
}

static inline void desk_close(struct desk *desk)
{
    fixture_close(&desk->f);
    certs_issued_done(&desk->seal);
    device_close(&desk->device);
}

static inline const struct state_issue *issue_of(const struct meeting_fixture *f)
{
    return state_issue_now(fixture_state(f));
}

static inline enum err clerk_does(struct meeting_fixture *f, struct meeting_command command)
{
    return fixture_do(f, f->clerk, command);
}

/* Until the number stands in the file. */
static inline void wait_written(struct meeting_fixture *f)
{
    while (issue_of(f)->stage == ISSUE_NUMBERED) {
        struct pollfd fd = {.fd = meeting_fd(f->service), .events = POLLIN};
        struct meeting_output output;
        assert_int_equal(poll(&fd, 1, 20000), 1);
        while (meeting_poll(f->service, f->now, &output))
            continue;
    }
    assert_int_equal(issue_of(f)->stage, ISSUE_WRITTEN);
}

/* Gives it its number, and waits until that stands in the file. */
static inline void number(struct meeting_fixture *f)
{
    assert_int_equal(clerk_does(f, (struct meeting_command){.action = ACTION_ISSUE_NUMBER}),
                     ERR_OK);
    wait_written(f);
}

static inline const struct refusal *seal(struct meeting_fixture *f, const char *pin)
{
    f->now += 1000;
    struct meeting_receipt receipt =
        meeting_issue_seal(f->service, f->meeting, f->clerk, bytes_of(pin), f->now);
    return fixture_wait(f, &receipt, NULL);
}

#endif

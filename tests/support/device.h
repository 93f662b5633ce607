/* A software device (SoftHSM2) with a token folder of its own, for tests. */
#ifndef TESTS_SUPPORT_DEVICE_H
#define TESTS_SUPPORT_DEVICE_H

#include "certs/certs.h"

#define DEVICE_MODULE "/usr/lib/softhsm/libsofthsm2.so"
#define DEVICE_PIN "271284"

struct device_fixture {
    char folder[64];
    struct certs_device *device;
    struct buffer csr; /* of the key in it; empty before device_make() */
};

/* Points this process's SoftHSM2 at an empty folder and opens `module` (NULL: SoftHSM2 itself) with
 * the token "Dấu cơ quan" and the label "con-dau". */
void device_open(struct device_fixture *fixture, const char *module);
/* Makes the token and a P-256 key in it. */
void device_make(struct device_fixture *fixture);
/* And removes the folder. */
void device_close(struct device_fixture *fixture);

/* The certificate of `ca` for the key, put into the token too; the caller's. */
struct certs_issued device_certify(struct device_fixture *fixture, struct certs_ca *ca,
                                   utc_ms_t now);

struct bytes device_pin(void);

#endif

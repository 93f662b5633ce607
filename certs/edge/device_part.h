/* What an opened device holds, and how its parts are found; see certs/edge/device.h. */
#ifndef CERTS_EDGE_DEVICE_PART_H
#define CERTS_EDGE_DEVICE_PART_H

#include <pthread.h>

#include "certs/edge/device.h"
#include "certs/edge/pkcs11.h"

struct certs_device {
    struct pkcs11 module;
    char *token;
    char *label;
    pthread_mutex_t lock; /* a login holds for all of a process's sessions: one at a time */
    uint32_t wrong_pins;
    bool at_last_try;
    utc_ms_t rest_until;
    CK_RV error;
};

/* The house's word for PKCS#11's; keeps what it has no word for. */
enum certs_device_fault device_fault(struct certs_device *device, CK_RV rv);

/* Opens a session on the device's token. End it with pkcs11_end(). */
enum certs_device_fault device_session(struct certs_device *device, bool writing,
                                       struct pkcs11_session *ret_session);
/* Opens one and logs in, with the counting of wrong PINs. */
enum certs_device_fault device_login(struct certs_device *device, bool writing, struct bytes pin,
                                     utc_ms_t now, struct pkcs11_session *ret_session);

/* An object of that class with the device's label; with `id` (may be empty) instead of the label
 * when it has one. CKR_OBJECT_HANDLE_INVALID when there is none. */
CK_RV device_find(const struct certs_device *device, const struct pkcs11_session *session,
                  CK_OBJECT_CLASS class, struct bytes id, CK_OBJECT_HANDLE *ret_object);

#endif

/* A key in a PKCS#11 device (OASIS PKCS #11 2.40): the agency's seal in a security module on the
 * server, or a person's token at their own machine. The key never leaves the device; what comes out
 * is a certificate and signatures.
 *
 *   open ─► certificate ─► (the attributes to be signed) ─► sign(PIN) ─► r‖s or an RSA signature
 *
 * The PIN opens the device for one signature: every call logs in, signs, logs out and ends its
 * session. It is neither kept nor logged; the caller wipes its own copy. Wrong PINs are counted
 * here besides in the device, and after CERTS_DEVICE_WRONG_PINS_MAX in a row none is passed on for
 * a while, so that whoever guesses at our door cannot lock the agency's device.
 *
 * Threads: any, one call after the other (a lock inside); calls wait for the device, so they belong
 * on Jobs. Times come from the caller and are only compared with each other. */
#ifndef CERTS_EDGE_DEVICE_H
#define CERTS_EDGE_DEVICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"
#include "base/bytes.h"
#include "base/err.h"
#include "base/units.h"

enum {
    CERTS_DEVICE_SIGNATURE_BYTES = 512, /* RSA of 4096 bits */
    CERTS_DEVICE_PIN_BYTES = 64,
    CERTS_DEVICE_WRONG_PINS_MAX = 3, /* many devices lock themselves at the fifth */
    CERTS_DEVICE_REST_MS = 15 * 60 * 1000,
};

/* Where a key is. Labels are UTF-8; an empty one fits everything. */
struct certs_device_place {
    const char *module; /* path of the device's PKCS#11 library */
    const char *token;  /* label of the token */
    const char *label;  /* of the certificate and, where it carries no id, of the key */
};

enum certs_device_fault {
    CERTS_DEVICE_FINE,
    CERTS_DEVICE_NO_MODULE,      /* the library is not there, or is none */
    CERTS_DEVICE_NO_TOKEN,       /* no token of that label is plugged in */
    CERTS_DEVICE_NO_CERTIFICATE, /* none of that label on it */
    CERTS_DEVICE_NO_KEY,         /* not the private half of the certificate's key */
    CERTS_DEVICE_KEY_KIND,       /* neither P-256 nor RSA of 2048 to 4096 bits */
    CERTS_DEVICE_PIN_WRONG,
    CERTS_DEVICE_PIN_LOCKED, /* by the device: only its own administrator can help */
    CERTS_DEVICE_PIN_REST,   /* by us, for CERTS_DEVICE_REST_MS */
    CERTS_DEVICE_FAILED,     /* anything else; certs_device_error() says what */
    CERTS_DEVICE_FAULT_COUNT,
};

/* "fine", "no_module", …; for logs. */
const char *certs_device_fault_name(enum certs_device_fault fault);

struct certs_device;

enum certs_device_fault certs_device_open(const struct certs_device_place *place,
                                          struct certs_device **ret_device);
/* Accepts NULL. */
void certs_device_close(struct certs_device *device);

/* The certificate as the device holds it, DER; needs no PIN. `ret_certificate` is the caller's. */
enum certs_device_fault certs_device_certificate(struct certs_device *device,
                                                 struct buffer *ret_certificate);

struct certs_device_signature {
    uint8_t bytes[CERTS_DEVICE_SIGNATURE_BYTES];
    size_t size; /* 64 (r and s) for P-256, the modulus' length for RSA */
    bool is_rsa; /* PKCS#1 v1.5 with SHA-256; else ECDSA with SHA-256 */
};

/* Signs `message` (which is hashed with SHA-256 on the way) with the key of the certificate. */
enum certs_device_fault certs_device_sign(struct certs_device *device, struct bytes pin,
                                          struct bytes message, utc_ms_t now,
                                          struct certs_device_signature *ret_signature);

/* Wrong PINs since the last right one, as counted here. */
uint32_t certs_device_wrong_pins(struct certs_device *device);
/* Whether the device says that one more wrong PIN locks it. */
bool certs_device_is_at_last_try(struct certs_device *device);
/* The device's own number for the last CERTS_DEVICE_FAILED (CKR_…), for logs. */
uint64_t certs_device_error(struct certs_device *device);

/* -- putting a device into service (`dienhong seal …`) ----------------------------------------- */

/* Makes a token on the first empty slot and sets both its PINs. For software devices and new ones:
 * a token of that label must not exist yet (CERTS_DEVICE_FAILED). */
enum certs_device_fault certs_device_make_token(struct certs_device *device, struct bytes admin_pin,
                                                struct bytes pin);
/* Makes a P-256 pair in the device that cannot be taken out, and a request for its certificate
 * (PKCS#10, DER) in the name `common_name`, signed by it. */
enum certs_device_fault certs_device_make_key(struct certs_device *device, struct bytes pin,
                                              const char *common_name, struct buffer *ret_csr);
/* Puts the certificate beside its key; CERTS_DEVICE_NO_KEY when that is not in the device. */
enum certs_device_fault certs_device_keep_certificate(struct certs_device *device, struct bytes pin,
                                                      struct bytes certificate);

#endif

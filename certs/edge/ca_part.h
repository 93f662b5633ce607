/* What an opened CA holds, and how its parts take turns; see ca.h. */
#ifndef CERTS_EDGE_CA_PART_H
#define CERTS_EDGE_CA_PART_H

#include <openssl/evp.h>
#include <openssl/x509.h>
#include <pthread.h>

#include "base/buffer.h"
#include "certs/edge/ca.h"
#include "certs/edge/pem.h"
#include "certs/edge/register_part.h"
#include "certs/edge/sizes.h"

/* A certificate that the CA itself uses, and its key. */
struct ca_service {
    X509 *certificate;
    EVP_PKEY *key;
};

/* The root's key is not kept: it signs when the folder is made, and its CRL once a year. */
struct certs_ca {
    char folder[PEM_PATH_BYTES];
    X509 *root;
    X509 *issuing;
    EVP_PKEY *issuing_key;
    struct buffer root_der;
    struct buffer issuing_der;
    char province[CERTS_NAME_TEXT_BYTES]; /* the organisation that the issuing CA names */

    /* Taken in this order: `listing`, `change`, the folder's lock, `lock`. */
    pthread_mutex_t listing; /* one list is made at a time, with none of the others held */
    pthread_mutex_t change;  /* one thread changes the folder at a time */
    int lock_fd;             /* the folder's lock, between processes */
    pthread_mutex_t lock;    /* guards what follows */
    bool changing;           /* whoever has `lock` has `change` and the folder too */
    char url[CERTS_URL_BYTES];
    struct ca_register entries;
    struct ca_service ocsp;
    struct ca_service tsa;
    struct buffer crl;   /* the latest, DER; empty before the first */
    utc_ms_t crl_at;     /* its thisUpdate */
    uint64_t crl_number; /* the CRL's own number (RFC 5280, section 5.2.3) */
    uint32_t crl_revoked;
};

/* Takes the CA for this thread with the register as it stands on disk; with `to_change`, the folder
 * too, for this process. Whoever waits for the folder keeps nobody from reading. After ERR_OK
 * ca_leave() must follow. ERR_IO, ERR_FORMAT. */
MUST_USE enum err ca_enter(struct certs_ca *ca, bool to_change);
void ca_leave(struct certs_ca *ca);

/* "folder/name" of this CA. */
MUST_USE enum err ca_path(const struct certs_ca *ca, const char *name,
                          char ret_path[PEM_PATH_BYTES]);
/* "C=VN, O=organisation, CN=name"; the caller's. */
MUST_USE enum err ca_name(const char *organisation, const char *name, X509_NAME **ret_name);

/* Service certificates with more references, so that they outlive a renewal. */
MUST_USE enum err ca_take_service(struct certs_ca *ca, const struct ca_service *service,
                                  struct ca_service *ret_service);
void ca_service_done(struct ca_service *service);

#endif

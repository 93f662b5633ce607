/* PEM files of the CA's folder: read whole and bounded, written whole or not at all. */
#ifndef CERTS_EDGE_PEM_H
#define CERTS_EDGE_PEM_H

#include <openssl/evp.h>
#include <openssl/x509.h>
#include <sys/types.h>

#include "base/buffer.h"
#include "base/err.h"

enum { PEM_FILE_BYTES_MAX = 1024 * 1024, PEM_PATH_BYTES = 4096 };

/* ERR_UNKNOWN: no such file. ERR_LIMIT over PEM_FILE_BYTES_MAX. */
MUST_USE enum err pem_load(const char *path, struct buffer *ret_text);
/* Writes beside `path`, syncs and renames, so that a crash leaves the old file or the new. */
MUST_USE enum err pem_save(const char *path, struct bytes text, mode_t mode);

/* "folder/name"; ERR_LIMIT when it does not fit. */
MUST_USE enum err pem_path(const char *folder, const char *name, char ret_path[PEM_PATH_BYTES]);

/* The first certificate or key of a file. ERR_UNKNOWN, ERR_FORMAT. */
MUST_USE enum err pem_load_certificate(const char *path, X509 **ret_certificate);
MUST_USE enum err pem_load_key(const char *path, EVP_PKEY **ret_key);

/* `certificates`: NULL-terminated list, written in order. */
MUST_USE enum err pem_save_certificates(const char *path, X509 *const *certificates);
/* PKCS#8, unencrypted, mode 0600. */
MUST_USE enum err pem_save_key(const char *path, EVP_PKEY *key);

#endif

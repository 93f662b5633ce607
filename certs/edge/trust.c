#include "certs/edge/trust.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <stdlib.h>

#include "certs/certs.h"
#include "certs/edge/pem.h"

static size_t add_all(X509_STORE *store, BIO *bio)
{
    size_t count = 0;
    X509 *certificate;
    while ((certificate = PEM_read_bio_X509(bio, NULL, NULL, NULL)) != NULL) {
        /* Extensions are worked out when first asked for: now, while nobody shares the store. One
         * that is malformed is found again, and refused, when a chain is built. */
        (void)X509_check_purpose(certificate, -1, 0);
        if (X509_STORE_add_cert(store, certificate) == 1)
            count++;
        X509_free(certificate);
    }
    ERR_clear_error(); /* the end of the text is an error to OpenSSL */
    return count;
}

enum err certs_trust_parse(struct bytes pem, struct certs_trust **ret_trust)
{
    if (pem.size == 0)
        return ERR_FORMAT;
    if (pem.size > PEM_FILE_BYTES_MAX)
        return ERR_LIMIT;
    struct certs_trust *trust = calloc(1, sizeof *trust);
    BIO *bio = BIO_new_mem_buf(pem.data, (int)pem.size);
    if (trust)
        trust->store = X509_STORE_new();
    enum err err = trust && trust->store && bio ? ERR_OK : ERR_NO_MEMORY;
    if (err == ERR_OK && add_all(trust->store, bio) == 0)
        err = ERR_FORMAT;
    BIO_free(bio);
    if (err != ERR_OK) {
        certs_trust_free(trust);
        return err;
    }
    *ret_trust = trust;
    return ERR_OK;
}

enum err certs_trust_load(const char *pem_path, struct certs_trust **ret_trust)
{
    struct buffer text = {0};
    enum err err = pem_load(pem_path, &text);
    if (err == ERR_OK)
        err = certs_trust_parse(buffer_bytes(&text), ret_trust);
    buffer_done(&text);
    return err;
}

void certs_trust_free(struct certs_trust *trust)
{
    if (!trust)
        return;
    X509_STORE_free(trust->store);
    free(trust);
}

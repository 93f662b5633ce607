#include <openssl/sha.h>

#include "base/limits.h"
#include "certs/edge/der.h"
#include "certs/edge/request_part.h"

enum err request_parse(struct bytes csr, X509_REQ **ret_request)
{
    if (csr.size > LIMIT_CSR_BYTES)
        return ERR_LIMIT;
    const unsigned char *at = csr.data;
    X509_REQ *request = csr.size > 0 ? d2i_X509_REQ(NULL, &at, (long)csr.size) : NULL;
    enum err err = request && at == csr.data + csr.size ? ERR_OK : ERR_FORMAT;
    EVP_PKEY *key = err == ERR_OK ? X509_REQ_get0_pubkey(request) : NULL;
    if (err == ERR_OK && !der_is_p256(key))
        err = ERR_UNSUPPORTED;
    if (err == ERR_OK && X509_REQ_verify(request, key) != 1)
        err = ERR_AUTH; /* no proof that the key's owner asked */
    if (err != ERR_OK) {
        X509_REQ_free(request);
        return err;
    }
    *ret_request = request;
    return ERR_OK;
}

enum err certs_request_key(struct bytes csr, uint8_t ret_spki_sha256[CERTS_REQUEST_HASH_BYTES])
{
    X509_REQ *request = NULL;
    unsigned char *spki = NULL;
    enum err err = request_parse(csr, &request);
    if (err != ERR_OK)
        return err;
    int size = i2d_X509_PUBKEY(X509_REQ_get_X509_PUBKEY(request), &spki);
    if (size <= 0 || !SHA256(spki, (size_t)size, ret_spki_sha256))
        err = ERR_NO_MEMORY;
    OPENSSL_free(spki);
    X509_REQ_free(request);
    return err;
}

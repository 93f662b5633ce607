/* The development TSA (RFC 3161): DER in, DER out. */
#include <openssl/err.h>
#include <openssl/rand.h>
#include <openssl/ts.h>

#include "base/limits.h"
#include "certs/edge/ca_part.h"
#include "certs/edge/der.h"
#include "certs/edge/timestamp.h"

enum { SERIAL_BYTES = 16 };

/* Each token's own number: 127 random bits, so that no counter need survive anything. */
static ASN1_INTEGER *new_serial(TS_RESP_CTX *context, void *unused)
{
    uint8_t bytes[SERIAL_BYTES];
    (void)context;
    (void)unused;
    BIGNUM *number = NULL;
    ASN1_INTEGER *serial = NULL;
    if (RAND_bytes(bytes, sizeof bytes) == 1) {
        bytes[0] = (uint8_t)((bytes[0] & 0x7F) | 0x40);
        number = BN_bin2bn(bytes, sizeof bytes, NULL);
    }
    if (number)
        serial = BN_to_ASN1_INTEGER(number, NULL);
    BN_free(number);
    return serial;
}

static int tell_time(TS_RESP_CTX *context, void *now, long *ret_seconds, long *ret_microseconds)
{
    (void)context;
    *ret_seconds = (long)(*(const utc_ms_t *)now / 1000);
    *ret_microseconds = 0;
    return 1;
}

static bool set_up(TS_RESP_CTX *context, const struct ca_service *tsa, utc_ms_t *now)
{
    ASN1_OBJECT *policy = OBJ_txt2obj(CERTS_TSA_POLICY, 1);
    bool done = policy && TS_RESP_CTX_set_signer_cert(context, tsa->certificate) == 1 &&
                TS_RESP_CTX_set_signer_key(context, tsa->key) == 1 &&
                TS_RESP_CTX_set_signer_digest(context, EVP_sha256()) == 1 &&
                TS_RESP_CTX_set_ess_cert_id_digest(context, EVP_sha256()) == 1 &&
                TS_RESP_CTX_set_def_policy(context, policy) == 1 &&
                TS_RESP_CTX_add_md(context, EVP_sha256()) == 1 &&
                TS_RESP_CTX_set_accuracy(context, CERTS_TSA_ACCURACY_S, 0, 0) == 1;
    TS_RESP_CTX_set_serial_cb(context, new_serial, NULL);
    TS_RESP_CTX_set_time_cb(context, tell_time, now);
    ASN1_OBJECT_free(policy);
    return done;
}

/* Bytes behind a request, or too many, are answered as what is no request at all. */
static struct bytes only_request(struct bytes der)
{
    const unsigned char *at = der.data;
    TS_REQ *request = der.size > 0 && der.size <= LIMIT_TSA_REQUEST_BYTES
                          ? d2i_TS_REQ(NULL, &at, (long)der.size)
                          : NULL;
    bool fine = request && at == der.data + der.size;
    TS_REQ_free(request);
    return fine ? der : (struct bytes){(const uint8_t *)"", 0};
}

static enum err respond(TS_RESP_CTX *context, struct bytes request, struct buffer *ret_response)
{
    BIO *bio = BIO_new_mem_buf(request.data, (int)request.size);
    TS_RESP *response = bio ? TS_RESP_create_response(context, bio) : NULL;
    BIO_free(bio);
    if (!response)
        return ERR_NO_MEMORY;
    unsigned char *data = NULL;
    int size = i2d_TS_RESP(response, &data);
    TS_RESP_free(response);
    return der_take(data, size, ret_response);
}

enum err certs_tsa_answer(struct certs_ca *ca, struct bytes request, utc_ms_t now,
                          struct buffer *ret_response)
{
    struct ca_service tsa = {0};
    enum err err = ca_take_service(ca, &ca->tsa, &tsa);
    if (err != ERR_OK)
        return err;
    TS_RESP_CTX *context = TS_RESP_CTX_new();
    err = context && set_up(context, &tsa, &now)
              ? respond(context, only_request(request), ret_response)
              : ERR_NO_MEMORY;
    TS_RESP_CTX_free(context);
    ca_service_done(&tsa);
    ERR_clear_error();
    return err;
}

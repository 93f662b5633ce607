#include "certs/edge/crl.h"

#include <openssl/err.h>
#include <openssl/x509v3.h>
#include <time.h>

#include "certs/edge/der.h"
#include "certs/edge/issue.h"
#include "certs/edge/status.h"

#define ROOT_CRL_FRESH_S (365 * ISSUE_DAY_S)

/* -- making ----------------------------------------------------------------------------------- */

struct crl_plan {
    X509 *issuer;
    EVP_PKEY *issuer_key;
    const struct ca_register *entries; /* NULL: nothing is revoked */
    uint64_t number;
    utc_ms_t now;
    int64_t fresh_s;
};

static bool set_reason(X509_REVOKED *revoked, enum certs_reason reason)
{
    if (reason == CERTS_REASON_UNSPECIFIED) /* is left out: RFC 5280, section 5.3.1 */
        return true;
    ASN1_ENUMERATED *value = ASN1_ENUMERATED_new();
    bool done = value && ASN1_ENUMERATED_set(value, (long)reason) == 1 &&
                X509_REVOKED_add1_ext_i2d(revoked, NID_crl_reason, value, 0, 0) == 1;
    ASN1_ENUMERATED_free(value);
    return done;
}

static bool add_revoked(X509_CRL *crl, const struct ca_record *record)
{
    X509_REVOKED *revoked = X509_REVOKED_new();
    ASN1_TIME *at = ASN1_TIME_set(NULL, (time_t)(record->revoked_at / 1000));
    ASN1_INTEGER *serial = NULL;
    bool done = revoked && at && der_parse_serial(record->serial, &serial) == ERR_OK &&
                X509_REVOKED_set_serialNumber(revoked, serial) == 1 &&
                X509_REVOKED_set_revocationDate(revoked, at) == 1 &&
                set_reason(revoked, record->reason) && X509_CRL_add0_revoked(crl, revoked) == 1;
    if (!done)
        X509_REVOKED_free(revoked);
    ASN1_INTEGER_free(serial);
    ASN1_TIME_free(at);
    return done;
}

static bool add_all_revoked(X509_CRL *crl, const struct ca_register *entries)
{
    for (uint32_t n = 0; entries && n < entries->count; n++)
        if (entries->records[n].is_revoked && !add_revoked(crl, &entries->records[n]))
            return false;
    return X509_CRL_sort(crl) == 1;
}

static bool set_times(X509_CRL *crl, const struct crl_plan *plan)
{
    ASN1_TIME *from = ASN1_TIME_set(NULL, (time_t)(plan->now / 1000));
    ASN1_TIME *until = ASN1_TIME_set(NULL, (time_t)(plan->now / 1000 + plan->fresh_s));
    bool done = from && until && X509_CRL_set1_lastUpdate(crl, from) == 1 &&
                X509_CRL_set1_nextUpdate(crl, until) == 1;
    ASN1_TIME_free(from);
    ASN1_TIME_free(until);
    return done;
}

static bool add_extensions(X509_CRL *crl, const struct crl_plan *plan)
{
    X509V3_CTX context;
    X509V3_set_ctx(&context, plan->issuer, NULL, NULL, crl, 0);
    X509V3_set_ctx_nodb(&context);
    X509_EXTENSION *key =
        X509V3_EXT_nconf_nid(NULL, &context, NID_authority_key_identifier, "keyid:always");
    ASN1_INTEGER *number = ASN1_INTEGER_new();
    bool done = key && number && X509_CRL_add_ext(crl, key, -1) == 1 &&
                ASN1_INTEGER_set_uint64(number, plan->number) == 1 &&
                X509_CRL_add1_ext_i2d(crl, NID_crl_number, number, 0, 0) == 1;
    ASN1_INTEGER_free(number);
    X509_EXTENSION_free(key);
    return done;
}

static enum err make(const struct crl_plan *plan, struct buffer *ret_crl)
{
    X509_CRL *crl = X509_CRL_new();
    bool done = crl && X509_CRL_set_version(crl, X509_CRL_VERSION_2) == 1 &&
                X509_CRL_set_issuer_name(crl, X509_get_subject_name(plan->issuer)) == 1 &&
                set_times(crl, plan) && add_all_revoked(crl, plan->entries) &&
                add_extensions(crl, plan) && X509_CRL_sign(crl, plan->issuer_key, EVP_sha256()) > 0;
    enum err err = ERR_NO_MEMORY;
    if (done) {
        unsigned char *data = NULL;
        int size = i2d_X509_CRL(crl, &data);
        err = der_take(data, size, ret_crl);
    }
    X509_CRL_free(crl);
    return err;
}

/* -- on disk ---------------------------------------------------------------------------------- */

enum err crl_parse(struct bytes der, X509_CRL **ret_crl)
{
    const unsigned char *at = der.data;
    X509_CRL *crl = der.size > 0 ? d2i_X509_CRL(NULL, &at, (long)der.size) : NULL;
    if (!crl || at != der.data + der.size) {
        X509_CRL_free(crl);
        ERR_clear_error();
        return ERR_FORMAT;
    }
    *ret_crl = crl;
    return ERR_OK;
}

enum err crl_load(const struct certs_ca *ca, const char *name, X509_CRL **ret_crl)
{
    char path[PEM_PATH_BYTES];
    struct buffer der = {0};
    enum err err = ca_path(ca, name, path);
    if (err == ERR_OK)
        err = pem_load(path, &der);
    if (err == ERR_OK)
        err = crl_parse(buffer_bytes(&der), ret_crl);
    buffer_done(&der);
    return err;
}

static enum err save(const struct certs_ca *ca, const char *name, struct bytes der)
{
    char path[PEM_PATH_BYTES];
    enum err err = ca_path(ca, name, path);
    return err == ERR_OK ? pem_save(path, der, 0644) : err;
}

/* The number behind that of `before`. */
static uint64_t next_number(const X509_CRL *before)
{
    uint64_t number = 0;
    ASN1_INTEGER *held = before ? X509_CRL_get_ext_d2i(before, NID_crl_number, NULL, NULL) : NULL;
    if (held && ASN1_INTEGER_get_uint64(&number, held) != 1)
        number = 0;
    ASN1_INTEGER_free(held);
    return number + 1;
}

/* -- the issuing CA's ------------------------------------------------------------------------- */

static bool is_fresh(const struct certs_ca *ca, utc_ms_t now)
{
    return ca->crl.size > 0 && ca->crl_revoked == ca->entries.revoked_count && now >= ca->crl_at &&
           now < ca->crl_at + CERTS_CRL_RENEW_S * INT64_C(1000);
}

static enum err hold(struct certs_ca *ca, X509_CRL *crl)
{
    struct buffer der = {0};
    unsigned char *data = NULL;
    int size = i2d_X509_CRL(crl, &data);
    enum err err = der_take(data, size, &der);
    if (err != ERR_OK)
        return err;
    buffer_done(&ca->crl);
    ca->crl = der;
    ca->crl_at = issue_time_ms(X509_CRL_get0_lastUpdate(crl));
    int revoked = sk_X509_REVOKED_num(X509_CRL_get_REVOKED(crl));
    ca->crl_revoked = revoked > 0 ? (uint32_t)revoked : 0;
    return ERR_OK;
}

static enum err renew(struct certs_ca *ca, const X509_CRL *before, utc_ms_t now)
{
    struct crl_plan plan = {ca->issuing, ca->issuing_key,  &ca->entries, next_number(before),
                            now,         CERTS_CRL_FRESH_S};
    struct buffer der = {0};
    X509_CRL *crl = NULL;
    enum err err = make(&plan, &der);
    if (err == ERR_OK)
        err = save(ca, "crl.der", buffer_bytes(&der)); /* its number is used from now on */
    if (err == ERR_OK)
        err = crl_parse(buffer_bytes(&der), &crl);
    if (err == ERR_OK)
        err = hold(ca, crl);
    X509_CRL_free(crl);
    buffer_done(&der);
    return err;
}

enum err crl_refresh(struct certs_ca *ca, utc_ms_t now)
{
    X509_CRL *held = NULL;
    if (is_fresh(ca, now))
        return ERR_OK;
    enum err err = crl_load(ca, "crl.der", &held);
    if (err == ERR_OK)
        err = hold(ca, held); /* another process may have made one */
    else if (err == ERR_UNKNOWN)
        err = ERR_OK;
    /* Lines cut off the register's end leave its chain whole; but what a list said was revoked. */
    if (err == ERR_OK && held && ca->crl_revoked > ca->entries.revoked_count)
        err = ERR_FORMAT;
    if (err == ERR_OK && !is_fresh(ca, now))
        err = renew(ca, held, now);
    X509_CRL_free(held);
    return err;
}

enum err certs_crl(struct certs_ca *ca, utc_ms_t now, struct buffer *ret_crl)
{
    struct buffer copy = {0};
    enum err err = ca_enter(ca, false);
    if (err != ERR_OK)
        return err;
    bool fresh = is_fresh(ca, now);
    if (!fresh) {
        ca_leave(ca);
        err = ca_enter(ca, true);
        if (err != ERR_OK)
            return err;
        err = crl_refresh(ca, now);
    }
    if (err == ERR_OK)
        err = buffer_put(&copy, buffer_bytes(&ca->crl));
    ca_leave(ca);
    if (err == ERR_OK)
        *ret_crl = copy;
    return err;
}

/* -- the root's ------------------------------------------------------------------------------- */

enum err crl_of_root(X509 *root, EVP_PKEY *root_key, const X509_CRL *before, utc_ms_t now,
                     struct buffer *ret_crl)
{
    struct crl_plan plan = {root, root_key, NULL, next_number(before), now, ROOT_CRL_FRESH_S};
    return make(&plan, ret_crl);
}

enum err certs_root_crl(struct certs_ca *ca, utc_ms_t now, struct buffer *ret_crl)
{
    char path[PEM_PATH_BYTES];
    struct buffer der = {0};
    X509_CRL *crl = NULL;
    enum err err = ca_path(ca, "root-crl.der", path);
    if (err == ERR_OK)
        err = pem_load(path, &der);
    if (err == ERR_OK)
        err = crl_parse(buffer_bytes(&der), &crl);
    if (err == ERR_OK && issue_time_ms(X509_CRL_get0_nextUpdate(crl)) <= now)
        err = ERR_STALE;
    X509_CRL_free(crl);
    if (err != ERR_OK) {
        buffer_done(&der);
        return err;
    }
    *ret_crl = der;
    return ERR_OK;
}

static enum err root_crl_with(struct certs_ca *ca, EVP_PKEY *key, utc_ms_t now)
{
    X509_CRL *before = NULL;
    struct buffer der = {0};
    enum err err = crl_load(ca, "root-crl.der", &before);
    if (err == ERR_OK || err == ERR_UNKNOWN)
        err = crl_of_root(ca->root, key, before, now, &der);
    if (err == ERR_OK)
        err = save(ca, "root-crl.der", buffer_bytes(&der));
    buffer_done(&der);
    X509_CRL_free(before);
    return err;
}

enum err certs_root_crl_make(struct certs_ca *ca, const char *root_key_path, utc_ms_t now)
{
    EVP_PKEY *key = NULL;
    enum err err = pem_load_key(root_key_path, &key);
    if (err == ERR_OK && X509_check_private_key(ca->root, key) != 1)
        err = ERR_FORMAT;
    if (err == ERR_OK)
        err = ca_enter(ca, true);
    if (err == ERR_OK) {
        err = root_crl_with(ca, key, now);
        ca_leave(ca);
    }
    EVP_PKEY_free(key);
    return err;
}

#include "certs/edge/crl.h"

#include <openssl/err.h>
#include <openssl/x509v3.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "certs/edge/der.h"
#include "certs/edge/issue.h"
#include "certs/edge/status.h"

#define ROOT_CRL_FRESH_S (365 * ISSUE_DAY_S)

enum { TURNS_MAX = 4 /* with other processes that make lists at the same time */ };

/* -- making ----------------------------------------------------------------------------------- */

/* One certificate that is revoked. */
struct crl_line {
    char serial[CERTS_SERIAL_TEXT_BYTES];
    utc_ms_t revoked_at;
    enum certs_reason reason;
};

struct crl_plan {
    X509 *issuer;
    EVP_PKEY *issuer_key;
    const struct crl_line *lines;
    uint32_t line_count;
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

static bool add_revoked(X509_CRL *crl, const struct crl_line *line)
{
    X509_REVOKED *revoked = X509_REVOKED_new();
    ASN1_TIME *at = ASN1_TIME_set(NULL, (time_t)(line->revoked_at / 1000));
    ASN1_INTEGER *serial = NULL;
    bool done = revoked && at && der_parse_serial(line->serial, &serial) == ERR_OK &&
                X509_REVOKED_set_serialNumber(revoked, serial) == 1 &&
                X509_REVOKED_set_revocationDate(revoked, at) == 1 &&
                set_reason(revoked, line->reason) && X509_CRL_add0_revoked(crl, revoked) == 1;
    if (!done)
        X509_REVOKED_free(revoked);
    ASN1_INTEGER_free(serial);
    ASN1_TIME_free(at);
    return done;
}

static bool add_all_revoked(X509_CRL *crl, const struct crl_plan *plan)
{
    for (uint32_t n = 0; n < plan->line_count; n++)
        if (!add_revoked(crl, &plan->lines[n]))
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
                set_times(crl, plan) && add_all_revoked(crl, plan) && add_extensions(crl, plan) &&
                X509_CRL_sign(crl, plan->issuer_key, EVP_sha256()) > 0;
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

static enum err load(const struct certs_ca *ca, const char *name, struct buffer *ret_der)
{
    char path[PEM_PATH_BYTES];
    enum err err = ca_path(ca, name, path);
    return err == ERR_OK ? pem_load(path, ret_der) : err;
}

enum err crl_load(const struct certs_ca *ca, const char *name, X509_CRL **ret_crl)
{
    struct buffer der = {0};
    enum err err = load(ca, name, &der);
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

/* 0 when there is none. */
static uint64_t number_of(const X509_CRL *crl)
{
    uint64_t number = 0;
    ASN1_INTEGER *held = crl ? X509_CRL_get_ext_d2i(crl, NID_crl_number, NULL, NULL) : NULL;
    if (held && ASN1_INTEGER_get_uint64(&number, held) != 1)
        number = 0;
    ASN1_INTEGER_free(held);
    return number;
}

/* -- the issuing CA's ------------------------------------------------------------------------- */

static bool is_fresh(const struct certs_ca *ca, utc_ms_t now)
{
    return ca->crl.size > 0 && ca->crl_revoked == ca->entries.revoked_count && now >= ca->crl_at &&
           now < ca->crl_at + CERTS_CRL_RENEW_S * INT64_C(1000);
}

/* Takes in what stands on disk, unless it is what we hold: another process may have made a list.
 * Needs: the folder. */
static enum err adopt(struct certs_ca *ca)
{
    struct buffer der = {0};
    X509_CRL *crl = NULL;
    enum err err = load(ca, "crl.der", &der);
    if (err == ERR_OK && ca->crl.size > 0 &&
        bytes_equal(buffer_bytes(&der), buffer_bytes(&ca->crl))) {
        buffer_done(&der);
        return ERR_OK;
    }
    if (err == ERR_OK)
        err = crl_parse(buffer_bytes(&der), &crl);
    if (err == ERR_OK) {
        int revoked = sk_X509_REVOKED_num(X509_CRL_get_REVOKED(crl));
        buffer_done(&ca->crl);
        ca->crl = der;
        ca->crl_at = issue_time_ms(X509_CRL_get0_lastUpdate(crl));
        ca->crl_number = number_of(crl);
        ca->crl_revoked = revoked > 0 ? (uint32_t)revoked : 0;
    } else {
        buffer_done(&der);
    }
    X509_CRL_free(crl);
    return err == ERR_UNKNOWN ? ERR_OK : err; /* the first is yet to be made */
}

/* Copies what is revoked; the caller's. */
static enum err copy_revoked(const struct ca_register *entries, struct crl_line **ret_lines,
                             uint32_t *ret_count)
{
    uint32_t count = 0;
    struct crl_line *lines = calloc(entries->revoked_count + 1, sizeof *lines);
    if (!lines)
        return ERR_NO_MEMORY;
    for (uint32_t n = 0; n < entries->count && count < entries->revoked_count; n++) {
        const struct ca_record *record = &entries->records[n];
        if (!record->is_revoked)
            continue;
        struct crl_line *line = &lines[count++];
        memcpy(line->serial, record->serial, sizeof line->serial);
        line->revoked_at = record->revoked_at;
        line->reason = record->reason;
    }
    *ret_lines = lines;
    *ret_count = count;
    return ERR_OK;
}

/* Needs: the folder. *ret_due: whether a list must be made as planned. */
static enum err plan_list(struct certs_ca *ca, utc_ms_t now, struct crl_plan *plan,
                          struct crl_line **ret_lines, bool *ret_due)
{
    enum err err = adopt(ca);
    /* Lines cut off the register's end leave its chain whole; but what a list said was revoked. */
    if (err == ERR_OK && ca->crl_revoked > ca->entries.revoked_count)
        err = ERR_FORMAT;
    *ret_due = err == ERR_OK && !is_fresh(ca, now);
    if (!*ret_due)
        return err;
    *plan = (struct crl_plan){.issuer = ca->issuing,
                              .issuer_key = ca->issuing_key,
                              .number = ca->crl_number + 1,
                              .now = now,
                              .fresh_s = CERTS_CRL_FRESH_S};
    err = copy_revoked(&ca->entries, ret_lines, &plan->line_count);
    plan->lines = *ret_lines;
    return err;
}

/* Takes `der` over when it is the next list still. ERR_AGAIN: another process made one. */
static enum err put_list(struct certs_ca *ca, const struct crl_plan *plan, struct buffer *der)
{
    enum err err = ca_enter(ca, true);
    if (err != ERR_OK)
        return err;
    err = adopt(ca);
    if (err == ERR_OK && ca->crl_number + 1 != plan->number)
        err = ERR_AGAIN;
    if (err == ERR_OK)
        err = save(ca, "crl.der", buffer_bytes(der)); /* its number is used from now on */
    if (err == ERR_OK) {
        buffer_done(&ca->crl);
        ca->crl = *der;
        *der = (struct buffer){0};
        ca->crl_at = plan->now / 1000 * 1000;
        ca->crl_number = plan->number;
        ca->crl_revoked = plan->line_count;
    }
    ca_leave(ca);
    return err;
}

/* Needs: `listing`. ERR_AGAIN: another process was faster. */
static enum err renew(struct certs_ca *ca, utc_ms_t now)
{
    struct crl_plan plan = {.lines = NULL};
    struct crl_line *lines = NULL;
    struct buffer der = {0};
    bool due = false;
    enum err err = ca_enter(ca, true);
    if (err != ERR_OK)
        return err;
    err = plan_list(ca, now, &plan, &lines, &due);
    ca_leave(ca);
    if (err == ERR_OK && due)
        err = make(&plan, &der);
    if (err == ERR_OK && due)
        err = put_list(ca, &plan, &der);
    buffer_done(&der);
    free(lines);
    return err;
}

/* A copy of the list that is held; ERR_AGAIN: it is not of now, and `fresh` is asked for. */
static enum err copy_held(struct certs_ca *ca, utc_ms_t now, bool fresh, struct buffer *ret_crl)
{
    struct buffer copy = {0};
    enum err err = ca_enter(ca, false);
    if (err != ERR_OK)
        return err;
    if (fresh && !is_fresh(ca, now))
        err = ERR_AGAIN;
    if (err == ERR_OK)
        err = buffer_put(&copy, buffer_bytes(&ca->crl));
    ca_leave(ca);
    if (err == ERR_OK)
        *ret_crl = copy;
    return err;
}

/* What was revoked before the call is in the list; who revokes while it is made, in the next. */
enum err certs_crl(struct certs_ca *ca, utc_ms_t now, struct buffer *ret_crl)
{
    enum err err = copy_held(ca, now, true, ret_crl);
    if (err != ERR_AGAIN)
        return err;
    if (pthread_mutex_lock(&ca->listing) != 0)
        return ERR_IO;
    err = copy_held(ca, now, true, ret_crl); /* somebody else made it meanwhile */
    if (err == ERR_AGAIN) {
        for (int turn = 0; err == ERR_AGAIN && turn < TURNS_MAX; turn++)
            err = renew(ca, now);
        if (err == ERR_OK)
            err = copy_held(ca, now, false, ret_crl);
    }
    (void)pthread_mutex_unlock(&ca->listing);
    return err == ERR_AGAIN ? ERR_IO : err;
}

enum err crl_refresh(struct certs_ca *ca, utc_ms_t now)
{
    struct buffer crl = {0};
    enum err err = certs_crl(ca, now, &crl);
    buffer_done(&crl);
    return err;
}

/* -- the root's ------------------------------------------------------------------------------- */

enum err crl_of_root(X509 *root, EVP_PKEY *root_key, const X509_CRL *before, utc_ms_t now,
                     struct buffer *ret_crl)
{
    struct crl_plan plan = {root, root_key, NULL, 0, number_of(before) + 1, now, ROOT_CRL_FRESH_S};
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

/* What the CA itself uses is renewed while it is still valid. */
#include <stdio.h>

#include "certs/edge/crl.h"
#include "certs/edge/issue.h"
#include "certs/edge/pem.h"
#include "certs/edge/profile_part.h"
#include "certs/edge/status.h"
#include "certs/edge/text.h"

#define DAY_MS (ISSUE_DAY_S * INT64_C(1000))

/* A timestamp is worth as long as its TSA's certificate runs, so that is renewed years before. */
static const struct service_plan {
    const char *stem;
    const char *name;
    enum certs_kind kind;
    int64_t least_days; /* to go */
} OCSP = {"ocsp", "Diên Hồng – Trạng thái chứng thư (OCSP)", CERTS_KIND_OCSP, 60},
  TSA = {"tsa", "Diên Hồng – Cấp dấu thời gian (phát triển)", CERTS_KIND_TSA, 2 * 365};

/* None outlives the issuing CA, so towards its end what there is must do. */
static bool runs_on(const struct certs_ca *ca, const X509 *certificate, int64_t least_days,
                    utc_ms_t now)
{
    utc_ms_t needed = now + least_days * DAY_MS;
    utc_ms_t issuer_end = issue_time_ms(X509_get0_notAfter(ca->issuing));
    return issue_time_ms(X509_get0_notAfter(certificate)) >=
           (needed < issuer_end ? needed : issuer_end);
}

/* A TSA's certificate stands in papers, where others ask about it: one made before the CA knew its
 * own place is replaced. That a place has moved is no reason. */
static bool says_enough(const struct certs_ca *ca, const X509 *certificate, enum certs_kind kind)
{
    return kind != CERTS_KIND_TSA || !ca->url[0] ||
           X509_get_ext_by_NID(certificate, NID_info_access, -1) >= 0;
}

static bool is_good(const struct certs_ca *ca, const struct ca_service *service,
                    const struct service_plan *plan, utc_ms_t now)
{
    char serial[CERTS_SERIAL_TEXT_BYTES];
    if (!service->certificate || !service->key)
        return false;
    text_of_serial(X509_get0_serialNumber(service->certificate), serial);
    const struct ca_record *record = register_find(&ca->entries, serial);
    return record && !record->is_revoked &&
           X509_check_private_key(service->certificate, service->key) == 1 &&
           X509_verify(service->certificate, X509_get0_pubkey(ca->issuing)) == 1 &&
           says_enough(ca, service->certificate, plan->kind) &&
           runs_on(ca, service->certificate, plan->least_days, now);
}

static enum err paths_of(const struct certs_ca *ca, const char *stem,
                         char ret_paths[2][PEM_PATH_BYTES])
{
    char name[32];
    (void)snprintf(name, sizeof name, "%s.pem", stem);
    enum err err = ca_path(ca, name, ret_paths[0]);
    (void)snprintf(name, sizeof name, "%s-key.pem", stem);
    return err == ERR_OK ? ca_path(ca, name, ret_paths[1]) : err;
}

static void put_service(struct ca_service *service, const struct ca_service *fresh)
{
    /* Extensions are worked out now, while no other thread sees the certificate. */
    (void)X509_check_purpose(fresh->certificate, -1, 0);
    ca_service_done(service);
    *service = *fresh;
}

static enum err make_service(struct certs_ca *ca, const struct service_plan *plan,
                             const char *const paths[2], utc_ms_t now, struct ca_service *service)
{
    struct ca_service fresh = {0};
    X509_NAME *name = NULL;
    enum err err = ca_name(ca->province, plan->name, &name);
    if (err == ERR_OK)
        err = issue_new_key(&fresh.key);
    if (err == ERR_OK) {
        struct profile_plan order = {plan->kind, name, fresh.key, NULL, now};
        err = profile_certify(ca, &order, &fresh.certificate);
    }
    if (err == ERR_OK)
        err = pem_save_key(paths[1], fresh.key);
    if (err == ERR_OK) {
        X509 *const list[] = {fresh.certificate, NULL};
        err = pem_save_certificates(paths[0], list);
    }
    X509_NAME_free(name);
    if (err == ERR_OK)
        put_service(service, &fresh);
    else
        ca_service_done(&fresh);
    return err;
}

static enum err ensure(struct certs_ca *ca, const struct service_plan *plan, utc_ms_t now,
                       struct ca_service *service)
{
    char paths[2][PEM_PATH_BYTES];
    struct ca_service held = {0};
    if (is_good(ca, service, plan, now))
        return ERR_OK;
    enum err err = paths_of(ca, plan->stem, paths);
    if (err != ERR_OK)
        return err;
    if (pem_load_certificate(paths[0], &held.certificate) == ERR_OK &&
        pem_load_key(paths[1], &held.key) == ERR_OK && is_good(ca, &held, plan, now)) {
        put_service(service, &held);
        return ERR_OK;
    }
    ca_service_done(&held);
    const char *const names[2] = {paths[0], paths[1]};
    return make_service(ca, plan, names, now, service);
}

/* Where the root's key is at hand, as in a folder for development, its CRL never ends. */
static enum err renew_root_crl(struct certs_ca *ca, utc_ms_t now)
{
    char path[PEM_PATH_BYTES];
    X509_CRL *crl = NULL;
    bool due = crl_load(ca, "root-crl.der", &crl) != ERR_OK ||
               issue_time_ms(X509_CRL_get0_nextUpdate(crl)) < now + 60 * DAY_MS;
    X509_CRL_free(crl);
    enum err err = due ? ca_path(ca, "root-key.pem", path) : ERR_OK;
    if (due && err == ERR_OK)
        err = certs_root_crl_make(ca, path, now);
    return err == ERR_UNKNOWN ? ERR_OK : err; /* it is kept apart: an officer's task */
}

enum err certs_ca_renew(struct certs_ca *ca, utc_ms_t now)
{
    enum err err = ca_enter(ca, true);
    if (err != ERR_OK)
        return err;
    err = ensure(ca, &OCSP, now, &ca->ocsp);
    if (err == ERR_OK)
        err = ensure(ca, &TSA, now, &ca->tsa);
    ca_leave(ca);
    if (err == ERR_OK)
        err = crl_refresh(ca, now);
    return err == ERR_OK ? renew_root_crl(ca, now) : err;
}

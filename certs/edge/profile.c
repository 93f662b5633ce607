#include "certs/edge/profile.h"

#include <inttypes.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/sha.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "certs/edge/der.h"
#include "certs/edge/issue.h"
#include "certs/edge/profile_part.h"
#include "certs/edge/request_part.h"
#include "certs/edge/text.h"

struct profile {
    const char *name;
    int64_t lifetime_days;
    const char *key_usage;
    const char *extended; /* extended key usage; NULL: none */
    bool names_places;    /* where its status is to be asked, if the CA knows */
    bool no_check;        /* id-pkix-ocsp-nocheck */
};

/* Personal: a renewed certificate lives three years at most (Nghị định 68/2024). Agency: five (the
 * same). TLS: the CA/Browser Forum's bound is 398 days, and a browser that asked this very server
 * for the server's status would wait for itself. TSA: the extended usage critical and alone
 * (RFC 3161, section 2.3). OCSP: nobody asks for the responder's own status (RFC 6960, section
 * 4.2.2.2.1), so it lives no longer than a year. */
static const struct profile PROFILES[CERTS_KIND_COUNT] = {
    [CERTS_KIND_PERSON] = {"person", 3 * 365, "critical,digitalSignature,nonRepudiation", NULL,
                           true, false},
    [CERTS_KIND_AGENCY] = {"agency", 5 * 365, "critical,digitalSignature,nonRepudiation", NULL,
                           true, false},
    [CERTS_KIND_TLS] = {"tls", 397, "critical,digitalSignature", "serverAuth", false, false},
    [CERTS_KIND_TSA] = {"tsa", 5 * 365, "critical,digitalSignature", "critical,timeStamping", true,
                        false},
    [CERTS_KIND_OCSP] = {"ocsp", 365, "critical,digitalSignature", "OCSPSigning", false, true},
};

const char *certs_kind_name(enum certs_kind kind)
{
    return PROFILES[kind].name;
}

enum err certs_kind_parse(const char *name, enum certs_kind *ret_kind)
{
    for (int kind = 0; kind < CERTS_KIND_COUNT; kind++)
        if (strcmp(PROFILES[kind].name, name) == 0) {
            *ret_kind = (enum certs_kind)kind;
            return ERR_OK;
        }
    return ERR_UNKNOWN;
}

/* -- signing ---------------------------------------------------------------------------------- */

enum { PLACES_BYTES = 3 * CERTS_URL_BYTES };

static void add_extension(struct issue_plan *plan, size_t *count, int nid, const char *value)
{
    if (value && *value)
        plan->extensions[(*count)++] = (struct issue_extension){nid, value};
}

static enum err sign(const struct certs_ca *ca, const struct profile_plan *plan,
                     X509 **ret_certificate)
{
    const struct profile *profile = &PROFILES[plan->kind];
    char access[PLACES_BYTES] = "", lists[PLACES_BYTES] = "";
    struct issue_plan issue = {
        .subject = plan->subject,
        .subject_key = plan->subject_key,
        .issuer = ca->issuing,
        .issuer_key = ca->issuing_key,
        .now = plan->now,
        .lifetime_s = profile->lifetime_days * ISSUE_DAY_S,
        .alternative_names = plan->names,
    };
    size_t count = 0;
    if (profile->names_places && ca->url[0]) {
        (void)snprintf(access, sizeof access, "OCSP;URI:%s/ocsp,caIssuers;URI:%s/ca.crt", ca->url,
                       ca->url);
        (void)snprintf(lists, sizeof lists, "URI:%s/crl", ca->url);
    }
    add_extension(&issue, &count, NID_basic_constraints, "critical,CA:FALSE");
    add_extension(&issue, &count, NID_key_usage, profile->key_usage);
    add_extension(&issue, &count, NID_ext_key_usage, profile->extended);
    add_extension(&issue, &count, NID_id_pkix_OCSP_noCheck, profile->no_check ? "yes" : NULL);
    add_extension(&issue, &count, NID_info_access, access);
    add_extension(&issue, &count, NID_crl_distribution_points, lists);
    return issue_certificate(&issue, ret_certificate);
}

static enum err save_issued(const struct certs_ca *ca, const char *serial, X509 *certificate)
{
    char name[CERTS_SERIAL_TEXT_BYTES + 16];
    char path[PEM_PATH_BYTES];
    (void)snprintf(name, sizeof name, "issued/%s.pem", serial);
    X509 *const list[] = {certificate, NULL};
    enum err err = ca_path(ca, name, path);
    return err == ERR_OK ? pem_save_certificates(path, list) : err;
}

enum err profile_enter(struct certs_ca *ca, enum certs_kind kind, X509 *certificate)
{
    struct certs_entry entry = {.kind = kind};
    text_of_serial(X509_get0_serialNumber(certificate), entry.serial);
    text_of_name(X509_get_subject_name(certificate), entry.subject);
    entry.not_before = issue_time_ms(X509_get0_notBefore(certificate));
    entry.not_after = issue_time_ms(X509_get0_notAfter(certificate));
    if (!entry.serial[0])
        return ERR_FORMAT;
    if (register_find(&ca->entries, entry.serial))
        return ERR_CONFLICT;
    /* The file first: one that is in the register can always be shown. */
    enum err err = save_issued(ca, entry.serial, certificate);
    return err == ERR_OK ? register_issue(&ca->entries, &entry) : err;
}

enum err profile_certify(struct certs_ca *ca, const struct profile_plan *plan,
                         X509 **ret_certificate)
{
    X509 *certificate = NULL;
    enum err err = sign(ca, plan, &certificate);
    if (err == ERR_OK)
        err = profile_enter(ca, plan->kind, certificate);
    if (err != ERR_OK) {
        X509_free(certificate);
        return err;
    }
    *ret_certificate = certificate;
    return ERR_OK;
}

/* -- orders ----------------------------------------------------------------------------------- */

static enum err subject_name(const struct certs_person *person, X509_NAME **ret_name)
{
    char id[32] = "";
    if (person->user_id)
        (void)snprintf(id, sizeof id, "%" PRIu64, person->user_id);
    const struct {
        int nid;
        const char *text;
    } parts[] = {
        {NID_countryName, "VN"},
        {NID_organizationName, person->province},
        {NID_organizationalUnitName, person->unit},
        {NID_title, person->position},
        {NID_commonName, person->name},
        {NID_serialNumber, id},
    };
    X509_NAME *name = X509_NAME_new();
    enum err err = name ? ERR_OK : ERR_NO_MEMORY;
    for (size_t i = 0; err == ERR_OK && i < sizeof parts / sizeof *parts; i++)
        err = issue_add_name(name, parts[i].nid, parts[i].text);
    if (err != ERR_OK) {
        X509_NAME_free(name);
        return err;
    }
    *ret_name = name;
    return ERR_OK;
}

static enum err describe(const X509 *certificate, struct certs_issued *ret_issued)
{
    struct certs_issued issued = {0};
    unsigned char *spki = NULL;
    int size = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(certificate), &spki);
    if (size <= 0 || !SHA256(spki, (size_t)size, issued.spki_sha256)) {
        OPENSSL_free(spki);
        return ERR_NO_MEMORY;
    }
    OPENSSL_free(spki);
    text_of_serial(X509_get0_serialNumber(certificate), issued.serial);
    issued.not_before = issue_time_ms(X509_get0_notBefore(certificate));
    issued.not_after = issue_time_ms(X509_get0_notAfter(certificate));
    enum err err = der_of_certificate(certificate, &issued.certificate);
    if (err == ERR_OK)
        *ret_issued = issued;
    return err;
}

static enum err certify_locked(struct certs_ca *ca, const struct profile_plan *plan,
                               X509 **ret_certificate)
{
    enum err err = ca_enter(ca, true);
    if (err != ERR_OK)
        return err;
    err = profile_certify(ca, plan, ret_certificate);
    ca_leave(ca);
    return err;
}

enum err certs_issue(struct certs_ca *ca, const struct certs_order *order, utc_ms_t now,
                     struct certs_issued *ret_issued)
{
    bool is_server = order->kind == CERTS_KIND_TLS;
    if (!order->subject.name || !*order->subject.name || is_server != (order->name_count > 0))
        return ERR_FORMAT;
    X509_REQ *request = NULL;
    X509_NAME *name = NULL;
    X509 *certificate = NULL;
    struct profile_plan plan = {.kind = order->kind, .now = now};
    enum err err = request_parse(order->csr, &request);
    if (err == ERR_OK)
        err = subject_name(&order->subject, &name);
    if (err == ERR_OK && is_server)
        err = server_names(order->names, order->name_count, &plan.names);
    if (err == ERR_OK) {
        plan.subject = name;
        plan.subject_key = X509_REQ_get0_pubkey(request);
        err = certify_locked(ca, &plan, &certificate);
    }
    if (err == ERR_OK)
        err = describe(certificate, ret_issued);
    X509_free(certificate);
    GENERAL_NAMES_free(plan.names);
    X509_NAME_free(name);
    X509_REQ_free(request);
    return err;
}

enum err certs_issue_personal(struct certs_ca *ca, const struct certs_person *person,
                              struct bytes csr, utc_ms_t now, struct certs_issued *ret_issued)
{
    struct certs_order order = {.kind = CERTS_KIND_PERSON, .subject = *person, .csr = csr};
    return certs_issue(ca, &order, now, ret_issued);
}

enum err certs_csr_load(const char *path, struct buffer *ret_csr)
{
    struct buffer text = {0};
    enum err err = pem_load(path, &text);
    if (err != ERR_OK)
        return err;
    BIO *bio = BIO_new_mem_buf(text.data, (int)text.size);
    X509_REQ *request = bio ? PEM_read_bio_X509_REQ(bio, NULL, NULL, NULL) : NULL;
    BIO_free(bio);
    ERR_clear_error();
    if (!request) { /* DER, or not a request: whoever issues will say */
        *ret_csr = text;
        return ERR_OK;
    }
    unsigned char *data = NULL;
    int size = i2d_X509_REQ(request, &data);
    X509_REQ_free(request);
    buffer_done(&text);
    return der_take(data, size, ret_csr);
}

enum err certs_issued_save(const struct certs_ca *ca, const struct certs_issued *issued,
                           const char *path)
{
    X509 *certificate = NULL;
    enum err err = der_parse_certificate(buffer_bytes(&issued->certificate), &certificate);
    X509 *const list[] = {certificate, ca->issuing, NULL};
    if (err == ERR_OK)
        err = pem_save_certificates(path, list);
    X509_free(certificate);
    return err;
}

void certs_issued_done(struct certs_issued *issued)
{
    buffer_done(&issued->certificate);
}

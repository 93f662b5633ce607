/* Personal certificates from a browser's request (RFC 2986). */
#include <inttypes.h>
#include <openssl/sha.h>
#include <stdio.h>

#include "certs/certs.h"
#include "certs/edge/ca.h"
#include "certs/edge/der.h"
#include "certs/edge/issue.h"
#include "certs/edge/text.h"

/* Nghị định 68/2024: a renewed certificate lives three years at most. */
#define PERSONAL_LIFETIME_S (3 * 365 * ISSUE_DAY_S)

static enum err parse_request(struct bytes csr, X509_REQ **ret_request)
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

static enum err person_name(const struct certs_person *person, X509_NAME **ret_name)
{
    char id[32];
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

enum err certs_issue_personal(struct certs_ca *ca, const struct certs_person *person,
                              struct bytes csr, utc_ms_t now, struct certs_issued *ret_issued)
{
    X509_REQ *request = NULL;
    X509_NAME *name = NULL;
    X509 *certificate = NULL;
    enum err err = parse_request(csr, &request);
    if (err == ERR_OK)
        err = person_name(person, &name);
    if (err == ERR_OK) {
        struct issue_plan plan = {
            .subject = name,
            .subject_key = X509_REQ_get0_pubkey(request),
            .issuer = ca->issuing,
            .issuer_key = ca->issuing_key,
            .now = now,
            .lifetime_s = PERSONAL_LIFETIME_S,
            .extensions = {{NID_basic_constraints, "critical,CA:FALSE"},
                           {NID_key_usage, "critical,digitalSignature,nonRepudiation"}},
        };
        err = issue_certificate(&plan, &certificate);
    }
    if (err == ERR_OK)
        err = describe(certificate, ret_issued);
    X509_free(certificate);
    X509_NAME_free(name);
    X509_REQ_free(request);
    return err;
}

void certs_issued_done(struct certs_issued *issued)
{
    buffer_done(&issued->certificate);
}

/* Certificates of the server itself: TLS for the door, DTLS for media. */
#include <arpa/inet.h>
#include <ctype.h>
#include <string.h>

#include "certs/edge/issue.h"
#include "certs/edge/pem.h"
#include "certs/edge/profile_part.h"

#define MEDIA_LIFETIME_S (397 * ISSUE_DAY_S)
#define RENEW_BEFORE_MS (30 * ISSUE_DAY_S * 1000)

enum { DNS_NAME_BYTES_MAX = 253, NAMES_MAX = 64 };

static bool is_dns_name(const char *text)
{
    size_t size = strlen(text);
    if (size == 0 || size > DNS_NAME_BYTES_MAX || text[0] == '.' || text[0] == '-')
        return false;
    for (size_t i = 0; i < size; i++)
        if (!isalnum((unsigned char)text[i]) && !strchr("-._", text[i]))
            return false;
    return true;
}

/* An address becomes iPAddress, a host name dNSName (RFC 5280, section 4.2.1.6). */
static enum err new_name(const char *text, GENERAL_NAME **ret_name)
{
    uint8_t ip[16];
    int ip_size = inet_pton(AF_INET, text, ip) == 1    ? 4
                  : inet_pton(AF_INET6, text, ip) == 1 ? 16
                                                       : 0;
    if (ip_size == 0 && !is_dns_name(text))
        return ERR_FORMAT;

    GENERAL_NAME *name = GENERAL_NAME_new();
    ASN1_STRING *value = ASN1_STRING_type_new(ip_size ? V_ASN1_OCTET_STRING : V_ASN1_IA5STRING);
    const void *data = ip_size ? (const void *)ip : (const void *)text;
    int size = ip_size ? ip_size : (int)strlen(text);
    if (!name || !value || ASN1_STRING_set(value, data, size) != 1) {
        GENERAL_NAME_free(name);
        ASN1_STRING_free(value);
        return ERR_NO_MEMORY;
    }
    GENERAL_NAME_set0_value(name, ip_size ? GEN_IPADD : GEN_DNS, value);
    *ret_name = name;
    return ERR_OK;
}

static enum err add_name(GENERAL_NAMES *names, const char *text)
{
    GENERAL_NAME *name = NULL;
    enum err err = new_name(text, &name);
    if (err != ERR_OK)
        return err;
    for (int i = 0; i < sk_GENERAL_NAME_num(names); i++)
        if (GENERAL_NAME_cmp(sk_GENERAL_NAME_value(names, i), name) == 0) {
            GENERAL_NAME_free(name);
            return ERR_OK;
        }
    if (sk_GENERAL_NAME_push(names, name) <= 0) {
        GENERAL_NAME_free(name);
        return ERR_NO_MEMORY;
    }
    return ERR_OK;
}

enum err server_names(const char *const *texts, size_t count, GENERAL_NAMES **ret_names)
{
    if (count > NAMES_MAX)
        return ERR_LIMIT;
    GENERAL_NAMES *names = GENERAL_NAMES_new();
    enum err err = names ? ERR_OK : ERR_NO_MEMORY;
    for (size_t i = 0; err == ERR_OK && i < count; i++)
        err = add_name(names, texts[i]);
    if (err != ERR_OK) {
        GENERAL_NAMES_free(names);
        return err;
    }
    *ret_names = names;
    return ERR_OK;
}

/* Those, and what this machine calls itself. */
static enum err own_names(const char *const *texts, size_t count, GENERAL_NAMES **ret_names)
{
    static const char *const always[] = {"localhost", "127.0.0.1", "::1"};
    enum err err = server_names(texts, count, ret_names);
    for (size_t i = 0; err == ERR_OK && i < sizeof always / sizeof *always; i++)
        err = add_name(*ret_names, always[i]);
    return err;
}

static bool same_names(const X509 *certificate, const GENERAL_NAMES *wanted)
{
    GENERAL_NAMES *held = X509_get_ext_d2i(certificate, NID_subject_alt_name, NULL, NULL);
    int count = sk_GENERAL_NAME_num(wanted);
    bool same = held && sk_GENERAL_NAME_num(held) == count;
    for (int i = 0; same && i < count; i++)
        same =
            GENERAL_NAME_cmp(sk_GENERAL_NAME_value(held, i), sk_GENERAL_NAME_value(wanted, i)) == 0;
    GENERAL_NAMES_free(held);
    return same;
}

/* Whether the pair on disk still serves. `ca` NULL: self-signed, no names. */
static bool still_good(const char *cert_path, const char *key_path, const struct certs_ca *ca,
                       const GENERAL_NAMES *names, utc_ms_t now)
{
    X509 *certificate = NULL;
    EVP_PKEY *key = NULL;
    bool good = pem_load_certificate(cert_path, &certificate) == ERR_OK &&
                pem_load_key(key_path, &key) == ERR_OK &&
                X509_check_private_key(certificate, key) == 1 &&
                issue_time_ms(X509_get0_notBefore(certificate)) <= now &&
                issue_time_ms(X509_get0_notAfter(certificate)) >= now + RENEW_BEFORE_MS;
    if (good && ca)
        good = X509_verify(certificate, X509_get0_pubkey(ca->issuing)) == 1 &&
               same_names(certificate, names);
    EVP_PKEY_free(key);
    X509_free(certificate);
    return good;
}

/* Key first: a certificate whose key is missing is never seen. */
static enum err save_pair(X509 *const *certificates, EVP_PKEY *key, const char *cert_path,
                          const char *key_path)
{
    enum err err = pem_save_key(key_path, key);
    return err == ERR_OK ? pem_save_certificates(cert_path, certificates) : err;
}

/* The common name is only for people to read: clients match the alternative names. */
static enum err make_tls(struct certs_ca *ca, GENERAL_NAMES *names, const char *cert_path,
                         const char *key_path, utc_ms_t now)
{
    EVP_PKEY *key = NULL;
    X509 *certificate = NULL;
    X509_NAME *subject = X509_NAME_new();
    enum err err = subject ? issue_new_key(&key) : ERR_NO_MEMORY;
    if (err == ERR_OK)
        err = issue_add_name(subject, NID_commonName, "Diên Hồng");
    if (err == ERR_OK)
        err = ca_enter(ca, true);
    if (err == ERR_OK) {
        struct profile_plan plan = {CERTS_KIND_TLS, subject, key, names, now};
        err = profile_certify(ca, &plan, &certificate);
        ca_leave(ca);
    }
    if (err == ERR_OK) {
        X509 *const list[] = {certificate, ca->issuing, NULL};
        err = save_pair(list, key, cert_path, key_path);
    }
    X509_free(certificate);
    EVP_PKEY_free(key);
    X509_NAME_free(subject);
    return err;
}

static enum err make_media(const char *cert_path, const char *key_path, utc_ms_t now)
{
    EVP_PKEY *key = NULL;
    X509 *certificate = NULL;
    X509_NAME *subject = X509_NAME_new();
    enum err err = subject ? issue_new_key(&key) : ERR_NO_MEMORY;
    if (err == ERR_OK)
        err = issue_add_name(subject, NID_commonName, "media");
    if (err == ERR_OK) {
        struct issue_plan plan = {
            .subject = subject,
            .subject_key = key,
            .issuer_key = key,
            .now = now,
            .lifetime_s = MEDIA_LIFETIME_S,
            .extensions = {{NID_basic_constraints, "critical,CA:FALSE"},
                           {NID_key_usage, "critical,digitalSignature"},
                           {NID_ext_key_usage, "serverAuth,clientAuth"}},
        };
        err = issue_certificate(&plan, &certificate);
    }
    if (err == ERR_OK) {
        X509 *const list[] = {certificate, NULL};
        err = save_pair(list, key, cert_path, key_path);
    }
    X509_free(certificate);
    EVP_PKEY_free(key);
    X509_NAME_free(subject);
    return err;
}

enum err certs_tls_ensure(struct certs_ca *ca, const char *const *names, size_t name_count,
                          const char *cert_path, const char *key_path, utc_ms_t now)
{
    GENERAL_NAMES *wanted = NULL;
    enum err err = own_names(names, name_count, &wanted);
    if (err == ERR_OK && !still_good(cert_path, key_path, ca, wanted, now))
        err = make_tls(ca, wanted, cert_path, key_path, now);
    GENERAL_NAMES_free(wanted);
    return err;
}

enum err certs_dtls_ensure(const char *cert_path, const char *key_path, utc_ms_t now)
{
    if (still_good(cert_path, key_path, NULL, NULL, now))
        return ERR_OK;
    return make_media(cert_path, key_path, now);
}

#include "certs/edge/ca.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "certs/certs.h"
#include "certs/edge/der.h"
#include "certs/edge/issue.h"
#include "certs/edge/pem.h"

#define ROOT_LIFETIME_S (20 * 365 * ISSUE_DAY_S)
#define ISSUING_LIFETIME_S (10 * 365 * ISSUE_DAY_S)

static enum err ca_name(const char *province, const char *role, X509_NAME **ret_name)
{
    X509_NAME *name = X509_NAME_new();
    enum err err = name ? ERR_OK : ERR_NO_MEMORY;
    if (err == ERR_OK)
        err = issue_add_name(name, NID_countryName, "VN");
    if (err == ERR_OK)
        err = issue_add_name(name, NID_organizationName, province);
    if (err == ERR_OK)
        err = issue_add_name(name, NID_commonName, role);
    if (err != ERR_OK) {
        X509_NAME_free(name);
        return err;
    }
    *ret_name = name;
    return ERR_OK;
}

/* Signs a CA certificate for `key`; without `issuer`, a root. */
static enum err make_authority(const char *province, const char *role, EVP_PKEY *key, X509 *issuer,
                               EVP_PKEY *issuer_key, utc_ms_t now, X509 **ret_certificate)
{
    X509_NAME *name = NULL;
    enum err err = ca_name(province, role, &name);
    if (err != ERR_OK)
        return err;
    struct issue_plan plan = {
        .subject = name,
        .subject_key = key,
        .issuer = issuer,
        .issuer_key = issuer_key,
        .now = now,
        .lifetime_s = issuer ? ISSUING_LIFETIME_S : ROOT_LIFETIME_S,
        .extensions = {{NID_basic_constraints,
                        issuer ? "critical,CA:TRUE,pathlen:0" : "critical,CA:TRUE"},
                       {NID_key_usage, "critical,keyCertSign,cRLSign"}},
    };
    err = issue_certificate(&plan, ret_certificate);
    X509_NAME_free(name);
    return err;
}

static enum err save_pair(const char *folder, const char *stem, X509 *certificate, EVP_PKEY *key)
{
    char name[64];
    char path[PEM_PATH_BYTES];
    (void)snprintf(name, sizeof name, "%s-key.pem", stem);
    enum err err = pem_path(folder, name, path);
    if (err == ERR_OK)
        err = pem_save_key(path, key);
    (void)snprintf(name, sizeof name, "%s.pem", stem);
    if (err == ERR_OK)
        err = pem_path(folder, name, path);
    X509 *const list[] = {certificate, NULL};
    return err == ERR_OK ? pem_save_certificates(path, list) : err;
}

static enum err fill_folder(const char *folder, const char *province, utc_ms_t now)
{
    EVP_PKEY *root_key = NULL;
    EVP_PKEY *issuing_key = NULL;
    X509 *root = NULL;
    X509 *issuing = NULL;
    enum err err = issue_new_key(&root_key);
    if (err == ERR_OK)
        err = issue_new_key(&issuing_key);
    if (err == ERR_OK)
        err = make_authority(province, "Diên Hồng – CA gốc (phát triển)", root_key, NULL, root_key,
                             now, &root);
    if (err == ERR_OK)
        err = make_authority(province, "Diên Hồng – CA cấp phát (phát triển)", issuing_key, root,
                             root_key, now, &issuing);
    if (err == ERR_OK)
        err = save_pair(folder, "root", root, root_key);
    if (err == ERR_OK)
        err = save_pair(folder, "issuing", issuing, issuing_key);
    X509_free(issuing);
    X509_free(root);
    EVP_PKEY_free(issuing_key);
    EVP_PKEY_free(root_key);
    return err;
}

static void remove_folder(const char *folder)
{
    static const char *const names[] = {"root.pem", "root-key.pem", "issuing.pem",
                                        "issuing-key.pem"};
    char path[PEM_PATH_BYTES];
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (pem_path(folder, names[i], path) == ERR_OK)
            (void)unlink(path);
    (void)rmdir(folder);
}

/* Makes the whole folder under another name and renames it, so that a CA is there or is not. */
static enum err create_folder(const char *folder, const char *province, utc_ms_t now)
{
    char beside[PEM_PATH_BYTES];
    int size = snprintf(beside, sizeof beside, "%s.XXXXXX", folder);
    if (size < 0 || (size_t)size >= sizeof beside)
        return ERR_LIMIT;
    if (!mkdtemp(beside)) /* mode 0700 */
        return ERR_IO;
    enum err err = fill_folder(beside, province, now);
    if (err == ERR_OK && rename(beside, folder) != 0)
        err = errno == ENOTEMPTY || errno == EEXIST || errno == ENOTDIR ? ERR_FORMAT : ERR_IO;
    if (err != ERR_OK)
        remove_folder(beside);
    return err;
}

static enum err load_folder(const char *folder, struct certs_ca *ca)
{
    char path[PEM_PATH_BYTES];
    enum err err = pem_path(folder, "root.pem", path);
    if (err == ERR_OK)
        err = pem_load_certificate(path, &ca->root);
    if (err == ERR_OK)
        err = pem_path(folder, "issuing.pem", path);
    if (err == ERR_OK)
        err = pem_load_certificate(path, &ca->issuing);
    if (err == ERR_OK)
        err = pem_path(folder, "issuing-key.pem", path);
    if (err == ERR_OK)
        err = pem_load_key(path, &ca->issuing_key);
    if (err == ERR_OK && X509_check_private_key(ca->issuing, ca->issuing_key) != 1)
        err = ERR_FORMAT;
    if (err == ERR_OK && X509_verify(ca->issuing, X509_get0_pubkey(ca->root)) != 1)
        err = ERR_FORMAT;
    if (err == ERR_OK)
        err = der_of_certificate(ca->root, &ca->root_der);
    if (err == ERR_OK)
        err = der_of_certificate(ca->issuing, &ca->issuing_der);
    return err;
}

enum err certs_ca_open(const char *folder, const char *province, utc_ms_t now,
                       struct certs_ca **ret_ca)
{
    struct certs_ca *ca = calloc(1, sizeof *ca);
    if (!ca)
        return ERR_NO_MEMORY;
    enum err err = load_folder(folder, ca);
    if (err == ERR_UNKNOWN && !ca->root) {
        err = create_folder(folder, province, now);
        if (err == ERR_OK)
            err = load_folder(folder, ca);
    }
    if (err != ERR_OK) {
        certs_ca_close(ca);
        return err == ERR_UNKNOWN ? ERR_FORMAT : err;
    }
    *ret_ca = ca;
    return ERR_OK;
}

void certs_ca_close(struct certs_ca *ca)
{
    if (!ca)
        return;
    X509_free(ca->root);
    X509_free(ca->issuing);
    EVP_PKEY_free(ca->issuing_key);
    buffer_done(&ca->root_der);
    buffer_done(&ca->issuing_der);
    free(ca);
}

struct bytes certs_ca_root(const struct certs_ca *ca)
{
    return buffer_bytes(&ca->root_der);
}

struct bytes certs_ca_issuing(const struct certs_ca *ca)
{
    return buffer_bytes(&ca->issuing_der);
}

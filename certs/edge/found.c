#include "certs/edge/found.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "certs/edge/ca_part.h"
#include "certs/edge/crl.h"
#include "certs/edge/issue.h"

#define ROOT_LIFETIME_S (20 * 365 * ISSUE_DAY_S)
/* So that after ten years its timestamp authority can still renew what its first day has signed. */
#define ISSUING_LIFETIME_S (15 * 365 * ISSUE_DAY_S)

/* Root and issuing CA, on the way to their folder. */
struct founding {
    X509 *root;
    X509 *issuing;
    EVP_PKEY *root_key;
    EVP_PKEY *issuing_key;
};

enum err ca_name(const char *organisation, const char *name, X509_NAME **ret_name)
{
    X509_NAME *made = X509_NAME_new();
    enum err err = made ? ERR_OK : ERR_NO_MEMORY;
    if (err == ERR_OK)
        err = issue_add_name(made, NID_countryName, "VN");
    if (err == ERR_OK)
        err = issue_add_name(made, NID_organizationName, organisation);
    if (err == ERR_OK)
        err = issue_add_name(made, NID_commonName, name);
    if (err != ERR_OK) {
        X509_NAME_free(made);
        return err;
    }
    *ret_name = made;
    return ERR_OK;
}

/* Signs a CA certificate for `key`; without `issuer`, a root. */
static enum err make_authority(const struct found_plan *plan, EVP_PKEY *key, X509 *issuer,
                               EVP_PKEY *issuer_key, X509 **ret_certificate)
{
    char role[128];
    X509_NAME *name = NULL;
    (void)snprintf(role, sizeof role, "Diên Hồng – %s%s", issuer ? "CA cấp phát" : "CA gốc",
                   plan->for_development ? " (phát triển)" : "");
    enum err err = ca_name(plan->province, role, &name);
    if (err != ERR_OK)
        return err;
    char access[CERTS_URL_BYTES + 64] = "", lists[CERTS_URL_BYTES + 64] = "";
    bool says_where = issuer && plan->url;
    if (says_where) {
        (void)snprintf(access, sizeof access, "caIssuers;URI:%s/root.crt", plan->url);
        (void)snprintf(lists, sizeof lists, "URI:%s/root.crl", plan->url);
    }
    struct issue_plan issue = {
        .subject = name,
        .subject_key = key,
        .issuer = issuer,
        .issuer_key = issuer_key,
        .now = plan->now,
        .lifetime_s = issuer ? ISSUING_LIFETIME_S : ROOT_LIFETIME_S,
        .extensions = {{NID_basic_constraints,
                        issuer ? "critical,CA:TRUE,pathlen:0" : "critical,CA:TRUE"},
                       {NID_key_usage, "critical,keyCertSign,cRLSign"},
                       {says_where ? NID_info_access : 0, access},
                       {says_where ? NID_crl_distribution_points : 0, lists}},
    };
    err = issue_certificate(&issue, ret_certificate);
    X509_NAME_free(name);
    return err;
}

static enum err make_both(const struct found_plan *plan, struct founding *founding)
{
    enum err err = issue_new_key(&founding->root_key);
    if (err == ERR_OK)
        err = issue_new_key(&founding->issuing_key);
    if (err == ERR_OK)
        err = make_authority(plan, founding->root_key, NULL, founding->root_key, &founding->root);
    if (err == ERR_OK)
        err = make_authority(plan, founding->issuing_key, founding->root, founding->root_key,
                             &founding->issuing);
    return err;
}

static enum err save_certificate(const char *folder, const char *name, X509 *certificate)
{
    char path[PEM_PATH_BYTES];
    X509 *const list[] = {certificate, NULL};
    enum err err = pem_path(folder, name, path);
    return err == ERR_OK ? pem_save_certificates(path, list) : err;
}

static enum err save_key(const char *folder, const char *name, EVP_PKEY *key)
{
    char path[PEM_PATH_BYTES];
    enum err err = pem_path(folder, name, path);
    return err == ERR_OK ? pem_save_key(path, key) : err;
}

enum err found_url(const char *folder, const char *url)
{
    char path[PEM_PATH_BYTES];
    char line[CERTS_URL_BYTES + 2];
    (void)snprintf(line, sizeof line, "%s\n", url);
    enum err err = pem_path(folder, "url", path);
    return err == ERR_OK ? pem_save(path, bytes_of(line), 0644) : err;
}

static enum err fill_folder(const struct found_plan *plan, const char *folder,
                            const struct founding *founding)
{
    struct buffer crl = {0};
    char path[PEM_PATH_BYTES];
    enum err err = save_certificate(folder, "root.pem", founding->root);
    if (err == ERR_OK && !plan->root_key_path)
        err = save_key(folder, "root-key.pem", founding->root_key);
    if (err == ERR_OK)
        err = save_certificate(folder, "issuing.pem", founding->issuing);
    if (err == ERR_OK)
        err = save_key(folder, "issuing-key.pem", founding->issuing_key);
    if (err == ERR_OK)
        err = crl_of_root(founding->root, founding->root_key, NULL, plan->now, &crl);
    if (err == ERR_OK)
        err = pem_path(folder, "root-crl.der", path);
    if (err == ERR_OK)
        err = pem_save(path, buffer_bytes(&crl), 0644);
    if (err == ERR_OK && plan->url)
        err = found_url(folder, plan->url);
    buffer_done(&crl);
    return err;
}

static void remove_folder(const char *folder)
{
    static const char *const names[] = {"root.pem",        "root-key.pem", "issuing.pem",
                                        "issuing-key.pem", "root-crl.der", "url"};
    char path[PEM_PATH_BYTES];
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (pem_path(folder, names[i], path) == ERR_OK)
            (void)unlink(path);
    (void)rmdir(folder);
}

/* The root's key is in its own place before the folder is. */
static enum err settle(const struct found_plan *plan, const char *beside,
                       const struct founding *founding)
{
    struct stat info;
    enum err err = fill_folder(plan, beside, founding);
    if (err == ERR_OK && plan->root_key_path)
        err = stat(plan->root_key_path, &info) == 0
                  ? ERR_CONFLICT
                  : pem_save_key(plan->root_key_path, founding->root_key);
    if (err == ERR_OK && rename(beside, plan->folder) != 0)
        err = errno == ENOTEMPTY || errno == EEXIST || errno == ENOTDIR ? ERR_CONFLICT : ERR_IO;
    return err;
}

enum err found_folder(const struct found_plan *plan)
{
    struct founding founding = {0};
    char beside[PEM_PATH_BYTES];
    int size = snprintf(beside, sizeof beside, "%s.XXXXXX", plan->folder);
    if (size < 0 || (size_t)size >= sizeof beside)
        return ERR_LIMIT;
    if (!mkdtemp(beside)) /* mode 0700 */
        return ERR_IO;
    enum err err = make_both(plan, &founding);
    if (err == ERR_OK)
        err = settle(plan, beside, &founding);
    if (err != ERR_OK)
        remove_folder(beside);
    X509_free(founding.issuing);
    X509_free(founding.root);
    EVP_PKEY_free(founding.issuing_key);
    EVP_PKEY_free(founding.root_key);
    return err;
}

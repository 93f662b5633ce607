#include "certs/edge/ca.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"
#include "certs/edge/ca_part.h"
#include "certs/edge/der.h"
#include "certs/edge/found.h"
#include "certs/edge/status.h"
#include "certs/edge/text.h"

/* -- turns ------------------------------------------------------------------------------------ */

static enum err folder_lock(struct certs_ca *ca)
{
    if (pthread_mutex_lock(&ca->change) != 0)
        return ERR_IO;
    while (flock(ca->lock_fd, LOCK_EX) != 0)
        if (errno != EINTR) {
            (void)pthread_mutex_unlock(&ca->change);
            return ERR_IO;
        }
    return ERR_OK;
}

static void folder_unlock(struct certs_ca *ca)
{
    (void)flock(ca->lock_fd, LOCK_UN);
    (void)pthread_mutex_unlock(&ca->change);
}

enum err ca_enter(struct certs_ca *ca, bool to_change)
{
    enum err err = to_change ? folder_lock(ca) : ERR_OK;
    if (err != ERR_OK)
        return err;
    if (pthread_mutex_lock(&ca->lock) != 0) {
        if (to_change)
            folder_unlock(ca);
        return ERR_IO;
    }
    ca->changing = to_change;
    err = register_refresh(&ca->entries);
    if (err != ERR_OK)
        ca_leave(ca);
    return err;
}

void ca_leave(struct certs_ca *ca)
{
    bool changing = ca->changing;
    ca->changing = false;
    (void)pthread_mutex_unlock(&ca->lock);
    if (changing)
        folder_unlock(ca);
}

enum err ca_path(const struct certs_ca *ca, const char *name, char ret_path[PEM_PATH_BYTES])
{
    return pem_path(ca->folder, name, ret_path);
}

/* -- services --------------------------------------------------------------------------------- */

enum err ca_take_service(struct certs_ca *ca, const struct ca_service *service,
                         struct ca_service *ret_service)
{
    enum err err = ca_enter(ca, false);
    if (err != ERR_OK)
        return err;
    if (!service->certificate || X509_up_ref(service->certificate) != 1) {
        err = ERR_WRONG_STATE;
    } else if (EVP_PKEY_up_ref(service->key) != 1) {
        X509_free(service->certificate);
        err = ERR_WRONG_STATE;
    } else {
        *ret_service = *service;
    }
    ca_leave(ca);
    return err;
}

void ca_service_done(struct ca_service *service)
{
    X509_free(service->certificate);
    EVP_PKEY_free(service->key);
    *service = (struct ca_service){0};
}

/* -- opening ---------------------------------------------------------------------------------- */

static enum err load_authority(struct certs_ca *ca)
{
    char path[PEM_PATH_BYTES];
    enum err err = ca_path(ca, "root.pem", path);
    if (err == ERR_OK)
        err = pem_load_certificate(path, &ca->root);
    if (err == ERR_OK)
        err = ca_path(ca, "issuing.pem", path);
    if (err == ERR_OK)
        err = pem_load_certificate(path, &ca->issuing);
    if (err == ERR_OK)
        err = ca_path(ca, "issuing-key.pem", path);
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

static enum err load_url(struct certs_ca *ca)
{
    char path[PEM_PATH_BYTES];
    struct buffer text = {0};
    enum err err = ca_path(ca, "url", path);
    if (err == ERR_OK)
        err = pem_load(path, &text);
    if (err == ERR_OK) {
        struct bytes line = buffer_bytes(&text);
        while (line.size > 0 && isspace(line.data[line.size - 1]))
            line.size--;
        err = text_copy(ca->url, sizeof ca->url, line);
    }
    buffer_done(&text);
    return err == ERR_UNKNOWN ? ERR_OK : err;
}

/* What a folder of before the register lacks is made here. */
static enum err load_register(struct certs_ca *ca)
{
    char path[PEM_PATH_BYTES];
    enum err err = ca_path(ca, "issued", path);
    if (err == ERR_OK && mkdir(path, 0700) != 0 && errno != EEXIST)
        err = ERR_IO;
    if (err == ERR_OK)
        err = ca_path(ca, "lock", path);
    if (err == ERR_OK) {
        ca->lock_fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
        err = ca->lock_fd >= 0 ? ca_path(ca, "register", path) : ERR_IO;
    }
    return err == ERR_OK ? register_open(&ca->entries, path) : err;
}

static enum err load_folder(struct certs_ca *ca, utc_ms_t now)
{
    enum err err = load_authority(ca);
    if (err != ERR_OK)
        return err;
    /* Extensions are worked out when first asked for: now, while nobody shares the certificates. */
    (void)X509_check_purpose(ca->root, -1, 0);
    (void)X509_check_purpose(ca->issuing, -1, 0);
    text_of_attribute(X509_get_subject_name(ca->issuing), NID_organizationName, ca->province,
                      sizeof ca->province);
    err = load_register(ca);
    if (err == ERR_OK)
        err = load_url(ca);
    if (err == ERR_OK)
        err = certs_ca_renew(ca, now);
    return err == ERR_UNKNOWN ? ERR_IO : err;
}

static bool locks_init(struct certs_ca *ca)
{
    if (pthread_mutex_init(&ca->listing, NULL) != 0)
        return false;
    if (pthread_mutex_init(&ca->change, NULL) == 0) {
        if (pthread_mutex_init(&ca->lock, NULL) == 0)
            return true;
        (void)pthread_mutex_destroy(&ca->change);
    }
    (void)pthread_mutex_destroy(&ca->listing);
    return false;
}

static enum err open_folder(const char *folder, utc_ms_t now, struct certs_ca **ret_ca)
{
    struct certs_ca *ca = calloc(1, sizeof *ca);
    if (!ca)
        return ERR_NO_MEMORY;
    ca->lock_fd = -1;
    ca->entries.fd = -1;
    if (!locks_init(ca)) {
        free(ca);
        return ERR_NO_MEMORY;
    }
    enum err err = text_copy(ca->folder, sizeof ca->folder, bytes_of(folder));
    if (err == ERR_OK)
        err = load_folder(ca, now);
    if (err == ERR_UNKNOWN && ca->root)
        err = ERR_FORMAT; /* half an authority */
    if (err != ERR_OK) {
        certs_ca_close(ca);
        return err;
    }
    *ret_ca = ca;
    return ERR_OK;
}

enum err certs_ca_open(const char *folder, const char *province, utc_ms_t now,
                       struct certs_ca **ret_ca)
{
    enum err err = open_folder(folder, now, ret_ca);
    if (err != ERR_UNKNOWN)
        return err;
    const struct found_plan plan = {
        .folder = folder, .province = province, .now = now, .for_development = true};
    err = found_folder(&plan);
    if (err == ERR_OK)
        err = open_folder(folder, now, ret_ca);
    return err == ERR_UNKNOWN || err == ERR_CONFLICT ? ERR_FORMAT : err;
}

/* It is written into OpenSSL's extension syntax, where a comma would begin something else. */
static enum err check_url(const char *url)
{
    if (strlen(url) >= CERTS_URL_BYTES)
        return ERR_LIMIT;
    if (strncmp(url, "https://", 8) != 0 && strncmp(url, "http://", 7) != 0)
        return ERR_FORMAT;
    for (const char *at = url; *at; at++)
        if (!isalnum((unsigned char)*at) && !strchr(":/.-_~%[]", *at))
            return ERR_FORMAT;
    return url[strlen(url) - 1] != '/' ? ERR_OK : ERR_FORMAT;
}

enum err certs_ca_create(const struct certs_ca_plan *plan, utc_ms_t now)
{
    const struct found_plan found = {.folder = plan->folder,
                                     .province = plan->province,
                                     .root_key_path = plan->root_key_path,
                                     .url = plan->url,
                                     .now = now};
    struct stat info;
    if (stat(plan->folder, &info) == 0)
        return ERR_CONFLICT;
    enum err err = plan->url ? check_url(plan->url) : ERR_OK;
    return err == ERR_OK ? found_folder(&found) : err;
}

void certs_ca_close(struct certs_ca *ca)
{
    if (!ca)
        return;
    ca_service_done(&ca->ocsp);
    ca_service_done(&ca->tsa);
    register_close(&ca->entries);
    if (ca->lock_fd >= 0)
        (void)close(ca->lock_fd);
    buffer_done(&ca->crl);
    X509_free(ca->root);
    X509_free(ca->issuing);
    EVP_PKEY_free(ca->issuing_key);
    buffer_done(&ca->root_der);
    buffer_done(&ca->issuing_der);
    (void)pthread_mutex_destroy(&ca->lock);
    (void)pthread_mutex_destroy(&ca->change);
    (void)pthread_mutex_destroy(&ca->listing);
    free(ca);
}

/* -- facts ------------------------------------------------------------------------------------ */

struct bytes certs_ca_root(const struct certs_ca *ca)
{
    return buffer_bytes(&ca->root_der);
}

struct bytes certs_ca_issuing(const struct certs_ca *ca)
{
    return buffer_bytes(&ca->issuing_der);
}

const char *certs_ca_province(const struct certs_ca *ca)
{
    return ca->province;
}

const char *certs_ca_url(const struct certs_ca *ca)
{
    return ca->url;
}

enum err certs_ca_set_url(struct certs_ca *ca, const char *url)
{
    enum err err = check_url(url);
    if (err == ERR_OK)
        err = ca_enter(ca, true);
    if (err != ERR_OK)
        return err;
    if (strcmp(ca->url, url) != 0) {
        err = found_url(ca->folder, url);
        if (err == ERR_OK)
            (void)snprintf(ca->url, sizeof ca->url, "%s", url);
    }
    ca_leave(ca);
    return err;
}

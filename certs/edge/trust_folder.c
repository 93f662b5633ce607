/* Trust as a folder of files. */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "certs/edge/der.h"
#include "certs/edge/pem.h"
#include "certs/edge/trust_part.h"

static int is_anchor_file(const struct dirent *entry)
{
    const char *dot = strrchr(entry->d_name, '.');
    return entry->d_name[0] != '.' && dot &&
           (strcmp(dot, ".pem") == 0 || strcmp(dot, ".crt") == 0 || strcmp(dot, ".cer") == 0);
}

static enum err put_file(const char *path, struct buffer *pem)
{
    struct buffer text = {0};
    enum err err = pem_load(path, &text);
    if (err == ERR_OK)
        err = buffer_put(pem, buffer_bytes(&text));
    if (err == ERR_OK)
        err = buffer_put(pem, bytes_of("\n"));
    buffer_done(&text);
    return err == ERR_OK && pem->size > TRUST_BYTES_MAX ? ERR_LIMIT : err;
}

/* The certificates of one folder in the order of their names, behind `mark`. A folder that is not
 * there holds none. */
static enum err put_folder(const char *folder, const char *mark, struct buffer *pem)
{
    struct dirent **entries = NULL;
    char path[PEM_PATH_BYTES];
    int count = scandir(folder, &entries, is_anchor_file, alphasort);
    if (count < 0)
        return errno == ENOENT ? ERR_OK : ERR_IO;
    enum err err = mark ? buffer_put(pem, bytes_of(mark)) : ERR_OK;
    if (err == ERR_OK)
        err = buffer_put(pem, bytes_of("\n"));
    for (int n = 0; n < count; n++) {
        if (err == ERR_OK)
            err = pem_path(folder, entries[n]->d_name, path);
        if (err == ERR_OK)
            err = put_file(path, pem);
        free(entries[n]);
    }
    free(entries);
    return err;
}

static enum err gather(const char *path, struct buffer *pem)
{
    struct stat info;
    char inner[PEM_PATH_BYTES];
    if (stat(path, &info) != 0)
        return errno == ENOENT || errno == ENOTDIR ? ERR_UNKNOWN : ERR_IO;
    if (!S_ISDIR(info.st_mode))
        return put_file(path, pem);
    enum err err = put_folder(path, NULL, pem);
    if (err == ERR_OK)
        err = pem_path(path, "people", inner);
    if (err == ERR_OK)
        err = put_folder(inner, TRUST_PEOPLE_MARK, pem);
    if (err == ERR_OK)
        err = pem_path(path, "tsa", inner);
    return err == ERR_OK ? put_folder(inner, TRUST_TSA_MARK, pem) : err;
}

enum err certs_trust_gather(const char *path, struct buffer *ret_pem)
{
    struct buffer pem = {0};
    enum err err = gather(path, &pem);
    if (err != ERR_OK) {
        buffer_done(&pem);
        return err;
    }
    *ret_pem = pem;
    return ERR_OK;
}

/* -- founding --------------------------------------------------------------------------------- */

static enum err put_anchor(const char *folder, const char *purpose, const char *name, X509 *anchor)
{
    char inner[PEM_PATH_BYTES], file[128], path[PEM_PATH_BYTES];
    (void)snprintf(file, sizeof file, "%s.pem", name);
    X509 *const list[] = {anchor, NULL};
    enum err err = pem_path(folder, purpose, inner);
    if (err == ERR_OK && mkdir(inner, 0755) != 0 && errno != EEXIST)
        err = ERR_IO;
    if (err == ERR_OK)
        err = pem_path(inner, file, path);
    return err == ERR_OK ? pem_save_certificates(path, list) : err;
}

static void remove_half(const char *folder, const char *name)
{
    static const char *const purposes[] = {"people", "tsa"};
    char path[PEM_PATH_BYTES];
    for (size_t n = 0; n < sizeof purposes / sizeof *purposes; n++) {
        int size = snprintf(path, sizeof path, "%s/%s/%s.pem", folder, purposes[n], name);
        if (size > 0 && (size_t)size < sizeof path)
            (void)unlink(path);
        if (pem_path(folder, purposes[n], path) == ERR_OK)
            (void)rmdir(path);
    }
    (void)rmdir(folder);
}

/* Made whole under another name and renamed, so that a crash leaves no empty trust behind. */
enum err certs_trust_found(const char *folder, const char *name, struct bytes anchor)
{
    struct stat info;
    char beside[PEM_PATH_BYTES];
    X509 *certificate = NULL;
    if (stat(folder, &info) == 0)
        return ERR_OK;
    int size = snprintf(beside, sizeof beside, "%s.XXXXXX", folder);
    if (size < 0 || (size_t)size >= sizeof beside)
        return ERR_LIMIT;
    enum err err = der_parse_certificate(anchor, &certificate);
    if (err == ERR_OK && !mkdtemp(beside))
        err = ERR_IO;
    if (err == ERR_OK) {
        err = put_anchor(beside, "people", name, certificate);
        if (err == ERR_OK)
            err = put_anchor(beside, "tsa", name, certificate);
        if (err == ERR_OK && rename(beside, folder) != 0)
            err = ERR_IO;
        if (err != ERR_OK)
            remove_half(beside, name);
    }
    X509_free(certificate);
    return err;
}

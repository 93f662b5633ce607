#include "certs/edge/pem.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/bio.h>
#include <openssl/pem.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

static enum err read_all(int fd, struct buffer *ret_text)
{
    struct buffer text = {0};
    for (;;) {
        enum err err = buffer_reserve(&text, 4096);
        if (err == ERR_OK && text.size > PEM_FILE_BYTES_MAX)
            err = ERR_LIMIT;
        if (err != ERR_OK) {
            buffer_done(&text);
            return err;
        }
        ssize_t got = read(fd, text.data + text.size, 4096);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0) {
            buffer_done(&text);
            return ERR_IO;
        }
        if (got == 0)
            break;
        text.size += (size_t)got;
    }
    *ret_text = text;
    return ERR_OK;
}

enum err pem_load(const char *path, struct buffer *ret_text)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return errno == ENOENT || errno == ENOTDIR ? ERR_UNKNOWN : ERR_IO;
    enum err err = read_all(fd, ret_text);
    (void)close(fd);
    return err;
}

static enum err write_all(int fd, struct bytes text)
{
    size_t at = 0;
    while (at < text.size) {
        ssize_t put = write(fd, text.data + at, text.size - at);
        if (put < 0 && errno == EINTR)
            continue;
        if (put <= 0)
            return ERR_IO;
        at += (size_t)put;
    }
    return fsync(fd) == 0 ? ERR_OK : ERR_IO;
}

enum err pem_save(const char *path, struct bytes text, mode_t mode)
{
    char beside[PEM_PATH_BYTES];
    int size = snprintf(beside, sizeof beside, "%s.XXXXXX", path);
    if (size < 0 || (size_t)size >= sizeof beside)
        return ERR_LIMIT;
    int fd = mkostemp(beside, O_CLOEXEC); /* mode 0600 */
    if (fd < 0)
        return ERR_IO;
    enum err err = write_all(fd, text);
    if (err == ERR_OK && fchmod(fd, mode) != 0)
        err = ERR_IO;
    if (close(fd) != 0 && err == ERR_OK)
        err = ERR_IO;
    if (err == ERR_OK && rename(beside, path) != 0)
        err = ERR_IO;
    if (err != ERR_OK)
        (void)unlink(beside);
    return err;
}

enum err pem_path(const char *folder, const char *name, char ret_path[PEM_PATH_BYTES])
{
    int size = snprintf(ret_path, PEM_PATH_BYTES, "%s/%s", folder, name);
    return size > 0 && size < PEM_PATH_BYTES ? ERR_OK : ERR_LIMIT;
}

/* Without a passphrase callback OpenSSL would ask the terminal. */
static int no_passphrase(char *text, int size, int writing, void *user)
{
    (void)text;
    (void)size;
    (void)writing;
    (void)user;
    return -1;
}

enum err pem_load_certificate(const char *path, X509 **ret_certificate)
{
    struct buffer text = {0};
    enum err err = pem_load(path, &text);
    if (err != ERR_OK)
        return err;
    BIO *bio = BIO_new_mem_buf(text.data, (int)text.size);
    X509 *certificate = bio ? PEM_read_bio_X509(bio, NULL, no_passphrase, NULL) : NULL;
    BIO_free(bio);
    buffer_done(&text);
    if (!certificate)
        return ERR_FORMAT;
    *ret_certificate = certificate;
    return ERR_OK;
}

enum err pem_load_key(const char *path, EVP_PKEY **ret_key)
{
    struct buffer text = {0};
    enum err err = pem_load(path, &text);
    if (err != ERR_OK)
        return err;
    BIO *bio = BIO_new_mem_buf(text.data, (int)text.size);
    EVP_PKEY *key = bio ? PEM_read_bio_PrivateKey(bio, NULL, no_passphrase, NULL) : NULL;
    BIO_free(bio);
    if (text.data)
        OPENSSL_cleanse(text.data, text.size);
    buffer_done(&text);
    if (!key)
        return ERR_FORMAT;
    *ret_key = key;
    return ERR_OK;
}

static enum err save_bio(const char *path, BIO *bio, mode_t mode)
{
    char *data = NULL;
    long size = BIO_get_mem_data(bio, &data);
    if (size <= 0)
        return ERR_NO_MEMORY;
    struct bytes text = {(const uint8_t *)data, (size_t)size};
    return pem_save(path, text, mode);
}

enum err pem_save_certificates(const char *path, X509 *const *certificates)
{
    BIO *bio = BIO_new(BIO_s_mem());
    if (!bio)
        return ERR_NO_MEMORY;
    enum err err = ERR_OK;
    for (; *certificates && err == ERR_OK; certificates++)
        err = PEM_write_bio_X509(bio, *certificates) == 1 ? ERR_OK : ERR_NO_MEMORY;
    if (err == ERR_OK)
        err = save_bio(path, bio, 0644);
    BIO_free(bio);
    return err;
}

enum err pem_save_key(const char *path, EVP_PKEY *key)
{
    BIO *bio = BIO_new(BIO_s_secmem());
    if (!bio)
        return ERR_NO_MEMORY;
    enum err err = ERR_NO_MEMORY;
    if (PEM_write_bio_PKCS8PrivateKey(bio, key, NULL, NULL, 0, NULL, NULL) == 1)
        err = save_bio(path, bio, 0600);
    BIO_free(bio);
    return err;
}

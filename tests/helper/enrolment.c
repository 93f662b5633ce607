/* How a token gets its certificate: the request for a key made in it, and what comes back.
 *
 * The request is kept in the person's folder until its certificate is in the token, so that asking
 * again does not make another key, and a certificate of any other key is refused. */
#include <openssl/sha.h>
#include <openssl/x509.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/limits.h"
#include "base/text.h"
#include "tests/helper/helper.h"

enum { PATH_BYTES = 512, NAME_BYTES = 150, CERTIFICATE_BYTES = 16 * 1024 };

static void path_of(const struct helper *helper, char ret_path[PATH_BYTES])
{
    (void)snprintf(ret_path, PATH_BYTES, "%s/request.der", helper->folder);
}

/* ERR_UNKNOWN: nothing waits. */
static enum err waiting_read(const struct helper *helper, struct buffer *ret_csr)
{
    char path[PATH_BYTES];
    uint8_t bytes[LIMIT_CSR_BYTES];
    path_of(helper, path);
    FILE *file = fopen(path, "rb");
    if (!file)
        return ERR_UNKNOWN;
    size_t size = fread(bytes, 1, sizeof bytes, file);
    (void)fclose(file);
    return size > 0 ? buffer_put(ret_csr, (struct bytes){bytes, size}) : ERR_UNKNOWN;
}

static bool waiting_write(const struct helper *helper, struct bytes csr)
{
    char path[PATH_BYTES];
    path_of(helper, path);
    FILE *file = fopen(path, "wb");
    bool written = file && fwrite(csr.data, 1, csr.size, file) == csr.size;
    return file && fclose(file) == 0 && written;
}

/* SHA-256 of the request's public key: by it the server and the officer know the key. */
static bool hash_of(X509_PUBKEY *key, char ret_hash[2 * SHA256_DIGEST_LENGTH + 1])
{
    unsigned char *der = NULL;
    uint8_t hash[SHA256_DIGEST_LENGTH];
    int size = key ? i2d_X509_PUBKEY(key, &der) : 0;
    if (size <= 0)
        return false;
    SHA256(der, (size_t)size, hash);
    OPENSSL_free(der);
    hex_write(hash, sizeof hash, ret_hash);
    return true;
}

static bool hash_of_request(struct bytes csr, char ret_hash[2 * SHA256_DIGEST_LENGTH + 1])
{
    const unsigned char *at = csr.data;
    X509_REQ *parsed = d2i_X509_REQ(NULL, &at, (long)csr.size);
    bool done = parsed && hash_of(X509_REQ_get_X509_PUBKEY(parsed), ret_hash);
    X509_REQ_free(parsed);
    return done;
}

static bool hash_of_certificate(struct bytes der, char ret_hash[2 * SHA256_DIGEST_LENGTH + 1])
{
    const unsigned char *at = der.data;
    X509 *parsed = d2i_X509(NULL, &at, (long)der.size);
    bool done =
        parsed && at == der.data + der.size && hash_of(X509_get_X509_PUBKEY(parsed), ret_hash);
    X509_free(parsed);
    return done;
}

static void reply_request(struct http_request *request, struct bytes csr)
{
    char hash[2 * SHA256_DIGEST_LENGTH + 1];
    if (hash_of_request(csr, hash))
        http_reply(request, 200, json_pack("{s:o,s:s}", "csr", helper_base64(csr), "spki", hash));
    else
        helper_reply_fault(request, 403, "failed");
}

void enrolment_get(const struct helper *helper, struct http_request *request)
{
    struct buffer csr = {0};
    if (waiting_read(helper, &csr) == ERR_OK)
        reply_request(request, buffer_bytes(&csr));
    else
        helper_reply_fault(request, 404, "no_request");
    buffer_done(&csr);
}

static bool person_agrees(const struct http_request *request, const char *what, const char *name,
                          char ret_pin[HELPER_PIN_BYTES])
{
    fputs("\nTrang web / page: ", stderr);
    helper_print(request->origin);
    fprintf(stderr, "\n%s", what);
    helper_print(name);
    fputs("\n", stderr);
    return helper_ask_pin(ret_pin);
}

static void key_make(const struct helper *helper, struct http_request *request, const char *name)
{
    char pin[HELPER_PIN_BYTES] = "";
    struct buffer csr = {0};
    if (!person_agrees(request, "Tạo khóa ký trong thiết bị cho / a new key for: ", name, pin)) {
        helper_reply_fault(request, 403, "declined");
        return;
    }
    enum certs_device_fault fault =
        certs_device_make_key(helper->device, bytes_of(pin), name, &csr);
    explicit_bzero(pin, sizeof pin);
    if (fault == CERTS_DEVICE_FINE && !waiting_write(helper, buffer_bytes(&csr)))
        fault = CERTS_DEVICE_FAILED;
    if (fault == CERTS_DEVICE_FINE)
        reply_request(request, buffer_bytes(&csr));
    else
        helper_reply_device(request, fault);
    buffer_done(&csr);
}

void enrolment_post(const struct helper *helper, struct http_request *request)
{
    struct buffer csr = {0}, certificate = {0};
    char *name = http_argument(request, "name");
    if (certs_device_certificate(helper->device, &certificate) == CERTS_DEVICE_FINE)
        helper_reply_fault(request, 403, "has_certificate");
    else if (waiting_read(helper, &csr) == ERR_OK)
        reply_request(request, buffer_bytes(&csr));
    else if (!name || !*name || strlen(name) > NAME_BYTES || !utf8_valid(bytes_of(name)))
        helper_reply_fault(request, 422, "no_name");
    else
        key_make(helper, request, name);
    buffer_done(&certificate);
    buffer_done(&csr);
    free(name);
}

static bool is_of_waiting(const struct helper *helper, struct bytes certificate)
{
    char ours[2 * SHA256_DIGEST_LENGTH + 1], theirs[2 * SHA256_DIGEST_LENGTH + 1];
    struct buffer csr = {0};
    bool same = waiting_read(helper, &csr) == ERR_OK && hash_of_request(buffer_bytes(&csr), ours) &&
                hash_of_certificate(certificate, theirs) && strcmp(ours, theirs) == 0;
    buffer_done(&csr);
    return same;
}

void enrolment_keep(const struct helper *helper, struct http_request *request)
{
    char pin[HELPER_PIN_BYTES] = "";
    char path[PATH_BYTES];
    struct bytes certificate = buffer_bytes(&request->body);
    if (certificate.size > CERTIFICATE_BYTES || !is_of_waiting(helper, certificate)) {
        helper_reply_fault(request, 422, "other_key");
        return;
    }
    if (!person_agrees(request, "Lưu chứng thư số vào thiết bị / keep the certificate", "", pin)) {
        helper_reply_fault(request, 403, "declined");
        return;
    }
    enum certs_device_fault fault =
        certs_device_keep_certificate(helper->device, bytes_of(pin), certificate);
    explicit_bzero(pin, sizeof pin);
    path_of(helper, path);
    if (fault == CERTS_DEVICE_FINE && unlink(path) != 0)
        fault = CERTS_DEVICE_FAILED;
    if (fault == CERTS_DEVICE_FINE)
        http_reply(request, 200, json_object());
    else
        helper_reply_device(request, fault);
}

/* The reference helper of docs/signing-helper.md: a person's PKCS#11 token, for the page in the
 * browser of the same machine. Listens on 127.0.0.1 alone, for the origins it was told.
 *
 * It takes whole files and never a hash or attributes: what the token signs it works out itself,
 * from a file that it keeps for the person to read. What is signed, for whom, it shows on the
 * terminal, and asks there for the PIN, each time.
 *
 * Usage: signing_helper MODULE TOKEN LABEL PORT FOLDER ORIGIN… */
#include <inttypes.h>
#include <jansson.h>
#include <openssl/evp.h>
#include <openssl/sha.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/text.h"
#include "tests/helper/helper.h"

/* -- what is asked ---------------------------------------------------------------------------- */

struct asked {
    const char *title;
    uint64_t range[4];
    struct bytes file;
};

/* Everything but one zero-filled "<000…0>" must be signed, or something could be put in later. */
static bool range_is_whole(const struct asked *asked)
{
    const uint64_t *range = asked->range;
    size_t size = asked->file.size;
    if (range[0] != 0 || range[1] >= range[2] || range[2] > size || range[3] != size - range[2] ||
        range[2] - range[1] < 4)
        return false;
    const uint8_t *data = asked->file.data;
    if (size < 5 || memcmp(data, "%PDF-", 5) != 0 || data[range[1]] != '<' ||
        data[range[2] - 1] != '>')
        return false;
    for (uint64_t i = range[1] + 1; i < range[2] - 1; i++)
        if (data[i] != '0')
            return false;
    return true;
}

static void digest_of(const struct asked *asked, uint8_t ret_digest[CERTS_SHA256_BYTES])
{
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    EVP_DigestInit_ex2(context, EVP_sha256(), NULL);
    EVP_DigestUpdate(context, asked->file.data, asked->range[1]);
    EVP_DigestUpdate(context, asked->file.data + asked->range[2], asked->range[3]);
    EVP_DigestFinal_ex(context, ret_digest, NULL);
    EVP_MD_CTX_free(context);
}

/* -- the person ------------------------------------------------------------------------------- */

void helper_print(const char *text)
{
    for (const unsigned char *at = (const unsigned char *)text; *at; at++)
        putc(*at < 0x20 || *at == 0x7F ? ' ' : *at, stderr);
}

bool helper_ask_pin(char ret_pin[HELPER_PIN_BYTES])
{
    fputs("PIN (để trống: từ chối / empty: no): ", stderr);
    if (!fgets(ret_pin, HELPER_PIN_BYTES, stdin))
        ret_pin[0] = '\0';
    ret_pin[strcspn(ret_pin, "\n")] = '\0';
    return ret_pin[0] != '\0';
}

/* Shows the paper and asks for the PIN. */
static bool person_agrees(const struct helper *helper, const struct http_request *request,
                          const struct asked *asked, char ret_pin[HELPER_PIN_BYTES])
{
    char path[512], hash[2 * SHA256_DIGEST_LENGTH + 1];
    uint8_t whole[SHA256_DIGEST_LENGTH];
    SHA256(asked->file.data, asked->file.size, whole);
    hex_write(whole, sizeof whole, hash);
    snprintf(path, sizeof path, "%s/%.16s.pdf", helper->folder, hash);
    FILE *kept = fopen(path, "wb");
    bool written = kept && fwrite(asked->file.data, 1, asked->file.size, kept) == asked->file.size;
    if (!kept || fclose(kept) != 0 || !written)
        return false;
    fputs("\nTrang web / page: ", stderr);
    helper_print(request->origin);
    fputs("\nVăn bản / paper:  ", stderr);
    helper_print(asked->title);
    fprintf(stderr, "\nTệp / file:       %s (SHA-256 %s)\n", path, hash);
    return helper_ask_pin(ret_pin);
}

/* -- answers ---------------------------------------------------------------------------------- */

void helper_reply_fault(struct http_request *request, int status, const char *code)
{
    http_reply(request, status, json_pack("{s:s}", "error", code));
}

void helper_reply_device(struct http_request *request, enum certs_device_fault fault)
{
    helper_reply_fault(request, 403, certs_device_fault_name(fault));
}

json_t *helper_base64(struct bytes bytes)
{
    char *text = malloc(4 * (bytes.size / 3 + 1) + 1);
    if (!text)
        return NULL;
    EVP_EncodeBlock((unsigned char *)text, bytes.data, (int)bytes.size);
    json_t *json = json_string(text);
    free(text);
    return json;
}

static void certificate_get(const struct helper *helper, struct http_request *request)
{
    struct buffer certificate = {0};
    enum certs_device_fault fault = certs_device_certificate(helper->device, &certificate);
    if (fault == CERTS_DEVICE_FINE)
        http_reply(request, 200,
                   json_pack("{s:o}", "certificate", helper_base64(buffer_bytes(&certificate))));
    else
        helper_reply_fault(request, 503, certs_device_fault_name(fault));
    buffer_done(&certificate);
}

static void sign(const struct helper *helper, struct http_request *request,
                 const struct asked *asked, struct bytes pin)
{
    struct buffer certificate = {0}, attributes = {0};
    struct certs_device_signature signature;
    uint8_t digest[CERTS_SHA256_BYTES];
    digest_of(asked, digest);
    enum certs_device_fault fault = certs_device_certificate(helper->device, &certificate);
    if (fault == CERTS_DEVICE_FINE &&
        certs_signed_attributes(buffer_bytes(&certificate), digest, &attributes) != ERR_OK)
        fault = CERTS_DEVICE_FAILED;
    if (fault == CERTS_DEVICE_FINE)
        fault = certs_device_sign(helper->device, pin, buffer_bytes(&attributes),
                                  (utc_ms_t)time(NULL) * 1000, &signature);
    if (fault == CERTS_DEVICE_FINE)
        http_reply(request, 200,
                   json_pack("{s:o,s:o}", "signature",
                             helper_base64((struct bytes){signature.bytes, signature.size}),
                             "certificate", helper_base64(buffer_bytes(&certificate))));
    else
        helper_reply_device(request, fault);
    buffer_done(&certificate);
    buffer_done(&attributes);
}

static void signature_post(const struct helper *helper, struct http_request *request)
{
    char pin[HELPER_PIN_BYTES] = "";
    char *title = http_argument(request, "title");
    char *range = http_argument(request, "byteRange");
    struct asked asked = {.title = title ? title : "", .file = buffer_bytes(&request->body)};
    char rest;
    bool fine = title && range &&
                sscanf(range, "%" SCNu64 ",%" SCNu64 ",%" SCNu64 ",%" SCNu64 "%c", &asked.range[0],
                       &asked.range[1], &asked.range[2], &asked.range[3], &rest) == 4 &&
                range_is_whole(&asked);
    if (!fine)
        helper_reply_fault(request, 422, "not_whole");
    else if (!person_agrees(helper, request, &asked, pin))
        helper_reply_fault(request, 403, "declined");
    else
        sign(helper, request, &asked, bytes_of(pin));
    explicit_bzero(pin, sizeof pin);
    free(title);
    free(range);
}

/* -- the door --------------------------------------------------------------------------------- */

/* Other pages may not even learn that there is a helper; nor may a name that was pointed here. */
static bool is_welcome(const struct helper *helper, const struct http_request *request)
{
    char host[32];
    snprintf(host, sizeof host, "127.0.0.1:%u", helper->port);
    if (strcmp(request->host, host) != 0)
        return false;
    for (int i = 0; i < helper->origin_count; i++)
        if (strcmp(request->origin, helper->origins[i]) == 0)
            return true;
    return false;
}

static void answer(const struct helper *helper, struct http_request *request)
{
    static const struct {
        const char *method, *path;
        void (*handle)(const struct helper *, struct http_request *);
    } routes[] = {
        {"GET", "/v1/certificate", certificate_get},  {"POST", "/v1/signatures", signature_post},
        {"GET", "/v1/requests", enrolment_get},       {"POST", "/v1/requests", enrolment_post},
        {"POST", "/v1/certificates", enrolment_keep},
    };
    if (!is_welcome(helper, request)) {
        http_reply(request, 403, NULL);
        return;
    }
    if (strcmp(request->method, "OPTIONS") == 0) {
        http_reply(request, 204, NULL);
        return;
    }
    for (size_t i = 0; i < sizeof routes / sizeof *routes; i++)
        if (strcmp(request->method, routes[i].method) == 0 &&
            strcmp(request->path, routes[i].path) == 0) {
            routes[i].handle(helper, request);
            return;
        }
    helper_reply_fault(request, 404, "unknown");
}

int main(int argc, char **argv)
{
    if (argc < 7) {
        fputs("Usage: signing_helper MODULE TOKEN LABEL PORT FOLDER ORIGIN…\n", stderr);
        return 2;
    }
    struct certs_device_place place = {argv[1], argv[2], argv[3]};
    struct helper helper = {.folder = argv[5], .origins = argv + 6, .origin_count = argc - 6};
    enum certs_device_fault fault = certs_device_open(&place, &helper.device);
    int listener =
        fault == CERTS_DEVICE_FINE ? http_listen((int)strtol(argv[4], NULL, 10), &helper.port) : -1;
    if (listener < 0) {
        fprintf(stderr, "signing_helper: %s\n", certs_device_fault_name(fault));
        return EXIT_FAILURE;
    }
    printf("ready %u\n", helper.port);
    fflush(stdout);
    for (struct http_request request; http_accept(listener, &request); http_done(&request))
        if (request.fine)
            answer(&helper, &request);
    certs_device_close(helper.device);
    return EXIT_SUCCESS;
}

/* What a signing program on somebody's machine does with a paper, for the stand-in of VGCA Sign
 * Service: reads the whole file, signs it in an empty field of it with a key of its own, writes it.
 *
 * Usage: whole_file_signer IN.pdf OUT.pdf KEY.pem CERTIFICATE.der ISSUER.der FIELD NAME */
#include <openssl/bn.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "meeting/edge/paper/pades.h"

static struct buffer file_read(const char *path)
{
    struct buffer bytes = {0};
    uint8_t chunk[4096];
    FILE *file = fopen(path, "rb");
    for (size_t got; file && (got = fread(chunk, 1, sizeof chunk, file)) > 0;)
        if (buffer_put(&bytes, (struct bytes){chunk, got}) != ERR_OK)
            break;
    if (file)
        (void)fclose(file);
    return bytes;
}

static bool sign(const char *key_path, struct bytes message,
                 uint8_t ret_raw[CERTS_RAW_SIGNATURE_BYTES])
{
    uint8_t der[256];
    size_t size = sizeof der;
    FILE *file = fopen(key_path, "rb");
    EVP_PKEY *key = file ? PEM_read_PrivateKey(file, NULL, NULL, NULL) : NULL;
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    bool done = key && EVP_DigestSignInit(context, NULL, EVP_sha256(), NULL, key) == 1 &&
                EVP_DigestSign(context, der, &size, message.data, message.size) == 1;
    const unsigned char *at = der;
    ECDSA_SIG *value = done ? d2i_ECDSA_SIG(NULL, &at, (long)size) : NULL;
    if (value) {
        BN_bn2binpad(ECDSA_SIG_get0_r(value), ret_raw, 32);
        BN_bn2binpad(ECDSA_SIG_get0_s(value), ret_raw + 32, 32);
    }
    done = value != NULL;
    ECDSA_SIG_free(value);
    EVP_MD_CTX_free(context);
    EVP_PKEY_free(key);
    if (file)
        (void)fclose(file);
    return done;
}

static enum err sign_paper(char **argv, struct pades_prepared *prepared, struct bytes certificate,
                           struct bytes issuer)
{
    struct buffer attributes = {0};
    uint8_t raw[CERTS_RAW_SIGNATURE_BYTES];
    enum err err = certs_signed_attributes(certificate, prepared->digest, &attributes);
    if (err == ERR_OK && !sign(argv[3], buffer_bytes(&attributes), raw))
        err = ERR_AUTH;
    if (err == ERR_OK)
        err = pades_complete(&prepared->file, prepared->byte_range, certificate, &issuer, 1, raw);
    buffer_done(&attributes);
    return err;
}

int main(int argc, char **argv)
{
    if (argc != 8)
        return 2;
    struct buffer paper = file_read(argv[1]);
    struct buffer certificate = file_read(argv[4]);
    struct buffer issuer = file_read(argv[5]);
    struct pades_prepared prepared = {0};
    struct pades_request request = {
        .field = argv[6], .name = argv[7], .at = (utc_ms_t)time(NULL) * 1000};
    enum err err = pades_prepare(buffer_bytes(&paper), &request, &prepared);
    if (err == ERR_OK)
        err = sign_paper(argv, &prepared, buffer_bytes(&certificate), buffer_bytes(&issuer));
    FILE *out = err == ERR_OK ? fopen(argv[2], "wb") : NULL;
    bool written = out &&
                   fwrite(prepared.file.data, 1, prepared.file.size, out) == prepared.file.size &&
                   fclose(out) == 0;
    if (!written)
        fprintf(stderr, "whole_file_signer: %s\n", err_name(err));
    pades_prepared_done(&prepared);
    buffer_done(&paper);
    buffer_done(&certificate);
    buffer_done(&issuer);
    return written ? EXIT_SUCCESS : EXIT_FAILURE;
}

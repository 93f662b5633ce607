/* What a person's browser does, for tests: a P-256 key, a CSR, a raw r||s signature (WebCrypto's
 * form), and a CA in a folder of its own that is removed again. */
#ifndef TESTS_SUPPORT_SIGNER_H
#define TESTS_SUPPORT_SIGNER_H

#include <assert.h>
#include <dirent.h>
#include <openssl/bn.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/x509.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "certs/certs.h"

#define SIGNER_NOW INT64_C(1795413600000) /* 2026-11-23T06:00:00Z */
#define SIGNER_DAY_MS INT64_C(86400000)

__attribute__((unused)) static void signer_folder(char ret_path[64])
{
    (void)snprintf(ret_path, 64, "/tmp/dienhong-test-XXXXXX");
    char *made = mkdtemp(ret_path);
    assert(made);
}

__attribute__((unused)) static void signer_remove_folder(const char *path)
{
    DIR *folder = opendir(path);
    for (struct dirent *entry; folder && (entry = readdir(folder)) != NULL;) {
        if (entry->d_name[0] == '.')
            continue;
        char inner[512];
        (void)snprintf(inner, sizeof inner, "%s/%s", path, entry->d_name);
        if (unlink(inner) != 0)
            signer_remove_folder(inner);
    }
    if (folder)
        closedir(folder);
    (void)rmdir(path);
}

__attribute__((unused)) static EVP_PKEY *signer_key(const char *group)
{
    EVP_PKEY *key = EVP_EC_gen(group);
    assert(key);
    return key;
}

/* A CSR that asks for a grand name, which the CA must not heed. */
__attribute__((unused)) static struct buffer signer_csr(EVP_PKEY *key)
{
    X509_REQ *request = X509_REQ_new();
    X509_NAME *name = X509_REQ_get_subject_name(request);
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8, (const unsigned char *)"Somebody Else",
                               -1, -1, 0);
    X509_REQ_set_pubkey(request, key);
    X509_REQ_sign(request, key, EVP_sha256());
    unsigned char *der = NULL;
    int size = i2d_X509_REQ(request, &der);
    assert(size > 0);
    struct buffer csr = {0};
    enum err err = buffer_put(&csr, (struct bytes){der, (size_t)size});
    assert(err == ERR_OK);
    OPENSSL_free(der);
    X509_REQ_free(request);
    return csr;
}

__attribute__((unused)) static void signer_sign(EVP_PKEY *key, struct bytes message,
                                                uint8_t ret_raw[CERTS_RAW_SIGNATURE_BYTES])
{
    uint8_t der[256];
    size_t size = sizeof der;
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    int done = EVP_DigestSignInit(context, NULL, EVP_sha256(), NULL, key) == 1 &&
               EVP_DigestSign(context, der, &size, message.data, message.size) == 1;
    assert(done);
    EVP_MD_CTX_free(context);
    const unsigned char *at = der;
    ECDSA_SIG *value = d2i_ECDSA_SIG(NULL, &at, (long)size);
    assert(value);
    BN_bn2binpad(ECDSA_SIG_get0_r(value), ret_raw, 32);
    BN_bn2binpad(ECDSA_SIG_get0_s(value), ret_raw + 32, 32);
    ECDSA_SIG_free(value);
}

/* A person with a key and a certificate of `ca`. */
struct signer {
    EVP_PKEY *key;
    struct certs_issued issued;
};

__attribute__((unused)) static struct signer
signer_make(struct certs_ca *ca, const char *name, const char *position, uint64_t id, utc_ms_t now)
{
    struct signer signer = {.key = signer_key("P-256")};
    struct certs_person person = {name, position, "Văn phòng UBND tỉnh", "Tỉnh Lam Giang", id};
    struct buffer csr = signer_csr(signer.key);
    enum err err = certs_issue_personal(ca, &person, buffer_bytes(&csr), now, &signer.issued);
    assert(err == ERR_OK);
    buffer_done(&csr);
    return signer;
}

__attribute__((unused)) static void signer_done(struct signer *signer)
{
    EVP_PKEY_free(signer->key);
    certs_issued_done(&signer->issued);
}

/* The 64 bytes that the person's browser returns for a digest. */
__attribute__((unused)) static void signer_answer(const struct signer *signer,
                                                  const uint8_t digest[CERTS_SHA256_BYTES],
                                                  uint8_t ret_raw[CERTS_RAW_SIGNATURE_BYTES])
{
    struct buffer attributes = {0};
    enum err err =
        certs_signed_attributes(buffer_bytes(&signer->issued.certificate), digest, &attributes);
    assert(err == ERR_OK);
    signer_sign(signer->key, buffer_bytes(&attributes), ret_raw);
    buffer_done(&attributes);
}

#endif

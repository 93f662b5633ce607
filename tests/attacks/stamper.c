#include "tests/attacks/stamper.h"

#include <openssl/cms.h>

#include "certs/edge/ca_part.h"
#include "certs/edge/der.h"
#include "meeting/edge/paper/stamp.h"

struct stamper stamper_open(const struct attack_world *world, const char *usage)
{
    struct certs_ca *ca = world->place.ca;
    struct stamper stamper = {.key = signer_key("P-256")};
    struct craft_certificate plan = {.name = "Dấu thời gian",
                                     .key = stamper.key,
                                     .issuer = ca->issuing,
                                     .issuer_key = ca->issuing_key,
                                     .key_usage = "critical,digitalSignature",
                                     .extended_usage = *usage ? usage : NULL,
                                     .constraints = "critical,CA:FALSE"};
    struct buffer der = craft_issue(world, &plan);
    enum err err = der_parse_certificate(buffer_bytes(&der), &stamper.certificate);
    assert(err == ERR_OK);
    buffer_done(&der);
    return stamper;
}

void stamper_close(struct stamper *stamper)
{
    X509_free(stamper->certificate);
    EVP_PKEY_free(stamper->key);
}

static struct buffer ask(const struct paper_place *place, const uint8_t digest[CERTS_SHA256_BYTES],
                         utc_ms_t at)
{
    struct certs_ask ask = keep_ask(place);
    struct certs_stamp stamp;
    enum err err = certs_tsa_ask(&ask, digest, at, &stamp);
    assert(err == ERR_OK);
    return stamp.token;
}

/* The TSTInfo of a genuine token, in a SignedData of our own. */
struct buffer stamper_stamp(const struct stamper *stamper, const struct attack_world *world,
                            const uint8_t digest[CERTS_SHA256_BYTES])
{
    const unsigned int flags = CMS_BINARY | CMS_PARTIAL | CMS_NOSMIMECAP | CMS_CADES;
    struct buffer genuine = ask(&world->place, digest, world->place.now), token = {0};
    const unsigned char *at = genuine.data;
    CMS_ContentInfo *from = d2i_CMS_ContentInfo(NULL, &at, (long)genuine.size);
    assert(from);
    const ASN1_OCTET_STRING *info = *CMS_get0_content(from);
    BIO *content = BIO_new_mem_buf(ASN1_STRING_get0_data(info), ASN1_STRING_length(info));
    CMS_ContentInfo *cms = CMS_sign(NULL, NULL, NULL, NULL, CMS_BINARY | CMS_PARTIAL);
    bool made = content && cms &&
                CMS_set1_eContentType(cms, OBJ_nid2obj(NID_id_smime_ct_TSTInfo)) == 1 &&
                CMS_add1_signer(cms, stamper->certificate, stamper->key, EVP_sha256(), flags) &&
                CMS_final(cms, content, NULL, CMS_BINARY) == 1;
    assert(made);
    unsigned char *data = NULL;
    int size = i2d_CMS_ContentInfo(cms, &data);
    enum err err = der_take(data, size, &token);
    assert(err == ERR_OK);
    CMS_ContentInfo_free(cms);
    CMS_ContentInfo_free(from);
    BIO_free(content);
    buffer_done(&genuine);
    return token;
}

struct buffer stamper_revoke(const struct stamper *stamper, const struct attack_world *world,
                             utc_ms_t at)
{
    struct certs_ca *ca = world->place.ca;
    struct buffer der = {0};
    X509_CRL *crl = X509_CRL_new();
    X509_REVOKED *revoked = X509_REVOKED_new();
    ASN1_TIME *when = ASN1_TIME_set(NULL, (time_t)(at / 1000));
    ASN1_TIME *from = ASN1_TIME_set(NULL, (time_t)(world->place.now / 1000));
    ASN1_TIME *until = ASN1_TIME_set(NULL, (time_t)(world->place.now / 1000 + 86400));
    bool made =
        crl && revoked && when && from && until &&
        X509_REVOKED_set_serialNumber(revoked, X509_get_serialNumber(stamper->certificate)) == 1 &&
        X509_REVOKED_set_revocationDate(revoked, when) == 1 &&
        X509_CRL_set_version(crl, X509_CRL_VERSION_2) == 1 &&
        X509_CRL_set_issuer_name(crl, X509_get_subject_name(ca->issuing)) == 1 &&
        X509_CRL_set1_lastUpdate(crl, from) == 1 && X509_CRL_set1_nextUpdate(crl, until) == 1 &&
        X509_CRL_add0_revoked(crl, revoked) == 1 &&
        X509_CRL_sign(crl, ca->issuing_key, EVP_sha256()) > 0;
    assert(made);
    unsigned char *data = NULL;
    int size = i2d_X509_CRL(crl, &data);
    enum err err = der_take(data, size, &der);
    assert(err == ERR_OK);
    ASN1_TIME_free(until);
    ASN1_TIME_free(from);
    ASN1_TIME_free(when);
    X509_CRL_free(crl);
    return der;
}

struct buffer stamper_archive(const struct stamper *stamper, const struct attack_world *world,
                              struct bytes pdf, struct bytes crl)
{
    struct bytes issuing = certs_ca_issuing(world->place.ca);
    struct stamp_material material = {
        .certificates = &issuing, .certificate_count = 1, .crls = &crl, .crl_count = crl.size > 0};
    struct pades_prepared prepared;
    enum err err = stamp_prepare(pdf, &material, &prepared);
    assert(err == ERR_OK);
    struct buffer token = stamper ? stamper_stamp(stamper, world, prepared.digest)
                                  : ask(&world->place, prepared.digest, world->place.now + 300000);
    err = stamp_complete(&prepared.file, prepared.byte_range, buffer_bytes(&token));
    assert(err == ERR_OK);
    buffer_done(&token);
    return prepared.file;
}

#include "tests/attacks/craft.h"

#include "certs/edge/der.h"
#include "certs/edge/issue.h"

enum { TAG_INTEGER = 2, TAG_OCTETS = 4, TAG_OID = 6, TAG_SEQUENCE = 0x30, TAG_SET = 0x31 };
enum { TAG_0 = 0xA0, TAG_1 = 0xA1 };

struct craft craft_good(const struct attack_world *world, const struct signer *signer)
{
    return (struct craft){
        .certificate = buffer_bytes(&signer->issued.certificate),
        .key = signer->key,
        .bag = {buffer_bytes(&signer->issued.certificate), certs_ca_issuing(world->place.ca)},
        .bag_count = 2,
        .digest = EVP_sha256(),
        .type = CRAFT_SIGNED_DATA,
        .digest_id = CRAFT_SHA256,
        .signature_id = CRAFT_ECDSA_SHA256,
        .content_type = CRAFT_DATA,
        .version = 1,
        .signers = 1,
        .digests = 1,
    };
}

struct buffer craft_sign(const struct craft *craft)
{
    uint8_t value[1024];
    size_t size = sizeof value;
    struct bytes message = craft->attributes.size ? craft->attributes : craft->message;
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    int done = EVP_DigestSignInit(context, NULL, craft->digest, NULL, craft->key) == 1 &&
               EVP_DigestSign(context, value, &size, message.data, message.size) == 1;
    assert(done);
    EVP_MD_CTX_free(context);
    return paper_copy((struct bytes){value, size});
}

static void put_algorithm(struct buffer *der, const char *oid)
{
    size_t algorithm = der_open(der, TAG_SEQUENCE);
    size_t id = der_open(der, TAG_OID);
    der_hex(der, oid);
    der_close(der, id);
    der_close(der, algorithm);
}

static void put_signer_id(struct buffer *der, struct bytes certificate)
{
    X509 *parsed = NULL;
    unsigned char *name = NULL;
    unsigned char *serial = NULL;
    enum err err = der_parse_certificate(certificate, &parsed);
    assert(err == ERR_OK);
    int name_size = i2d_X509_NAME(X509_get_issuer_name(parsed), &name);
    int serial_size = i2d_ASN1_INTEGER(X509_get0_serialNumber(parsed), &serial);
    assert(name_size > 0 && serial_size > 0);
    size_t id = der_open(der, TAG_SEQUENCE);
    der_put(der, (struct bytes){name, (size_t)name_size});
    der_put(der, (struct bytes){serial, (size_t)serial_size});
    der_close(der, id);
    OPENSSL_free(name);
    OPENSSL_free(serial);
    X509_free(parsed);
}

static void put_signer(struct buffer *der, const struct craft *craft)
{
    struct buffer value = craft->value.data ? paper_copy(craft->value) : craft_sign(craft);
    size_t signer = der_open(der, TAG_SEQUENCE);
    der_element(der, TAG_INTEGER, (struct bytes){&craft->version, 1});
    put_signer_id(der, craft->certificate);
    put_algorithm(der, craft->digest_id);
    if (craft->attributes.size) {
        size_t at = der->size;
        der_put(der, craft->attributes);
        der->data[at] = TAG_0; /* signed as a SET OF, written as [0] */
    }
    put_algorithm(der, craft->signature_id);
    der_element(der, TAG_OCTETS, buffer_bytes(&value));
    if (craft->unproven.size)
        der_element(der, TAG_1, craft->unproven);
    der_close(der, signer);
    buffer_done(&value);
}

static int by_bytes(const void *a, const void *b)
{
    const struct bytes *left = a;
    const struct bytes *right = b;
    size_t size = left->size < right->size ? left->size : right->size;
    int order = memcmp(left->data, right->data, size);
    return order ? order : left->size < right->size ? -1 : left->size > right->size;
}

struct buffer craft_write(const struct craft *craft)
{
    struct buffer der = {0};
    struct craft sorted = *craft;
    qsort(sorted.bag, sorted.bag_count, sizeof *sorted.bag, by_bytes);
    size_t outer = der_open(&der, TAG_SEQUENCE);
    size_t oid = der_open(&der, TAG_OID);
    der_hex(&der, craft->type);
    der_close(&der, oid);
    size_t wrapped = der_open(&der, TAG_0);
    size_t data = der_open(&der, TAG_SEQUENCE);
    der_element(&der, TAG_INTEGER, (struct bytes){&craft->version, 1});
    size_t digests = der_open(&der, TAG_SET);
    for (size_t i = 0; i < craft->digests; i++)
        put_algorithm(&der, craft->digest_id);
    der_close(&der, digests);
    size_t content = der_open(&der, TAG_SEQUENCE);
    oid = der_open(&der, TAG_OID);
    der_hex(&der, craft->content_type);
    der_close(&der, oid);
    if (craft->content.data) {
        size_t attached = der_open(&der, TAG_0);
        der_element(&der, TAG_OCTETS, craft->content);
        der_close(&der, attached);
    }
    der_close(&der, content);
    size_t bag = der_open(&der, TAG_0);
    for (size_t i = 0; i < sorted.bag_count; i++)
        der_put(&der, sorted.bag[i]);
    der_close(&der, bag);
    if (craft->crl.size)
        der_element(&der, TAG_1, craft->crl);
    size_t signers = der_open(&der, TAG_SET);
    for (size_t i = 0; i < craft->signers; i++)
        put_signer(&der, craft);
    der_close(&der, signers);
    der_close(&der, data);
    der_close(&der, wrapped);
    der_close(&der, outer);
    return der;
}

struct buffer craft_unproven(const char *oid, struct bytes value)
{
    struct buffer der = {0};
    size_t attribute = der_open(&der, TAG_SEQUENCE);
    size_t id = der_open(&der, TAG_OID);
    der_hex(&der, oid);
    der_close(&der, id);
    der_element(&der, TAG_SET, value);
    der_close(&der, attribute);
    return der;
}

struct pades_prepared craft_prepare(const struct attack_world *world)
{
    struct pades_request request = {PAPER_FIELD_CHAIR, "Lê Văn Ước", world->place.now};
    struct pades_prepared prepared;
    enum err err = pades_prepare(attack_file(world, ATTACK_BASE), &request, &prepared);
    assert(err == ERR_OK);
    return prepared;
}

void craft_put(struct pades_prepared *prepared, struct bytes cms)
{
    static const char digits[] = "0123456789abcdef";
    size_t at = prepared->byte_range[1] + 1;
    assert(at + 2 * cms.size < prepared->byte_range[2]);
    for (size_t i = 0; i < cms.size; i++) {
        prepared->file.data[at++] = (uint8_t)digits[cms.data[i] >> 4];
        prepared->file.data[at++] = (uint8_t)digits[cms.data[i] & 15];
    }
}

struct buffer craft_issue(const struct attack_world *world, const struct craft_certificate *plan)
{
    X509_NAME *name = X509_NAME_new();
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8, (const unsigned char *)plan->name, -1, -1,
                               0);
    struct issue_plan issue = {
        .subject = name,
        .subject_key = plan->key,
        .issuer = plan->issuer,
        .issuer_key = plan->issuer ? plan->issuer_key : plan->key,
        .now = world->place.now,
        .lifetime_s = 365 * ISSUE_DAY_S,
        .extensions = {{NID_basic_constraints, plan->constraints},
                       {NID_key_usage, plan->key_usage},
                       {plan->extended_usage ? NID_ext_key_usage : 0, plan->extended_usage}},
    };
    X509 *certificate = NULL;
    struct buffer der = {0};
    enum err err = issue_certificate(&issue, &certificate);
    if (err == ERR_OK)
        err = der_of_certificate(certificate, &der);
    assert(err == ERR_OK);
    X509_free(certificate);
    X509_NAME_free(name);
    return der;
}

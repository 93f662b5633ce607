/* A signature's CMS by hand, good or not, and its way into a paper. */
#ifndef TESTS_ATTACKS_CRAFT_H
#define TESTS_ATTACKS_CRAFT_H

#include "tests/attacks/attack.h"
#include "tests/attacks/der.h"

#define CRAFT_SHA256 "608648016503040201"
#define CRAFT_ECDSA_SHA256 "2a8648ce3d040302"
#define CRAFT_DATA "2a864886f70d010701"
#define CRAFT_SIGNED_DATA "2a864886f70d010702"
#define CRAFT_STAMP "2a864886f70d010910020e"

enum { CRAFT_BAG_MAX = 4 };

struct craft {
    struct bytes certificate;        /* the signer's, for its name and number */
    EVP_PKEY *key;                   /* what signs */
    struct bytes bag[CRAFT_BAG_MAX]; /* certificates that go with it */
    size_t bag_count;
    struct bytes attributes; /* SET OF, as signed; empty: none, `message` is signed */
    struct bytes message;
    const EVP_MD *digest;
    const char *type; /* OIDs, as hex */
    const char *digest_id;
    const char *signature_id;
    const char *content_type;
    uint8_t version;
    size_t signers;        /* how often the signer is put in */
    size_t digests;        /* how often the algorithm is listed */
    struct bytes content;  /* attached */
    struct bytes unproven; /* unsigned attributes */
    struct bytes crl;
    struct bytes value; /* instead of a signature by `key` */
};

/* As the server's own, for `signer` of the world's place: its attributes are yet to be set. */
struct craft craft_good(const struct attack_world *world, const struct signer *signer);
struct buffer craft_write(const struct craft *craft);
/* `message`, or the attributes, signed by the key: DER as it stands in the CMS. */
struct buffer craft_sign(const struct craft *craft);
/* An unsigned attribute with one value. */
struct buffer craft_unproven(const char *oid, struct bytes value);

/* The base with the chair's field ready to be signed; the CMS into its gap. */
struct pades_prepared craft_prepare(const struct attack_world *world);
void craft_put(struct pades_prepared *prepared, struct bytes cms);

/* A certificate for `key`; `issuer` NULL: self-signed. `usage`: of keyUsage and extKeyUsage. */
struct craft_certificate {
    const char *name;
    EVP_PKEY *key;
    X509 *issuer;
    EVP_PKEY *issuer_key;
    const char *key_usage;
    const char *extended_usage; /* may be NULL */
    const char *constraints;
};
struct buffer craft_issue(const struct attack_world *world, const struct craft_certificate *plan);

#endif

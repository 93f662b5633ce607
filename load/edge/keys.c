#include "load/edge/keys.h"

#include <openssl/crypto.h>
#include <openssl/srtp.h>

#include "sfu/edge/srtp_kdf.h"
#include "sfu/edge/srtp_lib.h"

enum {
    KEY_BYTES = CIPHER_KEY_BYTES,
    SALT_BYTES = SRTP_GCM_SALT_BYTES,
    MATERIAL_BYTES = 2 * (KEY_BYTES + SALT_BYTES),
};

/* One direction's master key and salt. */
struct master {
    struct bytes key;
    struct bytes salt;
    enum cipher_direction direction;
};

static enum err derive_key(const struct cipher *cipher, const struct master *master,
                           enum srtp_kdf_label label, void **ret_key)
{
    uint8_t derived[KEY_BYTES];
    enum err err = srtp_kdf(master->key, master->salt, label, derived, sizeof derived);
    if (err == ERR_OK)
        err = cipher_key_create(cipher, derived, master->direction, ret_key);
    OPENSSL_cleanse(derived, sizeof derived);
    return err;
}

static enum err derive(const struct cipher *cipher, const struct master *master, bool rtp,
                       struct srtp_gcm *gcm)
{
    gcm->aead = cipher_ops(cipher);
    enum err err = derive_key(cipher, master, SRTP_KDF_RTCP_KEY, &gcm->rtcp_key);
    if (err == ERR_OK && rtp)
        err = derive_key(cipher, master, SRTP_KDF_RTP_KEY, &gcm->rtp_key);
    if (err == ERR_OK)
        err = srtp_kdf(master->key, master->salt, SRTP_KDF_RTP_SALT, gcm->rtp_salt,
                       sizeof gcm->rtp_salt);
    if (err == ERR_OK)
        err = srtp_kdf(master->key, master->salt, SRTP_KDF_RTCP_SALT, gcm->rtcp_salt,
                       sizeof gcm->rtcp_salt);
    return err;
}

/* The material is: client's key, server's key, client's salt, server's salt. We are the client. */
enum err keys_create(SSL *ssl, const struct cipher *cipher, bool sends, bool oracle,
                     struct keys *ret_keys)
{
    static const char label[] = "EXTRACTOR-dtls_srtp";
    uint8_t material[MATERIAL_BYTES];
    const SRTP_PROTECTION_PROFILE *profile = SSL_get_selected_srtp_profile(ssl);
    if (!profile || profile->id != SRTP_AEAD_AES_128_GCM ||
        SSL_export_keying_material(ssl, material, sizeof material, label, sizeof label - 1, NULL, 0,
                                   0) != 1)
        return ERR_UNSUPPORTED;
    struct keys keys = {.cipher = cipher};
    const struct master client = {
        {material, KEY_BYTES}, {material + 2 * KEY_BYTES, SALT_BYTES}, CIPHER_SEAL};
    const struct master server = {{material + KEY_BYTES, KEY_BYTES},
                                  {material + 2 * KEY_BYTES + SALT_BYTES, SALT_BYTES},
                                  CIPHER_OPEN};
    enum err err = derive(cipher, &client, sends, &keys.out);
    if (err == ERR_OK)
        err = derive(cipher, &server, true, &keys.in);
    if (err == ERR_OK && oracle)
        err = srtp_lib_create(SRTP_AEAD_AES_128_GCM, SRTP_LIB_INBOUND, server.key, server.salt,
                              &keys.oracle);
    OPENSSL_cleanse(material, sizeof material);
    if (err == ERR_OK)
        *ret_keys = keys;
    else
        keys_done(&keys);
    return err;
}

void keys_done(struct keys *keys)
{
    void *const all[] = {keys->in.rtp_key, keys->in.rtcp_key, keys->out.rtp_key,
                         keys->out.rtcp_key};
    for (size_t i = 0; keys->cipher && i < sizeof all / sizeof all[0]; i++)
        cipher_key_destroy(keys->cipher, all[i]);
    srtp_lib_destroy(keys->oracle.state);
    OPENSSL_cleanse(keys, sizeof *keys);
}

#include "sfu/edge/transform.h"

#include <assert.h>
#include <stdlib.h>

#include <openssl/crypto.h>
#include <openssl/srtp.h>

#include "sfu/core/srtp_gcm.h"
#include "sfu/edge/srtp_kdf.h"
#include "sfu/edge/srtp_lib.h"

static void transform_destroy_gcm(struct srtp_gcm *gcm)
{
    aead_evp_destroy(gcm->rtp_key);
    aead_evp_destroy(gcm->rtcp_key);
    OPENSSL_cleanse(gcm, sizeof *gcm);
    free(gcm);
}

/* One derived key, prepared for packets. */
static enum err transform_prepare(struct bytes master_key, struct bytes master_salt,
                                  enum srtp_kdf_label label, enum aead_evp_direction direction,
                                  void **ret_key)
{
    uint8_t key[AEAD_EVP_KEY_BYTES];
    enum err err = srtp_kdf(master_key, master_salt, label, key, sizeof key);
    if (err == ERR_OK)
        err = aead_evp_create(key, direction, ret_key);
    OPENSSL_cleanse(key, sizeof key);
    return err;
}

enum err transform_create_gcm(struct bytes master_key, struct bytes master_salt,
                              enum aead_evp_direction direction,
                              struct srtp_transform *ret_transform)
{
    assert(master_key.size == AEAD_EVP_KEY_BYTES && master_salt.size == SRTP_GCM_SALT_BYTES);
    struct srtp_gcm *gcm = calloc(1, sizeof *gcm);
    if (!gcm)
        return ERR_NO_MEMORY;
    gcm->aead = &aead_evp;
    enum err err =
        transform_prepare(master_key, master_salt, SRTP_KDF_RTP_KEY, direction, &gcm->rtp_key);
    if (err == ERR_OK)
        err = transform_prepare(master_key, master_salt, SRTP_KDF_RTCP_KEY, direction,
                                &gcm->rtcp_key);
    if (err == ERR_OK)
        err = srtp_kdf(master_key, master_salt, SRTP_KDF_RTP_SALT, gcm->rtp_salt,
                       sizeof gcm->rtp_salt);
    if (err == ERR_OK)
        err = srtp_kdf(master_key, master_salt, SRTP_KDF_RTCP_SALT, gcm->rtcp_salt,
                       sizeof gcm->rtcp_salt);
    if (err != ERR_OK) {
        transform_destroy_gcm(gcm);
        return err;
    }
    *ret_transform = (struct srtp_transform){&srtp_gcm_ops, gcm};
    return ERR_OK;
}

enum err transform_create_pair(const struct dtls_keys *keys, struct srtp_pair *ret_pair)
{
    struct bytes client_key = {keys->client_key, keys->key_size};
    struct bytes client_salt = {keys->client_salt, keys->salt_size};
    struct bytes server_key = {keys->server_key, keys->key_size};
    struct bytes server_salt = {keys->server_salt, keys->salt_size};
    struct srtp_pair pair = {0};
    enum err err;
    /* We are the DTLS server: what the client's key protects comes in (RFC 5764, section 4.2). */
    if (keys->profile == SRTP_AEAD_AES_128_GCM) {
        err = transform_create_gcm(client_key, client_salt, AEAD_EVP_OPEN, &pair.inbound);
        if (err == ERR_OK)
            err = transform_create_gcm(server_key, server_salt, AEAD_EVP_SEAL, &pair.outbound);
    } else {
        err = srtp_lib_create(keys->profile, SRTP_LIB_INBOUND, client_key, client_salt,
                              &pair.inbound);
        if (err == ERR_OK)
            err = srtp_lib_create(keys->profile, SRTP_LIB_OUTBOUND, server_key, server_salt,
                                  &pair.outbound);
    }
    if (err != ERR_OK) {
        transform_destroy_pair(&pair);
        return err;
    }
    *ret_pair = pair;
    return ERR_OK;
}

void transform_destroy(struct srtp_transform *transform)
{
    if (transform->ops == &srtp_gcm_ops)
        transform_destroy_gcm(transform->state);
    else if (transform->ops == &srtp_lib)
        srtp_lib_destroy(transform->state);
    *transform = (struct srtp_transform){0};
}

void transform_destroy_pair(struct srtp_pair *pair)
{
    transform_destroy(&pair->inbound);
    transform_destroy(&pair->outbound);
}

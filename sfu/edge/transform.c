#include "sfu/edge/transform.h"

#include <assert.h>
#include <stdlib.h>

#include <openssl/crypto.h>
#include <openssl/srtp.h>

#include "sfu/core/srtp_gcm.h"
#include "sfu/edge/srtp_kdf.h"
#include "sfu/edge/srtp_lib.h"

/* The core's part first: it is the transform's `state`. */
struct transform_gcm {
    struct srtp_gcm gcm;
    const struct cipher *cipher;
};

static void transform_destroy_gcm(struct transform_gcm *own)
{
    cipher_key_destroy(own->cipher, own->gcm.rtp_key);
    cipher_key_destroy(own->cipher, own->gcm.rtcp_key);
    OPENSSL_cleanse(own, sizeof *own);
    free(own);
}

struct transform_master {
    const struct cipher *cipher;
    enum cipher_direction direction;
    struct bytes key;
    struct bytes salt;
};

/* One derived key, prepared for packets. */
static enum err transform_prepare(const struct transform_master *master, enum srtp_kdf_label label,
                                  void **ret_key)
{
    uint8_t key[CIPHER_KEY_BYTES];
    enum err err = srtp_kdf(master->key, master->salt, label, key, sizeof key);
    if (err == ERR_OK)
        err = cipher_key_create(master->cipher, key, master->direction, ret_key);
    OPENSSL_cleanse(key, sizeof key);
    return err;
}

/* The four that RFC 3711, section 4.3 derives. */
static enum err transform_derive(const struct transform_master *master, struct srtp_gcm *gcm)
{
    enum err err = transform_prepare(master, SRTP_KDF_RTP_KEY, &gcm->rtp_key);
    if (err == ERR_OK)
        err = transform_prepare(master, SRTP_KDF_RTCP_KEY, &gcm->rtcp_key);
    if (err == ERR_OK)
        err = srtp_kdf(master->key, master->salt, SRTP_KDF_RTP_SALT, gcm->rtp_salt,
                       sizeof gcm->rtp_salt);
    if (err == ERR_OK)
        err = srtp_kdf(master->key, master->salt, SRTP_KDF_RTCP_SALT, gcm->rtcp_salt,
                       sizeof gcm->rtcp_salt);
    return err;
}

enum err transform_create_gcm(const struct cipher *cipher, struct bytes master_key,
                              struct bytes master_salt, enum cipher_direction direction,
                              struct srtp_transform *ret_transform)
{
    assert(master_key.size == CIPHER_KEY_BYTES && master_salt.size == SRTP_GCM_SALT_BYTES);
    struct transform_gcm *own = calloc(1, sizeof *own);
    if (!own)
        return ERR_NO_MEMORY;
    own->cipher = cipher;
    own->gcm.aead = cipher_ops(cipher);
    struct transform_master master = {cipher, direction, master_key, master_salt};
    enum err err = transform_derive(&master, &own->gcm);
    if (err != ERR_OK) {
        transform_destroy_gcm(own);
        return err;
    }
    *ret_transform = (struct srtp_transform){&srtp_gcm_ops, own};
    return ERR_OK;
}

enum err transform_create_pair(const struct cipher *cipher, const struct dtls_keys *keys,
                               struct srtp_pair *ret_pair)
{
    struct bytes client_key = {keys->client_key, keys->key_size};
    struct bytes client_salt = {keys->client_salt, keys->salt_size};
    struct bytes server_key = {keys->server_key, keys->key_size};
    struct bytes server_salt = {keys->server_salt, keys->salt_size};
    struct srtp_pair pair = {0};
    enum err err;
    /* We are the DTLS server: what the client's key protects comes in (RFC 5764, section 4.2). */
    if (keys->profile == SRTP_AEAD_AES_128_GCM) {
        err = transform_create_gcm(cipher, client_key, client_salt, CIPHER_OPEN, &pair.inbound);
        if (err == ERR_OK)
            err =
                transform_create_gcm(cipher, server_key, server_salt, CIPHER_SEAL, &pair.outbound);
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

static void bury(void *argument)
{
    struct srtp_pair *pair = argument;
    transform_destroy_pair(pair);
    free(pair);
}

void transform_retire_pair(struct jobs *jobs, struct srtp_pair *pair)
{
    /* Ours are quickly gone, and need their cipher, which may be gone before Jobs are. */
    struct srtp_pair *given = pair->inbound.ops == &srtp_lib ? malloc(sizeof *given) : NULL;
    if (given)
        *given = *pair;
    if (given && jobs_submit(jobs, bury, given) == ERR_OK) {
        *pair = (struct srtp_pair){0};
        return;
    }
    free(given);
    transform_destroy_pair(pair);
}

size_t transform_pair_size(const struct cipher *cipher)
{
    return 2 * (sizeof(struct transform_gcm) + 2 * cipher_key_size(cipher));
}

#include "sfu/edge/srtp_lib.h"

#include <assert.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/crypto.h>
#include <openssl/srtp.h>
#include <srtp2/srtp.h>

enum {
    MASTER_MAX_BYTES = 32 + 14,
    REPLAY_WINDOW_PACKETS = 1024,
    RTCP_INDEX_BYTES = 4,
    CM_TAG_BYTES = 10,
};

static const uint32_t rtcp_index_mask = 0x7fffffff; /* without the "encrypted" bit */

struct srtp_lib {
    srtp_t session;
    uint32_t rtcp_index_back; /* where the SRTCP index begins, counted from the packet's end */
};

static bool srtp_lib_ready;

static void srtp_lib_start(void)
{
    srtp_lib_ready = srtp_init() == srtp_err_status_ok;
}

bool srtp_lib_is_ready(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, srtp_lib_start);
    return srtp_lib_ready;
}

static bool srtp_lib_set_profile(srtp_policy_t *policy, unsigned long profile,
                                 uint32_t *ret_rtcp_index_back)
{
    *ret_rtcp_index_back = RTCP_INDEX_BYTES; /* AEAD: behind the tag (RFC 7714, section 9.1) */
    switch (profile) {
    case SRTP_AEAD_AES_128_GCM:
        srtp_crypto_policy_set_aes_gcm_128_16_auth(&policy->rtp);
        srtp_crypto_policy_set_aes_gcm_128_16_auth(&policy->rtcp);
        return true;
    case SRTP_AEAD_AES_256_GCM:
        srtp_crypto_policy_set_aes_gcm_256_16_auth(&policy->rtp);
        srtp_crypto_policy_set_aes_gcm_256_16_auth(&policy->rtcp);
        return true;
    case SRTP_AES128_CM_SHA1_80:
        srtp_crypto_policy_set_aes_cm_128_hmac_sha1_80(&policy->rtp);
        srtp_crypto_policy_set_aes_cm_128_hmac_sha1_80(&policy->rtcp);
        *ret_rtcp_index_back = RTCP_INDEX_BYTES + CM_TAG_BYTES; /* RFC 3711, section 3.4 */
        return true;
    default:
        return false;
    }
}

enum err srtp_lib_create(unsigned long profile, enum srtp_lib_direction direction,
                         struct bytes master_key, struct bytes master_salt,
                         struct srtp_transform *ret_transform)
{
    if (!srtp_lib_is_ready())
        return ERR_UNSUPPORTED;
    uint8_t master[MASTER_MAX_BYTES];
    assert(master_key.size + master_salt.size <= sizeof master);
    memcpy(master, master_key.data, master_key.size);
    memcpy(master + master_key.size, master_salt.data, master_salt.size);
    srtp_policy_t policy = {
        .key = master,
        .window_size = REPLAY_WINDOW_PACKETS,
        .ssrc.type = direction == SRTP_LIB_OUTBOUND ? ssrc_any_outbound : ssrc_any_inbound,
    };
    struct srtp_lib *lib = calloc(1, sizeof *lib);
    enum err err = lib ? ERR_OK : ERR_NO_MEMORY;
    if (lib && !srtp_lib_set_profile(&policy, profile, &lib->rtcp_index_back))
        err = ERR_UNSUPPORTED;
    if (err == ERR_OK && srtp_create(&lib->session, &policy) != srtp_err_status_ok)
        err = ERR_NO_MEMORY;
    OPENSSL_cleanse(master, sizeof master);
    if (err != ERR_OK) {
        free(lib);
        return err;
    }
    *ret_transform = (struct srtp_transform){&srtp_lib, lib};
    return ERR_OK;
}

void srtp_lib_destroy(void *state)
{
    struct srtp_lib *lib = state;
    if (!lib)
        return;
    (void)srtp_dealloc(lib->session);
    free(lib);
}

static enum err srtp_lib_err(srtp_err_status_t status)
{
    switch ((int)status) {
    case srtp_err_status_ok:
        return ERR_OK;
    case srtp_err_status_replay_fail:
        return ERR_REPLAY;
    case srtp_err_status_replay_old:
        return ERR_STALE;
    case srtp_err_status_alloc_fail:
        return ERR_NO_MEMORY;
    default:
        return ERR_AUTH;
    }
}

static enum err srtp_lib_protect_rtp(void *state, uint64_t index, uint8_t *packet, size_t capacity,
                                     size_t header_size, size_t own_size, struct bytes shared,
                                     size_t *ret_size)
{
    (void)index;
    struct srtp_lib *lib = state;
    size_t size = header_size + own_size + shared.size;
    if (size + SRTP_OVERHEAD_MAX_BYTES > capacity)
        return ERR_LIMIT;
    if (shared.size > 0)
        memcpy(packet + header_size + own_size, shared.data, shared.size);
    int whole = (int)size;
    enum err err = srtp_lib_err(srtp_protect(lib->session, packet, &whole));
    if (err == ERR_OK)
        *ret_size = (size_t)whole;
    return err;
}

static enum err srtp_lib_unprotect_rtp(void *state, uint64_t index, uint8_t *packet, size_t size,
                                       size_t header_size, size_t *ret_size)
{
    (void)index;
    (void)header_size;
    struct srtp_lib *lib = state;
    int plain = (int)size;
    enum err err = srtp_lib_err(srtp_unprotect(lib->session, packet, &plain));
    if (err == ERR_OK)
        *ret_size = (size_t)plain;
    return err;
}

static enum err srtp_lib_protect_rtcp(void *state, uint32_t index, uint8_t *packet, size_t capacity,
                                      size_t size, size_t *ret_size)
{
    (void)index;
    struct srtp_lib *lib = state;
    if (size + SRTP_OVERHEAD_MAX_BYTES > capacity)
        return ERR_LIMIT;
    int whole = (int)size;
    enum err err = srtp_lib_err(srtp_protect_rtcp(lib->session, packet, &whole));
    if (err == ERR_OK)
        *ret_size = (size_t)whole;
    return err;
}

static enum err srtp_lib_unprotect_rtcp(void *state, uint8_t *packet, size_t size,
                                        uint32_t *ret_index, size_t *ret_size)
{
    struct srtp_lib *lib = state;
    if (size < lib->rtcp_index_back)
        return ERR_AUTH;
    struct rd rd = rd_init((struct bytes){packet + size - lib->rtcp_index_back, RTCP_INDEX_BYTES});
    uint32_t index = rd_u32(&rd) & rtcp_index_mask;
    int plain = (int)size;
    enum err err = srtp_lib_err(srtp_unprotect_rtcp(lib->session, packet, &plain));
    if (err != ERR_OK)
        return err;
    *ret_index = index;
    *ret_size = (size_t)plain;
    return ERR_OK;
}

/* The template that the session was made with serves every SSRC. */
static enum err srtp_lib_add_outgoing(void *state, uint32_t ssrc)
{
    (void)state;
    (void)ssrc;
    return ERR_OK;
}

const struct srtp_ops srtp_lib = {
    .protect_rtp = srtp_lib_protect_rtp,
    .unprotect_rtp = srtp_lib_unprotect_rtp,
    .protect_rtcp = srtp_lib_protect_rtcp,
    .unprotect_rtcp = srtp_lib_unprotect_rtcp,
    .add_outgoing = srtp_lib_add_outgoing,
};

#include "tests/peer/peer_srtp.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include <srtp2/srtp.h>

/* Only to start libsrtp2: a process may do that once, and the server of the test is in it too. */
#include "sfu/edge/srtp_lib.h"

enum { KEY_BYTES = 16, SALT_GCM_BYTES = 12, SALT_CM_BYTES = 14, WINDOW_PACKETS = 1024 };

struct peer_srtp {
    srtp_t out;
    srtp_t in;
};

static srtp_t make_session(bool gcm, srtp_ssrc_type_t direction, const uint8_t *key,
                           const uint8_t *salt, size_t salt_size)
{
    uint8_t master[KEY_BYTES + SALT_CM_BYTES];
    srtp_policy_t policy = {.ssrc = {.type = direction}, .window_size = WINDOW_PACKETS};
    srtp_t session = NULL;
    memcpy(master, key, KEY_BYTES);
    memcpy(master + KEY_BYTES, salt, salt_size);
    if (gcm) {
        srtp_crypto_policy_set_aes_gcm_128_16_auth(&policy.rtp);
        srtp_crypto_policy_set_aes_gcm_128_16_auth(&policy.rtcp);
    } else {
        srtp_crypto_policy_set_aes_cm_128_hmac_sha1_80(&policy.rtp);
        srtp_crypto_policy_set_aes_cm_128_hmac_sha1_80(&policy.rtcp);
    }
    policy.key = master;
    srtp_err_status_t status = srtp_create(&session, &policy);
    assert(status == srtp_err_status_ok);
    return session;
}

/* The material is: client's key, server's key, client's salt, server's salt. We are the client. */
struct peer_srtp *peer_srtp_create(const struct peer_dtls *dtls)
{
    uint8_t keys[PEER_DTLS_KEYS_BYTES];
    bool gcm = strcmp(peer_dtls_profile(dtls), "SRTP_AEAD_AES_128_GCM") == 0;
    size_t salt_size = gcm ? SALT_GCM_BYTES : SALT_CM_BYTES;
    if (!gcm && strcmp(peer_dtls_profile(dtls), "SRTP_AES128_CM_SHA1_80") != 0)
        return NULL;
    if (!peer_dtls_keys(dtls, keys, 2 * (KEY_BYTES + salt_size)))
        return NULL;
    struct peer_srtp *srtp = calloc(1, sizeof *srtp);
    assert(srtp && srtp_lib_is_ready());
    const uint8_t *salts = keys + 2 * KEY_BYTES;
    srtp->out = make_session(gcm, ssrc_any_outbound, keys, salts, salt_size);
    srtp->in = make_session(gcm, ssrc_any_inbound, keys + KEY_BYTES, salts + salt_size, salt_size);
    return srtp;
}

void peer_srtp_destroy(struct peer_srtp *srtp)
{
    if (!srtp)
        return;
    (void)srtp_dealloc(srtp->out);
    (void)srtp_dealloc(srtp->in);
    free(srtp);
}

bool peer_srtp_protect(struct peer_srtp *srtp, bool rtcp, uint8_t *packet, size_t *size)
{
    int length = (int)*size;
    srtp_err_status_t status = rtcp ? srtp_protect_rtcp(srtp->out, packet, &length)
                                    : srtp_protect(srtp->out, packet, &length);
    *size = (size_t)length;
    return status == srtp_err_status_ok;
}

bool peer_srtp_unprotect(struct peer_srtp *srtp, bool rtcp, uint8_t *packet, size_t *size)
{
    int length = (int)*size;
    srtp_err_status_t status = rtcp ? srtp_unprotect_rtcp(srtp->in, packet, &length)
                                    : srtp_unprotect(srtp->in, packet, &length);
    *size = (size_t)length;
    return status == srtp_err_status_ok;
}

/* The DTLS client of the test peer: OpenSSL over datagrams that its owner carries (RFC 5764). */
#ifndef TESTS_PEER_PEER_DTLS_H
#define TESTS_PEER_PEER_DTLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { PEER_DTLS_DIGEST_BYTES = 32, PEER_DTLS_KEYS_BYTES = 60, PEER_DTLS_FINGERPRINT_BYTES = 96 };

struct peer_dtls;

/* `send` carries one datagram to the other side. */
struct peer_dtls *peer_dtls_create(const char *profiles,
                                   void (*send)(void *, const uint8_t *, size_t), void *context);
void peer_dtls_destroy(struct peer_dtls *dtls);

/* "sha-256 AB:CD:…" of our certificate, for the offer. */
const char *peer_dtls_fingerprint(const struct peer_dtls *dtls);
void peer_dtls_start(struct peer_dtls *dtls);
void peer_dtls_feed(struct peer_dtls *dtls, const uint8_t *datagram, size_t size);
/* Resends what is due. */
void peer_dtls_tick(struct peer_dtls *dtls);

bool peer_dtls_is_done(const struct peer_dtls *dtls);
bool peer_dtls_has_failed(const struct peer_dtls *dtls);
/* SHA-256 of the other side's certificate. Needs: done. */
bool peer_dtls_their_digest(const struct peer_dtls *dtls,
                            uint8_t ret_digest[PEER_DTLS_DIGEST_BYTES]);
/* The agreed profile's name ("SRTP_AEAD_AES_128_GCM") and the keying material of RFC 5764, 4.2. */
const char *peer_dtls_profile(const struct peer_dtls *dtls);
bool peer_dtls_keys(const struct peer_dtls *dtls, uint8_t *ret_keys, size_t size);

#endif

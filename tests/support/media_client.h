/* A WebRTC peer for tests: offers, checks connectivity, shakes hands and carries SRTP over a real
 * socket, blocking, by the caller's thread. Its STUN is libnice's, its DTLS OpenSSL's client, its
 * SRTP libsrtp2: nothing that it says to the server is made by the code under test. */
#ifndef TESTS_SUPPORT_MEDIA_CLIENT_H
#define TESTS_SUPPORT_MEDIA_CLIENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <openssl/ssl.h>

#include "base/address.h"
#include "base/err.h"
#include "sfu/core/srtp.h"
#include "sfu/sfu.h"

enum {
    CLIENT_SLOTS_MAX = 16,
    CLIENT_TEXT_BYTES = 64,
    CLIENT_PACKET_BYTES = 1500,
    CLIENT_MICROPHONE_SSRC = 0x1001,
    CLIENT_CAMERA_SSRC = 0x2001,
    CLIENT_AUDIO_TYPE = 111,
    CLIENT_VIDEO_TYPE = 96,
    CLIENT_LEVEL_EXTENSION = 1, /* RFC 6464 */
};

struct media_client_options {
    bool sends;                 /* microphone and camera */
    uint32_t audio_slots;       /* received */
    uint32_t video_slots;       /* stage, screen, tiles, in this order */
    const char *srtp_profiles;  /* as OpenSSL takes them; NULL: AEAD_AES_128_GCM */
    const char *offered_digest; /* instead of the certificate's own; NULL: the true one */
    struct udp_address local;   /* address to send from; zero: 127.0.0.1 */
    struct udp_address server;  /* address to send to; zero: 127.0.0.1 */
    SSL_CTX *context;           /* borrowed from client_identity_context(); NULL: one of its own */
};

struct media_client {
    int fd;
    SSL_CTX *context;
    bool owns_context;
    SSL *ssl;
    char fingerprint[128];
    char remote_ufrag[CLIENT_TEXT_BYTES];
    char remote_pwd[CLIENT_TEXT_BYTES];
    uint16_t remote_port;
    uint32_t remote_ip; /* network byte order */
    uint32_t slot_count;
    uint32_t slot_ssrc[CLIENT_SLOTS_MAX]; /* in the offer's order: audio, then video */
    struct srtp_transform inbound;
    struct srtp_transform outbound;
};

struct media_packet {
    size_t size;
    uint8_t data[CLIENT_PACKET_BYTES];
};

/* Binds a socket and makes a certificate. All that follow answer false when they did not succeed
 * within a few seconds. */
bool media_client_open(struct media_client *client, const struct media_client_options *options);
void media_client_close(struct media_client *client);

/* The offer of a client with these options, of at most `capacity` bytes with its terminator. */
bool media_client_offer(const struct media_client *client,
                        const struct media_client_options *options, char *ret_offer,
                        size_t capacity);
/* Offers to the server and reads its answer. */
bool media_client_join(struct media_client *client, const struct media_client_options *options,
                       struct sfu *sfu, const struct sfu_join *who);

/* Offers again for an ICE restart and reads the new credentials; the next check uses them. */
bool media_client_restart(struct media_client *client, const struct media_client_options *options,
                          struct sfu *sfu, uint64_t endpoint);
/* Goes on from another port, as behind a NAT that forgot us. */
bool media_client_move(struct media_client *client);

/* One authenticated check with USE-CANDIDATE; `password` NULL for the right one. Gives the code of
 * an error response in *ret_error (0: success; -1: no answer). */
bool media_client_check(struct media_client *client, const char *password, int *ret_error);
bool media_client_handshake(struct media_client *client);
/* Open, join, check, handshake. */
bool media_client_connect(struct media_client *client, const struct media_client_options *options,
                          struct sfu *sfu, const struct sfu_join *who);

/* Raw bytes to the server. */
bool media_client_send(const struct media_client *client, struct bytes datagram);
/* An RTP packet, protected; `packet` without its protection. */
bool media_client_send_rtp(struct media_client *client, struct bytes packet);
/* The next RTP packet of `ssrc` (0: of any), opened, within `milliseconds`; RTCP and what cannot be
 * opened are passed over. */
bool media_client_receive_rtp(struct media_client *client, uint32_t ssrc, int milliseconds,
                              struct media_packet *ret_packet);

#endif

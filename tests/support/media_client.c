#include "tests/support/media_client.h"

#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <openssl/srtp.h>
#include <openssl/x509.h>
#include <stun/stunagent.h>
#include <stun/usages/ice.h>

#include "base/clock.h"
#include "base/limits.h"
#include "sfu/edge/srtp_lib.h"
#include "tests/support/client_identity.h"

enum {
    PATIENCE_MS = 5000,
    CHECK_MS = 500,
    ANSWER_BYTES = LIMIT_SDP_BYTES,
    KEY_BYTES = 16,
    SALT_MAX_BYTES = 14,
    PRIORITY = 0x7effffff,
};

static const char local_ufrag[] = "test";
static const char local_pwd[] = "testtesttesttesttesttest";

/* ---- Identity -------------------------------------------------------------------------------- */

static bool client_write_fingerprint(struct media_client *client)
{
    uint8_t digest[EVP_MAX_MD_SIZE];
    unsigned size = 0;
    if (X509_digest(SSL_CTX_get0_certificate(client->context), EVP_sha256(), digest, &size) != 1)
        return false;
    int at = 0;
    for (unsigned i = 0; i < size; i++)
        at += snprintf(client->fingerprint + at, sizeof client->fingerprint - (size_t)at,
                       i ? ":%02X" : "%02X", digest[i]);
    return true;
}

bool media_client_open(struct media_client *client, const struct media_client_options *options)
{
    *client = (struct media_client){.fd = -1};
    client->context =
        options->context ? options->context : client_identity_context(options->srtp_profiles);
    client->owns_context = !options->context;
    client->remote_ip = htonl(INADDR_LOOPBACK);
    if (udp_address_is_v4(&options->server))
        memcpy(&client->remote_ip, options->server.ip + 12, sizeof client->remote_ip);
    if (!client->context || !client_write_fingerprint(client))
        return false;
    struct sockaddr_in local = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    if (udp_address_is_v4(&options->local))
        memcpy(&local.sin_addr, options->local.ip + 12, sizeof local.sin_addr);
    local.sin_port = htons(options->local.port);
    client->fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    return client->fd >= 0 && bind(client->fd, (const struct sockaddr *)&local, sizeof local) == 0;
}

void media_client_close(struct media_client *client)
{
    SSL_free(client->ssl);
    if (client->owns_context)
        SSL_CTX_free(client->context);
    if (client->fd >= 0)
        close(client->fd);
    srtp_lib_destroy(client->inbound.state);
    srtp_lib_destroy(client->outbound.state);
    *client = (struct media_client){.fd = -1};
}

/* ---- Offer and answer ------------------------------------------------------------------------ */

struct text {
    char *at;
    size_t left;
    bool failed;
};

__attribute__((format(printf, 2, 3))) static void put(struct text *text, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    int size = vsnprintf(text->at, text->left, format, arguments);
    va_end(arguments);
    if (size < 0 || (size_t)size >= text->left) {
        text->failed = true;
        return;
    }
    text->at += size;
    text->left -= (size_t)size;
}

static void put_section(struct text *text, const struct media_client *client,
                        const struct media_client_options *options, uint32_t mid, bool audio,
                        const char *direction)
{
    put(text, "m=%s 9 UDP/TLS/RTP/SAVPF %s\r\nc=IN IP4 0.0.0.0\r\na=rtcp:9 IN IP4 0.0.0.0\r\n",
        audio ? "audio" : "video", audio ? "111" : "96 97");
    put(text, "a=ice-ufrag:%s\r\na=ice-pwd:%s\r\na=ice-options:trickle\r\n", local_ufrag,
        local_pwd);
    put(text, "a=fingerprint:sha-256 %s\r\na=setup:actpass\r\na=mid:%u\r\n",
        options->offered_digest ? options->offered_digest : client->fingerprint, mid);
    if (audio)
        put(text, "a=extmap:1 urn:ietf:params:rtp-hdrext:ssrc-audio-level\r\n");
    put(text,
        "a=extmap:3 http://www.ietf.org/id/"
        "draft-holmer-rmcat-transport-wide-cc-extensions-01\r\n"
        "a=extmap:4 urn:ietf:params:rtp-hdrext:sdes:mid\r\n"
        "a=%s\r\na=rtcp-mux\r\na=rtcp-rsize\r\n",
        direction);
    if (audio)
        put(text, "a=rtpmap:111 opus/48000/2\r\na=rtcp-fb:111 transport-cc\r\n"
                  "a=fmtp:111 minptime=10;useinbandfec=1\r\n");
    else
        put(text, "a=rtpmap:96 VP8/90000\r\na=rtcp-fb:96 goog-remb\r\na=rtcp-fb:96 transport-cc\r\n"
                  "a=rtcp-fb:96 ccm fir\r\na=rtcp-fb:96 nack\r\na=rtcp-fb:96 nack pli\r\n"
                  "a=rtpmap:97 rtx/90000\r\na=fmtp:97 apt=96\r\n");
    if (strcmp(direction, "sendonly") == 0) {
        uint32_t ssrc = audio ? CLIENT_MICROPHONE_SSRC : CLIENT_CAMERA_SSRC;
        if (!audio)
            put(text, "a=ssrc-group:FID %u %u\r\na=ssrc:%u cname:peer\r\n", ssrc, ssrc + 1,
                ssrc + 1);
        put(text, "a=ssrc:%u cname:peer\r\n", ssrc);
    }
}

bool media_client_offer(const struct media_client *client,
                        const struct media_client_options *options, char *ret_offer,
                        size_t capacity)
{
    struct text text = {ret_offer, capacity, false};
    uint32_t sending = options->sends ? 2 : 0;
    uint32_t sections = sending + options->audio_slots + options->video_slots;
    put(&text, "v=0\r\no=- 4611731400430051336 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n"
               "a=group:BUNDLE");
    for (uint32_t mid = 0; mid < sections; mid++)
        put(&text, " %u", mid);
    put(&text, "\r\na=extmap-allow-mixed\r\na=msid-semantic: WMS\r\n");
    uint32_t mid = 0;
    if (options->sends) {
        put_section(&text, client, options, mid++, true, "sendonly");
        put_section(&text, client, options, mid++, false, "sendonly");
    }
    for (uint32_t i = 0; i < options->audio_slots; i++)
        put_section(&text, client, options, mid++, true, "recvonly");
    for (uint32_t i = 0; i < options->video_slots; i++)
        put_section(&text, client, options, mid++, false, "recvonly");
    return !text.failed;
}

/* The rest of the first line at or after `from` that begins with `prefix`. */
static const char *line_after(const char *from, const char *prefix)
{
    const char *at = strstr(from, prefix);
    return at ? at + strlen(prefix) : NULL;
}

static bool copy_line(const char *from, char *ret_text, size_t capacity)
{
    size_t size = from ? strcspn(from, "\r\n") : 0;
    if (size == 0 || size >= capacity)
        return false;
    memcpy(ret_text, from, size);
    ret_text[size] = 0;
    return true;
}

/* The port of the first candidate, and the first SSRC of every section that names one. */
static bool client_read_answer(struct media_client *client, const char *answer)
{
    if (!copy_line(line_after(answer, "a=ice-ufrag:"), client->remote_ufrag,
                   sizeof client->remote_ufrag) ||
        !copy_line(line_after(answer, "a=ice-pwd:"), client->remote_pwd, sizeof client->remote_pwd))
        return false;
    unsigned port;
    const char *candidate = line_after(answer, "a=candidate:");
    if (!candidate || sscanf(candidate, "%*s %*s %*s %*s %*s %u", &port) != 1)
        return false;
    client->remote_port = (uint16_t)port;
    for (const char *section = strstr(answer, "\nm="); section; section = strstr(section, "\nm=")) {
        const char *next = strstr(++section, "\nm=");
        const char *ssrc = line_after(section, "\na=ssrc:");
        if (ssrc && (!next || ssrc < next) && client->slot_count < CLIENT_SLOTS_MAX)
            client->slot_ssrc[client->slot_count++] = (uint32_t)strtoul(ssrc, NULL, 10);
    }
    return true;
}

static bool client_connect_socket(const struct media_client *client)
{
    struct sockaddr_in server = {.sin_family = AF_INET,
                                 .sin_addr.s_addr = client->remote_ip,
                                 .sin_port = htons(client->remote_port)};
    return connect(client->fd, (const struct sockaddr *)&server, sizeof server) == 0;
}

bool media_client_join(struct media_client *client, const struct media_client_options *options,
                       struct sfu *sfu, const struct sfu_join *who)
{
    char *offer = malloc(LIMIT_SDP_BYTES);
    char *answer = malloc(ANSWER_BYTES);
    bool done = offer && answer && media_client_offer(client, options, offer, LIMIT_SDP_BYTES);
    if (done) {
        struct sfu_join join = *who;
        struct sfu_refusal refusal = {0};
        join.offer = bytes_of(offer);
        enum err err = sfu_join(sfu, &join, answer, ANSWER_BYTES, &refusal);
        if (err != ERR_OK)
            fprintf(stderr, "join refused: %s %s line %u\n", err_name(err),
                    refusal.code ? refusal.code : "-", refusal.line);
        done = err == ERR_OK && client_read_answer(client, answer);
    }
    free(offer);
    free(answer);
    return done && client_connect_socket(client);
}

bool media_client_restart(struct media_client *client, const struct media_client_options *options,
                          struct sfu *sfu, uint64_t endpoint)
{
    char *offer = malloc(LIMIT_SDP_BYTES);
    char *answer = malloc(ANSWER_BYTES);
    struct sfu_refusal refusal = {0};
    uint16_t port = client->remote_port;
    client->slot_count = 0;
    bool done =
        offer && answer && media_client_offer(client, options, offer, LIMIT_SDP_BYTES) &&
        sfu_restart(sfu, endpoint, bytes_of(offer), answer, ANSWER_BYTES, &refusal) == ERR_OK &&
        client_read_answer(client, answer);
    free(offer);
    free(answer);
    return done && client->remote_port == port;
}

bool media_client_move(struct media_client *client)
{
    struct sockaddr_in local = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    close(client->fd);
    client->fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    return client->fd >= 0 &&
           bind(client->fd, (const struct sockaddr *)&local, sizeof local) == 0 &&
           client_connect_socket(client);
}

/* ---- Connectivity ---------------------------------------------------------------------------- */

static bool client_wait(const struct media_client *client, usec_t deadline)
{
    usec_t now = clock_now_us();
    struct pollfd readable = {.fd = client->fd, .events = POLLIN};
    int left_ms = deadline > now ? (int)((deadline - now) / USEC_PER_MSEC) + 1 : 0;
    return poll(&readable, 1, left_ms) == 1;
}

/* The answer to the agent's one request; -2 while the datagram is something else. */
static int client_read_check(StunAgent *agent, struct bytes datagram, const char *password)
{
    char own_password[CLIENT_TEXT_BYTES];
    (void)snprintf(own_password, sizeof own_password, "%s", password);
    char user_name[CLIENT_TEXT_BYTES] = "";
    StunDefaultValidaterData credentials[] = {
        {(uint8_t *)user_name, 0, (uint8_t *)own_password, strlen(own_password)},
        {NULL, 0, NULL, 0}};
    StunMessage response;
    StunValidationStatus status = stun_agent_validate(
        agent, &response, datagram.data, datagram.size, stun_agent_default_validater, credentials);
    if (status == STUN_VALIDATION_NOT_STUN || status == STUN_VALIDATION_INCOMPLETE_STUN ||
        status == STUN_VALIDATION_UNMATCHED_RESPONSE)
        return -2;
    if (stun_message_get_class(&response) == STUN_RESPONSE)
        return status == STUN_VALIDATION_SUCCESS ? 0 : -1;
    int code = -1;
    (void)stun_message_find_error(&response, &code);
    return code;
}

bool media_client_check(struct media_client *client, const char *password, int *ret_error)
{
    static const uint16_t understood[] = {
        STUN_ATTRIBUTE_USERNAME,           STUN_ATTRIBUTE_MESSAGE_INTEGRITY,
        STUN_ATTRIBUTE_XOR_MAPPED_ADDRESS, STUN_ATTRIBUTE_ERROR_CODE,
        STUN_ATTRIBUTE_FINGERPRINT,        0};
    StunAgent agent;
    StunMessage request;
    uint8_t buffer[CLIENT_PACKET_BYTES];
    char user_name[2 * CLIENT_TEXT_BYTES];
    if (!password)
        password = client->remote_pwd;
    int size = snprintf(user_name, sizeof user_name, "%s:%s", client->remote_ufrag, local_ufrag);
    stun_agent_init(&agent, understood, STUN_COMPATIBILITY_RFC5389,
                    STUN_AGENT_USAGE_SHORT_TERM_CREDENTIALS | STUN_AGENT_USAGE_USE_FINGERPRINT);
    size_t length = stun_usage_ice_conncheck_create(
        &agent, &request, buffer, sizeof buffer, (const uint8_t *)user_name, (size_t)size,
        (const uint8_t *)password, strlen(password), true, true, PRIORITY, 1, NULL,
        STUN_USAGE_ICE_COMPATIBILITY_RFC5245);
    *ret_error = -1;
    if (length == 0 || !media_client_send(client, (struct bytes){buffer, length}))
        return false;
    usec_t deadline = clock_now_us() + CHECK_MS * USEC_PER_MSEC;
    while (client_wait(client, deadline)) {
        uint8_t answer[CLIENT_PACKET_BYTES];
        ssize_t got = recv(client->fd, answer, sizeof answer, 0);
        int error =
            got < 0 ? -2 : client_read_check(&agent, (struct bytes){answer, (size_t)got}, password);
        if (error == -2)
            continue;
        *ret_error = error;
        return error == 0;
    }
    return false;
}

/* ---- Keys ------------------------------------------------------------------------------------ */

static bool client_take_keys(struct media_client *client)
{
    const SRTP_PROTECTION_PROFILE *profile = SSL_get_selected_srtp_profile(client->ssl);
    if (!profile)
        return false;
    size_t key = profile->id == SRTP_AEAD_AES_256_GCM ? 2 * KEY_BYTES : KEY_BYTES;
    size_t salt = profile->id == SRTP_AES128_CM_SHA1_80 ? SALT_MAX_BYTES : 12;
    uint8_t material[2 * (2 * KEY_BYTES + SALT_MAX_BYTES)];
    if (SSL_export_keying_material(client->ssl, material, 2 * (key + salt), "EXTRACTOR-dtls_srtp",
                                   19, NULL, 0, 0) != 1)
        return false;
    return srtp_lib_create(profile->id, SRTP_LIB_OUTBOUND, (struct bytes){material, key},
                           (struct bytes){material + 2 * key, salt}, &client->outbound) == ERR_OK &&
           srtp_lib_create(profile->id, SRTP_LIB_INBOUND, (struct bytes){material + key, key},
                           (struct bytes){material + 2 * key + salt, salt},
                           &client->inbound) == ERR_OK;
}

bool media_client_handshake(struct media_client *client)
{
    client->ssl = SSL_new(client->context);
    BIO *bio = BIO_new_dgram(client->fd, BIO_NOCLOSE);
    if (!client->ssl || !bio)
        return false;
    struct sockaddr_in server = {.sin_family = AF_INET,
                                 .sin_addr.s_addr = client->remote_ip,
                                 .sin_port = htons(client->remote_port)};
    BIO_ctrl(bio, BIO_CTRL_DGRAM_SET_CONNECTED, 0, &server);
    struct timeval patience = {.tv_usec = 200 * 1000};
    BIO_ctrl(bio, BIO_CTRL_DGRAM_SET_RECV_TIMEOUT, 0, &patience);
    SSL_set_bio(client->ssl, bio, bio);
    SSL_set_options(client->ssl, SSL_OP_NO_QUERY_MTU);
    DTLS_set_link_mtu(client->ssl, 1200);
    usec_t deadline = clock_now_us() + PATIENCE_MS * USEC_PER_MSEC;
    int result;
    while ((result = SSL_connect(client->ssl)) != 1 && clock_now_us() < deadline) {
        int reason = SSL_get_error(client->ssl, result);
        if (reason != SSL_ERROR_WANT_READ)
            return false;
        (void)DTLSv1_handle_timeout(client->ssl);
    }
    return result == 1 && client_take_keys(client);
}

bool media_client_connect(struct media_client *client, const struct media_client_options *options,
                          struct sfu *sfu, const struct sfu_join *who)
{
    int error;
    return media_client_open(client, options) && media_client_join(client, options, sfu, who) &&
           media_client_check(client, NULL, &error) && media_client_handshake(client);
}

/* ---- Media ----------------------------------------------------------------------------------- */

bool media_client_send(const struct media_client *client, struct bytes datagram)
{
    return send(client->fd, datagram.data, datagram.size, 0) == (ssize_t)datagram.size;
}

/* Fixed part, CSRCs and extension (RFC 3550, section 5.1); 0 when it does not fit. */
static size_t rtp_header_size(struct bytes packet)
{
    if (packet.size < 12)
        return 0;
    size_t size = 12 + 4 * (size_t)(packet.data[0] & 15);
    if (packet.data[0] & 0x10) {
        if (packet.size < size + 4)
            return 0;
        size += 4 + 4 * ((size_t)packet.data[size + 2] << 8 | packet.data[size + 3]);
    }
    return size <= packet.size ? size : 0;
}

bool media_client_send_rtp(struct media_client *client, struct bytes packet)
{
    uint8_t whole[CLIENT_PACKET_BYTES];
    size_t header = rtp_header_size(packet);
    if (header == 0 || packet.size > sizeof whole)
        return false;
    memcpy(whole, packet.data, header);
    size_t size;
    return client->outbound.ops->protect_rtp(
               client->outbound.state, 0, whole, sizeof whole, header, 0,
               (struct bytes){packet.data + header, packet.size - header}, &size) == ERR_OK &&
           media_client_send(client, (struct bytes){whole, size});
}

static bool is_rtp(const struct media_packet *packet)
{
    uint8_t type = packet->data[1];
    return packet->size >= 12 && packet->data[0] >> 6 == 2 && !(type >= 192 && type <= 223);
}

bool media_client_receive_rtp(struct media_client *client, uint32_t ssrc, int milliseconds,
                              struct media_packet *ret_packet)
{
    usec_t deadline = clock_now_us() + (usec_t)milliseconds * USEC_PER_MSEC;
    while (client_wait(client, deadline)) {
        ssize_t got = recv(client->fd, ret_packet->data, sizeof ret_packet->data, 0);
        ret_packet->size = got > 0 ? (size_t)got : 0;
        if (got < 12 || !is_rtp(ret_packet))
            continue;
        size_t header = rtp_header_size((struct bytes){ret_packet->data, ret_packet->size});
        struct rd rd = rd_init((struct bytes){ret_packet->data + 8, 4});
        if (header == 0 || (ssrc != 0 && rd_u32(&rd) != ssrc))
            continue;
        if (client->inbound.ops->unprotect_rtp(client->inbound.state, 0, ret_packet->data,
                                               ret_packet->size, header,
                                               &ret_packet->size) == ERR_OK)
            return true;
    }
    return false;
}

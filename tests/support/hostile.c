#include "tests/support/hostile.h"

#include <arpa/inet.h>
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include <stun/stunagent.h>
#include <stun/usages/ice.h>

#include "base/random.h"
#include "sfu/proto/rtcp_write.h"

enum {
    AUDIO_SLOT = 0,
    VIDEO_SLOT = 1,
    OWN_SSRC = 1,
    JUNK_BYTES = 200,
    RTCP_BYTES = 1024,
    NACKED = 17, /* what one entry of a NACK holds */
    FORGED_COUNT = 500,
    STUN_PRIORITY = 0x6effffff,
};

const char *hostile_name(enum hostile_kind kind)
{
    static const char *const names[HOSTILE_KINDS] = {
        "stops reading", "dies",          "sends junk",   "floods with checks",
        "wrong keys",    "3,400 NACKs/s", "3,400 PLIs/s", "forges feedback"};
    return names[kind];
}

bool hostile_join(struct hostile *hostile, enum hostile_kind kind, struct sfu *sfu, uint64_t room,
                  uint64_t endpoint)
{
    static const struct media_client_options options = {
        .sends = true, .audio_slots = 1, .video_slots = 1};
    struct sfu_join who = {.room = room, .endpoint = endpoint, .source = (uint32_t)endpoint};
    struct sfu_command view = {
        .kind = SFU_SET_VIEW, .endpoint = endpoint, .view = {.stage_height = 720}};
    *hostile = (struct hostile){.kind = kind, .index = 1};
    hostile->stranger = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (hostile->stranger < 0 || !media_client_connect(&hostile->client, &options, sfu, &who))
        return false;
    struct sockaddr_in server = {.sin_family = AF_INET,
                                 .sin_addr.s_addr = hostile->client.remote_ip,
                                 .sin_port = htons(hostile->client.remote_port)};
    return connect(hostile->stranger, (const struct sockaddr *)&server, sizeof server) == 0 &&
           sfu_command(sfu, &view) == ERR_OK;
}

void hostile_leave(struct hostile *hostile)
{
    media_client_close(&hostile->client);
    if (hostile->stranger >= 0)
        close(hostile->stranger);
    hostile->stranger = -1;
}

/* ---- Floods ---------------------------------------------------------------------------------- */

/* A refusal by ICMP on our own socket is the server's business, not a failure of the flood. */
static bool throw(int fd, const uint8_t *data, size_t size)
{
    return send(fd, data, size, 0) == (ssize_t)size || errno == ECONNREFUSED;
}

/* First bytes of every class of RFC 7983 in turn: STUN, DTLS, RTP and none. */
static bool send_junk(struct hostile *hostile)
{
    static const uint8_t firsts[] = {0, 1, 20, 22, 25, 64, 128, 144, 191, 200, 255};
    uint8_t junk[JUNK_BYTES];
    struct rng rng = rng_seed(hostile->index++);
    for (size_t i = 0; i < sizeof junk; i++)
        junk[i] = (uint8_t)rng_u64(&rng);
    junk[0] = firsts[hostile->index % sizeof firsts];
    return throw(hostile->index & 1 ? hostile->stranger : hostile->client.fd, junk, sizeof junk);
}

static bool send_check(struct hostile *hostile)
{
    static const uint16_t understood[] = {STUN_ATTRIBUTE_USERNAME, STUN_ATTRIBUTE_MESSAGE_INTEGRITY,
                                          STUN_ATTRIBUTE_FINGERPRINT, 0};
    static const char wrong[] = "a password that is not the right one";
    StunAgent agent;
    StunMessage request;
    uint8_t buffer[512];
    char user[2 * CLIENT_TEXT_BYTES + 8];
    stun_agent_init(&agent, understood, STUN_COMPATIBILITY_RFC5389,
                    STUN_AGENT_USAGE_SHORT_TERM_CREDENTIALS | STUN_AGENT_USAGE_USE_FINGERPRINT);
    size_t size = strlen(hostile->client.remote_ufrag);
    memcpy(user, hostile->client.remote_ufrag, size);
    memcpy(user + size, ":test", 5);
    size_t length = stun_usage_ice_conncheck_create(
        &agent, &request, buffer, sizeof buffer, (const uint8_t *)user, size + 5,
        (const uint8_t *)wrong, sizeof wrong - 1, true, true, STUN_PRIORITY, 1, NULL,
        STUN_USAGE_ICE_COMPATIBILITY_RFC5245);
    return length > 0 && throw(hostile->stranger, buffer, length);
}

static bool send_wrong_keys(struct hostile *hostile)
{
    uint8_t packet[JUNK_BYTES];
    struct rng rng = rng_seed(hostile->index);
    struct wr wr = wr_init(packet, sizeof packet);
    wr_u8(&wr, 0x80);
    wr_u8(&wr, CLIENT_AUDIO_TYPE);
    wr_u16(&wr, (uint16_t)hostile->index++);
    wr_u32(&wr, 0);
    wr_u32(&wr, CLIENT_MICROPHONE_SSRC);
    while (wr_size(&wr) < sizeof packet)
        wr_u8(&wr, (uint8_t)rng_u64(&rng));
    return throw(hostile->client.fd, packet, sizeof packet);
}

/* ---- Feedback -------------------------------------------------------------------------------- */

static bool send_rtcp(struct hostile *hostile, uint8_t *packet, size_t size)
{
    const struct srtp_transform *out = &hostile->client.outbound;
    size_t whole;
    return out->ops->protect_rtcp(out->state, hostile->index++, packet,
                                  RTCP_BYTES + SRTP_OVERHEAD_MAX_BYTES, size, &whole) == ERR_OK &&
           throw(hostile->client.fd, packet, whole);
}

static bool send_nack(struct hostile *hostile)
{
    uint8_t packet[RTCP_BYTES + SRTP_OVERHEAD_MAX_BYTES];
    uint16_t sequences[NACKED];
    struct wr wr = wr_init(packet, RTCP_BYTES);
    /* Anywhere in the whole space in turn, so that some are in the history. */
    for (uint16_t i = 0; i < NACKED; i++)
        sequences[i] = (uint16_t)(hostile->index * NACKED + i);
    rtcp_write_nack(&wr, OWN_SSRC, hostile->client.slot_ssrc[VIDEO_SLOT], sequences, NACKED);
    return !wr.failed && send_rtcp(hostile, packet, wr_size(&wr));
}

static bool send_pli(struct hostile *hostile)
{
    uint8_t packet[RTCP_BYTES + SRTP_OVERHEAD_MAX_BYTES];
    struct wr wr = wr_init(packet, RTCP_BYTES);
    rtcp_write_pli(&wr, OWN_SSRC, hostile->client.slot_ssrc[VIDEO_SLOT]);
    return !wr.failed && send_rtcp(hostile, packet, wr_size(&wr));
}

/* Numbers never sent, arriving before they could, in a time that jumps. */
static bool send_forged(struct hostile *hostile)
{
    uint8_t packet[RTCP_BYTES + SRTP_OVERHEAD_MAX_BYTES];
    struct wr wr = wr_init(packet, RTCP_BYTES);
    static struct transport_cc feedback; /* large; a test has one hostile peer at a time */
    feedback = (struct transport_cc){.sender_ssrc = OWN_SSRC,
                                     .media_ssrc = hostile->client.slot_ssrc[VIDEO_SLOT],
                                     .base_sequence = (uint16_t)(hostile->index * 30011),
                                     .feedback_number = (uint8_t)(hostile->index * 7),
                                     .reference = (int32_t)(hostile->index * 65537 % 0x7fffff),
                                     .count = FORGED_COUNT};
    for (uint32_t i = 0; i < FORGED_COUNT; i++)
        feedback.arrivals[i] =
            (struct transport_cc_arrival){.received = i % 3 != 1, .ticks = (int32_t)(i % 2 * 200)};
    return rtcp_write_transport_cc(&wr, &feedback) == ERR_OK &&
           send_rtcp(hostile, packet, wr_size(&wr));
}

/* ---- Acts ------------------------------------------------------------------------------------ */

static bool act_once(struct hostile *hostile)
{
    switch (hostile->kind) {
    case HOSTILE_JUNK:
        return send_junk(hostile);
    case HOSTILE_STUN:
        return send_check(hostile);
    case HOSTILE_WRONG_KEYS:
        return send_wrong_keys(hostile);
    case HOSTILE_NACKS:
        return send_nack(hostile);
    case HOSTILE_PLIS:
        return send_pli(hostile);
    case HOSTILE_FORGES:
        return send_forged(hostile);
    case HOSTILE_DIES:
        close(hostile->client.fd);
        hostile->client.fd = -1;
        hostile->kind = HOSTILE_STOPS_READING; /* the dead do nothing twice */
        return true;
    case HOSTILE_STOPS_READING:
    case HOSTILE_KINDS:
        break;
    }
    return true;
}

bool hostile_act(struct hostile *hostile, uint32_t times)
{
    for (uint32_t i = 0; i < times; i++) {
        if (!act_once(hostile))
            return false;
        hostile->sent++;
    }
    return true;
}

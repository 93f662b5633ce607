#include "tests/sim/publisher.h"

#include <assert.h>
#include <string.h>

#include "sfu/proto/rtcp.h"
#include "sfu/proto/rtp.h"
#include "tests/sim/frame.h"

static const uint16_t heights[PUBLISHER_PICTURES] = {180, 360, 720, 1080};
static const uint8_t delta_parts[PUBLISHER_PICTURES] = {1, 2, 4, 3};
static const char *const mids[PUBLISHER_PICTURES] = {"1", "1", "1", "2"};
static const char *const rids[PUBLISHER_PICTURES] = {"q", "h", "f", ""};

void publisher_init(struct publisher *publisher, struct rng *rng, uint32_t source)
{
    publisher->source = source;
    publisher->timestamp_base = (uint32_t)rng_u64(rng);
    publisher->transport_cc = (uint16_t)rng_u64(rng);
    publisher->level = 127;
    publisher->microphone_ssrc = (uint32_t)rng_u64(rng) | 1;
    publisher->microphone_sequence = rng_below(rng, 0x10000);
    publisher->sound_ssrc = (uint32_t)rng_u64(rng) | 1;
    publisher->sound_sequence = rng_below(rng, 0x8000);
    for (int i = 0; i < PUBLISHER_PICTURES; i++) {
        struct picture *layer = &publisher->pictures[i];
        layer->ssrc = (uint32_t)rng_u64(rng) | 1;
        layer->rtx_ssrc = (uint32_t)rng_u64(rng) | 1;
        /* Near the end of the 16 bits, so that roll-overs happen in every run, but not so near that
         * a loss could hide one (RFC 3711, 3.3.1). */
        layer->sequence = 0xfe00 + rng_below(rng, 0x100);
        layer->rtx_sequence = rng_below(rng, 0x10000);
        layer->picture_id = (uint16_t)(0x7ff0 + rng_below(rng, 16));
        layer->tl0_index = (uint8_t)rng_below(rng, 256);
        layer->on = true;
        layer->keyframe_due = true;
    }
}

static void send(struct publisher *publisher, struct rtp_outgoing *header, uint64_t sequence,
                 const char *mid, const char *rid, uint8_t rid_id, struct bytes payload)
{
    struct rtp_extension more[2] = {
        {SIM_MID_ID, bytes_of(mid)},
        {rid_id, bytes_of(rid)},
    };
    header->sequence = (uint16_t)sequence;
    header->transport_cc_id = SIM_TRANSPORT_CC_ID;
    header->transport_cc = publisher->transport_cc++;
    header->more = more;
    header->more_count = *rid ? 2 : 1;
    uint8_t packet[2048];
    size_t size;
    size_t offset;
    enum err err = rtp_write_header(header, packet, sizeof packet, &size, &offset);
    assert(err == ERR_OK);
    err = seal_ops.protect_rtp(publisher->seal, sequence, packet, sizeof packet, size, 0, payload,
                               &size);
    assert(err == ERR_OK);
    publisher->outbox.send(publisher->outbox.world, publisher->outbox.peer, packet, size);
}

static void send_camera(struct publisher *publisher, int index, const struct kept_packet *kept)
{
    struct picture *layer = &publisher->pictures[index];
    struct rtp_outgoing header = {.marker = kept->marker,
                                  .payload_type = SIM_VP8,
                                  .timestamp = kept->timestamp,
                                  .ssrc = layer->ssrc};
    send(publisher, &header, kept->sequence, mids[index], rids[index], SIM_RID_ID,
         (struct bytes){kept->payload, kept->size});
}

static void film_layer(struct publisher *publisher, int index, usec_t now)
{
    struct picture *layer = &publisher->pictures[index];
    bool key = layer->keyframe_due;
    uint8_t parts = (uint8_t)(delta_parts[index] * (key ? 4 : 1));
    layer->keyframe_due = false;
    layer->frame++;
    layer->picture_id = (uint16_t)(layer->picture_id + 1) & 0x7fff;
    layer->tl0_index++;
    for (uint8_t part = 0; part < parts; part++) {
        uint64_t sequence = layer->sequence++;
        struct kept_packet *kept = &layer->kept[sequence % PUBLISHER_KEPT];
        kept->sequence = sequence;
        kept->timestamp = publisher->timestamp_base + (uint32_t)(now * 9 / 100);
        kept->marker = part + 1 == parts;
        kept->size = 500u + 100u * (uint32_t)index;
        struct frame_part film = {
            .keyframe = key,
            .picture_id = layer->picture_id,
            .tl0_index = layer->tl0_index,
            .height = heights[index],
            .source = publisher->source,
            .layer = (uint8_t)index,
            .frame = layer->frame,
            .part = part,
            .parts = parts,
        };
        frame_write(&film, kept->payload, kept->size);
        send_camera(publisher, index, kept);
    }
}

void publisher_film(struct publisher *publisher, usec_t now)
{
    for (int i = 0; i < PUBLISHER_PICTURES; i++) {
        bool on = i == PUBLISHER_SCREEN ? publisher->screen_on : publisher->camera_on;
        if (!on)
            continue;
        if ((publisher->broken_layers >> i) & 1)
            publisher->pictures[i].keyframe_due = true; /* when it comes back */
        else if (publisher->pictures[i].on)
            film_layer(publisher, i, now);
    }
}

static void speak(struct publisher *publisher, usec_t now, struct rtp_outgoing header,
                  uint64_t sequence, const char *mid)
{
    uint8_t payload[80];
    memset(payload, (int)publisher->source, sizeof payload);
    header.payload_type = SIM_OPUS;
    header.timestamp = publisher->timestamp_base + (uint32_t)(now * 48 / 1000);
    send(publisher, &header, sequence, mid, "", 0, (struct bytes){payload, sizeof payload});
}

void publisher_speak(struct publisher *publisher, usec_t now)
{
    struct rtp_outgoing voice = {.ssrc = publisher->microphone_ssrc,
                                 .audio_level_id = SIM_LEVEL_ID,
                                 .audio_level = publisher->level};
    struct rtp_outgoing sound = {.ssrc = publisher->sound_ssrc};
    if (publisher->microphone_on)
        speak(publisher, now, voice, publisher->microphone_sequence++, "0");
    if (publisher->sound_on)
        speak(publisher, now, sound, publisher->sound_sequence++, "3");
}

void publisher_on_layers(struct publisher *publisher, const struct sfu_layers *wanted)
{
    for (int i = 0; i < PUBLISHER_PICTURES; i++) {
        bool on = i == PUBLISHER_SCREEN ? wanted->screen : wanted->camera[i];
        if (on && !publisher->pictures[i].on)
            publisher->pictures[i].keyframe_due = true; /* an encoder starts with one */
        publisher->pictures[i].on = on;
    }
}

static void resend(struct publisher *publisher, int index, uint16_t sequence)
{
    struct picture *layer = &publisher->pictures[index];
    for (uint64_t back = 1; back <= PUBLISHER_KEPT && back <= layer->sequence; back++) {
        const struct kept_packet *kept = &layer->kept[(layer->sequence - back) % PUBLISHER_KEPT];
        if (kept->size == 0 || (uint16_t)kept->sequence != sequence)
            continue;
        uint8_t payload[SIM_MTU + 2] = {(uint8_t)(sequence >> 8), (uint8_t)sequence};
        memcpy(payload + 2, kept->payload, kept->size);
        struct rtp_outgoing header = {.marker = kept->marker,
                                      .payload_type = SIM_RTX,
                                      .timestamp = kept->timestamp,
                                      .ssrc = layer->rtx_ssrc};
        send(publisher, &header, layer->rtx_sequence++, mids[index], rids[index],
             SIM_REPAIRED_RID_ID, (struct bytes){payload, kept->size + 2});
        return;
    }
}

static void on_nack(struct publisher *publisher, const struct rtcp_packet *packet)
{
    struct rtcp_nack nack;
    if (rtcp_parse_nack(packet, &nack) != ERR_OK)
        return;
    for (int index = 0; index < PUBLISHER_PICTURES; index++)
        for (uint32_t i = 0; publisher->pictures[index].ssrc == nack.media_ssrc && i < nack.count;
             i++)
            resend(publisher, index, nack.sequences[i]);
}

static void on_pli(struct publisher *publisher, const struct rtcp_packet *packet)
{
    uint32_t ssrc;
    if (rtcp_parse_pli(packet, &ssrc) != ERR_OK)
        return;
    publisher->asked_keyframes++;
    for (int i = 0; i < PUBLISHER_PICTURES; i++)
        publisher->pictures[i].keyframe_due = true;
}

void publisher_on_rtcp(struct publisher *publisher, struct bytes compound)
{
    struct rtcp_walk walk;
    struct rtcp_packet packet;
    enum err err = rtcp_walk_init(&walk, compound);
    assert(err == ERR_OK);
    while (rtcp_walk_next(&walk, &packet)) {
        if (packet.type == RTCP_RTPFB && packet.count == RTCP_RTPFB_NACK)
            on_nack(publisher, &packet);
        if (packet.type == RTCP_PSFB && packet.count == RTCP_PSFB_PLI)
            on_pli(publisher, &packet);
    }
}

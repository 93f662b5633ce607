#include "sfu/core/ingress.h"

#include <assert.h>
#include <string.h>

#include "sfu/core/state.h"
#include "sfu/proto/rtp.h"

enum {
    LEVEL_UNTOLD = 45,         /* -45 dBov */
    FEEDBACK_EVERY_US = 60000, /* transport-cc: senders expect it every 50 to 100 ms */
    RECEIVER_NONE = ENDPOINT_RECEIVERS,
};

/* Receivers lie by place: first the streams, then their retransmissions. */
static uint8_t receiver_of(enum source_kind kind, uint8_t layer, bool rtx)
{
    return (uint8_t)(source_place(kind, layer) + (rtx ? SOURCE_PLACES : 0));
}

static uint8_t receiver_by_ssrc(const struct endpoint *endpoint, uint32_t ssrc)
{
    uint8_t at = 0;
    const struct intake *intake = endpoint->intake;
    if (!intake || ssrc == 0)
        return RECEIVER_NONE;
    while (at < ENDPOINT_RECEIVERS && intake->receivers[at].ssrc != ssrc)
        at++;
    return at;
}

static bool is_rtx(const struct session_source *offered, uint8_t payload_type)
{
    return offered->rtx_payload_type && payload_type == offered->rtx_payload_type;
}

static bool carries(const struct session_source *offered, uint8_t payload_type)
{
    return offered->present &&
           (payload_type == offered->payload_type || is_rtx(offered, payload_type) ||
            (offered->red_payload_type && payload_type == offered->red_payload_type));
}

static bool text_is(struct bytes value, const char *text, size_t capacity)
{
    return bytes_equal(value, (struct bytes){(const uint8_t *)text, strnlen(text, capacity)});
}

/* The SSRC as the offer named it. */
static uint8_t match_offered(const struct endpoint *endpoint, uint32_t ssrc)
{
    for (int kind = 0; kind < SOURCE_KINDS; kind++) {
        const struct session_source *offered = &endpoint->offered[kind];
        for (uint8_t layer = 0; offered->present && layer < offered->layer_count; layer++) {
            if (ssrc && offered->ssrc[layer] == ssrc)
                return receiver_of((enum source_kind)kind, layer, false);
            if (ssrc && offered->rtx_ssrc[layer] == ssrc)
                return receiver_of((enum source_kind)kind, layer, true);
        }
    }
    return RECEIVER_NONE;
}

static uint8_t match_rid(const struct session_source *offered, enum source_kind kind,
                         struct bytes rid, bool rtx)
{
    for (uint8_t layer = 0; layer < offered->layer_count; layer++)
        if (text_is(rid, offered->rid[layer], SESSION_RID_BYTES))
            return receiver_of(kind, layer, rtx);
    return RECEIVER_NONE;
}

/* MID and RID (RFC 8852, RFC 8843). */
static uint8_t match_extensions(const struct endpoint *endpoint, const struct rtp_header *header)
{
    const struct session_extensions *ids = &endpoint->extensions;
    struct bytes mid;
    if (!rtp_find_extension(header, ids->mid, &mid))
        return RECEIVER_NONE;
    for (int kind = 0; kind < SOURCE_KINDS; kind++) {
        const struct session_source *offered = &endpoint->offered[kind];
        if (!offered->present || !text_is(mid, offered->mid, SESSION_MID_BYTES) ||
            !carries(offered, header->payload_type))
            continue;
        struct bytes rid;
        bool rtx = is_rtx(offered, header->payload_type);
        if (rtp_find_extension(header, rtx ? ids->repaired_rid : ids->rid, &rid))
            return match_rid(offered, (enum source_kind)kind, rid, rtx);
        if (offered->layer_count == 1)
            return receiver_of((enum source_kind)kind, 0, rtx);
    }
    return RECEIVER_NONE;
}

/* A standard client may name neither: then a payload type that only one section agreed on tells
 * (RFC 8843, section 9.2). */
static uint8_t match_payload_type(const struct endpoint *endpoint, const struct rtp_header *header)
{
    uint8_t found = RECEIVER_NONE;
    for (int kind = 0; kind < SOURCE_KINDS; kind++) {
        const struct session_source *offered = &endpoint->offered[kind];
        if (!carries(offered, header->payload_type))
            continue;
        if (found != RECEIVER_NONE || offered->layer_count != 1)
            return RECEIVER_NONE;
        found = receiver_of((enum source_kind)kind, 0, is_rtx(offered, header->payload_type));
    }
    return found;
}

static uint8_t identify(const struct endpoint *endpoint, const struct rtp_header *header)
{
    uint8_t found = match_offered(endpoint, header->ssrc);
    if (found == RECEIVER_NONE)
        found = match_extensions(endpoint, header);
    if (found == RECEIVER_NONE)
        found = match_payload_type(endpoint, header);
    return found;
}

/* A new SSRC for a place: whatever was known about the old one is void. */
static void bind(struct worker *worker, struct endpoint *endpoint, uint8_t at, uint32_t ssrc)
{
    struct receiver *receiver = &endpoint->intake->receivers[at];
    bool again = receiver->ssrc != 0;
    memset(receiver, 0, sizeof *receiver);
    receiver->ssrc = ssrc;
    if (at >= SOURCE_PLACES || endpoint->source == INDEX_NONE)
        return;
    uint32_t stream = worker->sources[endpoint->source].streams[at];
    if (again && stream != INDEX_NONE)
        stream_restart(worker, stream);
}

/* RFC 3711, 3.3: estimate, replay, tag, and only then does anything change. */
static bool authenticate(struct worker *worker, struct endpoint *endpoint, uint8_t at, bool known,
                         const struct rtp_header *header, struct bytes *packet)
{
    static const struct receiver unseen;
    const struct receiver *before = known ? &endpoint->intake->receivers[at] : &unseen;
    uint64_t index = srtp_index_estimate(&before->index, header->sequence);
    if (known && replay_check(&before->replay, index) != ERR_OK) {
        worker->counters.drop_replay++;
        return false;
    }
    const struct srtp_transform *in = &endpoint->keys.inbound;
    size_t size;
    /* The cursor's view is const, the datagram is the caller's to change. */
    uint8_t *bytes = (uint8_t *)(uintptr_t)packet->data;
    if (in->ops->unprotect_rtp(in->state, index, bytes, packet->size, header->size, &size) !=
        ERR_OK) {
        worker->counters.drop_auth++;
        return false;
    }
    if (intake_need(worker, endpoint) != ERR_OK) {
        worker->counters.drop_no_buffer++; /* cannot be: there are as many as endpoints */
        return false;
    }
    if (!known)
        bind(worker, endpoint, at, header->ssrc);
    struct receiver *receiver = &endpoint->intake->receivers[at];
    srtp_index_commit(&receiver->index, index);
    replay_commit(&receiver->replay, index);
    packet->size = size;
    return true;
}

static void note_transport_cc(struct worker *worker, struct endpoint *endpoint,
                              const struct rtp_header *header)
{
    uint16_t number;
    if (!rtp_transport_cc(header, endpoint->extensions.transport_cc, &number))
        return;
    arrivals_on_packet(&endpoint->intake->arrivals, worker->now, number);
    if (arrivals_urgent(&endpoint->intake->arrivals))
        endpoint->feedback_at = worker->now;
    else if (endpoint->feedback_at == USEC_NEVER)
        endpoint->feedback_at = worker->now + FEEDBACK_EVERY_US;
    deadlines_hasten(&worker->deadlines, endpoint->handle.index, endpoint->feedback_at);
}

/* A retransmission becomes the packet it repeats (RFC 4588, section 4). */
static bool unwrap(const struct endpoint *endpoint, uint8_t place, struct incoming *in)
{
    uint16_t original;
    struct bytes payload;
    const struct receiver *primary = &endpoint->intake->receivers[place];
    if (!primary->index.any || rtp_rtx_split(in->payload, &original, &payload) != ERR_OK)
        return false; /* a probe, or nothing it could repeat */
    in->sequence = srtp_index_estimate(&primary->index, original);
    in->payload = payload;
    return payload.size > 0;
}

/* The primary encoding of redundant audio; what it repeats is left. */
static bool unwrap_red(struct incoming *in)
{
    struct rtp_red_block blocks[RTP_RED_BLOCKS_MAX];
    uint32_t count;
    if (rtp_red_split(in->payload, blocks, &count) != ERR_OK || count == 0)
        return false;
    in->payload = blocks[count - 1].data;
    return true;
}

/* A standard client may not have agreed to tell how loud it is: then each of its packets counts as
 * low speech, so that it is heard while nobody louder speaks. */
static void note_level(struct worker *worker, struct endpoint *endpoint,
                       const struct rtp_header *header, enum source_kind kind)
{
    uint8_t level = LEVEL_UNTOLD;
    bool voice;
    uint8_t id = endpoint->extensions.audio_level;
    if (kind == SOURCE_MICROPHONE && (id == 0 || rtp_audio_level(header, id, &level, &voice)))
        room_on_level(worker, endpoint->source, level, false);
}

static void note_sequence(struct worker *worker, struct endpoint *endpoint, uint8_t place,
                          const struct incoming *in)
{
    struct receiver *receiver = &endpoint->intake->receivers[place];
    const struct source *source = &worker->sources[endpoint->source];
    uint32_t stream = source->streams[place];
    if (!endpoint->offered[source_kind_of(place)].rtx_payload_type)
        return; /* nobody would answer */
    if (!nack_on_packet(&receiver->nack, worker->now, in->sequence))
        stream_on_broken(worker, stream);
    if (receiver->nack.count)
        deadlines_hasten(&worker->deadlines, endpoint->handle.index,
                         nack_deadline(&receiver->nack));
}

static void take_in(struct worker *worker, struct endpoint *endpoint, uint8_t at,
                    const struct rtp_header *header, struct incoming *in)
{
    uint8_t place = at % SOURCE_PLACES;
    enum source_kind kind = source_kind_of(place);
    const struct session_source *offered = &endpoint->offered[kind];
    const struct source *source = &worker->sources[endpoint->source];
    if (!source_may_send(source, kind)) {
        worker->counters.drop_no_right++;
        return;
    }
    if (!carries(offered, header->payload_type) || source->streams[place] == INDEX_NONE) {
        worker->counters.drop_unknown_ssrc++;
        return;
    }
    if (is_rtx(offered, header->payload_type) != (at >= SOURCE_PLACES)) {
        worker->counters.drop_malformed++;
        return;
    }
    if (at >= SOURCE_PLACES && !unwrap(endpoint, place, in))
        return;
    if (offered->red_payload_type && header->payload_type == offered->red_payload_type &&
        !unwrap_red(in)) {
        worker->counters.drop_malformed++;
        return;
    }
    if (at < SOURCE_PLACES)
        reception_on_packet(&endpoint->intake->receivers[at].reception, worker->now, in->sequence,
                            in->timestamp, worker->streams[source->streams[place]].clock_hz);
    note_sequence(worker, endpoint, place, in);
    note_level(worker, endpoint, header, kind);
    stream_on_packet(worker, source->streams[place], in);
}

void ingress_on_rtp(struct worker *worker, struct endpoint *endpoint, uint8_t *datagram,
                    size_t size)
{
    struct bytes packet = {datagram, size};
    struct rtp_header header;
    if (rtp_parse(packet, &header) != ERR_OK) {
        worker->counters.drop_malformed++;
        return;
    }
    uint8_t at = receiver_by_ssrc(endpoint, header.ssrc);
    bool known = at != RECEIVER_NONE;
    if (!known)
        at = identify(endpoint, &header);
    if (at == RECEIVER_NONE || endpoint->source == INDEX_NONE) {
        worker->counters.drop_unknown_ssrc++;
        return;
    }
    if (!authenticate(worker, endpoint, at, known, &header, &packet))
        return;
    worker->counters.received_packets++;
    worker->counters.received_bytes += size;
    note_transport_cc(worker, endpoint, &header);
    struct incoming in = {
        .sequence = srtp_index_estimate(&endpoint->intake->receivers[at].index, header.sequence),
        .timestamp = header.timestamp,
        .marker = header.marker,
    };
    if (rtp_payload(&header, packet, &in.payload) != ERR_OK) {
        worker->counters.drop_malformed++;
        return;
    }
    take_in(worker, endpoint, at, &header, &in);
}

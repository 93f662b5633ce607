#include "load/core/sender.h"

#include <assert.h>

#include "base/random.h"
#include "sfu/proto/vp8.h"

static struct sender_stream *find_stream(struct sender *sender, uint32_t ssrc)
{
    for (size_t i = 0; i < SENT_STREAMS; i++)
        if (sender->streams[i].present &&
            (sender->streams[i].ssrc == ssrc || sender->streams[i].rtx_ssrc == ssrc))
            return &sender->streams[i];
    return NULL;
}

static void stream_init(struct sender_stream *stream, const struct film_track *track,
                        struct rng *rng)
{
    *stream =
        (struct sender_stream){.present = true, .wanted = true, .track = track, .due = USEC_NEVER};
    stream->ssrc = (uint32_t)rng_u64(rng) | 1;
    stream->rtx_ssrc = stream->ssrc + 1;
    stream->sequence = (uint16_t)rng_u64(rng);
    stream->rtx_sequence = (uint16_t)rng_u64(rng);
    stream->picture_id = (uint16_t)(rng_u64(rng) & 0x7fff);
    stream->timestamp = (uint32_t)rng_u64(rng);
    stream->cursor = rng_below(rng, track->frame_count);
}

void sender_init(struct sender *sender, const struct film *film, uint64_t seed,
                 struct sent_source *sent)
{
    struct rng rng = rng_seed(seed);
    *sender = (struct sender){.sent = sent};
    if (film->has_audio)
        stream_init(&sender->streams[SENT_MICROPHONE], &film->tracks[film->video_count], &rng);
    for (uint32_t i = 0; i < film->video_count; i++)
        stream_init(&sender->streams[SENT_CAMERA + i], &film->tracks[i], &rng);
}

/* ---- On and off ------------------------------------------------------------------------------ */

static bool is_video(const struct sender_stream *stream)
{
    return stream->track->codec == FILM_VP8;
}

static usec_t frame_us(const struct film_track *track)
{
    return (usec_t)track->ticks * USEC_PER_SEC / track->clock_hz;
}

static void stream_update(struct sender *sender, usec_t now, size_t at)
{
    struct sender_stream *stream = &sender->streams[at];
    bool on = stream->present && stream->wanted && sender->running;
    if (stream->on == on)
        return;
    stream->on = on;
    stream->fragment = 0;
    stream->want_keyframe = is_video(stream);
    /* Begun one after another, so that senders do not all speak in the same millisecond. */
    stream->due = on ? now + stream->ssrc % frame_us(stream->track) : USEC_NEVER;
}

void sender_switch(struct sender *sender, usec_t now, bool on)
{
    sender->running = on;
    for (size_t i = 0; i < SENT_STREAMS; i++)
        stream_update(sender, now, i);
}

void sender_set_layers(struct sender *sender, usec_t now, const bool camera[FILM_VIDEO_TRACKS_MAX])
{
    for (size_t i = 0; i < FILM_VIDEO_TRACKS_MAX; i++) {
        sender->streams[SENT_CAMERA + i].wanted = camera[i];
        stream_update(sender, now, SENT_CAMERA + i);
    }
}

bool sender_on_keyframe_request(struct sender *sender, uint32_t ssrc)
{
    struct sender_stream *stream = find_stream(sender, ssrc);
    if (!stream || !is_video(stream))
        return false;
    stream->want_keyframe = true;
    return true;
}

/* ---- Packets --------------------------------------------------------------------------------- */

static uint32_t fragments_of(struct bytes frame)
{
    enum { FRAGMENT_BYTES = SENDER_PAYLOAD_MAX - SENDER_DESCRIPTOR_BYTES };
    return (uint32_t)((frame.size + FRAGMENT_BYTES - 1) / FRAGMENT_BYTES);
}

/* The n-th of `count` parts whose sizes differ by at most one byte. */
static struct bytes fragment_at(struct bytes frame, uint32_t n, uint32_t count)
{
    size_t from = frame.size * n / count;
    size_t to = frame.size * (n + 1) / count;
    return (struct bytes){frame.data + from, to - from};
}

static void put_payload(const struct sender_stream *stream, const struct sender_kept *kept,
                        struct sender_packet *packet)
{
    struct bytes frame = stream->track->frames[kept->frame];
    if (!is_video(stream)) {
        packet->payload = frame;
        return;
    }
    struct vp8_descriptor descriptor = {.starts_partition = kept->fragment == 0,
                                        .has_picture_id = true};
    uint8_t head[VP8_DESCRIPTOR_MAX_BYTES];
    size_t size = vp8_write(&descriptor, kept->picture_id, 0, head);
    assert(size == SENDER_DESCRIPTOR_BYTES);
    for (size_t i = 0; i < size; i++)
        packet->head[packet->head_size++] = head[i];
    packet->payload = fragment_at(frame, kept->fragment, fragments_of(frame));
    packet->key_start = kept->fragment == 0 && film_is_keyframe(frame);
}

static struct sender_packet cut(const struct sender_stream *stream, const struct sender_kept *kept)
{
    struct sender_packet packet = {.marker = kept->marker,
                                   .sequence = kept->sequence,
                                   .timestamp = kept->timestamp,
                                   .ssrc = stream->ssrc};
    put_payload(stream, kept, &packet);
    return packet;
}

/* The print is over the payload as a receiver gets it, descriptor and all; what it reads of it
 * lies behind the descriptor. */
static void note_sent(struct sender *sender, const struct sender_packet *packet, uint64_t at_ns)
{
    uint8_t payload[SENDER_PAYLOAD_MAX];
    struct wr wr = wr_init(payload, sizeof payload);
    wr_bytes(&wr, (struct bytes){packet->head, packet->head_size});
    wr_bytes(&wr, packet->payload);
    assert(!wr.failed);
    struct sent_packet sent = {.at_ns = at_ns,
                               .print = sent_print(wr_written(&wr)),
                               .timestamp = packet->timestamp,
                               .sequence = packet->sequence,
                               .size = (uint16_t)wr_size(&wr),
                               .key_start = packet->key_start,
                               .marker = packet->marker};
    sent_add(&sender->sent->streams[packet->stream], &sent);
}

static void finish_frame(struct sender_stream *stream, usec_t now)
{
    usec_t every = frame_us(stream->track);
    stream->fragment = 0;
    stream->reported_timestamp = stream->timestamp;
    stream->timestamp += stream->track->ticks;
    stream->due += every;
    /* After a long stop it goes on from now; what was missed is not made up for. */
    while (stream->due + every < now) {
        stream->timestamp += stream->track->ticks;
        stream->due += every;
    }
    stream->picture_id = (stream->picture_id + 1) & 0x7fff;
    stream->cursor = (stream->cursor + 1) % stream->track->frame_count;
}

static struct sender_packet next_packet(struct sender_stream *stream, usec_t now)
{
    if (stream->fragment == 0 && stream->want_keyframe) {
        stream->cursor = film_next_keyframe(stream->track, stream->cursor);
        stream->want_keyframe = false;
    }
    uint32_t count = is_video(stream) ? fragments_of(stream->track->frames[stream->cursor]) : 1;
    struct sender_kept *kept = &stream->history[stream->sequence % SENDER_HISTORY];
    *kept = (struct sender_kept){.used = true,
                                 .marker = is_video(stream) && stream->fragment + 1 == count,
                                 .sequence = stream->sequence,
                                 .picture_id = stream->picture_id,
                                 .timestamp = stream->timestamp,
                                 .frame = stream->cursor,
                                 .fragment = stream->fragment};
    struct sender_packet packet = cut(stream, kept);
    stream->sequence++;
    stream->packets++;
    stream->bytes += (uint32_t)(packet.head_size + packet.payload.size);
    if (++stream->fragment == count)
        finish_frame(stream, now);
    return packet;
}

bool sender_poll(struct sender *sender, usec_t now, uint64_t at_ns,
                 struct sender_packet *ret_packet)
{
    for (uint32_t i = 0; i < SENT_STREAMS; i++) {
        struct sender_stream *stream = &sender->streams[i];
        if (!stream->present || !stream->on || stream->due > now)
            continue;
        struct sender_packet packet = next_packet(stream, now);
        packet.stream = i;
        note_sent(sender, &packet, at_ns);
        *ret_packet = packet;
        return true;
    }
    return false;
}

bool sender_again(struct sender *sender, uint32_t ssrc, uint16_t sequence,
                  struct sender_packet *ret_packet)
{
    struct sender_stream *stream = find_stream(sender, ssrc);
    if (!stream || !is_video(stream))
        return false;
    const struct sender_kept *kept = &stream->history[sequence % SENDER_HISTORY];
    if (!kept->used || kept->sequence != sequence)
        return false;
    struct sender_packet packet = {.stream = (uint32_t)(stream - sender->streams),
                                   .retransmission = true,
                                   .marker = kept->marker,
                                   .sequence = stream->rtx_sequence++,
                                   .timestamp = kept->timestamp,
                                   .ssrc = stream->rtx_ssrc,
                                   .head = {(uint8_t)(sequence >> 8), (uint8_t)sequence},
                                   .head_size = 2};
    put_payload(stream, kept, &packet);
    *ret_packet = packet;
    return true;
}

usec_t sender_deadline(const struct sender *sender)
{
    usec_t due = USEC_NEVER;
    for (size_t i = 0; i < SENT_STREAMS; i++)
        if (sender->streams[i].present && sender->streams[i].due < due)
            due = sender->streams[i].due;
    return due;
}

bool sender_report(const struct sender *sender, uint32_t stream, struct rtcp_sender_info *ret_info)
{
    const struct sender_stream *of = &sender->streams[stream];
    if (!of->present || of->packets == 0)
        return false;
    *ret_info = (struct rtcp_sender_info){.ssrc = of->ssrc,
                                          .rtp_timestamp = of->reported_timestamp,
                                          .packets = of->packets,
                                          .bytes = of->bytes};
    return true;
}

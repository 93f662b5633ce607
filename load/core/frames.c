#include "load/core/frames.h"

#include <string.h>

#include "sfu/proto/vp8.h"

void frames_init(struct frames *frames)
{
    frames->any = false;
    frames->in_frame = false;
    frames->broken = true; /* a decoder begins with a keyframe */
    frames->size = 0;
    for (size_t i = 0; i < FRAMES_WINDOW; i++)
        frames->window[i].used = false;
}

void frames_on_packet(struct frames *frames, uint64_t number, bool marker, struct bytes payload)
{
    if (!frames->any) {
        frames->any = true;
        frames->next = frames->highest = number;
    }
    if (number < frames->next || payload.size > LIMIT_RTP_PACKET_BYTES)
        return;
    /* So far ahead that what waits would be overwritten: begin anew there. */
    if (number - frames->next >= 2 * FRAMES_WINDOW) {
        frames_init(frames);
        frames->any = true;
        frames->next = frames->highest = number;
    }
    if (number > frames->highest)
        frames->highest = number;
    struct frames_packet *packet = &frames->window[number % FRAMES_WINDOW];
    packet->used = true;
    packet->marker = marker;
    packet->number = number;
    packet->size = (uint16_t)payload.size;
    if (payload.size > 0)
        memcpy(packet->payload, payload.data, payload.size);
}

static void append(struct frames *frames, struct bytes part)
{
    if (part.size > FRAMES_FRAME_BYTES - frames->size) {
        frames->broken = true;
        return;
    }
    memcpy(frames->frame + frames->size, part.data, part.size);
    frames->size += part.size;
}

/* The next packet in order; true when it ended a frame. */
static bool take(struct frames *frames, const struct frames_packet *packet)
{
    struct vp8_descriptor descriptor;
    struct bytes payload = {packet->payload, packet->size};
    if (packet->size == 0)
        return false; /* padding alone */
    if (vp8_parse(payload, &descriptor) != ERR_OK) {
        frames->broken = true;
        return packet->marker;
    }
    if (descriptor.starts_partition && descriptor.partition == 0) {
        frames->in_frame = true;
        frames->size = 0;
        if (vp8_is_keyframe(&descriptor, payload))
            frames->broken = false;
    } else if (!frames->in_frame) {
        frames->broken = true;
    }
    append(frames, (struct bytes){payload.data + descriptor.size, payload.size - descriptor.size});
    return packet->marker;
}

enum frames_result frames_next(struct frames *frames, struct bytes *ret_frame)
{
    while (frames->any && frames->next <= frames->highest) {
        struct frames_packet *packet = &frames->window[frames->next % FRAMES_WINDOW];
        bool here = packet->used && packet->number == frames->next;
        if (!here && frames->highest - frames->next < FRAMES_WINDOW)
            return FRAMES_NONE;
        frames->next++;
        if (!here) {
            frames->broken = true;
            continue;
        }
        packet->used = false;
        if (!take(frames, packet))
            continue;
        frames->in_frame = false;
        if (frames->broken)
            return FRAMES_BROKEN;
        *ret_frame = (struct bytes){frames->frame, frames->size};
        return FRAMES_WHOLE;
    }
    return FRAMES_NONE;
}

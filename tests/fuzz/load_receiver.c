/* What any server at all may send to a receiver of the crowd, already decrypted: each input is a
 * row of packets, a byte of size in front of each. Whatever comes, the counts must agree. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "load/core/frames.h"
#include "load/core/receiver.h"

enum { SSRC = 0x01010101, RTX_SSRC = 0x02020202, FEEDBACK_BYTES = 1200, STEP_US = 7000 };

static struct load_stats stats;
static struct frames frames;
static struct sent_list nobody;

static void take(struct receiver *receiver, usec_t now, struct bytes packet)
{
    struct rtp_header header;
    struct bytes payload;
    struct receiver_arrival arrival = {now, now * 1000};
    bool rtx = false;
    if (rtp_parse(packet, &header) != ERR_OK || rtp_payload(&header, packet, &payload) != ERR_OK)
        return;
    struct receiver_place place = {.slot = receiver_find(receiver, header.ssrc, &rtx)};
    if (!place.slot)
        return;
    if (rtx && !receiver_on_retransmission(receiver, &arrival, &header, payload, &place, &payload))
        return;
    if (!rtx && receiver_on_header(receiver, &arrival, &header, packet.size, &place) ==
                    RECEIVER_WANTS_PLAIN)
        receiver_on_plain(receiver, &arrival, &header, payload, &place);
    if (place.fresh)
        frames_on_packet(&frames, place.extended, header.marker, payload);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct receiver_slot slot = {.ssrc = SSRC, .rtx_ssrc = RTX_SSRC, .video = true, .stage = true};
    struct receiver receiver = {.stats = &stats,
                                .sent = &nobody,
                                .slots = &slot,
                                .slot_count = 1,
                                .sampled = true,
                                .transport_cc_id = 3,
                                .answered_at = 1};
    struct rd rd = rd_init((struct bytes){data, size});
    struct bytes frame;
    uint8_t feedback[FEEDBACK_BYTES];
    usec_t now = USEC_PER_SEC;
    memset(&stats, 0, sizeof stats);
    memset(&frames, 0, sizeof frames);
    frames_init(&frames);
    receiver_slot_init(&slot);
    while (rd_left(&rd) > 0) {
        struct bytes packet = rd_bytes(&rd, rd_u8(&rd));
        now += STEP_US;
        take(&receiver, now, packet);
        (void)receiver_write_feedback(&receiver, now, RECEIVER_TRANSPORT_CC | RECEIVER_REPORT,
                                      feedback, sizeof feedback);
        while (frames_next(&frames, &frame) != FRAMES_NONE)
            ;
    }
    uint64_t span = slot.sequence.any ? slot.sequence.highest - slot.sequence.first + 1 : 0;
    if (slot.received + stats.lost + stats.missing != span)
        abort();
    return 0;
}

#include "load/core/receipts.h"

enum { REFERENCE_TICKS = TRANSPORT_CC_REFERENCE_US / TRANSPORT_CC_TICK_US };

bool receipts_on_packet(struct receipts *receipts, usec_t at, uint16_t number)
{
    if (receipts->count < RECEIPTS_MAX) {
        receipts->number[receipts->count] = number;
        receipts->tick[receipts->count++] = (uint32_t)(at / TRANSPORT_CC_TICK_US);
    }
    return receipts->count == RECEIPTS_MAX;
}

/* Numbers between the last feedback's end and the lowest that came now are lost ones to tell of,
 * unless there are so many that the stream must have begun anew. */
static uint16_t base_of(const struct receipts *receipts)
{
    uint16_t base = receipts->number[0];
    for (uint16_t i = 1; i < receipts->count; i++)
        if ((int16_t)(receipts->number[i] - base) < 0)
            base = receipts->number[i];
    int16_t ahead = (int16_t)(base - receipts->next);
    bool continues = receipts->reported && ahead > 0 && ahead < LIMIT_TRANSPORT_CC_PACKETS / 2;
    return continues ? receipts->next : base;
}

bool receipts_report(struct receipts *receipts, struct transport_cc *ret_feedback)
{
    if (receipts->count == 0)
        return false;
    uint16_t base = base_of(receipts);
    uint32_t count = 0;
    /* The reference is a multiple of 64 ms, at or before the first that came. */
    uint32_t reference = receipts->tick[0] / REFERENCE_TICKS;
    for (uint16_t i = 0; i < receipts->count; i++) {
        uint16_t place = (uint16_t)(receipts->number[i] - base);
        if (place >= LIMIT_TRANSPORT_CC_PACKETS)
            continue; /* far before its time: lost, for the sender */
        for (; count <= place; count++)
            ret_feedback->arrivals[count] = (struct transport_cc_arrival){0};
        int32_t ticks = (int32_t)(receipts->tick[i] - reference * REFERENCE_TICKS);
        ret_feedback->arrivals[place] = (struct transport_cc_arrival){true, ticks};
    }
    ret_feedback->base_sequence = base;
    ret_feedback->count = count;
    ret_feedback->feedback_number = receipts->feedbacks++;
    /* 24 bits, signed. */
    ret_feedback->reference = (int32_t)((reference & 0xffffff) ^ 0x800000) - 0x800000;
    receipts->reported = true;
    receipts->next = (uint16_t)(base + count);
    receipts->count = 0;
    return true;
}

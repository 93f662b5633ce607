#include "sfu/core/nack.h"

#include <string.h>

static void remove_at(struct nack *nack, uint32_t at)
{
    nack->count--;
    memmove(&nack->missing[at], &nack->missing[at + 1],
            (nack->count - at) * sizeof nack->missing[0]);
}

/* It came before all others were sent, so what lies between is missing as well. */
static void on_earlier_beginning(struct nack *nack, usec_t now, uint64_t sequence)
{
    uint64_t gap = nack->lowest - sequence - 1;
    nack->lowest = sequence;
    if (gap > NACK_MISSING_MAX - nack->count)
        return;
    memmove(&nack->missing[gap], nack->missing, nack->count * sizeof nack->missing[0]);
    for (uint64_t i = 0; i < gap; i++)
        nack->missing[i] =
            (struct nack_missing){.sequence = sequence + 1 + i, .due = now + NACK_PATIENCE_US};
    nack->count += (uint32_t)gap;
}

static void on_late(struct nack *nack, uint64_t sequence)
{
    for (uint32_t i = 0; i < nack->count && nack->missing[i].sequence <= sequence; i++)
        if (nack->missing[i].sequence == sequence) {
            remove_at(nack, i);
            return;
        }
}

bool nack_on_packet(struct nack *nack, usec_t now, uint64_t sequence)
{
    if (!nack->any) {
        nack->any = true;
        nack->lowest = sequence;
        nack->highest = sequence;
        return true;
    }
    if (sequence < nack->lowest) {
        on_earlier_beginning(nack, now, sequence);
        return true;
    }
    if (sequence <= nack->highest) {
        on_late(nack, sequence);
        return true;
    }
    uint64_t gap = sequence - nack->highest - 1;
    uint64_t from = nack->highest + 1;
    nack->highest = sequence;
    if (gap > NACK_MISSING_MAX - nack->count) {
        nack->count = 0;
        return false;
    }
    for (uint64_t missing = from; missing < sequence; missing++)
        nack->missing[nack->count++] =
            (struct nack_missing){.sequence = missing, .due = now + NACK_PATIENCE_US};
    return true;
}

uint32_t nack_poll(struct nack *nack, usec_t now, uint16_t *ret_sequences, uint32_t max,
                   bool *ret_lost)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < nack->count && count < max;) {
        struct nack_missing *missing = &nack->missing[i];
        if (missing->due <= now && missing->tries == NACK_TRIES) {
            *ret_lost = true;
            remove_at(nack, i);
            continue;
        }
        if (missing->due <= now) {
            ret_sequences[count++] = (uint16_t)missing->sequence;
            missing->tries++;
            missing->due = now + NACK_RETRY_US * (usec_t)missing->tries;
        }
        i++;
    }
    return count;
}

usec_t nack_deadline(const struct nack *nack)
{
    usec_t due = USEC_NEVER;
    for (uint32_t i = 0; i < nack->count; i++)
        if (nack->missing[i].due < due)
            due = nack->missing[i].due;
    return due;
}

void nack_clear(struct nack *nack)
{
    nack->any = false;
    nack->count = 0;
}

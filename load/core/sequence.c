#include "load/core/sequence.h"

#include <string.h>

static bool has_come(const struct sequence *sequence, uint64_t number)
{
    uint64_t at = number % SEQUENCE_WINDOW;
    return sequence->came[at / 64] >> (at % 64) & 1;
}

static void set_come(struct sequence *sequence, uint64_t number, bool come)
{
    uint64_t at = number % SEQUENCE_WINDOW;
    uint64_t bit = UINT64_C(1) << (at % 64);
    if (come)
        sequence->came[at / 64] |= bit;
    else
        sequence->came[at / 64] &= ~bit;
}

void sequence_init(struct sequence *sequence)
{
    *sequence = (struct sequence){
        .patience_due = USEC_NEVER, .again_due = USEC_NEVER, .mark_due = USEC_NEVER};
}

static void sequence_begin(struct sequence *sequence, uint16_t number)
{
    sequence->any = true;
    sequence->first = sequence->highest = sequence->given_up = sequence->mark = number;
    sequence->asked = number;
    set_come(sequence, number, true);
}

static uint64_t lowest_open(const struct sequence *sequence)
{
    uint64_t window =
        sequence->highest < SEQUENCE_WINDOW ? 0 : sequence->highest - SEQUENCE_WINDOW + 1;
    return window > sequence->given_up ? window : sequence->given_up;
}

/* The window moves up to `number`; what stood at its lower end missing is lost. */
static void advance(struct sequence *sequence, usec_t now, uint64_t number, uint64_t *ret_lost)
{
    uint64_t before = sequence->highest;
    for (uint64_t next = before + 1; next <= number; next++) {
        uint64_t leaving = next - SEQUENCE_WINDOW;
        if (next >= SEQUENCE_WINDOW && leaving > sequence->given_up && leaving > sequence->first &&
            !has_come(sequence, leaving)) {
            sequence->missing--;
            (*ret_lost)++;
        }
        set_come(sequence, next, next == number);
        sequence->missing += next != number;
    }
    sequence->highest = number;
    if (number == before + 1)
        return;
    if (sequence->patience_due == USEC_NEVER)
        sequence->patience_due = now + SEQUENCE_PATIENCE_US;
    if (sequence->mark_due == USEC_NEVER) {
        sequence->mark = number;
        sequence->mark_due = now + SEQUENCE_GIVE_UP_US;
    }
}

static void rest_if_whole(struct sequence *sequence)
{
    if (sequence->missing > 0)
        return;
    sequence->patience_due = sequence->again_due = sequence->mark_due = USEC_NEVER;
    sequence->asked = sequence->given_up = sequence->highest;
}

enum sequence_verdict sequence_on_packet(struct sequence *sequence, usec_t now, uint16_t number,
                                         uint64_t *ret_extended, uint64_t *ret_lost)
{
    if (!sequence->any) {
        sequence_begin(sequence, number);
        *ret_extended = number;
        return SEQUENCE_NEW;
    }
    int16_t ahead = (int16_t)(number - (uint16_t)sequence->highest);
    uint64_t extended = sequence->highest + (uint64_t)(int64_t)ahead;
    if (ahead > 0) {
        advance(sequence, now, extended, ret_lost);
        if (sequence->missing > SEQUENCE_MISSING_MAX) {
            *ret_lost += sequence->missing;
            sequence->missing = 0;
            rest_if_whole(sequence);
        }
        *ret_extended = extended;
        return SEQUENCE_NEW;
    }
    if ((uint64_t) - (int64_t)ahead >= SEQUENCE_WINDOW || extended > sequence->highest ||
        extended < sequence->first)
        return SEQUENCE_STALE;
    if (has_come(sequence, extended)) {
        *ret_extended = extended;
        return SEQUENCE_DUPLICATE;
    }
    if (extended <= sequence->given_up)
        return SEQUENCE_STALE;
    set_come(sequence, extended, true);
    sequence->missing--;
    rest_if_whole(sequence);
    *ret_extended = extended;
    return SEQUENCE_FILLED;
}

uint32_t sequence_poll_nack(struct sequence *sequence, usec_t now,
                            uint16_t ret_numbers[SEQUENCE_NACKS_MAX])
{
    bool again = now >= sequence->again_due;
    uint32_t count = 0;
    if (sequence->missing == 0 || (!again && now < sequence->patience_due))
        return 0;
    uint64_t from = lowest_open(sequence);
    if (!again && sequence->asked > from)
        from = sequence->asked;
    for (uint64_t at = from + 1; at < sequence->highest && count < SEQUENCE_NACKS_MAX; at++)
        if (!has_come(sequence, at))
            ret_numbers[count++] = (uint16_t)at;
    sequence->asked = sequence->highest;
    sequence->patience_due = USEC_NEVER;
    if (again || sequence->again_due == USEC_NEVER)
        sequence->again_due = now + SEQUENCE_AGAIN_US;
    return count;
}

uint32_t sequence_give_up(struct sequence *sequence, usec_t now)
{
    uint32_t lost = 0;
    if (now < sequence->mark_due)
        return 0;
    for (uint64_t at = lowest_open(sequence) + 1; at < sequence->mark; at++)
        lost += !has_come(sequence, at);
    sequence->given_up = sequence->mark;
    sequence->missing -= lost;
    sequence->mark = sequence->highest;
    sequence->mark_due = now + SEQUENCE_GIVE_UP_US;
    rest_if_whole(sequence);
    return lost;
}

usec_t sequence_deadline(const struct sequence *sequence)
{
    usec_t due =
        sequence->patience_due < sequence->again_due ? sequence->patience_due : sequence->again_due;
    return sequence->mark_due < due ? sequence->mark_due : due;
}

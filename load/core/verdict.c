#include "load/core/verdict.h"

static const struct {
    const char *code;
    const char *vi;
    const char *en;
} texts[] = {
#define VERDICT_TEXT(name, code, vi, en) {code, vi, en},
    VERDICTS(VERDICT_TEXT)
#undef VERDICT_TEXT
};

static bool is_wrong(const struct load_stats *stats)
{
    return stats->wrong_timestamp + stats->wrong_size + stats->decrypt_failures + stats->malformed +
               stats->decode_failures >
           0;
}

enum verdict verdict_of(const struct options *options, const struct load_stats *stats,
                        uint32_t joined, uint32_t closed)
{
    /* Compared without dividing, so that one lost packet of many counts where none may be. */
    bool lossy = stats->lost * 1000000 > (uint64_t)options->max_lost_ppm * stats->packets;
    usec_t slow_us = (usec_t)options->first_frame_ms * USEC_PER_MSEC;
    if (joined < options->receivers + options->senders || stats->connected < joined)
        return VERDICT_NOT_JOINED;
    if (closed > 0)
        return VERDICT_INTERRUPTED;
    if (stats->overflowed > 0 && lossy)
        return VERDICT_OVERLOADED_HERE;
    if (stats->seen < options->receivers)
        return VERDICT_NOT_SEEN;
    if (is_wrong(stats))
        return VERDICT_WRONG;
    if (lossy)
        return VERDICT_LOST;
    if (slow_us > 0 && times_at(&stats->first_frame_us, 950) > slow_us)
        return VERDICT_SLOW;
    return VERDICT_PASSED;
}

const char *verdict_code(enum verdict verdict)
{
    return texts[verdict].code;
}

const char *verdict_vi(enum verdict verdict)
{
    return texts[verdict].vi;
}

const char *verdict_en(enum verdict verdict)
{
    return texts[verdict].en;
}

#include "meeting/edge/paper/preserve.h"

#include <string.h>

enum preserve_need preserve_needs(const struct preserve_facts *facts, utc_ms_t now)
{
    if (facts->untimed > 0 || (facts->ended && facts->unarchived > 0))
        return PRESERVE_ARCHIVE;
    if (facts->stamp_ends_at && facts->stamp_ends_at - PRESERVE_RENEW_DAYS * PRESERVE_DAY_MS <= now)
        return PRESERVE_RENEW;
    return PRESERVE_NOTHING;
}

utc_ms_t preserve_due_at(const struct preserve_facts *facts, utc_ms_t now)
{
    if (preserve_needs(facts, now) == PRESERVE_NOTHING)
        return facts->stamp_ends_at ? facts->stamp_ends_at - PRESERVE_RENEW_DAYS * PRESERVE_DAY_MS
                                    : INT64_MAX;
    if (facts->failures == 0)
        return now;
    utc_ms_t pause = PRESERVE_RETRY_FIRST_MS;
    for (uint32_t i = 1; i < facts->failures && pause < PRESERVE_RETRY_MOST_MS; i++)
        pause *= 2;
    return facts->tried_at + (pause < PRESERVE_RETRY_MOST_MS ? pause : PRESERVE_RETRY_MOST_MS);
}

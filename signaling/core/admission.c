#include "signaling/core/admission.h"

#include <assert.h>

enum { SMOOTHING = 16, FIRST_GUESS_US = 500 };

void admission_init(struct admission *admission, usec_t now)
{
    *admission = (struct admission){.free_at = now, .join_us = FIRST_GUESS_US};
}

bool admission_is_open(const struct admission *admission, usec_t now)
{
    return now >= admission->free_at;
}

static usec_t rest_for(usec_t work_us)
{
    return work_us * (100 - ADMISSION_SHARE_PERCENT) / ADMISSION_SHARE_PERCENT;
}

void admission_on_join(struct admission *admission, usec_t began, usec_t ended)
{
    assert(ended >= began);
    usec_t cost = ended - began;
    /* What was idle since the last join has paid for what that one left of its slice. */
    if (began >= admission->free_at + rest_for(admission->slice_us))
        admission->slice_us = 0;
    admission->slice_us += cost;
    admission->join_us = (admission->join_us * (SMOOTHING - 1) + cost) / SMOOTHING;
    admission->free_at = ended;
    if (admission->slice_us < ADMISSION_SLICE_US)
        return;
    admission->free_at = ended + rest_for(admission->slice_us);
    admission->slice_us = 0;
}

usec_t admission_next(const struct admission *admission, usec_t now)
{
    return admission->free_at > now ? admission->free_at : now;
}

usec_t admission_wait_us(const struct admission *admission, uint32_t ahead, usec_t now)
{
    usec_t work = admission->join_us * ahead;
    return admission_next(admission, now) - now + work + rest_for(work);
}

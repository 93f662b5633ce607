#include "signaling/core/session.h"

utc_ms_t session_expiry(const struct session_policy *policy, utc_ms_t created_at, utc_ms_t now)
{
    utc_ms_t idle_end = now + policy->idle_ms;
    utc_ms_t absolute_end = created_at + policy->absolute_ms;
    return idle_end < absolute_end ? idle_end : absolute_end;
}

bool session_is_worth_renewing(const struct session_policy *policy, utc_ms_t created_at,
                               utc_ms_t expires_at, utc_ms_t now)
{
    utc_ms_t gain = session_expiry(policy, created_at, now) - expires_at;
    return gain >= policy->idle_ms / 10 && gain > 0;
}

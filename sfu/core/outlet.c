#include "sfu/core/outlet.h"

#include "sfu/core/state.h"

void outlet_refresh(struct worker *worker, const struct endpoint *endpoint)
{
    struct outlet *outlet = outlet_of(worker, endpoint);
    const struct udp_address *to = ice_address(&endpoint->ice);
    outlet->open = endpoint->connected && to;
    outlet->transform = endpoint->keys.outbound;
    if (outlet->open)
        outlet->to = *to;
}

#include "sfu/core/intake.h"

#include <string.h>

#include "sfu/core/state.h"

enum err intake_need(struct worker *worker, struct endpoint *endpoint)
{
    struct handle handle;
    if (endpoint->intake)
        return ERR_OK;
    enum err err = pool_take(&worker->intake_pool, &handle);
    if (err != ERR_OK)
        return err;
    endpoint->intake = &worker->intakes[handle.index];
    memset(endpoint->intake, 0, sizeof *endpoint->intake);
    endpoint->intake->handle = handle;
    return ERR_OK;
}

void intake_give(struct worker *worker, struct endpoint *endpoint)
{
    if (endpoint->intake)
        pool_give(&worker->intake_pool, endpoint->intake->handle);
    endpoint->intake = NULL;
}

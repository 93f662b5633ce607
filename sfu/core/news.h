/* Events for the door, made from the present state when it asks: nothing can overflow, and what
 * changed twice is told once. */
#ifndef SFU_CORE_NEWS_H
#define SFU_CORE_NEWS_H

#include <stdbool.h>

#include "sfu/core/worker.h"

/* worker_next_event() of worker.h. */
bool news_next(struct worker *worker, struct sfu_event *ret_event);

#endif

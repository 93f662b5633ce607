/* What the files of the media server's front share; private to sfu*.c. The control thread's. */
#ifndef SFU_EDGE_SFU_PART_H
#define SFU_EDGE_SFU_PART_H

#include "base/random.h"
#include "sfu/core/placement.h"
#include "sfu/edge/directory.h"
#include "sfu/edge/worker_thread.h"
#include "sfu/sfu.h"

struct sfu {
    struct dtls_identity *identity;
    struct cipher *cipher;
    struct mailbox *events;
    struct directory *directory;
    struct rng rng;
    uint32_t workers;
    uint32_t endpoints; /* per worker */
    uint32_t address_count;
    struct udp_address addresses[SFU_ADDRESSES_MAX];
    struct placement *placement;
    usec_t sampled_at;
    struct worker_thread *threads[LIMIT_WORKERS];
    struct ring *rings[LIMIT_WORKERS][LIMIT_WORKERS]; /* [from][to] */
};

/* Whether every worker would take so many messages: then a broadcast reaches all or is not begun.
 */
bool sfu_has_room(const struct sfu *sfu, uint32_t messages);
/* Needs: sfu_has_room(). */
void sfu_tell(struct sfu *sfu, uint32_t worker, struct worker_message *message);
/* Tells all workers but its own what the member sends, or that it has left. Needs: room for one
 * message each. ERR_NO_MEMORY: those not reached miss the source. */
MUST_USE enum err sfu_announce(struct sfu *sfu, const struct member *member, bool present);
/* Looks how busy the workers are, when it is time to. */
void sfu_sample(struct sfu *sfu);

#endif

/* Who is put into which slot: the room's floor, stage, screen and loudest, each endpoint's view.
 *
 *   audio   floor's holder │ loudest │ second loudest │ screen's sound     never one's own
 *   video   stage │ screen │ tiles as the endpoint asked
 *
 * A listener with fewer audio slots gets the first of these that there are. */
#ifndef SFU_CORE_CAST_H
#define SFU_CORE_CAST_H

#include <stdint.h>

struct worker;
struct endpoint;

/* All slots of one endpoint: it connected, or its view changed. */
void cast_endpoint(struct worker *worker, struct endpoint *endpoint);
/* All endpoints of a room: floor, stage, screen or the loudest changed. */
void cast_room(struct worker *worker, uint32_t room);
/* A source came, went, or its rights changed: whoever should show it chooses anew. */
void cast_source(struct worker *worker, uint32_t room, uint32_t number);

#endif

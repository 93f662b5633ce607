/* What a model browser and the server agreed on: the offer of docs/protocol.md, already answered.
 */
#ifndef TESTS_SIM_SESSION_H
#define TESTS_SIM_SESSION_H

#include <stdbool.h>
#include <stdint.h>

#include "sfu/core/session.h"

/* SSRCs of the slots follow from the peer's index. Needs: a zeroed session. */
void session_make(struct session *session, uint32_t peer, bool sends, uint32_t tiles);

#endif

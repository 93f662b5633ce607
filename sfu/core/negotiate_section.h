/* What one section of an offer becomes: the half of negotiate.h that looks at media, where
 * negotiate.c looks at the transport. Used by negotiate.c alone. */
#ifndef SFU_CORE_NEGOTIATE_SECTION_H
#define SFU_CORE_NEGOTIATE_SECTION_H

#include <stdbool.h>
#include <stdint.h>

#include "sfu/core/session.h"
#include "sfu/proto/sdp.h"
#include "sfu/proto/sdp_answer.h"

enum section_use { SECTION_REFUSED, SECTION_INACTIVE, SECTION_SOURCE, SECTION_SLOT };

struct section_role {
    enum section_use use;
    enum source_kind source; /* of SECTION_SOURCE */
    enum slot_kind slot;     /* of SECTION_SLOT */
    uint8_t slot_index;
};

/* How many sections of each direction and kind have been counted so far; zeroed at the start. */
struct section_count {
    uint32_t sending[2]; /* indexed by SDP_AUDIO and SDP_VIDEO */
    uint32_t receiving[2];
};

/* The role that the order gives the next section, SECTION_REFUSED where there is none. Counts every
 * section that could be served, so that one without our codec does not shift the others. */
struct section_role section_assign(const struct sdp_section *section, bool bundled,
                                   struct section_count *count);

/* Fills the role's part of the session, and the answer. False, with both untouched, when there is
 * no codec that we know. The slot's SSRCs are left 0. */
bool section_agree(const struct sdp_section *section, const struct section_role *role,
                   struct session *session, struct sdp_answer_section *ret_answer);

#endif

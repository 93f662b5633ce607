/* By what right somebody signs for a body, from the office that they hold in it (Nghị định 30/2020,
 * Appendix I, II.7.b–c): a body that decides together is signed for (TM.), a deputy signs in the
 * head's place (KT.), one entrusted with the office says so (Q.). */
#ifndef MEETING_EDGE_PAPER_SIGNER_H
#define MEETING_EDGE_PAPER_SIGNER_H

#include "meeting/edge/paper/paper.h"
#include "meeting/proto/arena.h"

/* `position` as in the directory ("Phó Chủ tịch Ủy ban nhân dân tỉnh"), `body` the issuing body.
 * Texts in `arena` or borrowed; without memory the arena says so. Field and tooltip stay empty. */
struct paper_signer signer_of_position(struct arena *arena, const char *name, const char *position,
                                       const char *body);

#endif

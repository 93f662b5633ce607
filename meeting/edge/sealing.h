/* The agency's seal (dấu cơ quan) on a numbered paper: a PAdES signature by a key in a PKCS#11
 * device on the server, used by the clerk alone, with the PIN (Nghị định 30/2020, Article 32).
 *
 *   seal(PIN) ─► Jobs: revision with the red seal ─► the device signs ─► verified as a stranger's
 *            ─► issue.sealed
 *
 * The PIN lives in the work's memory until the device has it, and is wiped. Thread rule: control
 * thread; the work is done on Jobs. */
#ifndef MEETING_EDGE_SEALING_H
#define MEETING_EDGE_SEALING_H

#include <stdbool.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/units.h"

struct meeting_service;
struct meeting_receipt;

/* Whether the service was given a device to seal with. */
bool meeting_can_seal(const struct meeting_service *service);

/* Seals the paper of `meeting` as it stands. The ticket ends in ERR_OK once issue.sealed is
 * committed, or in a refusal: seal.no_device, seal.pin_wrong, seal.pin_locked, seal.pin_rest,
 * seal.failed. The PIN is copied. */
struct meeting_receipt meeting_issue_seal(struct meeting_service *service, uint64_t meeting,
                                          uint64_t actor, struct bytes pin, utc_ms_t now);

#endif

/* The province's authority inside the server: where it is found, what is trusted, whom signing asks
 * for timestamps and proofs, and its own upkeep. What it answers to others is api_pki.c's. */
#ifndef SIGNALING_EDGE_PKI_H
#define SIGNALING_EDGE_PKI_H

#include "base/err.h"
#include "base/units.h"
#include "signaling/edge/door.h"

/* Fills door->trust, anchors_path and ask. Needs: the CA is open, the public URL known. Failures
 * are logged. */
MUST_USE enum err pki_open(struct door *door, utc_ms_t now);
/* Enters into the register the certificates that people got before there was one. Needs: the
 * meetings are open. */
MUST_USE enum err pki_adopt(struct door *door);
/* About hourly: what the authority itself uses is renewed, on its own threads. */
void pki_tick(struct door *door, utc_ms_t now);

#endif

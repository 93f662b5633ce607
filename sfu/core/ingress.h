/* RTP from an endpoint: whose is it, is it authentic, may it be sent, and into which stream.
 *
 *   sizes → SSRC → index → replay → tag │ bind SSRC, commit → payload → rights → stream
 *                  nothing has changed  │ from here on it is the endpoint's word           */
#ifndef SFU_CORE_INGRESS_H
#define SFU_CORE_INGRESS_H

#include <stddef.h>
#include <stdint.h>

struct worker;
struct endpoint;

/* Needs: the endpoint has keys; demux said RTP. */
void ingress_on_rtp(struct worker *worker, struct endpoint *endpoint, uint8_t *datagram,
                    size_t size);

#endif

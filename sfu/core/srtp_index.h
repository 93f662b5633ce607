/* From a 16-bit sequence number to the packet index it most likely stands for (RFC 3711, section
 * 3.3.1 and appendix A).
 *
 *   index = 2^16 * roll-over counter + sequence number
 *
 * The estimate is pure; the counter moves only in srtp_index_commit(), after the packet's tag was
 * verified, so that a forged sequence number changes nothing. One per SSRC and direction. */
#ifndef SFU_CORE_SRTP_INDEX_H
#define SFU_CORE_SRTP_INDEX_H

#include <stdbool.h>
#include <stdint.h>

struct srtp_index {
    uint64_t highest; /* committed so far */
    bool any;         /* whether anything was */
};

/* The index nearest to the highest one. The first packet starts with roll-over counter 0. */
uint64_t srtp_index_estimate(const struct srtp_index *state, uint16_t sequence);

/* `index` arrived and is authentic. Older ones change nothing. */
void srtp_index_commit(struct srtp_index *state, uint64_t index);

#endif

/* RTP packets (RFC 3550, section 5.1), their header extensions (RFC 8285), retransmissions
 * (RFC 4588) and redundant audio (RFC 2198).
 *
 *   |V=2|P|X| CC |M|  PT   |   sequence    |
 *   |              timestamp               |
 *   |                SSRC                  |
 *   |  CSRC × CC  |  extension block if X  |  payload ……  padding  size of padding if P |
 *
 * The header is plaintext under SRTP, the payload and its padding are not: rtp_parse() needs no
 * key, rtp_payload() wants the decrypted packet. Pure; borrows the packet. */
#ifndef SFU_PROTO_RTP_H
#define SFU_PROTO_RTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/bytes.h"
#include "base/err.h"

enum {
    RTP_FIXED_BYTES = 12,
    RTP_CSRCS_MAX = 15,
    RTP_EXTENSION_ONE_BYTE = 0xbede, /* RFC 8285, section 4.2 */
    RTP_EXTENSION_TWO_BYTE = 0x1000, /* the low four bits are free (section 4.3) */
    RTP_EXTENSION_ID_MAX = 14,       /* of a one-byte element; 15 ends the list */
    RTP_RED_BLOCKS_MAX = 8,
    RTP_RTX_OSN_BYTES = 2, /* original sequence number in front of a retransmitted payload */
};

struct rtp_header {
    bool marker;
    bool padded; /* the last payload byte tells how many there are of padding */
    uint8_t payload_type;
    uint16_t sequence;
    uint32_t timestamp;
    uint32_t ssrc;
    uint8_t csrc_count;
    uint32_t csrc[RTP_CSRCS_MAX];
    uint16_t extension_profile; /* 0 without an extension block */
    struct bytes extensions;    /* the block without its own 4-byte header */
    size_t size;                /* of the whole header: where the payload begins */
};

/* ERR_SHORT when the packet ends within the header, ERR_FORMAT when it is not version 2. */
MUST_USE enum err rtp_parse(struct bytes packet, struct rtp_header *ret_header);

/* The payload of a decrypted packet, without padding; may be empty (a probe). ERR_FORMAT when the
 * padding is 0 or larger than what follows the header. */
MUST_USE enum err rtp_payload(const struct rtp_header *header, struct bytes packet,
                              struct bytes *ret_payload);

/* The first element with this id; false when there is none, the block is malformed before it, or
 * `id` is 0 (not agreed). */
bool rtp_find_extension(const struct rtp_header *header, uint8_t id, struct bytes *ret_value);

/* RFC 6464: the level in -dBov, 0 loudest and 127 silence; false when `id` is absent. */
bool rtp_audio_level(const struct rtp_header *header, uint8_t id, uint8_t *ret_level,
                     bool *ret_voice);
/* The transport-wide sequence number; false when `id` is absent. */
bool rtp_transport_cc(const struct rtp_header *header, uint8_t id, uint16_t *ret_sequence);

/* One more element for rtp_write_header(). */
struct rtp_extension {
    uint8_t id;         /* 1 … RTP_EXTENSION_ID_MAX */
    struct bytes value; /* 1 … 16 bytes */
};

/* A header to be written. Ids that are 0 leave their element out. */
struct rtp_outgoing {
    bool marker;
    bool padded;
    uint8_t payload_type;
    uint16_t sequence;
    uint32_t timestamp;
    uint32_t ssrc;
    uint32_t csrc; /* 0: none */
    uint8_t transport_cc_id;
    uint16_t transport_cc;
    uint8_t audio_level_id;
    uint8_t audio_level; /* 0 … 127 */
    bool audio_voice;
    const struct rtp_extension *more;
    uint32_t more_count;
};

enum { RTP_OUTGOING_MAX_BYTES = 256 }; /* any header rtp_write_header() makes fits */

/* Writes the header: fixed part, CSRC, one-byte extensions padded to four bytes. The transport-wide
 * number stands at *ret_transport_cc_offset (0: there is none), so that it can be given at the
 * moment of sending. ERR_LIMIT when `capacity` is too small. Needs: ids and sizes in bounds. */
MUST_USE enum err rtp_write_header(const struct rtp_outgoing *header, uint8_t *out, size_t capacity,
                                   size_t *ret_size, size_t *ret_transport_cc_offset);
void rtp_patch_transport_cc(uint8_t *packet, size_t offset, uint16_t sequence);

/* A header made once and written many times: what all packets of one outgoing stream share, the
 * rest is patched. */
enum { RTP_TEMPLATE_BYTES = 24 };

struct rtp_template {
    uint8_t bytes[RTP_TEMPLATE_BYTES];
    uint8_t size;
    uint8_t transport_cc_offset; /* 0: it carries none */
};

struct rtp_numbers {
    bool marker;
    bool padded;
    uint16_t sequence;
    uint16_t transport_cc;
    uint32_t timestamp;
};

/* ERR_LIMIT when the header takes more than RTP_TEMPLATE_BYTES. */
MUST_USE enum err rtp_template_init(const struct rtp_outgoing *header,
                                    struct rtp_template *ret_template);

/* Needs: RTP_TEMPLATE_BYTES at `out`, all of which are written to; template->size of them count. */
static inline void rtp_template_write(const struct rtp_template *template,
                                      const struct rtp_numbers *numbers, uint8_t *out)
{
    /* The first two words are put together in a register: this runs for every packet. */
    uint32_t first = (uint32_t)(template->bytes[0] | numbers->padded << 5) << 24 |
                     (uint32_t)(template->bytes[1] | numbers->marker << 7) << 16 |
                     numbers->sequence;
    memcpy(out + 8, template->bytes + 8, RTP_TEMPLATE_BYTES - 8);
    out[0] = (uint8_t)(first >> 24);
    out[1] = (uint8_t)(first >> 16);
    out[2] = (uint8_t)(first >> 8);
    out[3] = (uint8_t)first;
    out[4] = (uint8_t)(numbers->timestamp >> 24);
    out[5] = (uint8_t)(numbers->timestamp >> 16);
    out[6] = (uint8_t)(numbers->timestamp >> 8);
    out[7] = (uint8_t)numbers->timestamp;
    if (template->transport_cc_offset) {
        out[template->transport_cc_offset] = (uint8_t)(numbers->transport_cc >> 8);
        out[template->transport_cc_offset + 1] = (uint8_t)numbers->transport_cc;
    }
}

/* RFC 4588, section 4: what an RTX payload carries. ERR_SHORT: a probe, or malformed. */
MUST_USE enum err rtp_rtx_split(struct bytes payload, uint16_t *ret_original_sequence,
                                struct bytes *ret_original_payload);

/* One block of redundant audio, oldest first; the last one is the primary. */
struct rtp_red_block {
    uint8_t payload_type;
    uint16_t timestamp_offset; /* how much older than the packet's timestamp; 0 for the primary */
    struct bytes data;
};

/* ERR_SHORT when a block reaches past the end; ERR_LIMIT above RTP_RED_BLOCKS_MAX. */
MUST_USE enum err rtp_red_split(struct bytes payload,
                                struct rtp_red_block ret_blocks[RTP_RED_BLOCKS_MAX],
                                uint32_t *ret_count);

#endif

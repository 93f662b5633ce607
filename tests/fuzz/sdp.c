/* Whatever the bytes: an offer is refused with a code, or answered so that the answer is itself a
 * session description with the same number of sections. */
#include <assert.h>
#include <stdint.h>

#include "sfu/core/negotiate.h"
#include "sfu/proto/sdp.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static uint8_t answer[LIMIT_SDP_BYTES];
    static struct negotiated negotiated;
    static struct sdp offered;
    static struct sdp answered;
    const struct udp_address candidate = {{[10] = 0xff, 0xff, 192, 0, 2, 9}, 5000};
    struct rng rng = rng_seed(1);
    struct negotiate_refusal refusal = {0};
    uint32_t line = 0;
    const struct negotiate_ours ours = {.ufrag = "ufragment",
                                        .pwd = "passwordpasswordpassword",
                                        .fingerprint = "sha-256 AB:CD",
                                        .candidates = &candidate,
                                        .candidate_count = 1,
                                        .session_id = 1,
                                        .rng = &rng};
    struct wr wr = wr_init(answer, sizeof answer);
    enum err err = negotiate_offer((struct bytes){data, size}, &ours, &negotiated, &wr, &refusal);
    if (err != ERR_OK) {
        assert(err == ERR_FULL || refusal.code);
        return 0;
    }
    assert(sdp_parse((struct bytes){data, size}, &offered, &line) == ERR_OK);
    assert(sdp_parse(wr_written(&wr), &answered, &line) == ERR_OK);
    assert(answered.section_count == offered.section_count);
    assert(negotiated.session.slot_count <= SESSION_SLOTS);
    return 0;
}

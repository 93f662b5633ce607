/* Whatever datagrams come: the handshake of somebody who has no key never succeeds, and what it
 * makes us send stays within its bounds. The input is a sequence of 16-bit sizes and datagrams. */
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>

#include "sfu/edge/dtls.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct dtls_identity *identity;
    static struct dtls_datagrams out;
    static const struct dtls_fingerprint expected = {.hash = "sha-256", .size = 32};
    struct dtls *dtls;
    if (!identity && dtls_identity_create(NULL, NULL, &identity) != ERR_OK)
        abort();
    if (dtls_create(identity, &expected, &dtls) != ERR_OK)
        abort();
    struct rd rd = rd_init((struct bytes){data, size});
    while (rd_left(&rd) >= 2) {
        size_t wanted = rd_u16(&rd) % LIMIT_DATAGRAM_BYTES;
        struct bytes datagram = rd_bytes(&rd, wanted < rd_left(&rd) ? wanted : rd_left(&rd));
        out.count = 0;
        enum dtls_state state = dtls_on_datagram(dtls, datagram, &out);
        assert(state != DTLS_DONE);
        assert(out.count <= LIMIT_HANDSHAKE_DATAGRAMS);
        for (uint32_t i = 0; i < out.count; i++)
            assert(out.size[i] <= DTLS_LINK_MTU_BYTES);
    }
    dtls_destroy(dtls);
    return 0;
}

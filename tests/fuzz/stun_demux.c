/* Whatever the bytes: demultiplexing stays inside them and gives a fragment that lies in them. */
#include <assert.h>
#include <stdint.h>

#include "sfu/proto/demux.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bytes datagram = {data, size};
    struct bytes ufrag;
    enum demux_kind kind = demux_classify(datagram);
    if (demux_local_ufrag(datagram, &ufrag) == ERR_OK) {
        assert(kind == DEMUX_STUN);
        assert(ufrag.data >= data && ufrag.data + ufrag.size <= data + size);
    }
    return 0;
}

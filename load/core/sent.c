#include "load/core/sent.h"

#include "sfu/proto/vp8.h"

_Static_assert((SENT_RING & (SENT_RING - 1)) == 0, "a number finds its place by its low bits");

const struct sent_source *sent_source_of(const struct sent_list *list, uint32_t source)
{
    for (uint32_t i = 0; source != 0 && i < list->count; i++)
        if (list->sources[i]->source == source)
            return list->sources[i];
    return NULL;
}

/* FNV-1a (Fowler, Noll, Vo) over the size and the last bytes, without what a server may change. */
uint64_t sent_print(struct bytes payload)
{
    enum { PRINTED_BYTES = 32 };
    uint64_t print = (UINT64_C(0xcbf29ce484222325) ^ payload.size) * UINT64_C(0x100000001b3);
    size_t from = payload.size > PRINTED_BYTES ? payload.size - PRINTED_BYTES : 0;
    if (from < VP8_DESCRIPTOR_MAX_BYTES)
        from = VP8_DESCRIPTOR_MAX_BYTES;
    for (size_t i = from; i < payload.size; i++)
        print = (print ^ payload.data[i]) * UINT64_C(0x100000001b3);
    return print;
}

void sent_add(struct sent_stream *stream, const struct sent_packet *packet)
{
    stream->ring[packet->sequence % SENT_RING] = *packet;
    stream->newest = packet->sequence;
    stream->any = true;
}

const struct sent_packet *sent_at(const struct sent_stream *stream, uint16_t sequence)
{
    const struct sent_packet *packet = &stream->ring[sequence % SENT_RING];
    return packet->at_ns != 0 && packet->sequence == sequence ? packet : NULL;
}

const struct sent_packet *sent_find(const struct sent_stream *stream, struct bytes payload)
{
    uint64_t print = sent_print(payload);
    for (uint32_t back = 0; stream->any && back < SENT_RING; back++) {
        const struct sent_packet *packet = sent_at(stream, (uint16_t)(stream->newest - back));
        if (!packet)
            return NULL; /* numbers are given without gaps: there is nothing older */
        if (packet->print == print && packet->size == payload.size)
            return packet;
    }
    return NULL;
}

/* The first byte chooses a kind, the rest is its body. What is read is written back the same way:
 * parse(write(parse(x))) is parse(x), and the canonical form is a fixed point. */
#include <assert.h>
#include <stdint.h>

#include "meeting/proto/event_json.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena = {0};
    struct buffer first = {0};
    struct buffer second = {0};
    struct meeting_event event;
    if (size == 0)
        return 0;
    enum event_kind kind = (enum event_kind)((data[0] - (unsigned)'0') % EVENT_KIND_COUNT);
    enum err err = event_json_parse(kind, (struct bytes){data + 1, size - 1}, &arena, &event);
    if (err == ERR_OK) {
        err = event_json_write(&event, &first);
        assert(err == ERR_OK);
        err = event_json_parse(kind, buffer_bytes(&first), &arena, &event);
        assert(err == ERR_OK);
        err = event_json_write(&event, &second);
        assert(err == ERR_OK && bytes_equal(buffer_bytes(&first), buffer_bytes(&second)));
    }
    buffer_done(&first);
    buffer_done(&second);
    arena_done(&arena);
    return 0;
}

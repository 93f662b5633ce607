/* The manifest of a stranger's record package, and the rows of its log. What is read is written
 * again and must come out the same. */
#include <assert.h>
#include <stdlib.h>

#include "meeting/edge/paper/package_log.h"
#include "meeting/edge/paper/package_manifest.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bytes input = {data, size};
    struct package_manifest manifest, again;
    if (package_manifest_parse(input, &manifest) == ERR_OK) {
        struct buffer json = {0};
        if (package_manifest_write(&manifest, &json) != ERR_OK ||
            package_manifest_parse(buffer_bytes(&json), &again) != ERR_OK)
            abort();
        assert(again.count == manifest.count && again.meeting == manifest.meeting);
        package_manifest_done(&again);
        package_manifest_done(&manifest);
        buffer_done(&json);
    }
    struct meeting_state state;
    struct package_log_result result = package_log_walk(input, 7, NULL, NULL, &state);
    assert(result.rows == state.seq || result.fault);
    state_done(&state);
    return 0;
}

/* A body as a signing program posts it. */
#include <stdint.h>
#include <stdlib.h>

#include "signaling/core/multipart.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bytes file;
    if (multipart_find_file((struct bytes){data, size}, &file) != ERR_OK)
        return 0;
    if (file.size > 0 && (file.data < data || file.data + file.size > data + size))
        abort();
    return 0;
}

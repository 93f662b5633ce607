/* Paths and headers as strangers send them: the first byte chooses the method, the rest is the path
 * and, once more, each header that the door judges itself. */
#include <stdint.h>
#include <stdlib.h>

#include "signaling/core/http_text.h"
#include "signaling/core/route.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    struct bytes text = {data + 1, size - 1}, value;
    struct route_match match;
    route_find((enum http_method)(data[0] % (HTTP_OTHER + 1)), text, &match);
    const uint8_t *end = text.data + text.size;
    bool inside = match.token.size == 0 ||
                  (match.token.data >= text.data && match.token.data + match.token.size <= end);
    if (!inside || match.route >= ROUTE_COUNT)
        abort();

    uint64_t first = 0, behind = 0;
    if (http_text_range(text, 1000, &first, &behind) == ERR_OK &&
        (first >= behind || behind > 1000))
        abort();
    if (http_text_cookie(text, "__Host-session", &value) == ERR_OK && value.size > text.size)
        abort();
    if (http_text_bearer(text, &value) == ERR_OK && value.size == 0)
        abort();
    (void)http_text_accepts(text, "br");
    (void)http_text_has_etag(text, "\"a\"");
    (void)http_text_is_type(text, "application/json");
    (void)http_text_is_own_origin(text, text);
    return 0;
}

#include "meeting/edge/paper/json_out.h"

#include <stdlib.h>

enum err json_out(json_t *json, struct buffer *ret_json)
{
    char *text = json ? json_dumps(json, JSON_COMPACT) : NULL;
    json_decref(json);
    if (!text)
        return ERR_NO_MEMORY;
    struct buffer out = {0};
    enum err err = buffer_put(&out, bytes_of(text));
    free(text);
    if (err == ERR_OK)
        *ret_json = out;
    return err;
}

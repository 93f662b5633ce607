#include "base/err.h"

const char *err_name(enum err err)
{
    switch (err) {
    case ERR_OK:
        return "ok";
    case ERR_SHORT:
        return "short";
    case ERR_FORMAT:
        return "format";
    case ERR_LIMIT:
        return "limit";
    case ERR_UNSUPPORTED:
        return "unsupported";
    case ERR_AUTH:
        return "auth";
    case ERR_REPLAY:
        return "replay";
    case ERR_STALE:
        return "stale";
    case ERR_WRONG_STATE:
        return "state";
    case ERR_FORBIDDEN:
        return "forbidden";
    case ERR_UNKNOWN:
        return "unknown";
    case ERR_CONFLICT:
        return "conflict";
    case ERR_FULL:
        return "full";
    case ERR_AGAIN:
        return "again";
    case ERR_NO_MEMORY:
        return "no_memory";
    case ERR_IO:
        return "io";
    }
    return "invalid";
}

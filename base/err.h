/* The outcomes a function can have. An expected failure is a value: it is returned, and logged
 * once, at the edge that asked. Outputs named `ret_*` are untouched unless the result is ERR_OK. */
#ifndef BASE_ERR_H
#define BASE_ERR_H

#define MUST_USE __attribute__((warn_unused_result))

enum err {
    ERR_OK = 0,
    ERR_SHORT,       /* the input ended before the thing it promised */
    ERR_FORMAT,      /* the input is not of the form its standard gives */
    ERR_LIMIT,       /* over a bound of base/limits.h */
    ERR_UNSUPPORTED, /* well-formed, but not something we do */
    ERR_AUTH,        /* a tag, signature, password or token does not verify */
    ERR_REPLAY,      /* seen before */
    ERR_STALE,       /* too old to be judged, or made for a state that has passed */
    ERR_WRONG_STATE, /* not possible in the present state */
    ERR_FORBIDDEN,   /* possible, but not for this actor */
    ERR_UNKNOWN,     /* names something that does not exist */
    ERR_CONFLICT,    /* somebody else was first */
    ERR_FULL,        /* a pool or mailbox has no place left */
    ERR_AGAIN,       /* nothing to give now */
    ERR_NO_MEMORY,
    ERR_IO,
};

/* The name in lower case, for logs and for JSON: "ok", "short", … Never NULL. */
const char *err_name(enum err err);

#endif

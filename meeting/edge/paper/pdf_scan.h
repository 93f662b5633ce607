/* PDF syntax (ISO 32000-2, section 7.3), read strictly: a cursor over the bytes of a file and spans
 * into it. Nothing is decoded and nothing repaired; comments, escapes in names, doubled keys and
 * anything nested deeper than PDF_DEPTH_MAX are refused, so that every reader of the same bytes
 * must see the same thing. Pure, no allocation.
 *
 * Failure is sticky, as with `struct rd`. */
#ifndef MEETING_EDGE_PAPER_PDF_SCAN_H
#define MEETING_EDGE_PAPER_PDF_SCAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"

enum { PDF_DEPTH_MAX = 24, PDF_KEYS_MAX = 256 };

enum pdf_kind {
    PDF_NULL,
    PDF_BOOL,
    PDF_NUMBER,
    PDF_REFERENCE,
    PDF_NAME,
    PDF_STRING, /* ( ) */
    PDF_HEX,    /* < > */
    PDF_ARRAY,
    PDF_DICTIONARY,
};

/* A value, and where it stands: `text` with its delimiters. */
struct pdf_value {
    enum pdf_kind kind;
    struct bytes text;
    uint32_t reference; /* the object's number; generation is always 0 */
};

struct scan {
    const uint8_t *at;
    const uint8_t *end;
    bool failed;
};

struct scan scan_init(struct bytes text);
bool scan_done(const struct scan *scan); /* nothing left but white space, and never failed */
void scan_space(struct scan *scan);
/* Exactly these characters, here. */
void scan_expect(struct scan *scan, const char *text);
bool scan_follows(const struct scan *scan, const char *text);
/* Digits only, no sign; at most 10 of them. */
uint64_t scan_integer(struct scan *scan);
struct pdf_value scan_value(struct scan *scan);

/* Walks a dictionary's entries: init with its value, then next until false; `failed` tells whether
 * it ended well. Keys are unique (checked by scan_value() when the dictionary was read). */
struct scan scan_dictionary(struct pdf_value dictionary);
bool scan_entry(struct scan *scan, struct pdf_value *ret_key, struct pdf_value *ret_value);
/* The value under `key` ("/Type"); false when there is none or it is no dictionary. */
bool pdf_get(struct pdf_value dictionary, const char *key, struct pdf_value *ret_value);
/* Walks an array likewise. */
struct scan scan_array(struct pdf_value array);
bool scan_item(struct scan *scan, struct pdf_value *ret_value);

bool pdf_is(struct pdf_value value, const char *text);
/* A value that is a plain non-negative integer. */
bool pdf_integer(struct pdf_value value, uint64_t *ret_number);

/* An indirect object as it stands in a file. */
struct pdf_object {
    uint32_t number;
    struct pdf_value value;
    struct bytes stream; /* raw; data NULL when it is none */
    size_t start;        /* offsets in the file, of "N 0 obj" and behind its "endobj\n" */
    size_t end;
};

/* Reads the object `number` at `offset`: "N 0 obj", value, stream with a direct Length. */
bool pdf_object_at(struct bytes file, size_t offset, uint32_t number,
                   struct pdf_object *ret_object);

#endif

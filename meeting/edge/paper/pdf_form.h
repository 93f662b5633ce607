/* The form fields of a mapped file: signatures, and the texts that the clerk fills. */
#ifndef MEETING_EDGE_PAPER_PDF_FORM_H
#define MEETING_EDGE_PAPER_PDF_FORM_H

#include <stdbool.h>

#include "meeting/edge/paper/pdf_map.h"

enum { PDF_FORM_FIELDS_MAX = LIMIT_SIGNATURES_PER_FILE, PDF_FORM_NAME_BYTES = 64 };

struct pdf_field {
    uint32_t number; /* of its object, field and widget in one */
    char name[PDF_FORM_NAME_BYTES];
    double width; /* of its rectangle */
    double height;
    bool is_text;
    bool is_stamp;           /* a document timestamp's: nowhere on the page */
    uint32_t signature;      /* /V's object number, 0 while empty; of a text always */
    struct pdf_value filled; /* a text's /V; kind PDF_NULL while empty */
};

struct pdf_form {
    struct pdf_field fields[PDF_FORM_FIELDS_MAX];
    size_t count;
};

/* Fields of document timestamps, which are added with them: "timestamp1", "timestamp2", … */
#define PDF_FORM_STAMP_PREFIX "timestamp"

/* The form as revision `revision` shows it; false unless all fields are as fields_add() and pades.h
 * write them, with names of their own. */
bool pdf_form_read(const struct pdf_map *map, size_t revision, struct pdf_form *ret_form);

/* The object number of the font `name` in the form's resources; 0 when there is none. */
uint32_t pdf_form_font(const struct pdf_map *map, size_t revision, const char *name);

/* Four numbers of an array like [ 1 2.50 3 4 ], without exponents. */
bool pdf_form_rect(struct pdf_value value, double ret_rect[4]);

#endif

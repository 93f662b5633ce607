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
    uint32_t signature; /* /V's object number, 0 while empty; of a text always */
};

struct pdf_form {
    struct pdf_field fields[PDF_FORM_FIELDS_MAX];
    size_t count;
};

/* The form as revision `revision` shows it; false unless all fields are as fields_add() writes
 * them, with names of their own, and texts empty. */
bool pdf_form_read(const struct pdf_map *map, size_t revision, struct pdf_form *ret_form);

/* Four numbers of an array like [ 1 2.50 3 4 ], without exponents. */
bool pdf_form_rect(struct pdf_value value, double ret_rect[4]);

#endif

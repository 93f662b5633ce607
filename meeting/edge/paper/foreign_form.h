/* The signatures of a foreign file: found from the catalogue's form, held against the bytes.
 *
 *   AcroForm ─ Fields ─ … ─ field (FT /Sig) ─ V ─► << /ByteRange [0 a b c] /Contents <…> >>
 *
 *   0 ──────────── a  <digits of Contents>  b ──────────── b + c = behind an %%EOF
 *        covered              the gap             covered
 */
#ifndef MEETING_EDGE_PAPER_FOREIGN_FORM_H
#define MEETING_EDGE_PAPER_FOREIGN_FORM_H

#include "base/buffer.h"
#include "base/limits.h"
#include "base/units.h"
#include "meeting/edge/paper/foreign_file.h"
#include "meeting/edge/paper/pdf_form.h"

struct foreign_signature {
    uint32_t field;  /* number of the field's object */
    uint32_t number; /* of the signature's dictionary */
    char name[PDF_FORM_NAME_BYTES];
    bool is_stamp; /* a document timestamp */
    bool is_cades;
    bool forbids_changes; /* certifies that nothing may be changed after it */
    bool certifies;
    uint64_t gap;     /* a, where the gap begins */
    uint64_t gap_end; /* b */
    uint64_t end;     /* b + c */
    struct buffer cms;
    utc_ms_t at; /* claimed; 0: it claims none */
};

struct foreign_form {
    struct foreign_signature signatures[LIMIT_SIGNATURES_PER_FILE]; /* by `end` */
    size_t count;
};

/* NULL, or the reason's code. What is wrong with any one of them is wrong with the file: its
 * signatures cannot be told apart from what they cover. To be ended by foreign_form_done() in any
 * case. */
const char *foreign_form_read(const struct foreign_file *file, struct foreign_form *ret_form);
void foreign_form_done(struct foreign_form *form);

#endif

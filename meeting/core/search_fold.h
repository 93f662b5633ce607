/* Text as people look for it: lower case, without Vietnamese tones and marks, words one space
 * apart. "Bắc  Ninh", "bac ninh" and a decomposed (NFD) "Bắc Ninh" become the same. Pure. */
#ifndef MEETING_CORE_SEARCH_FOLD_H
#define MEETING_CORE_SEARCH_FOLD_H

#include "base/buffer.h"
#include "base/bytes.h"
#include "base/err.h"

/* Appends the folded text, without a terminator; what is no Latin letter of Vietnamese stays as it
 * is. Ill-formed UTF-8 is dropped. ERR_NO_MEMORY. */
MUST_USE enum err search_fold(struct bytes text, struct buffer *folded);

#endif

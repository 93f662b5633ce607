/* The running numbers of outgoing papers (số văn bản đi): one series for each year, kind of paper
 * and symbol, from 1 on 1 January, without a gap, none ever given twice (Nghị định 30/2020,
 * Article 15). A recalled paper keeps its number.
 *
 * The book knows the last number of every series. A number is taken in the same transaction as the
 * event that uses it (issue.numbered), so the book is what the logs of all meetings say; what was
 * taken and not committed is forgotten with the book, which is then read anew.
 * Owner: the service. No clock: years are Vietnam's (UTC+7, no summer time). */
#ifndef MEETING_CORE_NUMBER_BOOK_H
#define MEETING_CORE_NUMBER_BOOK_H

#include <stdint.h>

#include "base/err.h"
#include "base/limits.h"
#include "base/units.h"
#include "meeting/proto/words.h"

enum { NUMBER_TEXT_BYTES = 16 + LIMIT_SYMBOL_BYTES };

struct number_series {
    uint32_t year;
    enum issue_type type;
    char symbol[LIMIT_SYMBOL_BYTES + 1]; /* "UBND"; may be empty */
    uint32_t last;
};

struct number_book {
    uint32_t count;
    struct number_series *series;
};

/* Empties it. */
void number_book_done(struct number_book *book);

/* The number that comes next in the series of `type`, `symbol` and `year`. */
uint32_t number_book_next(const struct number_book *book, uint32_t year, enum issue_type type,
                          const char *symbol);
/* ERR_CONFLICT: `number` is not the next one; ERR_LIMIT: the symbol is too long or the series is at
 * its end; ERR_NO_MEMORY. */
MUST_USE enum err number_book_take(struct number_book *book, uint32_t year, enum issue_type type,
                                   const char *symbol, uint32_t number);

/* The year in Vietnam at that time. */
uint32_t number_year_of(utc_ms_t at);

/* "05/BB-UBND": below 10 with a zero before it (App. I, II.3); without a symbol "05/BB". Needs: the
 * symbol within its limit. */
void number_text(uint32_t number, enum issue_type type, const char *symbol,
                 char ret_text[NUMBER_TEXT_BYTES]);

#endif

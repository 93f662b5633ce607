#include "meeting/core/number_book.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "meeting/core/local_time.h"

void number_book_done(struct number_book *book)
{
    free(book->series);
    *book = (struct number_book){0};
}

static struct number_series *series_find(const struct number_book *book, uint32_t year,
                                         enum issue_type type, const char *symbol)
{
    for (uint32_t i = 0; i < book->count; i++) {
        struct number_series *series = &book->series[i];
        if (series->year == year && series->type == type && strcmp(series->symbol, symbol) == 0)
            return series;
    }
    return NULL;
}

uint32_t number_book_next(const struct number_book *book, uint32_t year, enum issue_type type,
                          const char *symbol)
{
    const struct number_series *series = series_find(book, year, type, symbol);
    return series ? series->last + 1 : 1;
}

enum err number_book_take(struct number_book *book, uint32_t year, enum issue_type type,
                          const char *symbol, uint32_t number)
{
    struct number_series *series = series_find(book, year, type, symbol);
    uint32_t last = series ? series->last : 0;
    if (strlen(symbol) > LIMIT_SYMBOL_BYTES || last == UINT32_MAX)
        return ERR_LIMIT;
    if (number != last + 1)
        return ERR_CONFLICT;
    if (!series) {
        struct number_series *grown =
            realloc(book->series, (book->count + (size_t)1) * sizeof *grown);
        if (!grown)
            return ERR_NO_MEMORY;
        book->series = grown;
        series = &grown[book->count++];
        *series = (struct number_series){.year = year, .type = type};
        memcpy(series->symbol, symbol, strlen(symbol) + 1);
    }
    series->last = number;
    return ERR_OK;
}

uint32_t number_year_of(utc_ms_t at)
{
    return (uint32_t)local_time_of(at, LOCAL_VIETNAM_MINUTES).year;
}

void number_text(uint32_t number, enum issue_type type, const char *symbol,
                 char ret_text[NUMBER_TEXT_BYTES])
{
    assert(strlen(symbol) <= LIMIT_SYMBOL_BYTES);
    struct wr wr = wr_init((uint8_t *)ret_text, NUMBER_TEXT_BYTES);
    if (number < 10)
        wr_text(&wr, "0");
    wr_decimal(&wr, number);
    wr_text(&wr, "/");
    wr_text(&wr, words_name(&issue_type_words, type));
    if (*symbol)
        wr_text(&wr, "-");
    wr_text(&wr, symbol);
    wr_u8(&wr, 0);
    assert(!wr.failed);
}

/* Numbers as official papers write them. Pure. */
#ifndef MEETING_EDGE_PAPER_NUMERAL_H
#define MEETING_EDGE_PAPER_NUMERAL_H

#include <stdint.h>

enum { NUMERAL_TEXT_BYTES = 40 };

/* A paper's number: "05", "12", "1345" — below 10 with a zero (Nghị định 30/2020, Appendix I,
 * II.3.c). */
void numeral_write_number(uint32_t number, char ret_text[NUMERAL_TEXT_BYTES]);
/* "1.245.000": thousands parted by points. */
void numeral_write_grouped(int64_t value, char ret_text[NUMERAL_TEXT_BYTES]);
/* "71,80%" of `whole`; "0,00%" of nothing. Needs: both below 2^32.
 * Rounded half up. */
void numeral_write_percent(uint64_t part, uint64_t whole, char ret_text[NUMERAL_TEXT_BYTES]);
/* "IV", as annexes are numbered; needs 1 … 3999. */
void numeral_write_roman(uint32_t number, char ret_text[NUMERAL_TEXT_BYTES]);

#endif

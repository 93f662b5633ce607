/* Civil time of Viet Nam (UTC+7, no summer time) as Nghị định 30/2020 writes it: days below 10 and
 * the months January and February get a zero before them (Appendix I, section II, 4.b). Pure. */
#ifndef MEETING_EDGE_PAPER_CIVIL_H
#define MEETING_EDGE_PAPER_CIVIL_H

#include "base/err.h"
#include "base/units.h"

enum { CIVIL_TEXT_BYTES = 96 };

struct civil {
    int year;
    int month; /* 1 … 12 */
    int day;
    int hour;
    int minute;
    int second;
};

/* Times outside the years 1970 to 9999 are brought to that border. */
struct civil civil_of(utc_ms_t at);

/* "ngày 05 tháng 01 năm 2026" */
void civil_write_date(utc_ms_t at, char ret_text[CIVIL_TEXT_BYTES]);
/* "08 giờ 05 phút, ngày 05 tháng 01 năm 2026" */
void civil_write_moment(utc_ms_t at, char ret_text[CIVIL_TEXT_BYTES]);
/* "23/11/2026 13:05:09 +07:00", as stands in a signature's appearance */
void civil_write_stamp(utc_ms_t at, char ret_text[CIVIL_TEXT_BYTES]);
/* "D:20261123130509+07'00'" (ISO 32000-2, section 7.9.4) */
void civil_write_pdf(utc_ms_t at, char ret_text[CIVIL_TEXT_BYTES]);
/* Reads exactly what civil_write_pdf() writes. ERR_FORMAT otherwise. */
MUST_USE enum err civil_parse_pdf(const char *text, utc_ms_t *ret_at);
/* "2026-11-23T13:05:09+07:00" */
void civil_write_iso(utc_ms_t at, char ret_text[CIVIL_TEXT_BYTES]);

#endif

#include "meeting/edge/paper/civil.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#define ZONE_S INT64_C(25200)          /* UTC+7 */
#define LATEST_S INT64_C(253402300799) /* 9999-12-31T23:59:59 */

struct civil civil_of(utc_ms_t at)
{
    int64_t seconds = at / 1000 + ZONE_S;
    seconds = seconds < 0 ? 0 : seconds > LATEST_S ? LATEST_S : seconds;
    time_t time = (time_t)seconds;
    struct tm tm;
    (void)gmtime_r(&time, &tm);
    return (struct civil){tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday,
                          tm.tm_hour,        tm.tm_min,     tm.tm_sec};
}

void civil_write_date(utc_ms_t at, char ret_text[CIVIL_TEXT_BYTES])
{
    struct civil civil = civil_of(at);
    const char *zero = civil.month <= 2 ? "0" : "";
    (void)snprintf(ret_text, CIVIL_TEXT_BYTES, "ngày %02d tháng %s%d năm %d", civil.day, zero,
                   civil.month, civil.year);
}

void civil_write_moment(utc_ms_t at, char ret_text[CIVIL_TEXT_BYTES])
{
    struct civil civil = civil_of(at);
    char date[CIVIL_TEXT_BYTES - 32];
    const char *zero = civil.month <= 2 ? "0" : "";
    (void)snprintf(date, sizeof date, "ngày %02d tháng %s%d năm %d", civil.day, zero, civil.month,
                   civil.year);
    (void)snprintf(ret_text, CIVIL_TEXT_BYTES, "%02d giờ %02d phút, %s", civil.hour, civil.minute,
                   date);
}

void civil_write_stamp(utc_ms_t at, char ret_text[CIVIL_TEXT_BYTES])
{
    struct civil civil = civil_of(at);
    (void)snprintf(ret_text, CIVIL_TEXT_BYTES, "%02d/%02d/%04d %02d:%02d:%02d +07:00", civil.day,
                   civil.month, civil.year, civil.hour, civil.minute, civil.second);
}

void civil_write_pdf(utc_ms_t at, char ret_text[CIVIL_TEXT_BYTES])
{
    struct civil civil = civil_of(at);
    (void)snprintf(ret_text, CIVIL_TEXT_BYTES, "D:%04d%02d%02d%02d%02d%02d+07'00'", civil.year,
                   civil.month, civil.day, civil.hour, civil.minute, civil.second);
}

enum err civil_parse_pdf(const char *text, utc_ms_t *ret_at)
{
    static const char shape[] = "D:dddddddddddddd+07'00'";
    if (strlen(text) != sizeof shape - 1)
        return ERR_FORMAT;
    for (size_t i = 0; i < sizeof shape - 1; i++) {
        bool digit = text[i] >= '0' && text[i] <= '9';
        if (shape[i] == 'd' ? !digit : text[i] != shape[i])
            return ERR_FORMAT;
    }
    struct tm tm = {0};
    if (sscanf(text, "D:%4d%2d%2d%2d%2d%2d", &tm.tm_year, &tm.tm_mon, &tm.tm_mday, &tm.tm_hour,
               &tm.tm_min, &tm.tm_sec) != 6)
        return ERR_FORMAT;
    tm.tm_year -= 1900;
    tm.tm_mon -= 1;
    utc_ms_t at = ((utc_ms_t)timegm(&tm) - ZONE_S) * 1000;
    /* A 31st of February would be moved to March: only what is written back alike is a date. */
    char again[CIVIL_TEXT_BYTES];
    civil_write_pdf(at, again);
    if (strcmp(again, text) != 0)
        return ERR_FORMAT;
    *ret_at = at;
    return ERR_OK;
}

void civil_write_iso(utc_ms_t at, char ret_text[CIVIL_TEXT_BYTES])
{
    struct civil civil = civil_of(at);
    (void)snprintf(ret_text, CIVIL_TEXT_BYTES, "%04d-%02d-%02dT%02d:%02d:%02d+07:00", civil.year,
                   civil.month, civil.day, civil.hour, civil.minute, civil.second);
}

/* Dates as other software writes them. */
#include <string.h>
#include <time.h>

#include "meeting/edge/paper/foreign_signature.h"

/* `digits` digits, at least `low` and at most `high`; `otherwise` at the text's end or before its
 * zone. */
static int part(struct rd *rd, int digits, int low, int high, int otherwise)
{
    int number = 0;
    if (rd_left(rd) == 0 || *rd->at < '0' || *rd->at > '9')
        return otherwise;
    for (int i = 0; i < digits; i++) {
        uint8_t c = rd_u8(rd);
        if (c < '0' || c > '9')
            rd->failed = true;
        else
            number = number * 10 + (c - '0');
    }
    if (number < low || number > high)
        rd->failed = true;
    return number;
}

/* "Z", "+07'00'", "+07'00", "+07", "Z00'00'", or nothing: the last is taken for UTC. */
static int zone_seconds(struct rd *rd)
{
    if (rd_left(rd) == 0)
        return 0;
    uint8_t sign = rd_u8(rd);
    if (sign != '+' && sign != '-' && sign != 'Z')
        rd->failed = true;
    int hours = part(rd, 2, 0, 23, 0);
    if (rd_left(rd) > 0 && rd_u8(rd) != '\'')
        rd->failed = true;
    int minutes = part(rd, 2, 0, 59, 0);
    if (rd_left(rd) > 0 && rd_u8(rd) != '\'')
        rd->failed = true;
    if (sign == 'Z' && (hours != 0 || minutes != 0))
        rd->failed = true;
    return (sign == '-' ? -1 : 1) * (hours * 3600 + minutes * 60);
}

enum err foreign_date_parse(struct bytes text, utc_ms_t *ret_at)
{
    struct rd rd = rd_init(text);
    if (text.size >= 2 && memcmp(text.data, "D:", 2) == 0)
        rd_skip(&rd, 2);
    struct tm tm = {.tm_year = part(&rd, 4, 1970, 9999, -1)};
    bool dated = tm.tm_year >= 0;
    tm.tm_year -= 1900;
    tm.tm_mon = part(&rd, 2, 1, 12, 1) - 1;
    tm.tm_mday = part(&rd, 2, 1, 31, 1);
    tm.tm_hour = part(&rd, 2, 0, 23, 0);
    tm.tm_min = part(&rd, 2, 0, 59, 0);
    tm.tm_sec = part(&rd, 2, 0, 59, 0);
    int zone = zone_seconds(&rd);
    if (rd.failed || !dated || rd_left(&rd) != 0)
        return ERR_FORMAT;
    utc_ms_t at = ((utc_ms_t)timegm(&tm) - zone) * 1000;
    if (at <= 0)
        return ERR_FORMAT;
    *ret_at = at;
    return ERR_OK;
}

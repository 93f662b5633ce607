/* Looking up what repeats within a section. Each look-up walks the lines a fixed number of times,
 * so that no offer can make it quadratic. */
#include <string.h>

#include "sfu/proto/rtp.h"
#include "sfu/proto/sdp.h"
#include "sfu/proto/sdp_line.h"

enum { PAYLOAD_TYPE_MAX = 127, CLOCK_HZ_MAX = 1000000, CHANNELS_MAX = 255 };

/* How many names of a=simulcast are looked at before giving up on the rest. */
enum { RIDS_EXAMINED_MAX = 8 };

static struct sdp_lines section_lines(const struct sdp_section *section)
{
    return sdp_lines_init(section->lines, section->line);
}

/* a=<name>:<payload type> <rest>. */
static bool match_payload(const struct sdp_line *line, const char *name, uint8_t *ret_payload_type,
                          struct bytes *ret_rest)
{
    struct bytes value;
    uint32_t payload_type = 0;
    if (!sdp_line_attribute(line, name, &value) ||
        !sdp_number(sdp_take(&value, ' '), PAYLOAD_TYPE_MAX, &payload_type))
        return false;
    *ret_payload_type = (uint8_t)payload_type;
    *ret_rest = value;
    return true;
}

/* Place of a payload type in the m= line; format_count when it is not there. */
static uint32_t format_rank(const struct sdp_section *section, uint8_t payload_type)
{
    uint32_t rank = 0;
    while (rank < section->format_count && section->format[rank] != payload_type)
        rank++;
    return rank;
}

/* a=rtpmap:<payload type> <name>/<clock>[/<channels>] (RFC 8866, section 6.6). */
static bool match_rtpmap(const struct sdp_line *line, const char *name, struct sdp_codec *ret_codec)
{
    struct sdp_codec codec = {.channels = 1};
    struct bytes rest;
    if (!match_payload(line, "rtpmap", &codec.payload_type, &rest) ||
        !sdp_is_caseless(sdp_take(&rest, '/'), name) ||
        !sdp_number(sdp_take(&rest, '/'), CLOCK_HZ_MAX, &codec.clock_hz) ||
        (rest.size > 0 && !sdp_number(rest, CHANNELS_MAX, &codec.channels)))
        return false;
    *ret_codec = codec;
    return true;
}

static struct bytes find_parameters(const struct sdp_section *section, uint8_t payload_type)
{
    struct sdp_lines lines = section_lines(section);
    struct sdp_line line;
    while (sdp_lines_next(&lines, &line)) {
        uint8_t found = 0;
        struct bytes rest;
        if (match_payload(&line, "fmtp", &found, &rest) && found == payload_type)
            return rest;
    }
    return (struct bytes){0};
}

bool sdp_find_codec(const struct sdp_section *section, const char *name, uint32_t clock_hz,
                    struct sdp_codec *ret_codec)
{
    struct sdp_lines lines = section_lines(section);
    struct sdp_line line;
    struct sdp_codec best = {0};
    uint32_t best_rank = section->format_count;
    while (sdp_lines_next(&lines, &line)) {
        struct sdp_codec codec;
        if (!match_rtpmap(&line, name, &codec) || codec.clock_hz != clock_hz)
            continue;
        uint32_t rank = format_rank(section, codec.payload_type);
        if (rank < best_rank) {
            best = codec;
            best_rank = rank;
        }
    }
    if (best_rank == section->format_count)
        return false;
    best.parameters = find_parameters(section, best.payload_type);
    *ret_codec = best;
    return true;
}

/* The value of "apt=" among parameters separated by semicolons. */
static bool parse_apt(struct bytes parameters, uint32_t *ret_apt)
{
    while (parameters.size > 0) {
        struct bytes parameter = sdp_take(&parameters, ';');
        struct bytes value = sdp_take_word(&parameter);
        if (sdp_is_caseless(sdp_take(&value, '='), "apt"))
            return sdp_number(value, PAYLOAD_TYPE_MAX, ret_apt);
    }
    return false;
}

bool sdp_find_rtx(const struct sdp_section *section, uint8_t payload_type, uint8_t *ret_rtx)
{
    bool is_rtx[PAYLOAD_TYPE_MAX + 1] = {false};
    struct sdp_lines lines = section_lines(section);
    struct sdp_line line;
    while (sdp_lines_next(&lines, &line)) {
        struct sdp_codec codec;
        if (match_rtpmap(&line, "rtx", &codec))
            is_rtx[codec.payload_type] =
                format_rank(section, codec.payload_type) < section->format_count;
    }
    lines = section_lines(section);
    while (sdp_lines_next(&lines, &line)) {
        uint8_t found = 0;
        uint32_t apt = 0;
        struct bytes rest;
        if (match_payload(&line, "fmtp", &found, &rest) && is_rtx[found] && parse_apt(rest, &apt) &&
            apt == payload_type) {
            *ret_rtx = found;
            return true;
        }
    }
    return false;
}

bool sdp_has_feedback(const struct sdp_section *section, uint8_t payload_type, const char *feedback)
{
    struct sdp_lines lines = section_lines(section);
    struct sdp_line line;
    while (sdp_lines_next(&lines, &line)) {
        struct bytes value;
        uint32_t found = 0;
        if (!sdp_line_attribute(&line, "rtcp-fb", &value))
            continue;
        struct bytes which = sdp_take(&value, ' ');
        bool ours = sdp_is(which, "*") ||
                    (sdp_number(which, PAYLOAD_TYPE_MAX, &found) && found == payload_type);
        if (ours && sdp_is(value, feedback))
            return true;
    }
    return false;
}

/* a=extmap:<id>[/<direction>] <uri> [attributes]. */
bool sdp_find_extension(const struct sdp_section *section, const char *uri, uint8_t *ret_id)
{
    struct sdp_lines lines = section_lines(section);
    struct sdp_line line;
    while (sdp_lines_next(&lines, &line)) {
        struct bytes value;
        uint32_t id = 0;
        if (!sdp_line_attribute(&line, "extmap", &value))
            continue;
        struct bytes head = sdp_take_word(&value);
        if (!sdp_is(sdp_take_word(&value), uri) ||
            !sdp_number(sdp_take(&head, '/'), RTP_EXTENSION_ID_MAX, &id) || id == 0)
            continue;
        *ret_id = (uint8_t)id;
        return true;
    }
    return false;
}

/* Whether a=rid:<rid> send … declares it (RFC 8851, section 4). */
static bool is_send_rid(const struct sdp_section *section, struct bytes rid)
{
    struct sdp_lines lines = section_lines(section);
    struct sdp_line line;
    while (sdp_lines_next(&lines, &line)) {
        struct bytes value;
        if (sdp_line_attribute(&line, "rid", &value) && bytes_equal(sdp_take_word(&value), rid))
            return sdp_is(sdp_take_word(&value), "send");
    }
    return false;
}

/* The list behind "send" of a=simulcast:send <list> [recv <list>], in either order. */
static struct bytes find_simulcast_list(const struct sdp_section *section)
{
    struct sdp_lines lines = section_lines(section);
    struct sdp_line line;
    while (sdp_lines_next(&lines, &line)) {
        struct bytes value;
        if (!sdp_line_attribute(&line, "simulcast", &value))
            continue;
        while (value.size > 0) {
            bool is_send = sdp_is(sdp_take_word(&value), "send");
            struct bytes list = sdp_take_word(&value);
            if (is_send)
                return list;
        }
    }
    return (struct bytes){0};
}

uint32_t sdp_find_rids(const struct sdp_section *section,
                       struct bytes ret_rids[LIMIT_SIMULCAST_LAYERS])
{
    struct bytes list = find_simulcast_list(section);
    uint32_t count = 0;
    for (uint32_t i = 0; i < RIDS_EXAMINED_MAX && list.size > 0; i++) {
        struct bytes alternatives = sdp_take(&list, ';');
        struct bytes rid = sdp_take(&alternatives, ',');
        if (rid.size > 0 && rid.data[0] == '~') /* offered as paused; it may start later */
            rid = (struct bytes){rid.data + 1, rid.size - 1};
        if (count < LIMIT_SIMULCAST_LAYERS && sdp_is_token(rid) && is_send_rid(section, rid))
            ret_rids[count++] = rid;
    }
    return count;
}

bool sdp_find_ssrc(const struct sdp_section *section, uint32_t *ret_ssrc, uint32_t *ret_rtx_ssrc)
{
    struct sdp_lines lines = section_lines(section);
    struct sdp_line line;
    uint32_t ssrc = 0;
    while (sdp_lines_next(&lines, &line)) {
        struct bytes value;
        uint32_t first = 0;
        uint32_t second = 0;
        if (sdp_line_attribute(&line, "ssrc-group", &value) &&
            sdp_is(sdp_take_word(&value), "FID") &&
            sdp_number(sdp_take_word(&value), UINT32_MAX, &first) &&
            sdp_number(sdp_take_word(&value), UINT32_MAX, &second) && first && second) {
            *ret_ssrc = first;
            *ret_rtx_ssrc = second;
            return true;
        }
        if (ssrc == 0 && sdp_line_attribute(&line, "ssrc", &value))
            (void)sdp_number(sdp_take_word(&value), UINT32_MAX, &ssrc);
    }
    if (ssrc == 0)
        return false;
    *ret_ssrc = ssrc;
    *ret_rtx_ssrc = 0;
    return true;
}

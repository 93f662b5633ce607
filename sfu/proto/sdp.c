#include "sfu/proto/sdp.h"

#include "sfu/proto/sdp_line.h"

enum { PORT_MAX = 65535, PAYLOAD_TYPE_MAX = 127 };

bool sdp_is_strong_hash(struct bytes hash)
{
    return sdp_is_caseless(hash, "sha-256") || sdp_is_caseless(hash, "sha-384") ||
           sdp_is_caseless(hash, "sha-512");
}

/* Something that may stand once; twice would leave open which one counts. */
static enum err set_once(struct bytes *field, struct bytes value)
{
    if (field->size > 0 || value.size == 0)
        return ERR_FORMAT;
    *field = value;
    return ERR_OK;
}

/* RFC 8122, section 5. */
static enum err parse_fingerprint(struct sdp_transport *transport, struct bytes value)
{
    struct bytes hash = sdp_take_word(&value);
    struct bytes digest = sdp_take_word(&value);
    if (hash.size == 0 || digest.size == 0)
        return ERR_FORMAT;
    if (transport->fingerprint_hash.size == 0 ||
        (!sdp_is_strong_hash(transport->fingerprint_hash) && sdp_is_strong_hash(hash))) {
        transport->fingerprint_hash = hash;
        transport->fingerprint_digest = digest;
    }
    return ERR_OK;
}

/* RFC 8842, section 5.2. */
static enum err parse_setup(struct sdp_transport *transport, struct bytes value)
{
    static const char *const names[] = {
        [SDP_ACTPASS] = "actpass",
        [SDP_ACTIVE] = "active",
        [SDP_PASSIVE] = "passive",
        [SDP_HOLDCONN] = "holdconn",
    };
    for (uint32_t i = SDP_ACTPASS; i <= SDP_HOLDCONN; i++) {
        if (sdp_is(value, names[i])) {
            transport->setup = (enum sdp_setup)i;
            return ERR_OK;
        }
    }
    return ERR_FORMAT;
}

/* Attributes of either part. ERR_UNKNOWN: the line is none of them. */
static enum err parse_transport(struct sdp_transport *transport, const struct sdp_line *line)
{
    struct bytes value;
    if (sdp_line_attribute(line, "ice-ufrag", &value))
        return set_once(&transport->ice_ufrag, value);
    if (sdp_line_attribute(line, "ice-pwd", &value))
        return set_once(&transport->ice_pwd, value);
    if (sdp_line_attribute(line, "fingerprint", &value))
        return parse_fingerprint(transport, value);
    if (sdp_line_attribute(line, "setup", &value))
        return parse_setup(transport, value);
    if (sdp_line_attribute(line, "ice-lite", &value)) {
        transport->ice_lite = true;
        return ERR_OK;
    }
    return ERR_UNKNOWN;
}

static bool parse_direction(const struct sdp_line *line, enum sdp_direction *ret_direction)
{
    static const char *const names[] = {
        [SDP_SENDRECV] = "sendrecv",
        [SDP_SENDONLY] = "sendonly",
        [SDP_RECVONLY] = "recvonly",
        [SDP_INACTIVE] = "inactive",
    };
    if (line->type != 'a')
        return false;
    for (uint32_t i = SDP_SENDRECV; i <= SDP_INACTIVE; i++) {
        if (sdp_is(line->value, names[i])) {
            *ret_direction = (enum sdp_direction)i;
            return true;
        }
    }
    return false;
}

static enum err parse_session_line(struct sdp *sdp, const struct sdp_line *line)
{
    struct bytes value;
    if (parse_direction(line, &sdp->direction))
        return ERR_OK;
    if (sdp_line_attribute(line, "group", &value)) {
        if (sdp_is(sdp_take_word(&value), "BUNDLE") && !sdp->has_bundle) {
            sdp->has_bundle = true;
            sdp->bundle = value;
        }
        return ERR_OK;
    }
    return parse_transport(&sdp->transport, line);
}

static enum err parse_section_line(struct sdp_section *section, const struct sdp_line *line)
{
    struct bytes value;
    if (parse_direction(line, &section->direction))
        return ERR_OK;
    if (sdp_line_attribute(line, "mid", &value))
        return sdp_is_token(value) ? set_once(&section->mid, value) : ERR_FORMAT;
    if (sdp_line_attribute(line, "rtcp-mux", &value)) {
        section->rtcp_mux = true;
        return ERR_OK;
    }
    if (sdp_line_attribute(line, "rtcp-rsize", &value)) {
        section->rtcp_rsize = true;
        return ERR_OK;
    }
    if (sdp_line_attribute(line, "bundle-only", &value)) {
        section->bundle_only = true;
        return ERR_OK;
    }
    return parse_transport(&section->transport, line);
}

static enum err parse_formats(struct sdp_section *section)
{
    struct bytes rest = section->formats;
    for (struct bytes word = sdp_take_word(&rest); word.size > 0; word = sdp_take_word(&rest)) {
        uint32_t payload_type = 0;
        if (!sdp_number(word, PAYLOAD_TYPE_MAX, &payload_type))
            return ERR_FORMAT;
        if (section->format_count == LIMIT_SDP_FORMATS)
            return ERR_LIMIT;
        section->format[section->format_count++] = (uint8_t)payload_type;
    }
    return section->format_count > 0 ? ERR_OK : ERR_FORMAT;
}

static bool is_protocol(struct bytes protocol)
{
    struct bytes rest = protocol;
    while (rest.size > 0)
        if (!sdp_is_token(sdp_take(&rest, '/')))
            return false;
    return protocol.size > 0;
}

/* m=<media> <port> <protocol> <formats> (RFC 8866, section 5.14). */
static enum err parse_media(struct sdp_section *section, const struct sdp_line *line)
{
    struct bytes rest = line->value;
    section->line = line->number;
    section->media_name = sdp_take_word(&rest);
    struct bytes port = sdp_take_word(&rest);
    section->protocol = sdp_take_word(&rest);
    section->formats = rest;
    if (!sdp_is_token(section->media_name) || !is_protocol(section->protocol) ||
        !sdp_number(port, PORT_MAX, &section->port) || section->formats.size == 0)
        return ERR_FORMAT;
    section->media = SDP_OTHER;
    if (sdp_is(section->media_name, "audio"))
        section->media = SDP_AUDIO;
    else if (sdp_is(section->media_name, "video"))
        section->media = SDP_VIDEO;
    return section->media == SDP_OTHER ? ERR_OK : parse_formats(section);
}

/* Begins a section, or adds a line to the part at hand. */
static enum err parse_line(struct sdp *sdp, const struct sdp_line *line,
                           const struct sdp_lines *lines)
{
    if (line->type == 'm') {
        if (sdp->section_count == LIMIT_SDP_SECTIONS)
            return ERR_LIMIT;
        struct sdp_section *section = &sdp->sections[sdp->section_count++];
        *section = (struct sdp_section){.direction = sdp->direction};
        section->lines = (struct bytes){lines->rest.data, 0};
        return parse_media(section, line);
    }
    if (sdp->section_count == 0)
        return parse_session_line(sdp, line);
    struct sdp_section *section = &sdp->sections[sdp->section_count - 1];
    section->lines.size = (size_t)(lines->rest.data - section->lines.data);
    return parse_section_line(section, line);
}

enum err sdp_parse(struct bytes text, struct sdp *ret_sdp, uint32_t *ret_line)
{
    if (text.size > LIMIT_SDP_BYTES) {
        *ret_line = 0;
        return ERR_LIMIT;
    }
    enum err err = sdp_lines_check(text, ret_line);
    if (err != ERR_OK)
        return err;

    struct sdp_lines lines = sdp_lines_init(text, 0);
    struct sdp_line line = {0};
    if (!sdp_lines_next(&lines, &line) || line.type != 'v' || !sdp_is(line.value, "0")) {
        *ret_line = 1;
        return ERR_FORMAT;
    }
    ret_sdp->transport = (struct sdp_transport){0};
    ret_sdp->direction = SDP_SENDRECV;
    ret_sdp->has_bundle = false;
    ret_sdp->bundle = (struct bytes){0};
    ret_sdp->section_count = 0;
    while (sdp_lines_next(&lines, &line)) {
        err = parse_line(ret_sdp, &line, &lines);
        if (err != ERR_OK && err != ERR_UNKNOWN) {
            *ret_line = line.number;
            return err;
        }
    }
    return ERR_OK;
}

bool sdp_is_bundled(const struct sdp *sdp, struct bytes mid)
{
    struct bytes rest = sdp->bundle;
    for (struct bytes word = sdp_take_word(&rest); word.size > 0; word = sdp_take_word(&rest))
        if (bytes_equal(word, mid))
            return true;
    return false;
}

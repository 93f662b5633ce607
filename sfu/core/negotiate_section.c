#include "sfu/core/negotiate_section.h"

#include <assert.h>
#include <stddef.h>

#include "base/text.h"
#include "sfu/proto/sdp_line.h"

enum { OPUS_CLOCK_HZ = 48000, VP8_CLOCK_HZ = 90000 };

/* Whether a section may be served at all, whatever its codecs (RFC 8829, section 5.1.2). */
static bool is_usable(const struct sdp_section *section, bool bundled)
{
    bool secure = sdp_is(section->protocol, "UDP/TLS/RTP/SAVPF") ||
                  sdp_is(section->protocol, "UDP/TLS/RTP/SAVP") ||
                  sdp_is(section->protocol, "TCP/DTLS/RTP/SAVPF") ||
                  sdp_is(section->protocol, "RTP/SAVPF");
    bool offered = section->port != 0 || section->bundle_only;
    return section->media != SDP_OTHER && secure && offered && bundled;
}

static bool sending_role(enum sdp_media media, uint32_t ordinal, struct section_role *ret_role)
{
    static const enum source_kind kinds[2][2] = {
        [SDP_AUDIO] = {SOURCE_MICROPHONE, SOURCE_SCREEN_SOUND},
        [SDP_VIDEO] = {SOURCE_CAMERA, SOURCE_SCREEN},
    };
    if (ordinal >= 2)
        return false;
    *ret_role = (struct section_role){.use = SECTION_SOURCE, .source = kinds[media][ordinal]};
    return true;
}

static bool receiving_role(enum sdp_media media, uint32_t ordinal, struct section_role *ret_role)
{
    struct section_role role = {.use = SECTION_SLOT};
    if (media == SDP_AUDIO) {
        role.slot = SLOT_AUDIO;
        role.slot_index = (uint8_t)ordinal;
        if (ordinal >= LIMIT_AUDIO_SLOTS)
            return false;
    } else if (ordinal < 2) {
        role.slot = ordinal == 0 ? SLOT_STAGE : SLOT_SCREEN;
    } else {
        role.slot = SLOT_TILE;
        role.slot_index = (uint8_t)(ordinal - 2);
        if (ordinal - 2 >= LIMIT_TILES_PER_ENDPOINT)
            return false;
    }
    *ret_role = role;
    return true;
}

struct section_role section_assign(const struct sdp_section *section, bool bundled,
                                   struct section_count *count)
{
    struct section_role role = {.use = SECTION_REFUSED};
    if (!is_usable(section, bundled))
        return role;
    if (section->direction == SDP_INACTIVE)
        role.use = SECTION_INACTIVE;
    else if (section->direction == SDP_RECVONLY)
        (void)receiving_role(section->media, count->receiving[section->media]++, &role);
    else
        (void)sending_role(section->media, count->sending[section->media]++, &role);
    return role;
}

/* What the codecs of one section came to. */
struct agreed {
    uint8_t payload_type;
    uint8_t rtx; /* 0: none */
    uint8_t red; /* 0: none */
};

/* ---- Codecs ---------------------------------------------------------------------------------- */

static uint32_t agreed_feedback(const struct sdp_section *section, uint8_t payload_type)
{
    static const struct {
        const char *text;
        enum sdp_feedback feedback;
    } known[] = {
        {"nack", SDP_FEEDBACK_NACK},
        {"nack pli", SDP_FEEDBACK_PLI},
        {"ccm fir", SDP_FEEDBACK_FIR},
        {"transport-cc", SDP_FEEDBACK_TRANSPORT_CC},
    };
    uint32_t feedback = 0;
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        if (sdp_has_feedback(section, payload_type, known[i].text))
            feedback |= (uint32_t)known[i].feedback;
    return feedback;
}

static bool prefers(const struct sdp_section *section, uint8_t a, uint8_t b)
{
    for (uint32_t i = 0; i < section->format_count; i++)
        if (section->format[i] == a || section->format[i] == b)
            return section->format[i] == a;
    return false;
}

static bool has_word(struct bytes parameters, const char *word)
{
    while (parameters.size > 0) {
        struct bytes parameter = sdp_take(&parameters, ';');
        if (sdp_is(sdp_take_word(&parameter), word))
            return true;
    }
    return false;
}

static void push_codec(struct sdp_answer_section *answer, struct sdp_answer_codec codec)
{
    assert(answer->codec_count < SDP_ANSWER_CODECS_MAX);
    answer->codecs[answer->codec_count++] = codec;
}

/* Redundant opus (RFC 2198), if what it wraps is this opus: parameters "111/111". */
static bool find_red(const struct sdp_section *section, uint8_t opus, uint8_t *ret_red)
{
    struct sdp_codec red;
    uint32_t wrapped = 0;
    if (!sdp_find_codec(section, "red", OPUS_CLOCK_HZ, &red) ||
        !sdp_number(sdp_take(&red.parameters, '/'), UINT8_MAX, &wrapped) || wrapped != opus)
        return false;
    *ret_red = red.payload_type;
    return true;
}

static struct sdp_answer_codec red_codec(struct sdp_answer_section *answer, uint8_t red,
                                         uint8_t opus)
{
    struct wr wr = wr_init((uint8_t *)answer->red_parameters, sizeof answer->red_parameters);
    wr_decimal(&wr, opus);
    wr_text(&wr, "/");
    wr_decimal(&wr, opus);
    wr_u8(&wr, '\0');
    return (struct sdp_answer_codec){
        .payload_type = red, .rtpmap = "red/48000/2", .parameters = answer->red_parameters};
}

/* Opus (RFC 7587), and from a sender also its redundant form; the sender's order of the two is
 * kept, it sends what stands first. */
static bool agree_audio(const struct sdp_section *section, const struct section_role *role,
                        struct sdp_answer_section *answer, struct agreed *ret_agreed)
{
    struct sdp_codec opus;
    bool sends = role->use == SECTION_SOURCE;
    if (!sdp_find_codec(section, "opus", OPUS_CLOCK_HZ, &opus))
        return false;
    struct sdp_answer_codec codec = {
        .payload_type = opus.payload_type,
        .rtpmap = "opus/48000/2",
        .parameters = has_word(opus.parameters, "stereo=1") ? "minptime=10;useinbandfec=1;stereo=1"
                                                            : "minptime=10;useinbandfec=1",
        .feedback = agreed_feedback(section, opus.payload_type),
    };
    uint8_t red = 0;
    if (sends && find_red(section, opus.payload_type, &red)) {
        struct sdp_answer_codec redundant = red_codec(answer, red, opus.payload_type);
        bool red_first = prefers(section, red, opus.payload_type);
        push_codec(answer, red_first ? redundant : codec);
        push_codec(answer, red_first ? codec : redundant);
    } else {
        push_codec(answer, codec);
    }
    *ret_agreed = (struct agreed){.payload_type = opus.payload_type, .red = red};
    return true;
}

/* VP8 (RFC 7741) and its retransmissions, which are of use only where they can be asked for. */
static bool agree_video(const struct sdp_section *section, struct sdp_answer_section *answer,
                        struct agreed *ret_agreed)
{
    struct sdp_codec vp8;
    uint8_t rtx = 0;
    if (!sdp_find_codec(section, "VP8", VP8_CLOCK_HZ, &vp8))
        return false;
    uint32_t feedback = agreed_feedback(section, vp8.payload_type);
    push_codec(answer, (struct sdp_answer_codec){.payload_type = vp8.payload_type,
                                                 .rtpmap = "VP8/90000",
                                                 .feedback = feedback});
    if ((feedback & SDP_FEEDBACK_NACK) && sdp_find_rtx(section, vp8.payload_type, &rtx))
        push_codec(answer, (struct sdp_answer_codec){.payload_type = rtx,
                                                     .rtpmap = "rtx/90000",
                                                     .apt = vp8.payload_type});
    *ret_agreed = (struct agreed){.payload_type = vp8.payload_type, .rtx = rtx};
    return true;
}

/* ---- Header extensions ----------------------------------------------------------------------- */

/* Takes the offered id if the whole bundle can mean the same by it: one id for one extension. */
static bool agree_extension(const struct sdp_section *section, struct session_extensions *all,
                            uint8_t *slot, const char *uri, struct sdp_answer_section *answer)
{
    const uint8_t *const fields[] = {&all->mid, &all->rid, &all->repaired_rid, &all->audio_level,
                                     &all->transport_cc};
    uint8_t id = 0;
    if (!sdp_find_extension(section, uri, &id) || (*slot != 0 && *slot != id))
        return false;
    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++)
        if (fields[i] != slot && *fields[i] == id)
            return false;
    assert(answer->extension_count < SDP_ANSWER_EXTENSIONS_MAX);
    answer->extensions[answer->extension_count++] = (struct sdp_answer_extension){id, uri};
    *slot = id;
    return true;
}

/* Returns whether packets of this section carry the transport-wide number, which takes the header
 * extension and the feedback both. The others are for what comes in: what goes out is known by its
 * SSRC, and the server tells who speaks. */
static bool agree_extensions(const struct sdp_section *section, bool sends,
                             struct session_extensions *all, struct sdp_answer_section *answer)
{
    if (sends)
        (void)agree_extension(section, all, &all->mid, "urn:ietf:params:rtp-hdrext:sdes:mid",
                              answer);
    if (sends && section->media == SDP_VIDEO) {
        (void)agree_extension(section, all, &all->rid,
                              "urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id", answer);
        (void)agree_extension(section, all, &all->repaired_rid,
                              "urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id", answer);
    }
    if (sends && section->media == SDP_AUDIO)
        (void)agree_extension(section, all, &all->audio_level,
                              "urn:ietf:params:rtp-hdrext:ssrc-audio-level", answer);
    bool reported = false;
    for (uint32_t i = 0; i < answer->codec_count; i++)
        reported |= (answer->codecs[i].feedback & SDP_FEEDBACK_TRANSPORT_CC) != 0;
    return reported && agree_extension(section, all, &all->transport_cc,
                                       "http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-"
                                       "cc-extensions-01",
                                       answer);
}

/* ---- A section ------------------------------------------------------------------------------- */

static void agree_layers(const struct sdp_section *section, const struct session *session,
                         struct session_source *source, struct sdp_answer_section *answer)
{
    struct bytes rids[LIMIT_SIMULCAST_LAYERS];
    uint32_t offered = session->extensions.rid ? sdp_find_rids(section, rids) : 0;
    for (uint32_t i = 0; i < offered; i++) {
        uint32_t layer = answer->rid_count;
        if (text_copy(source->rid[layer], SESSION_RID_BYTES, rids[i]) == ERR_OK)
            answer->rids[answer->rid_count++] = rids[i];
    }
    source->layer_count = answer->rid_count ? (uint8_t)answer->rid_count : 1;
    /* With rids the packets tell their layer themselves (RFC 8852). */
    if (answer->rid_count == 0)
        (void)sdp_find_ssrc(section, &source->ssrc[0], &source->rtx_ssrc[0]);
}

/* Needs: negotiate.c has refused longer ones. */
static void copy_mid(char ret_mid[SESSION_MID_BYTES], struct bytes mid)
{
    enum err err = text_copy(ret_mid, SESSION_MID_BYTES, mid);
    assert(err == ERR_OK);
}

static void agree_source(const struct sdp_section *section, const struct section_role *role,
                         const struct agreed *agreed, struct session *session,
                         struct sdp_answer_section *answer)
{
    struct session_source *source = &session->sources[role->source];
    *source = (struct session_source){.present = true,
                                      .payload_type = agreed->payload_type,
                                      .rtx_payload_type = agreed->rtx,
                                      .red_payload_type = agreed->red};
    source->transport_cc = agree_extensions(section, true, &session->extensions, answer);
    agree_layers(section, session, source, answer);
    copy_mid(source->mid, section->mid);
    answer->direction = SDP_RECVONLY;
}

/* The name of the stream in the answer: "tile-7". */
static void name_stream(const struct section_role *role, char ret_name[SDP_STREAM_BYTES])
{
    static const char *const kinds[] = {
        [SLOT_AUDIO] = "audio-",
        [SLOT_STAGE] = "stage-",
        [SLOT_SCREEN] = "screen-",
        [SLOT_TILE] = "tile-",
    };
    struct wr wr = wr_init((uint8_t *)ret_name, SDP_STREAM_BYTES);
    wr_text(&wr, kinds[role->slot]);
    wr_decimal(&wr, role->slot_index);
    wr_u8(&wr, '\0');
}

static void agree_slot(const struct sdp_section *section, const struct section_role *role,
                       const struct agreed *agreed, struct session *session,
                       struct sdp_answer_section *answer)
{
    assert(session->slot_count < SESSION_SLOTS);
    struct session_slot *slot = &session->slots[session->slot_count++];
    *slot = (struct session_slot){.kind = role->slot,
                                  .index = role->slot_index,
                                  .payload_type = agreed->payload_type,
                                  .rtx_payload_type = agreed->rtx};
    slot->transport_cc = agree_extensions(section, false, &session->extensions, answer);
    copy_mid(slot->mid, section->mid);
    name_stream(role, answer->stream);
    answer->direction = SDP_SENDONLY;
}

bool section_agree(const struct sdp_section *section, const struct section_role *role,
                   struct session *session, struct sdp_answer_section *ret_answer)
{
    struct agreed agreed = {0};
    *ret_answer = (struct sdp_answer_section){.offered = section, .direction = SDP_INACTIVE};
    if (section->media == SDP_AUDIO ? !agree_audio(section, role, ret_answer, &agreed)
                                    : !agree_video(section, ret_answer, &agreed))
        return false;
    if (role->use == SECTION_SOURCE)
        agree_source(section, role, &agreed, session, ret_answer);
    else if (role->use == SECTION_SLOT)
        agree_slot(section, role, &agreed, session, ret_answer);
    return true;
}

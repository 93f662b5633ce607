#include "sfu/core/negotiate.h"

#include <assert.h>
#include <string.h>

#include "base/text.h"
#include "sfu/core/negotiate_section.h"
#include "sfu/proto/sdp.h"
#include "sfu/proto/sdp_answer.h"
#include "sfu/proto/sdp_line.h"

/* RFC 8839, section 5.4. */
enum { ICE_UFRAG_MIN_BYTES = 4, ICE_PWD_MIN_BYTES = 22 };

enum { CNAME_BYTES = 17 };

/* One offer on its way. */
struct work {
    struct sdp sdp;
    struct sdp_answer_section answers[LIMIT_SDP_SECTIONS];
    bool accepted[LIMIT_SDP_SECTIONS];
    struct negotiated result;
};

static enum err refuse(struct negotiate_refusal *ret_refusal, enum err err, const char *code,
                       uint32_t line)
{
    *ret_refusal = (struct negotiate_refusal){code, line};
    return err;
}

/* ---- Transport ------------------------------------------------------------------------------- */

static bool is_bundled(const struct sdp *sdp, uint32_t index)
{
    /* Without a BUNDLE group there is one transport for each section, and we serve one. */
    return sdp->has_bundle ? sdp_is_bundled(sdp, sdp->sections[index].mid) : index == 0;
}

/* The offer's transport, put together: what the first bundled section says, then the session part,
 * then whatever later bundled sections add (RFC 9143, section 7.1.3). */
static struct sdp_transport merge_transport(const struct sdp *sdp, uint32_t *ret_line)
{
    const struct sdp_transport *parts[LIMIT_SDP_SECTIONS + 1];
    uint32_t count = 0;
    *ret_line = 0;
    for (uint32_t i = 0; i < sdp->section_count; i++) {
        if (!is_bundled(sdp, i))
            continue;
        parts[count++] = &sdp->sections[i].transport;
        if (count == 1) {
            *ret_line = sdp->sections[i].line;
            parts[count++] = &sdp->transport;
        }
    }
    struct sdp_transport merged = {.ice_lite = sdp->transport.ice_lite};
    for (uint32_t i = 0; i < count; i++) {
        if (merged.ice_ufrag.size == 0 && merged.ice_pwd.size == 0) {
            merged.ice_ufrag = parts[i]->ice_ufrag;
            merged.ice_pwd = parts[i]->ice_pwd;
        }
        if (merged.fingerprint_hash.size == 0) {
            merged.fingerprint_hash = parts[i]->fingerprint_hash;
            merged.fingerprint_digest = parts[i]->fingerprint_digest;
        }
        if (merged.setup == SDP_SETUP_ABSENT)
            merged.setup = parts[i]->setup;
    }
    return merged;
}

static bool is_ice_text(struct bytes text, size_t min, size_t max)
{
    if (text.size < min || text.size > max)
        return false;
    for (size_t i = 0; i < text.size; i++) {
        uint8_t c = text.data[i];
        bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        if (!letter && !(c >= '0' && c <= '9') && c != '+' && c != '/')
            return false;
    }
    return true;
}

/* "AB:CD:…", upper or lower case (RFC 8122, section 5). */
static bool parse_digest(struct bytes text, uint8_t *ret_digest, uint32_t size)
{
    if (text.size != (size_t)size * 3 - 1)
        return false;
    for (uint32_t i = 0; i < size; i++) {
        struct bytes pair = {text.data + (size_t)i * 3, 2};
        bool separated = i + 1 == size || text.data[(size_t)i * 3 + 2] == ':';
        if (!separated || hex_parse(pair, ret_digest + i, 1) != ERR_OK)
            return false;
    }
    return true;
}

static bool read_fingerprint(const struct sdp_transport *transport,
                             struct negotiate_theirs *ret_theirs)
{
    static const struct {
        const char *hash;
        uint32_t size;
    } known[] = {{"sha-256", 32}, {"sha-384", 48}, {"sha-512", 64}};
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        if (!sdp_is_caseless(transport->fingerprint_hash, known[i].hash))
            continue;
        ret_theirs->digest_size = known[i].size;
        return text_copy(ret_theirs->hash, sizeof ret_theirs->hash, bytes_of(known[i].hash)) ==
                   ERR_OK &&
               parse_digest(transport->fingerprint_digest, ret_theirs->digest, known[i].size);
    }
    return false;
}

static enum err read_transport(const struct sdp *sdp, struct negotiate_theirs *ret_theirs,
                               struct negotiate_refusal *ret_refusal)
{
    uint32_t line = 0;
    struct sdp_transport transport = merge_transport(sdp, &line);
    if (line == 0)
        return refuse(ret_refusal, ERR_UNSUPPORTED, "sdp.no_bundle", 0);
    if (transport.ice_ufrag.size == 0 || transport.ice_pwd.size == 0)
        return refuse(ret_refusal, ERR_FORMAT, "sdp.no_ice", line);
    if (!is_ice_text(transport.ice_ufrag, ICE_UFRAG_MIN_BYTES, LIMIT_ICE_UFRAG_BYTES) ||
        !is_ice_text(transport.ice_pwd, ICE_PWD_MIN_BYTES, LIMIT_ICE_PWD_BYTES) ||
        text_copy(ret_theirs->ufrag, sizeof ret_theirs->ufrag, transport.ice_ufrag) != ERR_OK ||
        text_copy(ret_theirs->pwd, sizeof ret_theirs->pwd, transport.ice_pwd) != ERR_OK)
        return refuse(ret_refusal, ERR_FORMAT, "sdp.bad_ice", line);
    if (transport.ice_lite) /* two lite sides: nobody would check */
        return refuse(ret_refusal, ERR_UNSUPPORTED, "sdp.ice_lite", line);
    if (transport.fingerprint_hash.size == 0)
        return refuse(ret_refusal, ERR_FORMAT, "sdp.no_fingerprint", line);
    if (!read_fingerprint(&transport, ret_theirs))
        return refuse(ret_refusal, ERR_UNSUPPORTED, "sdp.bad_fingerprint", line);
    /* We are always the passive side. An offer that says nothing is active (RFC 4145, 4.1). */
    if (transport.setup == SDP_PASSIVE || transport.setup == SDP_HOLDCONN)
        return refuse(ret_refusal, ERR_UNSUPPORTED, "sdp.bad_setup", line);
    return ERR_OK;
}

/* ---- Sections -------------------------------------------------------------------------------- */

/* Every mid is short enough to keep and stands once (RFC 5888, section 4). */
static enum err check_mids(const struct sdp *sdp, struct negotiate_refusal *ret_refusal)
{
    for (uint32_t i = 0; i < sdp->section_count; i++) {
        struct bytes mid = sdp->sections[i].mid;
        bool bad = mid.size >= SESSION_MID_BYTES;
        for (uint32_t k = 0; k < i && mid.size > 0; k++)
            bad |= bytes_equal(mid, sdp->sections[k].mid);
        if (bad)
            return refuse(ret_refusal, ERR_FORMAT, "sdp.bad_mid", sdp->sections[i].line);
    }
    return ERR_OK;
}

static enum err agree_sections(struct work *work, struct negotiate_refusal *ret_refusal)
{
    const struct sdp *sdp = &work->sdp;
    struct section_count count = {0};
    const struct sdp_section *first = NULL;
    bool any = false;
    for (uint32_t i = 0; i < sdp->section_count; i++) {
        const struct sdp_section *section = &sdp->sections[i];
        struct section_role role = section_assign(section, is_bundled(sdp, i), &count);
        if (role.use == SECTION_REFUSED ||
            !section_agree(section, &role, &work->result.session, &work->answers[i]))
            continue;
        work->accepted[i] = true;
        work->answers[i].with_candidates = first == NULL;
        first = first ? first : section;
        any |= role.use != SECTION_INACTIVE;
    }
    if (!any)
        return refuse(ret_refusal, ERR_UNSUPPORTED, "sdp.no_codec", 0);
    if (!first->rtcp_mux)
        return refuse(ret_refusal, ERR_UNSUPPORTED, "sdp.no_rtcp_mux", first->line);
    return ERR_OK;
}

static bool ssrc_is_used(const struct session *session, uint32_t ssrc)
{
    for (uint32_t i = 0; i < SOURCE_KINDS; i++)
        for (uint32_t k = 0; k < LIMIT_SIMULCAST_LAYERS; k++)
            if (session->sources[i].ssrc[k] == ssrc || session->sources[i].rtx_ssrc[k] == ssrc)
                return true;
    for (uint32_t i = 0; i < session->slot_count; i++)
        if (session->slots[i].ssrc == ssrc || session->slots[i].rtx_ssrc == ssrc)
            return true;
    return false;
}

static uint32_t fresh_ssrc(const struct session *session, struct rng *rng)
{
    uint32_t ssrc = 0;
    while (ssrc == 0 || ssrc_is_used(session, ssrc))
        ssrc = (uint32_t)rng_u64(rng);
    return ssrc;
}

static void choose_ssrcs(struct session *session, struct rng *rng)
{
    for (uint32_t i = 0; i < session->slot_count; i++) {
        session->slots[i].ssrc = fresh_ssrc(session, rng);
        if (session->slots[i].rtx_payload_type)
            session->slots[i].rtx_ssrc = fresh_ssrc(session, rng);
    }
}

static bool same_source(const struct session_source *a, const struct session_source *b)
{
    bool same = a->present == b->present && strcmp(a->mid, b->mid) == 0 &&
                a->payload_type == b->payload_type && a->rtx_payload_type == b->rtx_payload_type &&
                a->red_payload_type == b->red_payload_type && a->transport_cc == b->transport_cc &&
                a->layer_count == b->layer_count;
    for (uint32_t i = 0; same && i < a->layer_count; i++)
        same = strcmp(a->rid[i], b->rid[i]) == 0;
    return same;
}

static bool same_slot(const struct session_slot *a, const struct session_slot *b)
{
    return a->kind == b->kind && a->index == b->index && strcmp(a->mid, b->mid) == 0 &&
           a->payload_type == b->payload_type && a->rtx_payload_type == b->rtx_payload_type &&
           a->transport_cc == b->transport_cc;
}

static bool same_extensions(const struct session_extensions *a, const struct session_extensions *b)
{
    return a->mid == b->mid && a->rid == b->rid && a->repaired_rid == b->repaired_rid &&
           a->audio_level == b->audio_level && a->transport_cc == b->transport_cc;
}

/* Whether an offer for an ICE restart agrees on all that was agreed before, SSRCs aside. */
static bool same_session(const struct session *a, const struct session *b)
{
    bool same = a->slot_count == b->slot_count && same_extensions(&a->extensions, &b->extensions);
    for (uint32_t i = 0; same && i < SOURCE_KINDS; i++)
        same = same_source(&a->sources[i], &b->sources[i]);
    for (uint32_t i = 0; same && i < a->slot_count; i++)
        same = same_slot(&a->slots[i], &b->slots[i]);
    return same;
}

/* ---- Answer ---------------------------------------------------------------------------------- */

static void write_cname(struct rng *rng, char ret_cname[CNAME_BYTES])
{
    uint8_t bytes[(CNAME_BYTES - 1) / 2];
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (uint8_t)rng_u64(rng);
    hex_write(bytes, sizeof bytes, ret_cname);
}

static struct bytes write_bundle(const struct work *work, uint8_t *space, size_t capacity)
{
    struct wr wr = wr_init(space, capacity);
    for (uint32_t i = 0; i < work->sdp.section_count; i++) {
        if (!work->accepted[i])
            continue;
        if (wr_size(&wr) > 0)
            wr_text(&wr, " ");
        wr_bytes(&wr, work->sdp.sections[i].mid);
    }
    assert(!wr.failed);
    return wr_written(&wr);
}

static void name_streams(struct work *work, const char *cname)
{
    const struct session *session = &work->result.session;
    uint32_t next = 0; /* slots stand in the session in the order of their sections */
    for (uint32_t i = 0; i < work->sdp.section_count; i++) {
        if (!work->accepted[i] || work->answers[i].direction != SDP_SENDONLY)
            continue;
        work->answers[i].ssrc = session->slots[next].ssrc;
        work->answers[i].rtx_ssrc = session->slots[next].rtx_ssrc;
        work->answers[i].cname = cname;
        next++;
    }
    assert(next == session->slot_count);
}

static enum err write_answer(struct work *work, const struct negotiate_ours *ours,
                             struct wr *answer)
{
    uint8_t bundle[LIMIT_SDP_SECTIONS * (SESSION_MID_BYTES + 1)];
    char cname[CNAME_BYTES];
    struct sdp_answer_transport transport = {ours->ufrag, ours->pwd, ours->fingerprint,
                                             ours->candidates, ours->candidate_count};
    write_cname(ours->rng, cname);
    name_streams(work, cname);
    struct bytes group = {0};
    if (work->sdp.has_bundle)
        group = write_bundle(work, bundle, sizeof bundle);
    sdp_answer_write_session(answer, ours->session_id, ours->session_version, group);
    for (uint32_t i = 0; i < work->sdp.section_count; i++) {
        if (work->accepted[i])
            sdp_answer_write_section(answer, &transport, &work->answers[i]);
        else
            sdp_answer_write_refused(answer, &work->sdp.sections[i]);
    }
    return answer->failed ? ERR_FULL : ERR_OK;
}

static enum err parse_offer(struct bytes offer, struct sdp *ret_sdp,
                            struct negotiate_refusal *ret_refusal)
{
    uint32_t line = 0;
    enum err err = sdp_parse(offer, ret_sdp, &line);
    if (err == ERR_LIMIT)
        return refuse(ret_refusal, err, "sdp.too_large", line);
    if (err != ERR_OK)
        return refuse(ret_refusal, err, "sdp.malformed", line);
    if (ret_sdp->section_count == 0)
        return refuse(ret_refusal, ERR_FORMAT, "sdp.no_media", 0);
    return check_mids(ret_sdp, ret_refusal);
}

enum err negotiate_offer(struct bytes offer, const struct negotiate_ours *ours,
                         struct negotiated *ret_negotiated, struct wr *answer,
                         struct negotiate_refusal *ret_refusal)
{
    struct work work;
    memset(&work, 0, sizeof work);
    assert(ours->candidate_count <= LIMIT_SDP_CANDIDATES);
    enum err err = parse_offer(offer, &work.sdp, ret_refusal);
    if (err == ERR_OK)
        err = read_transport(&work.sdp, &work.result.theirs, ret_refusal);
    if (err == ERR_OK)
        err = agree_sections(&work, ret_refusal);
    if (err != ERR_OK)
        return err;

    if (!ours->established)
        choose_ssrcs(&work.result.session, ours->rng);
    else if (same_session(&work.result.session, ours->established))
        work.result.session = *ours->established;
    else
        return refuse(ret_refusal, ERR_UNSUPPORTED, "sdp.changed", 0);
    err = write_answer(&work, ours, answer);
    if (err == ERR_OK)
        *ret_negotiated = work.result;
    return err;
}

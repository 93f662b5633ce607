#include "meeting/edge/paper/package_log.h"

#include <inttypes.h>
#include <jansson.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "meeting/core/fold.h"
#include "meeting/edge/paper/json_out.h"
#include "meeting/proto/event_json.h"

enum err package_log_write(const struct chain_row *row, const uint8_t hash[CHAIN_HASH_BYTES],
                           struct buffer *lines)
{
    char actor[24], hex[2 * CHAIN_HASH_BYTES + 1];
    (void)snprintf(actor, sizeof actor, "%" PRIu64, row->actor);
    hex_write(hash, CHAIN_HASH_BYTES, hex);
    json_t *json = json_pack(
        "{s:I, s:I, s:I, s:s, s:s%, s:I, s:s%, s:s}", "seq", (json_int_t)row->seq, "epoch",
        (json_int_t)row->epoch, "at", (json_int_t)row->at, "actor", actor, "kind",
        (const char *)row->kind.data, row->kind.size, "version", (json_int_t)row->version, "body",
        (const char *)row->body.data, row->body.size, "hash", hex);
    if (!json)
        return ERR_FORMAT;
    struct buffer line = {0};
    enum err err = json_out(json, &line);
    if (err == ERR_OK)
        err = buffer_put(lines, buffer_bytes(&line));
    if (err == ERR_OK)
        err = buffer_put(lines, bytes_of("\n"));
    buffer_done(&line);
    return err;
}

/* -- reading ------------------------------------------------------------------------------------
 */

/* A line, parsed; its texts live as long as `json`. */
struct line {
    json_t *json;
    struct chain_row row;
    uint8_t hash[CHAIN_HASH_BYTES];
};

static bool actor_read(const char *text, uint64_t *ret_actor)
{
    *ret_actor = 0;
    return strcmp(text, "0") == 0 || id_parse(bytes_of(text), ret_actor) == ERR_OK;
}

static bool line_read(struct bytes text, struct line *line)
{
    json_int_t seq = 0, epoch = 0, at = 0, version = 0;
    const char *actor = NULL, *kind = NULL, *body = NULL, *hash = NULL;
    size_t kind_size = 0, body_size = 0;
    line->json = json_loadb((const char *)text.data, text.size, JSON_REJECT_DUPLICATES, NULL);
    if (!line->json ||
        json_unpack_ex(line->json, NULL, JSON_STRICT, "{s:I, s:I, s:I, s:s, s:s%, s:I, s:s%, s:s}",
                       "seq", &seq, "epoch", &epoch, "at", &at, "actor", &actor, "kind", &kind,
                       &kind_size, "version", &version, "body", &body, &body_size, "hash",
                       &hash) != 0 ||
        seq < 1 || epoch < 0 || at < 0 || version < 0 || version > UINT32_MAX ||
        hex_parse(bytes_of(hash), line->hash, sizeof line->hash) != ERR_OK)
        return false;
    line->row = (struct chain_row){
        .seq = (uint64_t)seq,
        .epoch = (uint64_t)epoch,
        .at = at,
        .version = (uint32_t)version,
        .kind = {(const uint8_t *)kind, kind_size},
        .body = {(const uint8_t *)body, body_size},
    };
    return actor_read(actor, &line->row.actor);
}

static bool hash_holds(const struct line *line)
{
    struct buffer bytes = {0};
    uint8_t hash[CHAIN_HASH_BYTES];
    bool holds = chain_write(&line->row, &bytes) == ERR_OK &&
                 EVP_Digest(bytes.data, bytes.size, hash, NULL, EVP_sha256(), NULL) == 1 &&
                 memcmp(hash, line->hash, sizeof hash) == 0;
    buffer_done(&bytes);
    return holds;
}

/* Whether the event can follow the ones before it. */
static bool event_follows(const struct line *line, struct meeting_state *state,
                          package_log_seen *seen, void *argument)
{
    struct arena arena = {0};
    struct event_row row = {.seq = line->row.seq, .at = line->row.at, .actor = line->row.actor};
    uint32_t kind;
    enum err err = words_find(&event_kind_words, line->row.kind, &kind);
    if (err == ERR_OK && line->row.version != EVENT_VERSION)
        err = ERR_FORMAT;
    if (err == ERR_OK)
        err = event_json_parse((enum event_kind)kind, line->row.body, &arena, &row.event);
    if (err == ERR_OK)
        err = fold(state, &row);
    if (err == ERR_OK && seen)
        seen(argument, state, row.seq, &row.event);
    arena_done(&arena);
    return err == ERR_OK;
}

static struct bytes line_take(struct bytes *rest)
{
    const uint8_t *end = rest->size ? memchr(rest->data, '\n', rest->size) : NULL;
    size_t size = end ? (size_t)(end - rest->data) : rest->size;
    struct bytes line = {rest->data, size};
    size_t taken = end ? size + 1 : size;
    *rest = (struct bytes){rest->data + taken, rest->size - taken};
    return line;
}

struct package_log_result package_log_walk(struct bytes lines, uint64_t meeting,
                                           package_log_seen *seen, void *argument,
                                           struct meeting_state *state)
{
    struct package_log_result result = {0};
    struct bytes rest = lines;
    state_init(state, meeting);
    while (!result.fault && rest.size > 0) {
        struct line line = {0};
        if (!line_read(line_take(&rest), &line)) {
            result.fault = "format";
        } else {
            line.row.meeting = meeting;
            memcpy(line.row.previous, result.head, sizeof line.row.previous);
            if (!hash_holds(&line))
                result.fault = "hash";
            else if (!event_follows(&line, state, seen, argument))
                result.fault = "order";
        }
        if (!result.fault) {
            memcpy(result.head, line.hash, sizeof result.head);
            result.rows++;
        }
        json_decref(line.json);
    }
    return result;
}

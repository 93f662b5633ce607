/* Papers to a signing program and back (docs/vgca.md): one-time, short-lived addresses without a
 * session, and what became of it for the person's page. */
#include <fcntl.h>
#include <openssl/sha.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/text.h"
#include "signaling/core/exchange.h"
#include "signaling/core/multipart.h"
#include "signaling/edge/api.h"
#include "signaling/edge/json.h"

enum { TOKEN_BYTES = 24, TOKEN_TEXT_BYTES = 2 * TOKEN_BYTES + 1, URL_BYTES = 768 };

static struct exchange_table *table_of(struct door *door)
{
    if (!door->exchanges)
        door->exchanges = calloc(1, sizeof *door->exchanges);
    return door->exchanges;
}

static void hash_token(struct bytes token, uint8_t ret_hash[EXCHANGE_HASH_BYTES])
{
    _Static_assert(EXCHANGE_HASH_BYTES == SHA256_DIGEST_LENGTH, "tokens are kept as SHA-256");
    SHA256(token.data, token.size, ret_hash);
}

static void make_token(char ret_token[TOKEN_TEXT_BYTES], uint8_t ret_hash[EXCHANGE_HASH_BYTES])
{
    uint8_t random[TOKEN_BYTES];
    randombytes_buf(random, sizeof random);
    hex_write(random, sizeof random, ret_token);
    hash_token(bytes_of(ret_token), ret_hash);
}

/* -- the person's page ------------------------------------------------------------------------ */

static void opened_reply(struct request *request, const struct exchange *one, const char *fetch,
                         const char *back)
{
    char file[URL_BYTES], handler[URL_BYTES];
    snprintf(file, sizeof file, "%s/api/v1/exchanges/%s/minutes.pdf", request->door->public_url,
             fetch);
    snprintf(handler, sizeof handler, "%s/api/v1/exchanges/%s", request->door->public_url, back);
    reply_json(request, 201,
               json_pack("{s:o,s:s,s:s,s:I}", "id", json_of_id(one->id), "file", file, "upload",
                         handler, "expiresAt", (json_int_t)one->expires_at));
}

void api_exchange_open(struct request *request)
{
    static const char *const MEMBERS[] = {"field", NULL};
    struct whole_file_terms terms;
    struct exchange asked = {.user_id = request->user->id, .meeting = request->match.id};
    char fetch[TOKEN_TEXT_BYTES], back[TOKEN_TEXT_BYTES];
    const char *word = NULL;
    json_t *body = NULL;
    if (!api_meeting_of(request) || !api_read_json(request, MEMBERS, &body))
        return;
    bool fine = json_text(body, "field", &word) == ERR_OK &&
                words_find(&minutes_field_words, bytes_of(word), &asked.field) == ERR_OK;
    json_decref(body);
    if (!fine) {
        reply_refusal(request, DOOR_BAD_REQUEST);
        return;
    }
    const struct refusal *refusal =
        meeting_whole_file_offer(request->door->meetings, asked.meeting, asked.user_id,
                                 (enum minutes_field)asked.field, clock_utc_ms(), &terms);
    if (refusal) {
        reply_refusal_as(request, refusal);
        return;
    }
    memcpy(asked.sha256, terms.base_sha256, sizeof asked.sha256);
    make_token(fetch, asked.fetch_hash);
    make_token(back, asked.return_hash);
    struct exchange_table *table = table_of(request->door);
    const struct exchange *one = table ? exchange_open(table, &asked, clock_utc_ms()) : NULL;
    if (one)
        opened_reply(request, one, fetch, back);
    else
        reply_refusal(request, DOOR_BUSY);
}

void api_exchange_get(struct request *request)
{
    struct exchange_table *table = table_of(request->door);
    const struct exchange *one =
        table ? exchange_find(table, request->match.id, request->user->id) : NULL;
    if (!one) {
        reply_refusal_as(request, refusal_of(REFUSAL_NO_SIGNING));
        return;
    }
    json_t *refusal =
        one->code ? json_pack("{s:s,s:s,s:s}", "code", one->code, "vi", one->vi, "en", one->en)
                  : json_null();
    reply_json(
        request, 200,
        json_pack("{s:s,s:o}", "state", exchange_state_name(one->state), "refusal", refusal));
}

/* -- the signing program ---------------------------------------------------------------------- */

void api_exchange_file(struct request *request)
{
    struct exchange_table *table = table_of(request->door);
    uint8_t hash[EXCHANGE_HASH_BYTES];
    char path[MEETING_PATH_BYTES];
    hash_token(request->match.token, hash);
    const struct exchange *one = table ? exchange_fetch(table, hash, clock_utc_ms()) : NULL;
    if (!one || meeting_file_path(request->door->meetings, one->sha256, path) != ERR_OK)
        reply_refusal_as(request, refusal_of(REFUSAL_NO_SIGNING));
    else
        reply_file(request, path, "application/pdf", one->sha256);
}

bool api_exchange_begin(struct request *request)
{
    struct exchange_table *table = table_of(request->door);
    uint8_t hash[EXCHANGE_HASH_BYTES];
    hash_token(request->match.token, hash);
    /* Used up by the first who shows it, before a byte of the body is taken. */
    const struct exchange *one = table ? exchange_return(table, hash, clock_utc_ms()) : NULL;
    if (!one) {
        reply_refusal_as(request, refusal_of(REFUSAL_NO_SIGNING));
        return false;
    }
    snprintf(request->body_path, sizeof request->body_path, "%.4000s/%llu.returned",
             request->door->uploads_folder, (unsigned long long)one->id);
    request->body_fd =
        open(request->body_path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
    request->made_id = one->id;
    request->body_path_is_ours = request->body_fd >= 0;
    if (request->body_fd < 0)
        reply_refusal(request, DOOR_BROKEN);
    return request->body_fd >= 0;
}

/* The body becomes the file alone, in place. Some programs post a form, with the file in it. */
static enum err body_to_file(int fd)
{
    struct stat status;
    struct bytes file;
    if (fstat(fd, &status) != 0)
        return ERR_IO;
    if (status.st_size == 0)
        return ERR_FORMAT;
    size_t size = (size_t)status.st_size;
    uint8_t *data = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (data == MAP_FAILED)
        return ERR_IO;
    enum err err = multipart_find_file((struct bytes){data, size}, &file);
    if (err == ERR_OK && file.size < size)
        memmove(data, file.data, file.size);
    munmap(data, size);
    if (err == ERR_OK && file.size < size && ftruncate(fd, (off_t)file.size) != 0)
        err = ERR_IO;
    return err;
}

/* What the program hands on to the page in its own answer. */
static void program_reply(struct request *request, const struct refusal *refusal)
{
    reply_json(request, refusal ? 422 : 200,
               json_pack("{s:b,s:s,s:s,s:s}", "Status", refusal == NULL, "Message",
                         refusal ? refusal->vi : "", "FileName", "minutes.pdf", "FileServer", ""));
}

static void settle(struct exchange *one, const struct refusal *refusal)
{
    one->state = refusal ? EXCHANGE_REFUSED : EXCHANGE_DONE;
    one->code = refusal ? refusal->code : NULL;
    one->vi = refusal ? refusal->vi : NULL;
    one->en = refusal ? refusal->en : NULL;
}

static struct exchange *exchange_at(struct door *door, uint64_t id)
{
    for (size_t i = 0; door->exchanges && i < EXCHANGES_MAX; i++)
        if (door->exchanges->of[i].id == id)
            return &door->exchanges->of[i];
    return NULL;
}

static void on_taken(struct request *request, const struct meeting_output *output)
{
    struct exchange *one = exchange_at(request->door, request->made_id);
    const struct refusal *refusal = output->refusal;
    if (!refusal && output->err != ERR_OK)
        refusal = refusal_of(REFUSAL_NOT_KEPT);
    log_line(LOG_INFO, "door.exchange", "id=%llu taken=%s code=%s",
             (unsigned long long)request->made_id, refusal ? "no" : "yes",
             refusal ? refusal->code : "none");
    if (one)
        settle(one, refusal);
    program_reply(request, refusal);
}

void api_exchange_take(struct request *request)
{
    struct exchange *one = exchange_at(request->door, request->made_id);
    enum err err = one ? body_to_file(request->body_fd) : ERR_UNKNOWN;
    close(request->body_fd);
    request->body_fd = -1;
    if (err != ERR_OK) {
        const struct refusal *refusal = refusal_of(REFUSAL_RETURNED_OTHER);
        if (one)
            settle(one, refusal);
        program_reply(request, refusal);
        return;
    }
    struct whole_file_terms terms = {
        .meeting = one->meeting, .user_id = one->user_id, .field = (enum minutes_field)one->field};
    memcpy(terms.base_sha256, one->sha256, sizeof terms.base_sha256);
    request->body_path_is_ours = false; /* the meeting's now */
    struct meeting_receipt receipt = meeting_whole_file_take(request->door->meetings, &terms,
                                                             request->body_path, clock_utc_ms());
    if (receipt.refusal) {
        settle(one, receipt.refusal);
        program_reply(request, receipt.refusal);
        return;
    }
    receipt.id = one->id;
    request_await(request, &receipt, on_taken);
}

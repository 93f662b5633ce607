/* The file of the register: lines in, lines out. */
#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <openssl/sha.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/limits.h"
#include "base/text.h"
#include "certs/edge/register_part.h"

enum { LINE_BYTES_MAX = 2048, SLOTS_LEAST = 1024, READ_BYTES = 64 * 1024 };

static const char HEADER[] = "# Diên Hồng CA register 1\n";

/* -- in memory -------------------------------------------------------------------------------- */

/* FNV-1a. Serials are drawn by us at random, so nobody chooses what collides. */
static uint32_t hash_of(const char *serial)
{
    uint32_t hash = 2166136261U;
    for (; *serial; serial++)
        hash = (hash ^ (uint8_t)*serial) * 16777619U;
    return hash;
}

/* Where `serial` stands among the slots, or the free one where it would. */
static uint32_t slot_of(const struct ca_register *entries, const char *serial)
{
    uint32_t mask = entries->slot_count - 1;
    uint32_t slot = hash_of(serial) & mask;
    while (entries->slots[slot] != 0 &&
           strcmp(entries->records[entries->slots[slot] - 1].serial, serial) != 0)
        slot = (slot + 1) & mask;
    return slot;
}

static struct ca_record *record_of(const struct ca_register *entries, const char *serial)
{
    uint32_t number = entries->slot_count ? entries->slots[slot_of(entries, serial)] : 0;
    return number ? &entries->records[number - 1] : NULL;
}

const struct ca_record *register_find(const struct ca_register *entries, const char *serial)
{
    return record_of(entries, serial);
}

static enum err grow(struct ca_register *entries)
{
    if (entries->count < entries->capacity)
        return ERR_OK;
    if (entries->capacity >= LIMIT_CERTIFICATES)
        return ERR_LIMIT;
    uint32_t capacity = entries->capacity ? 2 * entries->capacity : SLOTS_LEAST / 2;
    uint32_t *slots = calloc(2 * (size_t)capacity, sizeof *slots);
    struct ca_record *records = calloc(capacity, sizeof *records);
    if (!slots || !records) {
        free(slots);
        free(records);
        return ERR_NO_MEMORY;
    }
    if (entries->records)
        memcpy(records, entries->records, entries->count * sizeof *records);
    free(entries->records);
    entries->records = records;
    entries->capacity = capacity;
    free(entries->slots);
    entries->slots = slots;
    entries->slot_count = 2 * capacity;
    for (uint32_t n = 0; n < entries->count; n++)
        slots[slot_of(entries, records[n].serial)] = n + 1;
    return ERR_OK;
}

static enum err record_add(struct ca_register *entries, const struct ca_record *record,
                           struct bytes subject)
{
    enum err err = record_of(entries, record->serial) ? ERR_FORMAT : grow(entries);
    if (err != ERR_OK)
        return err;
    struct ca_record copy = *record;
    copy.subject = strndup((const char *)subject.data, subject.size);
    if (!copy.subject)
        return ERR_NO_MEMORY;
    assert(entries->records);
    entries->records[entries->count] = copy;
    entries->slots[slot_of(entries, copy.serial)] = ++entries->count;
    return ERR_OK;
}

/* -- reading ---------------------------------------------------------------------------------- */

static void chain_next(const char *before, struct bytes rest, char ret_chain[REGISTER_CHAIN_TEXT])
{
    uint8_t line[REGISTER_CHAIN_TEXT + LINE_BYTES_MAX];
    uint8_t hash[CERTS_SHA256_BYTES];
    struct wr wr = wr_init(line, sizeof line);
    wr_text(&wr, before);
    wr_bytes(&wr, rest);
    SHA256(line, wr_size(&wr), hash);
    hex_write(hash, REGISTER_CHAIN_BYTES, ret_chain);
}

/* The next word of a line, up to a space or the end. */
static struct bytes take_word(struct rd *rd)
{
    size_t size = 0;
    while (size < rd_left(rd) && rd->at[size] != ' ')
        size++;
    struct bytes word = rd_bytes(rd, size);
    if (rd_left(rd) > 0)
        rd_skip(rd, 1);
    return word;
}

static enum err take_text(struct rd *rd, char *ret_text, size_t capacity)
{
    struct bytes word = take_word(rd);
    return word.size > 0 ? text_copy(ret_text, capacity, word) : ERR_FORMAT;
}

static enum err take_time(struct rd *rd, utc_ms_t *ret_time)
{
    uint64_t number = 0;
    enum err err = id_parse(take_word(rd), &number);
    if (err == ERR_OK)
        *ret_time = (utc_ms_t)number;
    return err;
}

static enum err take_issue(struct ca_register *entries, struct rd *rd)
{
    struct ca_record record = {0};
    char kind[16];
    enum err err = take_text(rd, kind, sizeof kind);
    if (err == ERR_OK)
        err = certs_kind_parse(kind, &record.kind);
    if (err == ERR_OK)
        err = take_text(rd, record.serial, sizeof record.serial);
    if (err == ERR_OK)
        err = take_time(rd, &record.not_before);
    if (err == ERR_OK)
        err = take_time(rd, &record.not_after);
    struct bytes subject = rd_bytes(rd, rd_left(rd));
    if (err == ERR_OK && (subject.size >= CERTS_NAME_TEXT_BYTES || !utf8_valid(subject)))
        err = ERR_FORMAT;
    return err == ERR_OK ? record_add(entries, &record, subject) : err;
}

static enum err take_revoke(struct ca_register *entries, struct rd *rd)
{
    char serial[CERTS_SERIAL_TEXT_BYTES];
    char word[32];
    utc_ms_t at = 0;
    enum certs_reason reason = CERTS_REASON_UNSPECIFIED;
    enum err err = take_text(rd, serial, sizeof serial);
    if (err == ERR_OK)
        err = take_time(rd, &at);
    if (err == ERR_OK)
        err = take_text(rd, word, sizeof word);
    if (err == ERR_OK)
        err = certs_reason_parse(word, &reason);
    struct ca_record *record = err == ERR_OK ? record_of(entries, serial) : NULL;
    if (!record || record->is_revoked || rd_left(rd) > 0)
        return ERR_FORMAT;
    record->is_revoked = true;
    record->revoked_at = at;
    record->reason = reason;
    entries->revoked_count++;
    return ERR_OK;
}

/* One line without its end. */
static enum err take_line(struct ca_register *entries, struct bytes line)
{
    char chain[REGISTER_CHAIN_TEXT];
    struct rd rd = rd_init(line);
    struct bytes hash = take_word(&rd);
    struct bytes rest = {rd.at, rd_left(&rd)};
    if (line.size > LINE_BYTES_MAX)
        return ERR_FORMAT;
    chain_next(entries->chain, rest, chain);
    if (!bytes_equal(hash, bytes_of(chain)))
        return ERR_FORMAT;
    struct bytes verb = take_word(&rd);
    enum err err = bytes_equal(verb, bytes_of("issue"))    ? take_issue(entries, &rd)
                   : bytes_equal(verb, bytes_of("revoke")) ? take_revoke(entries, &rd)
                                                           : ERR_FORMAT;
    if (err == ERR_OK)
        memcpy(entries->chain, chain, sizeof chain);
    return err == ERR_UNKNOWN ? ERR_FORMAT : err;
}

/* All whole lines of what was read; what stands behind the last one is not there yet, or never
 * came to be. */
static enum err take_lines(struct ca_register *entries, struct bytes text)
{
    size_t at = 0;
    for (;;) {
        const uint8_t *end = text.size > at ? memchr(text.data + at, '\n', text.size - at) : NULL;
        if (!end)
            return ERR_OK;
        size_t size = (size_t)(end - (text.data + at));
        enum err err = take_line(entries, (struct bytes){text.data + at, size});
        if (err != ERR_OK)
            return err;
        at += size + 1;
        entries->read_to += size + 1;
    }
}

static enum err read_from(int fd, uint64_t from, struct buffer *text)
{
    for (;;) {
        enum err err = buffer_reserve(text, READ_BYTES);
        if (err != ERR_OK)
            return err;
        ssize_t got = pread(fd, text->data + text->size, READ_BYTES, (off_t)(from + text->size));
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return ERR_IO;
        if (got == 0)
            return ERR_OK;
        text->size += (size_t)got;
    }
}

enum err register_refresh(struct ca_register *entries)
{
    struct stat info;
    if (fstat(entries->fd, &info) != 0)
        return ERR_IO;
    if ((uint64_t)info.st_size == entries->read_to)
        return ERR_OK;
    if ((uint64_t)info.st_size < entries->read_to)
        return ERR_FORMAT; /* lines that were there are gone */
    struct buffer text = {0};
    enum err err = read_from(entries->fd, entries->read_to, &text);
    if (err == ERR_OK)
        err = take_lines(entries, buffer_bytes(&text));
    buffer_done(&text);
    return err;
}

/* -- writing ---------------------------------------------------------------------------------- */

static enum err write_at(int fd, struct bytes text, uint64_t at)
{
    while (text.size > 0) {
        ssize_t put = pwrite(fd, text.data, text.size, (off_t)at);
        if (put < 0 && errno == EINTR)
            continue;
        if (put <= 0)
            return ERR_IO;
        text.data += put;
        text.size -= (size_t)put;
        at += (uint64_t)put;
    }
    return fdatasync(fd) == 0 ? ERR_OK : ERR_IO;
}

/* Behind the last whole line, over whatever a crash left there; a line that could not be written
 * whole and synced is taken back. */
static enum err append(struct ca_register *entries, const char *rest)
{
    uint8_t line[REGISTER_CHAIN_TEXT + LINE_BYTES_MAX];
    char chain[REGISTER_CHAIN_TEXT];
    chain_next(entries->chain, bytes_of(rest), chain);
    struct wr wr = wr_init(line, sizeof line);
    wr_text(&wr, chain);
    wr_u8(&wr, ' ');
    wr_text(&wr, rest);
    wr_u8(&wr, '\n');
    if (wr.failed)
        return ERR_LIMIT;
    if (ftruncate(entries->fd, (off_t)entries->read_to) != 0)
        return ERR_IO;
    enum err err = write_at(entries->fd, wr_written(&wr), entries->read_to);
    if (err == ERR_OK)
        err = take_lines(entries, wr_written(&wr));
    if (err != ERR_OK && ftruncate(entries->fd, (off_t)entries->read_to) != 0)
        err = ERR_IO;
    return err;
}

enum err register_issue(struct ca_register *entries, const struct certs_entry *entry)
{
    char rest[LINE_BYTES_MAX - REGISTER_CHAIN_TEXT];
    int size = snprintf(rest, sizeof rest, "issue %s %s %" PRId64 " %" PRId64 " %s",
                        certs_kind_name(entry->kind), entry->serial, entry->not_before,
                        entry->not_after, entry->subject);
    return size > 0 && (size_t)size < sizeof rest ? append(entries, rest) : ERR_LIMIT;
}

enum err register_revoke(struct ca_register *entries, const char *serial, enum certs_reason reason,
                         utc_ms_t now)
{
    char rest[LINE_BYTES_MAX - REGISTER_CHAIN_TEXT];
    int size = snprintf(rest, sizeof rest, "revoke %s %" PRId64 " %s", serial, now,
                        certs_reason_name(reason));
    return size > 0 && (size_t)size < sizeof rest ? append(entries, rest) : ERR_LIMIT;
}

/* -- opening ---------------------------------------------------------------------------------- */

/* The header goes in under another name first, so that the file is there whole or not at all. */
static enum err make_file(const char *path)
{
    char beside[4096];
    int size = snprintf(beside, sizeof beside, "%s.XXXXXX", path);
    if (size < 0 || (size_t)size >= sizeof beside)
        return ERR_LIMIT;
    int fd = mkostemp(beside, O_CLOEXEC);
    if (fd < 0)
        return ERR_IO;
    enum err err = write_at(fd, bytes_of(HEADER), 0);
    (void)close(fd);
    /* link() leaves a register alone that another process has just made. */
    if (err == ERR_OK && link(beside, path) != 0 && errno != EEXIST)
        err = ERR_IO;
    (void)unlink(beside);
    return err;
}

enum err register_open(struct ca_register *entries, const char *path)
{
    char header[sizeof HEADER] = "";
    memset(entries, 0, sizeof *entries);
    entries->fd = open(path, O_RDWR | O_CLOEXEC);
    if (entries->fd < 0 && errno == ENOENT && make_file(path) == ERR_OK)
        entries->fd = open(path, O_RDWR | O_CLOEXEC);
    if (entries->fd < 0)
        return ERR_IO;
    ssize_t got = pread(entries->fd, header, sizeof header - 1, 0);
    if (got != (ssize_t)(sizeof header - 1) || strcmp(header, HEADER) != 0)
        return ERR_FORMAT;
    entries->read_to = sizeof header - 1;
    return register_refresh(entries);
}

void register_close(struct ca_register *entries)
{
    if (entries->fd >= 0)
        (void)close(entries->fd);
    for (uint32_t n = 0; n < entries->count; n++)
        free(entries->records[n].subject);
    free(entries->records);
    free(entries->slots);
    *entries = (struct ca_register){.fd = -1};
}

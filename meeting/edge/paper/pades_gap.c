#include "meeting/edge/paper/pades_gap.h"

#include <assert.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <string.h>

#include "base/bytes.h"
#include "base/text.h"

enum { RANGE_WIDTH = 32 /* three numbers of ten digits, each with a space behind but the last */ };

static const char zeros[] = "00000000000000000000000000000000"
                            "00000000000000000000000000000000";

void pades_gap_put(struct pdf_update *update, size_t bytes, struct pades_gap *ret_gap)
{
    assert(2 * bytes % (sizeof zeros - 1) == 0);
    ret_gap->bytes = bytes;
    pdf_update_print(update, "/ByteRange [0 ");
    ret_gap->byte_range = update->out.size;
    pdf_update_print(update, "%*s] /Contents ", RANGE_WIDTH, "");
    ret_gap->contents = update->out.size;
    pdf_update_print(update, "<");
    for (size_t i = 0; i < 2 * bytes / (sizeof zeros - 1); i++)
        pdf_update_print(update, "%s", zeros);
    pdf_update_print(update, ">");
}

enum err pades_gap_close(struct pdf_update *update, const struct pades_gap *gap,
                         struct pades_prepared *ret_prepared)
{
    struct pades_prepared prepared = {0};
    enum err err = pdf_update_finish(update, &prepared.file);
    if (err != ERR_OK)
        return err;
    uint64_t gap_end = gap->contents + 2 * gap->bytes + 2;
    prepared.byte_range[1] = gap->contents;
    prepared.byte_range[2] = gap_end;
    prepared.byte_range[3] = prepared.file.size - gap_end;

    char range[RANGE_WIDTH + 1];
    (void)snprintf(range, sizeof range, "%-10u %-10u %-10u", (unsigned)prepared.byte_range[1],
                   (unsigned)prepared.byte_range[2], (unsigned)prepared.byte_range[3]);
    memcpy(prepared.file.data + gap->byte_range, range, RANGE_WIDTH);
    err = pades_digest(buffer_bytes(&prepared.file), prepared.byte_range, prepared.digest);
    if (err == ERR_OK)
        *ret_prepared = prepared;
    else
        pades_prepared_done(&prepared);
    return err;
}

static bool range_fits(struct bytes file, const uint64_t range[4])
{
    return range[0] == 0 && range[1] < range[2] && range[2] <= file.size &&
           range[3] == file.size - range[2];
}

void pades_prepared_done(struct pades_prepared *prepared)
{
    buffer_done(&prepared->file);
}

enum err pades_digest(struct bytes file, const uint64_t byte_range[4],
                      uint8_t ret_digest[CERTS_SHA256_BYTES])
{
    /* A signature's range ends where its revision ends, which later ones may follow. */
    if (byte_range[2] > file.size || byte_range[3] > file.size - byte_range[2])
        return ERR_FORMAT;
    struct bytes revision = {file.data, (size_t)(byte_range[2] + byte_range[3])};
    if (!range_fits(revision, byte_range))
        return ERR_FORMAT;
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    unsigned size = 0;
    bool done = context && EVP_DigestInit_ex2(context, EVP_sha256(), NULL) == 1 &&
                EVP_DigestUpdate(context, file.data, byte_range[1]) == 1 &&
                EVP_DigestUpdate(context, file.data + byte_range[2], byte_range[3]) == 1 &&
                EVP_DigestFinal_ex(context, ret_digest, &size) == 1;
    EVP_MD_CTX_free(context);
    return done ? ERR_OK : ERR_NO_MEMORY;
}

static bool is_gap(struct bytes file, const uint64_t range[4], size_t bytes)
{
    return range_fits(file, range) && range[2] - range[1] == 2 * bytes + 2 &&
           file.data[range[1]] == '<' && file.data[range[2] - 1] == '>';
}

/* "<000…0>", of exactly the size that was left. */
static bool is_empty(struct bytes file, const uint64_t range[4], size_t bytes)
{
    if (!is_gap(file, range, bytes))
        return false;
    for (uint64_t i = range[1] + 1; i < range[2] - 1; i++)
        if (file.data[i] != '0')
            return false;
    return true;
}

static void write_digits(struct buffer *file, const uint64_t byte_range[4], struct bytes value)
{
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0; i < value.size; i++) {
        uint8_t *at = file->data + byte_range[1] + 1 + 2 * i;
        at[0] = (uint8_t)digits[value.data[i] >> 4];
        at[1] = (uint8_t)digits[value.data[i] & 15];
    }
}

enum err pades_gap_fill(struct buffer *file, const uint64_t byte_range[4], size_t bytes,
                        struct bytes value)
{
    if (!is_empty(buffer_bytes(file), byte_range, bytes))
        return ERR_FORMAT;
    if (value.size > bytes)
        return ERR_LIMIT;
    write_digits(file, byte_range, value);
    return ERR_OK;
}

size_t pades_gap_der_size(struct bytes der)
{
    struct rd rd = rd_init(der);
    (void)rd_u8(&rd);
    size_t size = rd_u8(&rd);
    if (size == 0x81)
        size = rd_u8(&rd);
    else if (size == 0x82)
        size = rd_u16(&rd);
    else if (size >= 0x80)
        return 0;
    return rd.failed || size > rd_left(&rd) ? 0 : size + (der.size - rd_left(&rd));
}

enum err pades_gap_read(struct bytes file, const uint64_t byte_range[4], size_t bytes,
                        struct buffer *ret_value)
{
    struct buffer value = {0};
    if (!is_gap(file, byte_range, bytes))
        return ERR_FORMAT;
    struct bytes digits = {file.data + byte_range[1] + 1, 2 * bytes};
    enum err err = buffer_reserve(&value, bytes);
    if (err == ERR_OK)
        err = hex_parse(digits, value.data, bytes);
    value.size = err == ERR_OK ? pades_gap_der_size((struct bytes){value.data, bytes}) : 0;
    if (err == ERR_OK && value.size == 0)
        err = ERR_FORMAT;
    if (err == ERR_OK)
        *ret_value = value;
    else
        buffer_done(&value);
    return err;
}

enum err pades_gap_replace(struct buffer *file, const uint64_t byte_range[4], size_t bytes,
                           struct bytes value)
{
    struct buffer old = {0};
    enum err err = pades_gap_read(buffer_bytes(file), byte_range, bytes, &old);
    if (err == ERR_OK)
        err = value.size > bytes ? ERR_LIMIT : value.size < old.size ? ERR_FORMAT : ERR_OK;
    if (err == ERR_OK)
        write_digits(file, byte_range, value);
    buffer_done(&old);
    return err;
}

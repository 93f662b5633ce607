/* A cursor to read bytes with and one to write them with; all integers are big-endian.
 *
 * Failure is sticky: after the first read past the end every read gives 0 (or NULL), after the
 * first write past the end nothing is written; the caller checks `failed` once, at the end.
 *
 *   rd:  data ──────── at ──────────── end        wr:  data ──────── at ──────────── end
 *        already read  │  still to read                written       │  room left
 *
 * Neither owns the bytes. No allocation, not thread-safe. */
#ifndef BASE_BYTES_H
#define BASE_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Borrowed bytes; `data` may be NULL when `size` is 0. */
struct bytes {
    const uint8_t *data;
    size_t size;
};

bool bytes_equal(struct bytes a, struct bytes b);
/* Constant time in the contents, for tags and tokens. */
bool bytes_equal_secret(const uint8_t *a, const uint8_t *b, size_t size);
/* The bytes of a C string without its terminator. */
struct bytes bytes_of(const char *text);

struct rd {
    const uint8_t *at;
    const uint8_t *end;
    bool failed;
};

struct rd rd_init(struct bytes input);
size_t rd_left(const struct rd *rd);
uint8_t rd_u8(struct rd *rd);
uint16_t rd_u16(struct rd *rd);
uint32_t rd_u24(struct rd *rd);
uint32_t rd_u32(struct rd *rd);
uint64_t rd_u64(struct rd *rd);
/* `size` bytes inside the input; empty once failed. */
struct bytes rd_bytes(struct rd *rd, size_t size);
void rd_skip(struct rd *rd, size_t size);

struct wr {
    uint8_t *data;
    uint8_t *at;
    uint8_t *end;
    bool failed;
};

struct wr wr_init(uint8_t *data, size_t capacity);
size_t wr_size(const struct wr *wr); /* bytes written so far */
size_t wr_room(const struct wr *wr);
void wr_u8(struct wr *wr, uint8_t value);
void wr_u16(struct wr *wr, uint16_t value);
void wr_u24(struct wr *wr, uint32_t value);
void wr_u32(struct wr *wr, uint32_t value);
void wr_u64(struct wr *wr, uint64_t value);
void wr_bytes(struct wr *wr, struct bytes bytes);
void wr_fill(struct wr *wr, uint8_t value, size_t count);
/* Text, without a terminator. */
void wr_text(struct wr *wr, const char *text);
void wr_decimal(struct wr *wr, uint64_t value);
/* What has been written, as borrowed bytes. */
struct bytes wr_written(const struct wr *wr);

#endif

#include "base/bytes.h"

#include <string.h>

bool bytes_equal(struct bytes a, struct bytes b)
{
    return a.size == b.size && (a.size == 0 || memcmp(a.data, b.data, a.size) == 0);
}

bool bytes_equal_secret(const uint8_t *a, const uint8_t *b, size_t size)
{
    uint8_t differ = 0;
    for (size_t i = 0; i < size; i++)
        differ = (uint8_t)(differ | (a[i] ^ b[i]));
    return differ == 0;
}

struct bytes bytes_of(const char *text)
{
    return (struct bytes){(const uint8_t *)text, strlen(text)};
}

struct rd rd_init(struct bytes input)
{
    /* A NULL start would make pointer arithmetic undefined even for an empty input. */
    static const uint8_t nothing[1];
    const uint8_t *start = input.data ? input.data : nothing;
    return (struct rd){start, start + (input.data ? input.size : 0), false};
}

size_t rd_left(const struct rd *rd)
{
    return (size_t)(rd->end - rd->at);
}

/* The next `size` bytes, or NULL once anything was short. */
static const uint8_t *rd_take(struct rd *rd, size_t size)
{
    if (rd->failed || rd_left(rd) < size) {
        rd->failed = true;
        rd->at = rd->end;
        return NULL;
    }
    const uint8_t *taken = rd->at;
    rd->at += size;
    return taken;
}

static uint64_t rd_unsigned(struct rd *rd, size_t size)
{
    const uint8_t *taken = rd_take(rd, size);
    uint64_t value = 0;
    for (size_t i = 0; taken && i < size; i++)
        value = value << 8 | taken[i];
    return value;
}

uint8_t rd_u8(struct rd *rd)
{
    return (uint8_t)rd_unsigned(rd, 1);
}

uint16_t rd_u16(struct rd *rd)
{
    return (uint16_t)rd_unsigned(rd, 2);
}

uint32_t rd_u24(struct rd *rd)
{
    return (uint32_t)rd_unsigned(rd, 3);
}

uint32_t rd_u32(struct rd *rd)
{
    return (uint32_t)rd_unsigned(rd, 4);
}

uint64_t rd_u64(struct rd *rd)
{
    return rd_unsigned(rd, 8);
}

struct bytes rd_bytes(struct rd *rd, size_t size)
{
    const uint8_t *taken = rd_take(rd, size);
    return taken ? (struct bytes){taken, size} : (struct bytes){NULL, 0};
}

void rd_skip(struct rd *rd, size_t size)
{
    (void)rd_take(rd, size);
}

struct wr wr_init(uint8_t *data, size_t capacity)
{
    return (struct wr){data, data, data + capacity, false};
}

size_t wr_size(const struct wr *wr)
{
    return (size_t)(wr->at - wr->data);
}

size_t wr_room(const struct wr *wr)
{
    return wr->failed ? 0 : (size_t)(wr->end - wr->at);
}

/* Room for `size` bytes, or NULL once anything did not fit. */
static uint8_t *wr_take(struct wr *wr, size_t size)
{
    if (wr->failed || wr_room(wr) < size) {
        wr->failed = true;
        return NULL;
    }
    uint8_t *taken = wr->at;
    wr->at += size;
    return taken;
}

static void wr_unsigned(struct wr *wr, uint64_t value, size_t size)
{
    uint8_t *taken = wr_take(wr, size);
    for (size_t i = 0; taken && i < size; i++)
        taken[i] = (uint8_t)(value >> (8 * (size - 1 - i)));
}

void wr_u8(struct wr *wr, uint8_t value)
{
    wr_unsigned(wr, value, 1);
}

void wr_u16(struct wr *wr, uint16_t value)
{
    wr_unsigned(wr, value, 2);
}

void wr_u24(struct wr *wr, uint32_t value)
{
    wr_unsigned(wr, value, 3);
}

void wr_u32(struct wr *wr, uint32_t value)
{
    wr_unsigned(wr, value, 4);
}

void wr_u64(struct wr *wr, uint64_t value)
{
    wr_unsigned(wr, value, 8);
}

void wr_bytes(struct wr *wr, struct bytes bytes)
{
    uint8_t *taken = wr_take(wr, bytes.size);
    if (taken && bytes.size)
        memcpy(taken, bytes.data, bytes.size);
}

void wr_fill(struct wr *wr, uint8_t value, size_t count)
{
    uint8_t *taken = wr_take(wr, count);
    if (taken && count)
        memset(taken, value, count);
}

void wr_text(struct wr *wr, const char *text)
{
    wr_bytes(wr, bytes_of(text));
}

void wr_decimal(struct wr *wr, uint64_t value)
{
    char digits[20];
    size_t count = 0;
    do {
        digits[sizeof digits - ++count] = (char)('0' + value % 10);
        value /= 10;
    } while (value);
    wr_bytes(wr, (struct bytes){(const uint8_t *)digits + sizeof digits - count, count});
}

struct bytes wr_written(const struct wr *wr)
{
    return (struct bytes){wr->data, wr_size(wr)};
}

#include "meeting/edge/paper/icc.h"

#include <math.h>
#include <string.h>

/* -- the numbers ---------------------------------------------------------------------------------
 */

/* Points of the curve: IEC 61966-2-1, section 5.2, sampled evenly. */
enum { CURVE_POINTS = 1024 };

/* Primaries and white, adapted from D65 to D50, the white of the connection space, by the linear
 * Bradford transform (ICC.1:2001-04, Annex E.3). */
static const double red[3] = {0.43607, 0.22249, 0.01392};
static const double green[3] = {0.38515, 0.71687, 0.09708};
static const double blue[3] = {0.14307, 0.06061, 0.71410};
static const double white[3] = {0.9642, 1.0, 0.8249};

static double linear_of(double value)
{
    return value <= 0.04045 ? value / 12.92 : pow((value + 0.055) / 1.055, 2.4);
}

/* -- writing -------------------------------------------------------------------------------------
 */

enum { HEADER_BYTES = 128, TAG_COUNT = 9, TAG_BYTES = 12 };
enum { TABLE_BYTES = HEADER_BYTES + 4 + TAG_COUNT * TAG_BYTES };
enum { TEXT_BYTES = 32, XYZ_BYTES = 20, CURVE_BYTES = 12 + 2 * CURVE_POINTS };
enum { DESCRIPTION_BYTES = 12 + TEXT_BYTES + 8 + 3 + 67 + 2 /* to a multiple of four */ };

/* Big-endian, into a profile that was sized and zeroed before. */
struct profile {
    uint8_t bytes[TABLE_BYTES + DESCRIPTION_BYTES + 8 + TEXT_BYTES + 4 * XYZ_BYTES + CURVE_BYTES];
    size_t at;
};

static void put32(struct profile *profile, uint32_t value)
{
    for (int shift = 24; shift >= 0; shift -= 8)
        profile->bytes[profile->at++] = (uint8_t)(value >> shift);
}

static void put16(struct profile *profile, uint32_t value)
{
    profile->bytes[profile->at++] = (uint8_t)(value >> 8);
    profile->bytes[profile->at++] = (uint8_t)value;
}

/* Four letters. */
static void put_name(struct profile *profile, const char *name)
{
    memcpy(profile->bytes + profile->at, name, 4);
    profile->at += 4;
}

/* Three s15Fixed16Numbers. */
static void put_triple(struct profile *profile, const double values[3])
{
    for (int i = 0; i < 3; i++)
        put32(profile, (uint32_t)lround(values[i] * 65536));
}

static void put_header(struct profile *profile)
{
    put32(profile, sizeof profile->bytes);
    put32(profile, 0);          /* no preferred module */
    put32(profile, 0x02400000); /* version 2.4 */
    put_name(profile, "mntr");  /* display device */
    put_name(profile, "RGB ");
    put_name(profile, "XYZ ");
    put16(profile, 2026); /* 2026-01-01, 00:00:00: when these numbers were written down */
    put16(profile, 1);
    put16(profile, 1);
    put16(profile, 0);
    put16(profile, 0);
    put16(profile, 0);
    put_name(profile, "acsp");
    profile->at += 24; /* platform, flags, maker, model, attributes: none */
    put32(profile, 0); /* perceptual intent */
    put_triple(profile, white);
    profile->at = HEADER_BYTES;
}

static void put_tag(struct profile *profile, const char *name, size_t offset, size_t size)
{
    put_name(profile, name);
    put32(profile, (uint32_t)offset);
    put32(profile, (uint32_t)size);
}

static void put_table(struct profile *profile)
{
    size_t description = TABLE_BYTES;
    size_t copyright = description + DESCRIPTION_BYTES;
    size_t points = copyright + 8 + TEXT_BYTES;
    size_t curve = points + (size_t)4 * XYZ_BYTES;
    put32(profile, TAG_COUNT);
    put_tag(profile, "desc", description, DESCRIPTION_BYTES);
    put_tag(profile, "cprt", copyright, 8 + TEXT_BYTES);
    put_tag(profile, "wtpt", points, XYZ_BYTES);
    put_tag(profile, "rXYZ", points + XYZ_BYTES, XYZ_BYTES);
    put_tag(profile, "gXYZ", points + (size_t)2 * XYZ_BYTES, XYZ_BYTES);
    put_tag(profile, "bXYZ", points + (size_t)3 * XYZ_BYTES, XYZ_BYTES);
    put_tag(profile, "rTRC", curve, CURVE_BYTES);
    put_tag(profile, "gTRC", curve, CURVE_BYTES);
    put_tag(profile, "bTRC", curve, CURVE_BYTES);
}

/* Text of TEXT_BYTES with its padding of zeros. */
static void put_text(struct profile *profile, const char *text)
{
    memcpy(profile->bytes + profile->at, text, strlen(text));
    profile->at += TEXT_BYTES;
}

static void put_xyz(struct profile *profile, const double values[3])
{
    put_name(profile, "XYZ ");
    put32(profile, 0);
    put_triple(profile, values);
}

enum err icc_write_srgb(struct buffer *profile)
{
    struct profile icc = {.at = 0};
    put_header(&icc);
    put_table(&icc);
    put_name(&icc, "desc");
    put32(&icc, 0);
    put32(&icc, TEXT_BYTES);
    put_text(&icc, ICC_SRGB_NAME);
    icc.at = TABLE_BYTES + DESCRIPTION_BYTES; /* no Unicode and no Macintosh name */
    put_name(&icc, "text");
    put32(&icc, 0);
    put_text(&icc, "No rights reserved");
    put_xyz(&icc, white);
    put_xyz(&icc, red);
    put_xyz(&icc, green);
    put_xyz(&icc, blue);
    put_name(&icc, "curv");
    put32(&icc, 0);
    put32(&icc, CURVE_POINTS);
    for (int i = 0; i < CURVE_POINTS; i++)
        put16(&icc, (uint32_t)lround(65535 * linear_of((double)i / (CURVE_POINTS - 1))));
    return buffer_put(profile, (struct bytes){icc.bytes, sizeof icc.bytes});
}

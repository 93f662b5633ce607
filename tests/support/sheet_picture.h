/* A page of the sheet as poppler draws it. */
#ifndef TESTS_SUPPORT_SHEET_PICTURE_H
#define TESTS_SUPPORT_SHEET_PICTURE_H

#include "tests/support/sheet.h"

/* A page as pixels, three bytes each, ten pixels to the millimetre. */
struct sheet_picture {
    int width;
    int height;
    uint8_t *pixels;
};

__attribute__((unused)) static struct sheet_picture sheet_draw(int page)
{
    assert_int_equal(sheet_run("rm -f %s/page*; pdftoppm -r 254 -f %d -l %d %s %s/page 2>&1 && mv "
                               "%s/page-*.ppm %s/page.ppm",
                               sheet.folder, page, page, sheet.path, sheet.folder, sheet.folder,
                               sheet.folder),
                     0);
    char file_path[128];
    struct sheet_picture picture = {0};
    (void)snprintf(file_path, sizeof file_path, "%s/page.ppm", sheet.folder);
    FILE *file = fopen(file_path, "r");
    assert_non_null(file);
    assert_int_equal(fscanf(file, "P6 %d %d 255", &picture.width, &picture.height), 2);
    (void)fgetc(file);
    size_t size = (size_t)picture.width * (size_t)picture.height * 3;
    picture.pixels = malloc(size);
    assert_int_equal(fread(picture.pixels, 1, size, file), size);
    fclose(file);
    return picture;
}

static const uint8_t *sheet_pixel(const struct sheet_picture *picture, int x, int y)
{
    return picture->pixels + 3 * ((size_t)y * (size_t)picture->width + (size_t)x);
}

__attribute__((unused)) static bool sheet_is_dark(const struct sheet_picture *picture, int x, int y)
{
    const uint8_t *pixel = sheet_pixel(picture, x, y);
    return pixel[0] < 128 && pixel[1] < 128 && pixel[2] < 128;
}

/* Bright red: red at its full, the others weak. */
__attribute__((unused)) static bool sheet_is_red(const struct sheet_picture *picture, int x, int y)
{
    const uint8_t *pixel = sheet_pixel(picture, x, y);
    return pixel[0] > 230 && pixel[1] < 128 && pixel[2] < 128;
}

/* The smallest box around all pixels that `is` holds for, inside the given one (mm). */
__attribute__((unused)) static struct sheet_word
sheet_bounds(const struct sheet_picture *picture, struct sheet_word inside,
             bool (*is)(const struct sheet_picture *, int, int))
{
    struct sheet_word box = {.left = 1e9, .top = 1e9, .right = -1e9, .bottom = -1e9};
    for (int y = (int)(inside.top * 10); y < (int)(inside.bottom * 10); y++)
        for (int x = (int)(inside.left * 10); x < (int)(inside.right * 10); x++)
            if (is(picture, x, y)) {
                box.left = fmin(box.left, x / 10.0);
                box.right = fmax(box.right, (x + 1) / 10.0);
                box.top = fmin(box.top, y / 10.0);
                box.bottom = fmax(box.bottom, (y + 1) / 10.0);
            }
    return box;
}

/* The longest horizontal line in the 2.5 mm below `top_mm`, between two x. */
__attribute__((unused)) static double sheet_rule(const struct sheet_picture *picture, double top_mm,
                                                 double left_mm, double right_mm,
                                                 double *ret_centre)
{
    double longest = 0;
    for (int y = (int)(top_mm * 10); y < (int)((top_mm + 2.5) * 10); y++)
        for (int x = (int)(left_mm * 10); x < (int)(right_mm * 10);) {
            int length = 0;
            while (sheet_is_dark(picture, x + length, y))
                length++;
            if (length / 10.0 > longest) {
                longest = length / 10.0;
                *ret_centre = (x + length / 2.0) / 10.0;
            }
            x += length > 0 ? length : 1;
        }
    return longest;
}

#endif

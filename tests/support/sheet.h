/* A paper as other programs read and draw it: every word with its place in millimetres (poppler's
 * pdftotext) and its style (pdftohtml); as pixels: sheet_picture.h. One file at a time. */
#ifndef TESTS_SUPPORT_SHEET_H
#define TESTS_SUPPORT_SHEET_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/paper.h"

enum { SHEET_WORDS_MAX = 16384, SHEET_WORD_BYTES = 64, SHEET_PIXELS_PER_MM = 10 };

struct sheet_word {
    int page;                        /* from 1 */
    double left, top, right, bottom; /* mm */
    double size;                     /* pt: Tinos' ascent and descent are 1.107 of it */
    char text[SHEET_WORD_BYTES];
};

static struct {
    char folder[64];
    char path[256];
    char output[4 * 1024 * 1024];
    struct sheet_word words[SHEET_WORDS_MAX];
    size_t word_count;
    int page_count;
} sheet;

/* Around a group of tests. */
static int sheet_open(void **state)
{
    (void)state;
    signer_folder(sheet.folder);
    return 0;
}

static int sheet_close(void **state)
{
    (void)state;
    signer_remove_folder(sheet.folder);
    return 0;
}

static void assert_between(double value, double least, double most)
{
    if (value < least || value > most)
        fail_msg("%.3f is not between %.3f and %.3f", value, least, most);
}

__attribute__((unused)) static void assert_near(double value, double expected, double tolerance)
{
    assert_between(value, expected - tolerance, expected + tolerance);
}

/* Runs a command; what it printed is in sheet.output. Gives its exit status. */
__attribute__((format(printf, 1, 2))) static int sheet_run(const char *format, ...)
{
    char command[2048];
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(command, sizeof command, format, arguments);
    va_end(arguments);
    return paper_run(command, sheet.output, sizeof sheet.output);
}

__attribute__((unused)) static void sheet_save(struct bytes pdf)
{
    struct paper_place place;
    memcpy(place.folder, sheet.folder, sizeof sheet.folder);
    paper_save(&place, "paper.pdf", pdf, sheet.path);
}

/* The words of the saved file, in the order in which they stand in it. */
__attribute__((unused)) static void sheet_read(void)
{
    const double mm = 25.4 / 72;
    char *rest = NULL;
    sheet.word_count = 0;
    sheet.page_count = 0;
    assert_int_equal(sheet_run("pdftotext -bbox %s - 2>&1", sheet.path), 0);
    for (char *line = strtok_r(sheet.output, "\n", &rest); line;
         line = strtok_r(NULL, "\n", &rest)) {
        struct sheet_word word = {.page = sheet.page_count};
        double width;
        double height;
        if (sscanf(line, " <page width=\"%lf\" height=\"%lf\"", &width, &height) == 2) {
            sheet.page_count++;
            assert_near(width * mm, 210, 0.1);
            assert_near(height * mm, 297, 0.1);
        } else if (sscanf(line,
                          " <word xMin=\"%lf\" yMin=\"%lf\" xMax=\"%lf\" yMax=\"%lf\">%63[^<]",
                          &word.left, &word.top, &word.right, &word.bottom, word.text) == 5) {
            word.size = (word.bottom - word.top) / 1.107;
            word.left *= mm;
            word.top *= mm;
            word.right *= mm;
            word.bottom *= mm;
            assert_true(sheet.word_count < SHEET_WORDS_MAX);
            sheet.words[sheet.word_count++] = word;
        }
    }
}

/* The n-th place (from 0) where these two words follow each other; NULL if there is none. */
static const struct sheet_word *sheet_look(const char *first, const char *second, size_t n)
{
    for (size_t i = 0; i + 1 < sheet.word_count; i++)
        if (strcmp(sheet.words[i].text, first) == 0 &&
            strcmp(sheet.words[i + 1].text, second) == 0 && n-- == 0)
            return &sheet.words[i];
    return NULL;
}

__attribute__((unused)) static const struct sheet_word *sheet_find(const char *first,
                                                                   const char *second, size_t n)
{
    const struct sheet_word *word = sheet_look(first, second, n);
    if (!word)
        fail_msg("not found: %s %s", first, second);
    return word;
}

/* The right end of the line of text that begins at `word`. */
__attribute__((unused)) static double sheet_line_end(const struct sheet_word *word)
{
    double right = word->right;
    for (const struct sheet_word *at = word; at < sheet.words + sheet.word_count; at++)
        if (at->page == word->page && fabs(at->top - word->top) < 0.5 && at->left > right &&
            at->left - right < 6)
            right = at->right;
    return right;
}

__attribute__((unused)) static double sheet_line_centre(const struct sheet_word *word)
{
    return (word->left + sheet_line_end(word)) / 2;
}

/* Fails unless `text`, which stands in one line, is set bold and italic as said, every letter. */
__attribute__((unused)) static void sheet_assert_style(const char *text, bool bold, bool italic)
{
    static char plain[sizeof sheet.output];
    static char style[sizeof sheet.output]; /* of each byte: 1 bold, 2 italic */
    char now = 0;
    size_t size = 0;
    assert_int_equal(sheet_run("pdftohtml -xml -i -stdout %s 2>/dev/null", sheet.path), 0);
    for (const char *at = strstr(sheet.output, "<text"); at && *at;) {
        if (*at == '<') {
            now = strncmp(at, "<b>", 3) == 0    ? (char)(now | 1)
                  : strncmp(at, "</b>", 4) == 0 ? (char)(now & ~1)
                  : strncmp(at, "<i>", 3) == 0  ? (char)(now | 2)
                  : strncmp(at, "</i>", 4) == 0 ? (char)(now & ~2)
                                                : now;
            at = strchr(at, '>');
            at = at ? at + 1 : NULL;
        } else {
            plain[size] = *at;
            style[size] = now;
            size += *at != '\n' && *at != '\t' ? 1 : 0;
            at++;
        }
    }
    plain[size] = '\0';
    const char wanted = (char)((bold ? 1 : 0) | (italic ? 2 : 0));
    bool found = false;
    for (const char *at = plain; !found && (at = strstr(at, text)) != NULL; at++) {
        found = true;
        for (size_t i = 0; i < strlen(text); i++)
            found = found && (text[i] == ' ' || style[at - plain + (ptrdiff_t)i] == wanted);
    }
    if (!found)
        fail_msg("not set %s%s: %s", bold ? "bold" : "light", italic ? " italic" : "", text);
}

#endif

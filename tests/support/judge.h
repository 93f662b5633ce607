/* What other programs say of a paper. */
#ifndef TESTS_SUPPORT_JUDGE_H
#define TESTS_SUPPORT_JUDGE_H

#include <stdarg.h>

#include "tests/support/paper.h"

/* PDFBox and BouncyCastle, as Debian installs them. */
#define JUDGE_JARS "/usr/share/java/"
#define JUDGE_CLASS_PATH                                                                           \
    JUDGE_JARS "pdfbox2.jar:" JUDGE_JARS "fontbox2.jar:" JUDGE_JARS                                \
               "commons-logging.jar:" JUDGE_JARS "bcpkix.jar:" JUDGE_JARS "bcprov.jar:" JUDGE_JARS \
               "bcutil.jar"

static char judge_said[64 * 1024]; /* by the last of them */

/* Gives the exit status of the shell command, or -1. */
__attribute__((unused, format(printf, 1, 2))) static int judge_run(const char *format, ...)
{
    char command[4096];
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(command, sizeof command, format, arguments);
    va_end(arguments);
    return paper_run(command, judge_said, sizeof judge_said);
}

/* How often it said this. */
__attribute__((unused)) static size_t judge_count(const char *what)
{
    size_t found = 0;
    for (const char *at = judge_said; (at = strstr(at, what)) != NULL; at++)
        found++;
    return found;
}

#endif

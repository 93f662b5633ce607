/* cmocka wants these before it; one include keeps the order. */
#ifndef TESTS_UNIT_SIGNALING_SUPPORT_H
#define TESTS_UNIT_SIGNALING_SUPPORT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#endif

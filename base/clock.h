/* The clocks of the world; for edges only, cores are handed `now`. */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include "base/units.h"

usec_t clock_now_us(void);   /* monotonic */
utc_ms_t clock_utc_ms(void); /* civil time */

#endif

/* Fuzzes the reader of qpdf's spelling of objects, and of dates. */
#include <stdlib.h>

#include "meeting/edge/paper/foreign_signature.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bytes text = {data, size};
    struct foreign_value value = foreign_value_of(text);
    struct foreign_value other;
    struct foreign_cursor cursor = foreign_inside(value);
    utc_ms_t at = 0;
    size_t read = 0;
    while (foreign_next(&cursor, &other)) {
        read += other.text.size;
        (void)foreign_real(other);
        if (!foreign_same(other, other))
            abort();
    }
    if (read > size)
        abort();
    (void)foreign_get(value, "/Type", &other);
    if (foreign_date_parse(text, &at) == ERR_OK && at < 0)
        abort();
    return 0;
}

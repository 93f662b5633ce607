#include "meeting/edge/paper/qr.h"

#include <qrencode.h>

enum { QUIET_MODULES = 4 };

enum err qr_draw(cairo_t *cr, const char *text, double x, double y, double side)
{
    /* Level M: 15 % may be lost to a fold or a stamp. */
    QRcode *code = QRcode_encodeString(text, 0, QR_ECLEVEL_M, QR_MODE_8, 1);
    if (!code)
        return ERR_LIMIT;
    double module = side / (code->width + 2 * QUIET_MODULES);
    for (int row = 0; row < code->width; row++) {
        for (int column = 0; column < code->width;) {
            int run = 0; /* dark modules side by side become one rectangle, without seams */
            while (column + run < code->width && code->data[row * code->width + column + run] & 1)
                run++;
            if (run > 0)
                cairo_rectangle(cr, x + (QUIET_MODULES + column) * module,
                                y + (QUIET_MODULES + row) * module, run * module, module);
            column += run > 0 ? run : 1;
        }
    }
    QRcode_free(code);
    cairo_set_source_rgb(cr, 0, 0, 0);
    cairo_fill(cr);
    return ERR_OK;
}

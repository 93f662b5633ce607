/* A QR code (ISO/IEC 18004) as vectors, drawn at a given place and size with its quiet zone. */
#ifndef MEETING_EDGE_PAPER_QR_H
#define MEETING_EDGE_PAPER_QR_H

#include <cairo.h>

#include "base/err.h"

/* Fills the square (x, y, side), quiet zone of four modules included. ERR_LIMIT: text too long. */
MUST_USE enum err qr_draw(cairo_t *cr, const char *text, double x, double y, double side);

#endif

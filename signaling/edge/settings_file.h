/* Reads a configuration file (libinih) into the settings. */
#ifndef SIGNALING_EDGE_SETTINGS_FILE_H
#define SIGNALING_EDGE_SETTINGS_FILE_H

#include "base/err.h"
#include "signaling/core/settings.h"

/* ERR_IO, ERR_FORMAT; the first wrong line is logged with its number and why. */
MUST_USE enum err settings_file_read(struct settings *settings, const char *path);

#endif

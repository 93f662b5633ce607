#include "signaling/edge/settings_file.h"

#include <ini.h>

#include "base/log.h"

/* inih calls this for each key; 0 is an error on that line. */
static int on_key(void *user, const char *section, const char *name, const char *value)
{
    struct settings *settings = user;
    enum err err = settings_set(settings, bytes_of(section), bytes_of(name), bytes_of(value));
    if (err != ERR_OK)
        log_line(LOG_ERROR, "door.settings", "section=%s key=%s err=%s", section, name,
                 err_name(err));
    return err == ERR_OK;
}

enum err settings_file_read(struct settings *settings, const char *path)
{
    int line = ini_parse(path, on_key, settings);
    if (line == 0)
        return ERR_OK;
    log_line(LOG_ERROR, "door.settings", "file=%s line=%d", path, line);
    return line < 0 ? ERR_IO : ERR_FORMAT;
}

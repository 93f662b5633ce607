#include "meeting/edge/paper/package_zip.h"

#include <stdlib.h>
#include <string.h>
#include <zip.h>

#include "base/limits.h"

struct package_zip {
    zip_t *archive;
    size_t count;
};

/* Duplicate names would let two readers see two packages. */
static enum err names_check(const struct package_zip *zip)
{
    for (size_t i = 0; i < zip->count; i++) {
        const char *name = package_zip_name(zip, i);
        if (!name)
            return ERR_FORMAT;
        for (size_t k = 0; k < i; k++)
            if (strcmp(name, package_zip_name(zip, k)) == 0)
                return ERR_FORMAT;
    }
    return ERR_OK;
}

/* Whoever reads all members reads no more than this, whatever they were packed into. */
static enum err sizes_check(const struct package_zip *zip)
{
    uint64_t room = LIMIT_PACKAGE_UNPACKED_BYTES;
    for (size_t i = 0; i < zip->count; i++) {
        zip_stat_t facts;
        if (zip_stat_index(zip->archive, i, 0, &facts) != 0 || !(facts.valid & ZIP_STAT_SIZE))
            return ERR_FORMAT;
        if (facts.size > room)
            return ERR_LIMIT;
        room -= facts.size;
    }
    return ERR_OK;
}

enum err package_zip_open(struct bytes archive, struct package_zip **ret_zip)
{
    struct package_zip *zip = calloc(1, sizeof *zip);
    zip_source_t *source = zip_source_buffer_create(archive.data, archive.size, 0, NULL);
    if (!zip || !source) {
        zip_source_free(source);
        free(zip);
        return ERR_NO_MEMORY;
    }
    zip->archive = zip_open_from_source(source, ZIP_RDONLY | ZIP_CHECKCONS, NULL);
    if (!zip->archive) {
        zip_source_free(source);
        free(zip);
        return ERR_FORMAT;
    }
    zip_int64_t count = zip_get_num_entries(zip->archive, 0);
    zip->count = count > 0 ? (size_t)count : 0;
    enum err err = zip->count > LIMIT_PACKAGE_FILES + 1 ? ERR_LIMIT : names_check(zip);
    if (err == ERR_OK)
        err = sizes_check(zip);
    if (err != ERR_OK) {
        package_zip_close(zip);
        return err;
    }
    *ret_zip = zip;
    return ERR_OK;
}

void package_zip_close(struct package_zip *zip)
{
    if (!zip)
        return;
    zip_discard(zip->archive);
    free(zip);
}

size_t package_zip_count(const struct package_zip *zip)
{
    return zip->count;
}

const char *package_zip_name(const struct package_zip *zip, size_t index)
{
    return zip_get_name(zip->archive, index, ZIP_FL_ENC_RAW);
}

static enum err facts_check(const zip_stat_t *facts, size_t most_bytes)
{
    const zip_uint64_t needed =
        ZIP_STAT_SIZE | ZIP_STAT_COMP_METHOD | ZIP_STAT_ENCRYPTION_METHOD | ZIP_STAT_INDEX;
    if ((facts->valid & needed) != needed || facts->encryption_method != ZIP_EM_NONE ||
        (facts->comp_method != ZIP_CM_STORE && facts->comp_method != ZIP_CM_DEFLATE))
        return ERR_FORMAT;
    return facts->size <= most_bytes ? ERR_OK : ERR_LIMIT;
}

enum err package_zip_read(struct package_zip *zip, const char *name, size_t most_bytes,
                          struct buffer *ret_bytes)
{
    zip_stat_t facts;
    struct buffer bytes = {0};
    if (zip_stat(zip->archive, name, ZIP_FL_ENC_RAW, &facts) != 0)
        return ERR_UNKNOWN;
    enum err err = facts_check(&facts, most_bytes);
    if (err == ERR_OK)
        err = buffer_reserve(&bytes, (size_t)facts.size + 1);
    zip_file_t *file = err == ERR_OK ? zip_fopen_index(zip->archive, facts.index, 0) : NULL;
    if (err == ERR_OK && !file)
        err = ERR_FORMAT;
    /* One byte more than announced, so that a member that is longer is noticed; reading to the end
     * also checks its CRC. */
    while (err == ERR_OK && bytes.size <= facts.size) {
        zip_int64_t got = zip_fread(file, bytes.data + bytes.size, facts.size + 1 - bytes.size);
        if (got < 0)
            err = ERR_FORMAT;
        if (got <= 0)
            break;
        bytes.size += (size_t)got;
    }
    if (file)
        (void)zip_fclose(file);
    if (err == ERR_OK && bytes.size != facts.size)
        err = ERR_FORMAT;
    if (err != ERR_OK) {
        buffer_done(&bytes);
        return err;
    }
    *ret_bytes = bytes;
    return ERR_OK;
}

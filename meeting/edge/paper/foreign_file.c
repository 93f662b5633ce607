#include "meeting/edge/paper/foreign_file.h"

#include <stdlib.h>
#include <string.h>

enum { HEADER_BYTES_MIN = 8, REFERENCE_HOPS_MAX = 8 };

static const char damaged[] = "pdf.damaged";
static const char encrypted[] = "unsupported.encrypted";
static const char irregular[] = "unsupported.irregular";
static const char large[] = "unsupported.large";
static const char failed[] = "verify.failed";

static const char *read_whole(struct foreign_file *file)
{
    static const char *const heads[] = {"%PDF-1.", "%PDF-2."};
    struct bytes bytes = file->bytes;
    bool begins = false;
    for (size_t i = 0; bytes.size >= HEADER_BYTES_MIN && i < sizeof heads / sizeof *heads; i++)
        begins |= memcmp(bytes.data, heads[i], strlen(heads[i])) == 0;
    if (!begins)
        return damaged;
    file->qpdf = qpdf_init();
    if (!file->qpdf)
        return failed;
    qpdf_silence_errors(file->qpdf);
    qpdf_set_suppress_warnings(file->qpdf, QPDF_TRUE);
    qpdf_set_attempt_recovery(file->qpdf, QPDF_FALSE);
    QPDF_ERROR_CODE code =
        qpdf_read_memory(file->qpdf, "file", (const char *)bytes.data, bytes.size, NULL);
    if (code & QPDF_ERRORS) {
        qpdf_error error = qpdf_get_error(file->qpdf);
        return error && qpdf_get_error_code(file->qpdf, error) == qpdf_e_password ? encrypted
                                                                                  : damaged;
    }
    return qpdf_is_encrypted(file->qpdf) ? encrypted : NULL;
}

/* Keeps the spelling of `value` as `object`. */
static const char *keep(struct foreign_file *file, qpdf_oh value, struct foreign_object *object)
{
    const char *text = qpdf_oh_unparse_resolved(file->qpdf, value);
    if (!text || qpdf_has_error(file->qpdf))
        return damaged;
    size_t size = strlen(text);
    if (size > FOREIGN_TEXT_BYTES_MAX - file->texts.size)
        return large;
    object->start = file->texts.size;
    object->size = size;
    return buffer_put(&file->texts, (struct bytes){(const uint8_t *)text, size}) == ERR_OK ? NULL
                                                                                           : failed;
}

static const char *keep_object(struct foreign_file *file, uint32_t number)
{
    struct foreign_object *object = &file->objects[number];
    qpdf_oh handle = qpdf_get_object_by_id(file->qpdf, (int)number, 0);
    object->is_stream = qpdf_oh_is_stream(file->qpdf, handle);
    qpdf_oh value = object->is_stream ? qpdf_oh_get_dict(file->qpdf, handle) : handle;
    const char *code = keep(file, value, object);
    if (value != handle)
        qpdf_oh_release(file->qpdf, value);
    qpdf_oh_release(file->qpdf, handle);
    return code;
}

static const char *keep_all(struct foreign_file *file)
{
    struct foreign_value value;
    uint64_t size = 0;
    qpdf_oh trailer = qpdf_get_trailer(file->qpdf);
    const char *code = keep(file, trailer, &file->trailer);
    qpdf_oh_release(file->qpdf, trailer);
    if (code)
        return code;
    if (!foreign_get(foreign_file_trailer(file), "/Size", &value) ||
        !foreign_integer(value, &size) || size == 0)
        return damaged;
    if (size > FOREIGN_OBJECTS_MAX)
        return large;
    if (!foreign_get(foreign_file_trailer(file), "/Root", &value) ||
        value.kind != FOREIGN_REFERENCE || value.number >= size || value.generation != 0)
        return damaged;
    file->root = value.number;
    file->objects = calloc((size_t)size, sizeof *file->objects);
    if (!file->objects)
        return failed;
    for (file->count = 1; !code && file->count < size; file->count++)
        code = keep_object(file, file->count);
    return code;
}

const char *foreign_file_open(struct bytes bytes, struct foreign_file *ret_file)
{
    *ret_file = (struct foreign_file){.bytes = bytes};
    const char *code = read_whole(ret_file);
    if (!code)
        code = keep_all(ret_file);
    /* A warning tells more than what follows from it. */
    if (ret_file->qpdf && code != encrypted && qpdf_more_warnings(ret_file->qpdf))
        code = irregular;
    if (!code && !foreign_file_is_regular(ret_file))
        code = irregular;
    return code;
}

void foreign_file_done(struct foreign_file *file)
{
    if (file->qpdf) {
        (void)qpdf_get_error(file->qpdf); /* what was not asked for would be printed at the end */
        qpdf_cleanup(&file->qpdf);
    }
    free(file->objects);
    buffer_done(&file->texts);
    *file = (struct foreign_file){0};
}

static struct bytes text_of(const struct foreign_file *file, const struct foreign_object *object)
{
    return (struct bytes){file->texts.data + object->start, object->size};
}

struct foreign_value foreign_file_object(const struct foreign_file *file, uint32_t number)
{
    if (number == 0 || number >= file->count)
        return foreign_value_of(bytes_of("null"));
    return foreign_value_of(text_of(file, &file->objects[number]));
}

struct foreign_value foreign_file_trailer(const struct foreign_file *file)
{
    return foreign_value_of(text_of(file, &file->trailer));
}

struct foreign_value foreign_file_follow(const struct foreign_file *file,
                                         struct foreign_value value)
{
    for (int i = 0; i < REFERENCE_HOPS_MAX && value.kind == FOREIGN_REFERENCE; i++)
        value = value.generation == 0 ? foreign_file_object(file, value.number)
                                      : foreign_value_of(bytes_of("null"));
    return value;
}

struct foreign_value foreign_file_get(const struct foreign_file *file,
                                      struct foreign_value dictionary, const char *key)
{
    struct foreign_value value;
    (void)foreign_get(foreign_file_follow(file, dictionary), key, &value);
    return foreign_file_follow(file, value);
}

bool foreign_file_is_stream(const struct foreign_file *file, uint32_t number)
{
    return number > 0 && number < file->count && file->objects[number].is_stream;
}

enum err foreign_file_stream(const struct foreign_file *file, uint32_t number,
                             enum foreign_stream_form form, size_t most, struct buffer *ret_bytes)
{
    if (!foreign_file_is_stream(file, number))
        return ERR_FORMAT;
    unsigned char *data = NULL;
    size_t size = 0;
    QPDF_BOOL filtered = QPDF_FALSE;
    qpdf_oh stream = qpdf_get_object_by_id(file->qpdf, (int)number, 0);
    QPDF_ERROR_CODE code = qpdf_oh_get_stream_data(
        file->qpdf, stream, form == FOREIGN_RAW ? qpdf_dl_none : qpdf_dl_generalized, &filtered,
        &data, &size);
    qpdf_oh_release(file->qpdf, stream);
    struct buffer bytes = {0};
    bool good = (code & QPDF_ERRORS) == 0 && (form == FOREIGN_RAW || filtered);
    enum err err = !good ? ERR_FORMAT : size > most ? ERR_LIMIT : ERR_OK;
    if (err == ERR_OK)
        err = buffer_put(&bytes, (struct bytes){data, size});
    free(data);
    if (err == ERR_OK)
        *ret_bytes = bytes;
    return err;
}

enum err foreign_file_string(const struct foreign_file *file, uint32_t number, const char *key,
                             enum foreign_string_form form, struct buffer *ret_bytes)
{
    struct buffer bytes = {0};
    enum err err = ERR_UNKNOWN;
    qpdf_oh object = qpdf_get_object_by_id(file->qpdf, (int)number, 0);
    if (!qpdf_oh_is_dictionary(file->qpdf, object)) {
        qpdf_oh_release(file->qpdf, object);
        return ERR_UNKNOWN;
    }
    qpdf_oh value = qpdf_oh_get_key(file->qpdf, object, key);
    if (qpdf_oh_is_string(file->qpdf, value)) {
        size_t size = 0;
        const char *text = form == FOREIGN_BINARY
                               ? qpdf_oh_get_binary_string_value(file->qpdf, value, &size)
                               : qpdf_oh_get_binary_utf8_value(file->qpdf, value, &size);
        err = text ? buffer_put(&bytes, (struct bytes){(const uint8_t *)text, size}) : ERR_FORMAT;
    }
    qpdf_oh_release(file->qpdf, value);
    qpdf_oh_release(file->qpdf, object);
    if (err == ERR_OK)
        *ret_bytes = bytes;
    return err;
}

bool foreign_file_is_regular(const struct foreign_file *file)
{
    return !qpdf_has_error(file->qpdf) && !qpdf_more_warnings(file->qpdf);
}

#include "meeting/edge/paper/pdf_pages.h"

#include <qpdf/qpdf-c.h>

static enum err count(qpdf_data qpdf, struct bytes file, enum pdf_pages_mode mode,
                      uint32_t *ret_pages)
{
    QPDF_ERROR_CODE code = qpdf_read_memory(qpdf, "file", (const char *)file.data, file.size, NULL);
    if (code & QPDF_ERRORS) {
        qpdf_error error = qpdf_get_error(qpdf);
        return error && qpdf_get_error_code(qpdf, error) == qpdf_e_password ? ERR_FORBIDDEN
                                                                            : ERR_FORMAT;
    }
    if (qpdf_is_encrypted(qpdf))
        return ERR_FORBIDDEN;
    int pages = qpdf_get_num_pages(qpdf);
    if (pages < 0 || qpdf_has_error(qpdf))
        return ERR_FORMAT;
    if (mode == PDF_PAGES_STRICT && qpdf_more_warnings(qpdf))
        return ERR_FORMAT;
    *ret_pages = (uint32_t)pages;
    return ERR_OK;
}

enum err pdf_pages_count(struct bytes file, enum pdf_pages_mode mode, uint32_t *ret_pages)
{
    if (file.size == 0)
        return ERR_FORMAT;
    qpdf_data qpdf = qpdf_init();
    if (!qpdf)
        return ERR_NO_MEMORY;
    qpdf_silence_errors(qpdf);
    qpdf_set_suppress_warnings(qpdf, QPDF_TRUE);
    qpdf_set_attempt_recovery(qpdf, mode == PDF_PAGES_REPAIR ? QPDF_TRUE : QPDF_FALSE);
    enum err err = count(qpdf, file, mode, ret_pages);
    (void)qpdf_get_error(qpdf); /* what was not asked for would be printed at the end */
    qpdf_cleanup(&qpdf);
    return err;
}

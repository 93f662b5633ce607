#include "meeting/edge/paper/pdf_inspect.h"

#include <jansson.h>

#include "base/limits.h"
#include "meeting/edge/paper/json_out.h"
#include "meeting/edge/paper/pdf_pages.h"

void pdf_inspect(struct bytes file, struct pdf_inspection *ret_inspection)
{
    uint32_t pages = 0;
    const char *code = NULL;
    if (file.size > LIMIT_PDF_BYTES) {
        code = "document.too_large";
    } else {
        enum err err = pdf_pages_count(file, PDF_PAGES_REPAIR, &pages);
        if (err == ERR_FORBIDDEN)
            code = "document.encrypted";
        else if (err != ERR_OK || pages == 0)
            code = "document.not_pdf";
        else if (pages > LIMIT_DOCUMENT_PAGES)
            code = "document.too_many_pages";
    }
    ret_inspection->refusal = code ? paper_reason_of(code) : NULL;
    ret_inspection->pages = code ? 0 : pages;
}

enum err pdf_inspect_write_json(const struct pdf_inspection *inspection, struct buffer *ret_json)
{
    const char *code = inspection->refusal ? inspection->refusal->code : NULL;
    json_t *json =
        json_pack("{s:s?, s:I}", "refusal", code, "pages", (json_int_t)inspection->pages);
    return json_out(json, ret_json);
}

enum err pdf_inspect_parse_json(struct bytes json, struct pdf_inspection *ret_inspection)
{
    json_t *refusal = NULL;
    json_int_t pages = 0;
    json_t *root = json_loadb((const char *)json.data, json.size, JSON_REJECT_DUPLICATES, NULL);
    int done = root ? json_unpack_ex(root, NULL, JSON_STRICT, "{s:o, s:I}", "refusal", &refusal,
                                     "pages", &pages)
                    : -1;
    struct pdf_inspection inspection = {0};
    bool good = done == 0 && pages >= 0 && pages <= LIMIT_DOCUMENT_PAGES;
    if (good && json_is_null(refusal)) {
        inspection.pages = (uint32_t)pages;
        good = pages > 0;
    } else if (good) {
        const char *code = json_string_value(refusal);
        inspection.refusal = code ? paper_reason_find(code) : NULL;
        good = inspection.refusal && pages == 0;
    }
    json_decref(root);
    if (!good)
        return ERR_FORMAT;
    *ret_inspection = inspection;
    return ERR_OK;
}

#include "meeting/edge/paper/foreign_ban.h"

struct ban {
    const char *name;
    const char *code;
};

static const char active[] = "unsupported.active";
static const char layers[] = "unsupported.layers";
static const char external[] = "unsupported.external";

/* Wherever it stands, as key or as value (ISO 32000-2, sections 8.11, 12.6, 12.7.8, 13). */
static const struct ban bans[] = {
    {"/JavaScript", active},
    {"/JS", active},
    {"/AA", active},
    {"/Launch", active},
    {"/SubmitForm", active},
    {"/ImportData", active},
    {"/ResetForm", active},
    {"/Hide", active},
    {"/SetOCGState", active},
    {"/Rendition", active},
    {"/RichMedia", active},
    {"/RichMediaExecute", active},
    {"/Movie", active},
    {"/Sound", active},
    {"/Screen", active},
    {"/3D", active},
    {"/GoTo3DView", active},
    {"/GoToE", active},
    {"/GoToR", active},
    {"/OCProperties", layers},
    {"/OCG", layers},
    {"/OCMD", layers},
    {"/OC", layers},
    {"/Crypt", "unsupported.encrypted"},
    {"/XFA", "unsupported.xfa"},
};

/* In a stream's dictionary: its content is elsewhere, or another one for printing. */
static const struct ban stream_bans[] = {
    {"/F", external},   {"/FFilter", external},    {"/Ref", external},
    {"/OPI", external}, {"/Alternates", external},
};

static const char *check_names(const struct foreign_file *file, uint32_t number)
{
    struct foreign_value token;
    struct foreign_cursor cursor = foreign_cursor_init(foreign_file_object(file, number).text);
    while (foreign_token(&cursor, &token)) {
        if (token.kind != FOREIGN_NAME)
            continue;
        for (size_t i = 0; i < sizeof bans / sizeof *bans; i++)
            if (foreign_is(token, bans[i].name))
                return bans[i].code;
    }
    return NULL;
}

static const char *check_stream(const struct foreign_file *file, uint32_t number)
{
    struct foreign_value value;
    for (size_t i = 0; i < sizeof stream_bans / sizeof *stream_bans; i++)
        if (foreign_get(foreign_file_object(file, number), stream_bans[i].name, &value))
            return stream_bans[i].code;
    return NULL;
}

/* A page to begin at is not an action. */
static bool opens_quietly(const struct foreign_file *file)
{
    struct foreign_value catalogue = foreign_file_object(file, file->root);
    struct foreign_value open = foreign_file_get(file, catalogue, "/OpenAction");
    struct foreign_value next;
    return foreign_is_null(open) || open.kind == FOREIGN_ARRAY ||
           (foreign_is(foreign_file_get(file, open, "/S"), "/GoTo") &&
            !foreign_get(open, "/Next", &next));
}

const char *foreign_ban_check(const struct foreign_file *file)
{
    for (uint32_t number = 1; number < file->count; number++) {
        const char *code = check_names(file, number);
        if (!code && foreign_file_is_stream(file, number))
            code = check_stream(file, number);
        if (code)
            return code;
    }
    return opens_quietly(file) ? NULL : active;
}

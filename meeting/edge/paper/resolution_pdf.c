#include "meeting/edge/paper/resolution_pdf.h"

#include <glib.h>
#include <string.h>

#include "base/text.h"
#include "meeting/edge/paper/paper_pdf.h"

static const char *capitals(struct arena *arena, const char *text)
{
    char *upper = g_utf8_strup(text, -1);
    const char *copy = arena_text(arena, upper, strlen(upper));
    g_free(upper);
    return copy ? copy : "";
}

enum err resolution_pdf_compose(const struct resolution *resolution, struct arena *arena,
                                struct paper *ret_paper)
{
    struct compose body = {.arena = arena};
    if (!utf8_valid(bytes_of(resolution->authority)))
        return ERR_FORMAT;
    compose_add_text(&body, PAPER_CENTRED, capitals(arena, resolution->authority));
    for (size_t i = 0; i < resolution->base_count; i++)
        compose_add_text(&body, PAPER_BASIS,
                         compose_text(arena, "%s%s", compose_stripped(arena, resolution->bases[i]),
                                      i + 1 < resolution->base_count ? ";" : "."));
    compose_add_text(&body, PAPER_CENTRED, "QUYẾT NGHỊ:");
    compose_add_last(&body, resolution->articles, resolution->article_count);
    return letter_compose(&resolution->letter, PAPER_RESOLUTION, resolution->subject, &body,
                          ret_paper);
}

enum err resolution_pdf_write(const struct resolution *resolution, struct buffer *ret_pdf)
{
    struct arena arena = {0};
    struct paper paper;
    enum err err = resolution_pdf_compose(resolution, &arena, &paper);
    if (err == ERR_OK)
        err = paper_pdf_write(&paper, ret_pdf);
    arena_done(&arena);
    return err;
}

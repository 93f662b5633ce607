#include "meeting/edge/paper/paper.h"

#include <assert.h>

static const struct {
    const char *title;
    const char *name;
    const char *code;
} kinds[PAPER_KIND_COUNT] = {
    [PAPER_MINUTES] = {"BIÊN BẢN", "Biên bản", "BB"},
    [PAPER_INVITATION] = {"GIẤY MỜI", "Giấy mời", "GM"},
    [PAPER_NOTICE] = {"THÔNG BÁO", "Thông báo", "TB"},
    [PAPER_RESOLUTION] = {"NGHỊ QUYẾT", "Nghị quyết", "NQ"},
};

const char *paper_kind_title(enum paper_kind kind)
{
    assert(kind < PAPER_KIND_COUNT);
    return kinds[kind].title;
}

const char *paper_kind_name(enum paper_kind kind)
{
    assert(kind < PAPER_KIND_COUNT);
    return kinds[kind].name;
}

const char *paper_kind_code(enum paper_kind kind)
{
    assert(kind < PAPER_KIND_COUNT);
    return kinds[kind].code;
}

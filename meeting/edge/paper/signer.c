#include "meeting/edge/paper/signer.h"

#include <stdbool.h>
#include <string.h>

/* Bodies that decide together, as positions and names of bodies write them. */
static const char *const collective[] = {"Ủy ban nhân dân", "UBND", "Hội đồng nhân dân", "HĐND"};
enum { COLLECTIVES = sizeof collective / sizeof *collective };

static bool begins_with(const char *text, const char *prefix)
{
    return strncmp(text, prefix, strlen(prefix)) == 0;
}

/* The office alone: "Phó Chủ tịch" of "Phó Chủ tịch Ủy ban nhân dân tỉnh". */
static const char *office_of(struct arena *arena, const char *position, const char *body)
{
    size_t size = strlen(position);
    for (size_t i = 0; i <= COLLECTIVES; i++) {
        const char *name = i < COLLECTIVES ? collective[i] : body;
        const char *at = *name ? strstr(position, name) : NULL;
        if (at && at > position && (size_t)(at - position) < size)
            size = (size_t)(at - position);
    }
    while (size > 0 && (position[size - 1] == ' ' || position[size - 1] == ','))
        size--;
    const char *office = arena_text(arena, position, size);
    return office ? office : "";
}

struct paper_signer signer_of_position(struct arena *arena, const char *name, const char *position,
                                       const char *body)
{
    static const char deputy[] = "Phó ";
    static const char entrusted[] = "Quyền ";
    struct paper_signer signer = {.name = name, .title = office_of(arena, position, body)};
    for (size_t i = 0; i < COLLECTIVES; i++)
        if (begins_with(body, collective[i]))
            signer.behalf = body;
    if (begins_with(signer.title, deputy)) {
        signer.right = PAPER_FOR_HEAD;
        signer.head = signer.title + sizeof deputy - 1;
    } else if (begins_with(signer.title, entrusted)) {
        signer.right = PAPER_ACTING_HEAD;
        signer.title += sizeof entrusted - 1;
    }
    return signer;
}

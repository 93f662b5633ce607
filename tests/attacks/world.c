#include "tests/attacks/attack.h"

static struct buffer numbered(const struct paper_place *place, struct bytes pdf)
{
    const struct pades_filling filling = {7, place->now};
    struct buffer file = {0};
    enum err err = pades_fill(pdf, &filling, &file);
    assert(err == ERR_OK);
    return file;
}

void attack_world_open(struct attack_world *world)
{
    const struct paper_place *place = &world->place;
    struct buffer *files = world->files;
    paper_open(&world->place);
    paper_open(&world->rogue);
    files[ATTACK_BASE] = paper_copy(buffer_bytes(&place->base));
    files[ATTACK_ONCE] = paper_copy(buffer_bytes(&place->once));
    files[ATTACK_TWICE] = paper_copy(buffer_bytes(&place->twice));

    struct buffer once = keep_sign(place, buffer_bytes(&place->base), PAPER_FIELD_SECRETARY,
                                   &place->secretary, "Phạm Thùy Dương", place->now);
    files[ATTACK_STAMPED] = keep_sign(place, buffer_bytes(&once), PAPER_FIELD_CHAIR, &place->chair,
                                      "Lê Văn Ước", place->now + 60000);
    buffer_done(&once);
    files[ATTACK_ARCHIVED] =
        keep_archive(place, buffer_bytes(&files[ATTACK_STAMPED]), place->now + 120000);
    files[ATTACK_FILLED] = numbered(place, buffer_bytes(&files[ATTACK_ARCHIVED]));
    files[ATTACK_SEALED] = keep_sign(place, buffer_bytes(&files[ATTACK_FILLED]), PAPER_FIELD_AGENCY,
                                     &place->secretary, KEEP_AGENCY, place->now + 180000);
    files[ATTACK_WHOLE] =
        keep_archive(place, buffer_bytes(&files[ATTACK_SEALED]), place->now + 240000);
}

void attack_world_close(struct attack_world *world)
{
    for (size_t i = 0; i < ATTACK_STAGES; i++)
        buffer_done(&world->files[i]);
    paper_close(&world->rogue);
    paper_close(&world->place);
}

struct bytes attack_file(const struct attack_world *world, enum attack_stage stage)
{
    return buffer_bytes(&world->files[stage]);
}

const struct attack_family *const attack_families[ATTACK_FAMILIES] = {
    &attack_tamper,    &attack_saving,  &attack_annotation, &attack_forgery,
    &attack_wrapping,  &attack_shadow,  &attack_cms,        &attack_chain,
    &attack_timestamp, &attack_archive, &attack_filling,    &attack_structure,
};

const struct attack *attack_find(const char *name)
{
    for (size_t i = 0; i < ATTACK_FAMILIES; i++)
        for (size_t k = 0; k < attack_families[i]->count; k++)
            if (strcmp(attack_families[i]->attacks[k].name, name) == 0)
                return &attack_families[i]->attacks[k];
    return NULL;
}

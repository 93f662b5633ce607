/* The attack corpus: forged papers, each with what was done to it and the reason for which the
 * verifier must refuse it. Made anew at every run, by the house's own writer and with keys that are
 * thrown away, so that what is attacked is what the server writes today.
 *
 * An attack is a row of a table: a genuine paper at some stage of its life, and a maker that turns
 * it into the forged one. After the published families (incremental saving, evil annotation,
 * universal forgery, signature wrapping, shadow documents), and against CMS, certificates,
 * timestamps, archives and the file's structure. */
#ifndef TESTS_ATTACKS_ATTACK_H
#define TESTS_ATTACKS_ATTACK_H

#include "tests/support/forge.h"
#include "tests/support/keep.h"

/* A paper's life; each stage is the one before with a revision more (but see STAMPED). */
enum attack_stage {
    ATTACK_BASE,     /* unsigned */
    ATTACK_ONCE,     /* signed by the secretary */
    ATTACK_TWICE,    /* and by the chair; neither has a timestamp */
    ATTACK_STAMPED,  /* signed by both, each signature with a timestamp */
    ATTACK_ARCHIVED, /* and with validation data and a document timestamp */
    ATTACK_FILLED,   /* and numbered */
    ATTACK_SEALED,   /* and sealed */
    ATTACK_WHOLE,    /* and archived again */
    ATTACK_STAGES,
};

/* Where attacks are made. */
struct attack_world {
    struct paper_place place;
    struct buffer files[ATTACK_STAGES];
    struct paper_place rogue; /* another authority that calls itself the same */
};

void attack_world_open(struct attack_world *world);
void attack_world_close(struct attack_world *world);
struct bytes attack_file(const struct attack_world *world, enum attack_stage stage);

struct attack;
typedef struct buffer (*attack_maker)(const struct attack *attack,
                                      const struct attack_world *world);

struct attack {
    const char *name;
    const char *says;
    const char *reason; /* ATTACK_ACCEPTED: see there */
    enum attack_stage stage;
    attack_maker make;
    size_t revision;     /* where `from` is looked for, from 0 */
    const char *from;    /* what a maker that patches looks for … */
    const char *to;      /* … and writes instead */
    const char *more;    /* one more object */
    const char *trailer; /* keys for it */
    forge_hook hook;     /* objects of an update */
    struct forge_plan plan;
    int32_t days;   /* verified so much later */
    size_t variant; /* what a family's own maker tells its attacks apart by */
};

/* The file differs from a genuine one, but not in anything that is signed or shown, and the verdict
 * says nothing that is not so; each row with it says why that cannot be otherwise. */
#define ATTACK_ACCEPTED "valid"

struct attack_family {
    const char *name;
    const struct attack *attacks;
    size_t count;
};

enum { ATTACK_FAMILIES = 12 };
extern const struct attack_family *const attack_families[ATTACK_FAMILIES];

extern const struct attack_family attack_tamper, attack_saving, attack_annotation, attack_forgery,
    attack_wrapping, attack_shadow, attack_cms, attack_chain, attack_timestamp, attack_archive,
    attack_filling, attack_structure;

/* -- makers that many share ----------------------------------------------------------------------
 */

/* `to` over `from`, of the same length, without signing again. */
struct buffer attack_patch(const struct attack *attack, const struct attack_world *world);
/* `to` behind the end, before the beginning; the last `variant` bytes cut off. */
struct buffer attack_append(const struct attack *attack, const struct attack_world *world);
struct buffer attack_prepend(const struct attack *attack, const struct attack_world *world);
struct buffer attack_cut(const struct attack *attack, const struct attack_world *world);
/* `hook` as an update that nobody signs; with `from`, that is patched in it by any length of `to`,
 * which only a trailer can bear. */
struct buffer attack_update(const struct attack *attack, const struct attack_world *world);
/* `plan` and `hook` as a revision that a person of the province signs. */
struct buffer attack_insider(const struct attack *attack, const struct attack_world *world);
/* A revision without a trick, but `to` stands over `from` before it is signed: in the new part, or
 * in the old one with `revision` 0. */
struct buffer attack_signed_patch(const struct attack *attack, const struct attack_world *world);
/* `to` instead of `from` in the unsigned paper, with `more` and `trailer`, all in one revision;
 * then signed as the server does it. */
struct buffer attack_prepared(const struct attack *attack, const struct attack_world *world);

/* -- what makers are made of ---------------------------------------------------------------------
 */

/* Where revision `index` begins. */
size_t attack_revision_start(struct bytes pdf, size_t index);
void attack_put_object(struct pdf_update *update, uint32_t number, const char *text);
uint32_t attack_page_number(const struct pdf_map *map);
/* The first attack of a name; NULL if there is none. */
const struct attack *attack_find(const char *name);

#endif

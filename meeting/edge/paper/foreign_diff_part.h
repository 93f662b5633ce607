/* The comparison's parts that know one kind of object each; for foreign_diff.c alone. */
#ifndef MEETING_EDGE_PAPER_FOREIGN_DIFF_PART_H
#define MEETING_EDGE_PAPER_FOREIGN_DIFF_PART_H

#include "meeting/edge/paper/foreign_diff.h"
#include "meeting/edge/paper/foreign_dss.h"

/* What an object of the older file may become. */
enum foreign_part {
    FOREIGN_FIXED,
    FOREIGN_FREE,  /* anything: no page shows it */
    FOREIGN_STORE, /* a list of the security store */
    FOREIGN_JUDGED /* is compared where it is used: lists of fields and annotations, resources */
};

struct foreign_diff {
    const struct foreign_file *old;
    const struct foreign_file *new;
    const struct foreign_signature *added; /* NULL: behind the last */
    struct foreign_graph before;
    struct foreign_graph after;
    struct foreign_dss_parts stored;
    enum foreign_part *parts; /* by number in the older file */
};

/* Whether `key` of two dictionaries is the same, or missing in both. */
bool foreign_diff_same_key(struct foreign_value old, struct foreign_value new, const char *key);
/* Whether they differ only under these keys (ended by NULL). */
bool foreign_diff_only(struct foreign_value old, struct foreign_value new,
                       const char *const *allowed);
/* Object `number` may be compared elsewhere: nobody else may refer to it. */
void foreign_diff_give(struct foreign_diff *diff, struct foreign_value reference,
                       enum foreign_part part);

/* Catalogue and form, whether or not they changed; gives away their parts. */
const char *foreign_diff_catalogue(struct foreign_diff *diff);
/* Gives away every page's list of annotations. */
void foreign_diff_give_annotations(struct foreign_diff *diff);
/* A page that changed, or whose list did. */
const char *foreign_diff_page(const struct foreign_diff *diff, uint32_t number);
/* The field that gained a signature; new, or empty before. */
const char *foreign_diff_field(const struct foreign_diff *diff);
/* Whether every item of the old list stands in the new one, in order and before all others; what
 * came is at most the added field, itself new. Otherwise *ret_other is what came instead, or
 * "null". */
bool foreign_diff_list_grew(const struct foreign_diff *diff, struct foreign_value old,
                            struct foreign_value new, struct foreign_value *ret_other);

#endif

#include "meeting/edge/paper/foreign_graph.h"

#include <stdlib.h>
#include <string.h>

#include "base/limits.h"

enum { TREE_DEPTH_MAX = 64 };

static const char irregular[] = "unsupported.irregular";

static bool allocate(struct foreign_graph *graph, uint32_t count)
{
    graph->references = calloc(count, sizeof *graph->references);
    graph->is_page = calloc(count, sizeof *graph->is_page);
    graph->of_pages = calloc(count, sizeof *graph->of_pages);
    graph->queue = calloc(count, sizeof *graph->queue);
    return graph->references && graph->is_page && graph->of_pages && graph->queue;
}

/* The number that `value` refers to, of a plain dictionary; 0: of none. */
static uint32_t node_of(const struct foreign_file *file, struct foreign_value value)
{
    bool leads = value.kind == FOREIGN_REFERENCE && value.generation == 0 &&
                 foreign_file_object(file, value.number).kind == FOREIGN_DICTIONARY &&
                 !foreign_file_is_stream(file, value.number);
    return leads ? value.number : 0;
}

static uint32_t parent_of(const struct foreign_file *file, uint32_t number)
{
    struct foreign_value value;
    (void)foreign_get(foreign_file_object(file, number), "/Parent", &value);
    return node_of(file, value);
}

/* Each node once, and each under the parent that it names: readers inherit from either. The queue
 * holds every number at most once. */
static bool walk_tree(const struct foreign_file *file, struct foreign_graph *graph, bool *seen)
{
    struct foreign_value value;
    uint32_t queued = 0;
    (void)foreign_get(foreign_file_object(file, file->root), "/Pages", &value);
    uint32_t node = node_of(file, value);
    if (node == 0 || parent_of(file, node) != 0)
        return false;
    seen[node] = true;
    graph->queue[queued++] = node;
    while (queued > 0) {
        node = graph->queue[--queued];
        if (!foreign_get(foreign_file_object(file, node), "/Kids", &value)) {
            graph->is_page[node] = true;
            if (++graph->pages > LIMIT_DOCUMENT_PAGES)
                return false;
            continue;
        }
        struct foreign_cursor kids = foreign_inside(foreign_file_follow(file, value));
        while (foreign_next(&kids, &value)) {
            uint32_t kid = node_of(file, value);
            if (kid == 0 || seen[kid] || parent_of(file, kid) != node)
                return false;
            seen[kid] = true;
            graph->queue[queued++] = kid;
        }
    }
    return true;
}

/* Every node counts the pages below it as they are: some readers go by the one, some by the other.
 * The queue, empty here, serves for counting. */
static bool counts_fit(const struct foreign_file *file, struct foreign_graph *graph,
                       const bool *seen)
{
    bool fit = true;
    memset(graph->queue, 0, file->count * sizeof *graph->queue);
    for (uint32_t number = 1; number < file->count; number++) {
        uint32_t node = graph->is_page[number] ? parent_of(file, number) : 0;
        for (size_t depth = 0; node != 0; node = parent_of(file, node)) {
            graph->queue[node]++;
            fit = fit && ++depth < TREE_DEPTH_MAX;
            if (!fit)
                return false;
        }
    }
    for (uint32_t number = 1; number < file->count; number++) {
        struct foreign_value value;
        uint64_t count = 0;
        if (!seen[number] || graph->is_page[number])
            continue;
        (void)foreign_get(foreign_file_object(file, number), "/Count", &value);
        fit = fit && foreign_integer(foreign_file_follow(file, value), &count) &&
              count == graph->queue[number];
    }
    return fit;
}

/* Calls `mark` for everything that object `number` refers to; false: with a generation. */
static bool mark_references(const struct foreign_file *file, struct foreign_graph *graph,
                            uint32_t number,
                            void (*mark)(struct foreign_graph *, uint32_t, uint32_t *),
                            uint32_t *queued)
{
    struct foreign_value token;
    struct foreign_cursor cursor = foreign_cursor_init(foreign_file_object(file, number).text);
    while (foreign_token(&cursor, &token)) {
        if (token.kind != FOREIGN_REFERENCE)
            continue;
        if (token.generation != 0)
            return false;
        if (token.number > 0 && token.number < file->count)
            mark(graph, token.number, queued);
    }
    return !cursor.failed;
}

static void mark_of_pages(struct foreign_graph *graph, uint32_t number, uint32_t *queued)
{
    if (graph->of_pages[number])
        return;
    graph->of_pages[number] = true;
    graph->queue[(*queued)++] = number;
}

static bool spread_from_pages(const struct foreign_file *file, struct foreign_graph *graph)
{
    uint32_t queued = 0;
    for (uint32_t number = 1; number < file->count; number++)
        if (graph->is_page[number])
            mark_of_pages(graph, number, &queued);
    while (queued > 0)
        if (!mark_references(file, graph, graph->queue[--queued], mark_of_pages, &queued))
            return false;
    return true;
}

static void mark_referred(struct foreign_graph *graph, uint32_t number, uint32_t *queued)
{
    (void)queued;
    graph->references[number]++;
}

/* A cross-reference stream is a trailer, unless some page uses it for something else. */
static bool is_trailer(const struct foreign_file *file, const struct foreign_graph *graph,
                       uint32_t number)
{
    struct foreign_value type;
    return foreign_file_is_stream(file, number) && !graph->of_pages[number] &&
           foreign_get(foreign_file_object(file, number), "/Type", &type) &&
           foreign_is(type, "/XRef");
}

static bool count_references(const struct foreign_file *file, struct foreign_graph *graph)
{
    for (uint32_t number = 1; number < file->count; number++)
        if (!is_trailer(file, graph, number) &&
            !mark_references(file, graph, number, mark_referred, NULL))
            return false;
    return true;
}

const char *foreign_graph_make(const struct foreign_file *file, struct foreign_graph *ret_graph)
{
    *ret_graph = (struct foreign_graph){.pages = 0};
    bool *seen = calloc(file->count, sizeof *seen);
    bool made = seen && allocate(ret_graph, file->count);
    bool good = made && walk_tree(file, ret_graph, seen) && counts_fit(file, ret_graph, seen) &&
                spread_from_pages(file, ret_graph) && count_references(file, ret_graph);
    free(seen);
    return good ? NULL : made ? irregular : "verify.failed";
}

void foreign_graph_done(struct foreign_graph *graph)
{
    free(graph->references);
    free(graph->is_page);
    free(graph->of_pages);
    free(graph->queue);
    *graph = (struct foreign_graph){.pages = 0};
}

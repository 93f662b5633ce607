#include "meeting/edge/paper/pdf_graph.h"

#include <stdlib.h>

enum err pdf_graph_init(struct pdf_graph *graph, const struct pdf_map *map, size_t revision)
{
    *graph = (struct pdf_graph){.map = map, .revision = revision};
    /* Size is bounded: numbers below it have no holes, so each stands for an object in the file. */
    size_t size = map->revisions[revision].size;
    graph->seen = calloc(size, sizeof *graph->seen);
    graph->queue = calloc(size, sizeof *graph->queue);
    if (!graph->seen || !graph->queue) {
        pdf_graph_done(graph);
        return ERR_NO_MEMORY;
    }
    return ERR_OK;
}

void pdf_graph_done(struct pdf_graph *graph)
{
    free(graph->seen);
    free(graph->queue);
    graph->seen = NULL;
    graph->queue = NULL;
}

static void mark(struct pdf_graph *graph, uint32_t number)
{
    if (number >= graph->map->revisions[graph->revision].size) {
        graph->dangling = true;
        return;
    }
    if (graph->seen[number])
        return;
    graph->seen[number] = true;
    graph->queue[graph->queued++] = number;
    graph->count++;
}

static void mark_value(struct pdf_graph *graph, struct pdf_value value)
{
    struct pdf_value key;
    struct pdf_value item;
    if (value.kind == PDF_REFERENCE) {
        mark(graph, value.reference);
    } else if (value.kind == PDF_ARRAY) {
        for (struct scan scan = scan_array(value); scan_item(&scan, &item);)
            mark_value(graph, item);
    } else if (value.kind == PDF_DICTIONARY) {
        for (struct scan scan = scan_dictionary(value); scan_entry(&scan, &key, &item);)
            mark_value(graph, item);
    }
}

void pdf_graph_walk(struct pdf_graph *graph, struct pdf_value value)
{
    mark_value(graph, value);
    while (graph->queued > 0) {
        uint32_t number = graph->queue[--graph->queued];
        const struct pdf_object *object = pdf_map_find(graph->map, graph->revision, number);
        if (object)
            mark_value(graph, object->value);
        else
            graph->dangling = true;
    }
}

static bool is_active_name(struct pdf_value name)
{
    static const char *const names[] = {
        "/AA",           "/Action",  "/Alternates",  "/Crypt",     "/EF",
        "/EmbeddedFile", "/Encrypt", "/Filespec",    "/GoTo",      "/GoToE",
        "/GoToR",        "/Hide",    "/ImportData",  "/JS",        "/JavaScript",
        "/Launch",       "/Movie",   "/OC",          "/OCG",       "/OCMD",
        "/OCProperties", "/ObjStm",  "/OpenAction",  "/PieceInfo", "/Rendition",
        "/RichMedia",    "/Screen",  "/SetOCGState", "/Sound",     "/SubmitForm",
        "/Thread",       "/URI",     "/XFA",         "/XRef",
    };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (pdf_is(name, names[i]))
            return true;
    return false;
}

bool pdf_graph_is_active(struct pdf_value value)
{
    struct pdf_value key;
    struct pdf_value item;
    if (value.kind == PDF_NAME)
        return is_active_name(value);
    if (value.kind == PDF_ARRAY)
        for (struct scan scan = scan_array(value); scan_item(&scan, &item);)
            if (pdf_graph_is_active(item))
                return true;
    if (value.kind == PDF_DICTIONARY)
        for (struct scan scan = scan_dictionary(value); scan_entry(&scan, &key, &item);)
            if (is_active_name(key) || pdf_graph_is_active(item))
                return true;
    return false;
}

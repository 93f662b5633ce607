#include "meeting/edge/paper/pdf_policy.h"

#include "meeting/edge/paper/fill.h"
#include "meeting/edge/paper/pdf_graph.h"

static const char active[] = "pdf.active";
static const char bad_form[] = "pdf.form";
static const char bad_structure[] = "pdf.structure";
static const char hidden[] = "pdf.hidden";

enum { TREE_DEPTH_MAX = 16, EMPTY_STREAM_BYTES_MAX = 8 /* zlib's for no bytes */ };

bool pdf_policy_keys(struct pdf_value dictionary, const char *const *allowed)
{
    struct pdf_value key;
    struct pdf_value value;
    struct scan scan = scan_dictionary(dictionary);
    while (scan_entry(&scan, &key, &value)) {
        bool known = false;
        for (size_t i = 0; allowed[i] && !known; i++)
            known = pdf_is(key, allowed[i]);
        if (!known)
            return false;
    }
    return !scan.failed;
}

/* Walks the page tree; each page once, each parent the right one. */
struct tree {
    const struct pdf_map *map;
    const struct pdf_form *form;
    uint32_t pages;
    uint32_t widgets; /* found on pages */
    size_t visited;
};

static bool key_is(struct pdf_value dictionary, const char *key, const char *text)
{
    struct pdf_value value;
    return pdf_get(dictionary, key, &value) && pdf_is(value, text);
}

/* An appearance that shows nothing: a form whose stream is at most what the filter of nothing is.
 */
static bool is_empty_appearance(const struct tree *tree, struct pdf_value appearances)
{
    static const char *const in_appearances[] = {"/N", NULL};
    static const char *const in_form[] = {"/BBox",    "/Filter", "/Length", "/Resources",
                                          "/Subtype", "/Type",   NULL};
    struct pdf_value value;
    if (!pdf_policy_keys(appearances, in_appearances) || !pdf_get(appearances, "/N", &value))
        return false;
    const struct pdf_object *form = pdf_map_follow(tree->map, 0, value);
    return form && form->stream.data && form->stream.size <= EMPTY_STREAM_BYTES_MAX &&
           pdf_policy_keys(form->value, in_form) && key_is(form->value, "/Subtype", "/Form");
}

/* A widget of the form, still empty, and on its own page. */
static bool check_widget(const struct tree *tree, uint32_t page, struct pdf_value reference)
{
    static const char *const allowed[] = {"/AP",   "/DA",      "/F", "/FT", "/Ff",   "/P",
                                          "/Rect", "/Subtype", "/T", "/TU", "/Type", NULL};
    const struct pdf_object *widget = pdf_map_follow(tree->map, 0, reference);
    struct pdf_value value;
    if (!widget || !pdf_policy_keys(widget->value, allowed) ||
        !key_is(widget->value, "/Subtype", "/Widget") || !key_is(widget->value, "/F", "132") ||
        !pdf_get(widget->value, "/P", &value) || value.kind != PDF_REFERENCE ||
        value.reference != page || !pdf_get(widget->value, "/AP", &value) ||
        !is_empty_appearance(tree, value))
        return false;
    for (size_t i = 0; i < tree->form->count; i++)
        if (tree->form->fields[i].number == widget->number)
            return true;
    return false;
}

/* The form's resources, when the clerk has fields to fill: one simple font for each way of writing
 * digits. */
static bool check_resources(const struct pdf_map *map, struct pdf_value acro)
{
    static const char *const in_resources[] = {"/Font", NULL};
    static const char *const in_fonts[] = {FILL_FONT_UPRIGHT, FILL_FONT_ITALIC, NULL};
    struct pdf_value resources;
    struct pdf_value fonts;
    struct pdf_value key;
    struct pdf_value value;
    if (!pdf_get(acro, "/DR", &resources))
        return true;
    if (!pdf_policy_keys(resources, in_resources) || !pdf_get(resources, "/Font", &fonts) ||
        !pdf_policy_keys(fonts, in_fonts))
        return false;
    struct scan scan = scan_dictionary(fonts);
    while (scan_entry(&scan, &key, &value)) {
        const struct pdf_object *font = pdf_map_follow(map, 0, value);
        if (!font || !key_is(font->value, "/Type", "/Font") ||
            !key_is(font->value, "/Subtype", "/TrueType"))
            return false;
    }
    return !scan.failed;
}

static const char *check_page(struct tree *tree, const struct pdf_object *page)
{
    static const char *const allowed[] = {"/Annots", "/Contents",  "/Group", "/MediaBox",
                                          "/Parent", "/Resources", "/Type",  NULL};
    struct pdf_value value;
    if (!pdf_policy_keys(page->value, allowed))
        return active;
    tree->pages++;
    if (!pdf_get(page->value, "/Annots", &value))
        return NULL;
    struct pdf_value item;
    struct scan scan = scan_array(value);
    while (scan_item(&scan, &item)) {
        if (!check_widget(tree, page->number, item))
            return bad_form;
        tree->widgets++;
    }
    return scan.failed ? bad_form : NULL;
}

static const char *walk(struct tree *tree, struct pdf_value reference, uint32_t parent, int depth)
{
    static const char *const allowed[] = {"/Count", "/Kids", "/Parent", "/Type", NULL};
    const struct pdf_object *node = pdf_map_follow(tree->map, 0, reference);
    struct pdf_value value;
    if (!node || node->stream.data || depth > TREE_DEPTH_MAX ||
        ++tree->visited > tree->map->object_count)
        return bad_structure;
    bool has_parent = pdf_get(node->value, "/Parent", &value);
    if (has_parent != (parent != 0) ||
        (has_parent && (value.kind != PDF_REFERENCE || value.reference != parent)))
        return bad_structure;
    if (key_is(node->value, "/Type", "/Page"))
        return check_page(tree, node);
    if (!key_is(node->value, "/Type", "/Pages") || !pdf_policy_keys(node->value, allowed) ||
        !pdf_get(node->value, "/Kids", &value))
        return bad_structure;
    struct pdf_value kid;
    struct scan scan = scan_array(value);
    uint32_t before = tree->pages;
    uint64_t count = 0;
    while (scan_item(&scan, &kid)) {
        const char *code = walk(tree, kid, node->number, depth + 1);
        if (code)
            return code;
    }
    /* A reader that goes by the count would show other pages than one that goes by the kids. */
    bool counted = pdf_get(node->value, "/Count", &value) && pdf_integer(value, &count) &&
                   count == tree->pages - before;
    return scan.failed || !counted ? bad_structure : NULL;
}

/* No script or action anywhere, and every object leads back to the trailer. */
static const char *check_objects(const struct pdf_map *map)
{
    const struct pdf_revision *base = &map->revisions[0];
    for (size_t i = 0; i < base->count; i++)
        if (pdf_graph_is_active(map->objects[base->first + i].value))
            return active;
    struct pdf_graph graph;
    if (pdf_graph_init(&graph, map, 0) != ERR_OK)
        return "verify.failed";
    pdf_graph_walk(&graph, base->trailer);
    bool whole = graph.count == base->count && !graph.dangling;
    pdf_graph_done(&graph);
    return whole ? NULL : hidden;
}

const char *pdf_policy_check(const struct pdf_map *map, const struct pdf_form *form,
                             uint32_t *ret_pages)
{
    static const char *const in_trailer[] = {"/ID", "/Info", "/Root", "/Size", NULL};
    static const char *const in_root[] = {"/AcroForm", "/Lang", "/Metadata", "/OutputIntents",
                                          "/Pages",    "/Type", NULL};
    static const char *const in_form[] = {"/DR", "/Fields", "/SigFlags", NULL};
    struct pdf_value value;
    const struct pdf_object *root = pdf_map_find(map, 0, map->root);
    if (!pdf_policy_keys(map->revisions[0].trailer, in_trailer) || !root)
        return bad_structure;
    if (!pdf_policy_keys(root->value, in_root) || !key_is(root->value, "/Type", "/Catalog"))
        return active;
    if (!pdf_get(root->value, "/AcroForm", &value))
        return bad_form;
    const struct pdf_object *acro = pdf_map_follow(map, 0, value);
    if (!acro || !pdf_policy_keys(acro->value, in_form) || !key_is(acro->value, "/SigFlags", "3") ||
        !check_resources(map, acro->value))
        return bad_form;
    const char *code = check_objects(map);
    if (code)
        return code;

    struct tree tree = {.map = map, .form = form};
    if (!pdf_get(root->value, "/Pages", &value))
        return bad_structure;
    code = walk(&tree, value, 0, 0);
    if (code)
        return code;
    *ret_pages = tree.pages;
    return tree.widgets == form->count ? NULL : bad_form;
}

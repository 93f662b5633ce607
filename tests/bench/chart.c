/* Draws build/bench/media.json as docs/performance.svg: what a packet costs over N, beside the
 * floor.
 *
 * Usage: bench_chart MEDIA.json CHART.svg */
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum {
    WIDTH = 860,
    HEIGHT = 470,
    LEFT = 78,
    RIGHT = 200,
    TOP = 58,
    BOTTOM = 64,
    POINTS_MAX = 16,
};

struct series {
    const char *name;
    const char *colour;
    const char *dash;
    const char *key;
    int workers;
    int count;
    double n[POINTS_MAX];
    double value[POINTS_MAX];
};

struct chart {
    FILE *file;
    double n_most;
    double value_most;
    double step; /* between lines across */
};

static double x_of(const struct chart *chart, double n)
{
    return LEFT + n / chart->n_most * (WIDTH - LEFT - RIGHT);
}

static double y_of(const struct chart *chart, double value)
{
    return HEIGHT - BOTTOM - value / chart->value_most * (HEIGHT - TOP - BOTTOM);
}

static void read_series(const json_t *rows, struct series *series)
{
    size_t index;
    json_t *row;
    json_array_foreach(rows, index, row)
    {
        if (json_integer_value(json_object_get(row, "workers")) != series->workers ||
            series->count == POINTS_MAX)
            continue;
        series->n[series->count] = json_number_value(json_object_get(row, "n"));
        series->value[series->count] = json_number_value(json_object_get(row, series->key));
        series->count++;
    }
}

/* ---- Frame ----------------------------------------------------------------------------------- */

static void draw_head(const struct chart *chart)
{
    fprintf(chart->file,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" "
            "viewBox=\"0 0 %d %d\" font-family=\"Helvetica, Arial, sans-serif\" font-size=\"14\" "
            "fill=\"#222\">\n<rect width=\"%d\" height=\"%d\" fill=\"#fff\"/>\n",
            WIDTH, HEIGHT, WIDTH, HEIGHT, WIDTH, HEIGHT);
    fprintf(
        chart->file,
        "<text x=\"%d\" y=\"26\" font-size=\"17\" font-weight=\"bold\">CPU time of one "
        "forwarded packet, by number of receivers</text>\n"
        "<text x=\"%d\" y=\"45\" fill=\"#555\">720p in 150 packets/s of 1,100 bytes, and sound; "
        "medians, server and floor in turns</text>\n",
        LEFT, LEFT);
}

static void draw_axes(const struct chart *chart)
{
    double right = x_of(chart, chart->n_most);
    double bottom = y_of(chart, 0);
    for (double value = 0; value <= chart->value_most + 1; value += chart->step)
        fprintf(chart->file,
                "<line x1=\"%d\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"#ddd\"/>\n"
                "<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%.0f</text>\n",
                LEFT, y_of(chart, value), right, y_of(chart, value), LEFT - 8,
                y_of(chart, value) + 5, value);
    for (double n = 0; n <= chart->n_most; n += 500)
        fprintf(chart->file,
                "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"#888\"/>\n"
                "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"middle\">%.0f</text>\n",
                x_of(chart, n), bottom, x_of(chart, n), bottom + 5, x_of(chart, n), bottom + 22, n);
    fprintf(chart->file,
            "<line x1=\"%d\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"#888\"/>\n"
            "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"middle\">receivers (N)</text>\n"
            "<text transform=\"translate(20 %.1f) rotate(-90)\" text-anchor=\"middle\">"
            "nanoseconds per packet</text>\n",
            LEFT, bottom, right, bottom, (LEFT + right) / 2, bottom + 46, (TOP + bottom) / 2);
}

static void draw_series(const struct chart *chart, const struct series *series)
{
    fprintf(chart->file,
            "<polyline fill=\"none\" stroke=\"%s\" stroke-width=\"2.5\"%s%s%s points=\"",
            series->colour, series->dash ? " stroke-dasharray=\"" : "",
            series->dash ? series->dash : "", series->dash ? "\"" : "");
    for (int i = 0; i < series->count; i++)
        fprintf(chart->file, "%s%.1f,%.1f", i ? " " : "", x_of(chart, series->n[i]),
                y_of(chart, series->value[i]));
    fprintf(chart->file, "\"/>\n");
    for (int i = 0; i < series->count; i++)
        fprintf(chart->file, "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"4\" fill=\"%s\"/>\n",
                x_of(chart, series->n[i]), y_of(chart, series->value[i]), series->colour);
}

static int by_end(const void *a, const void *b)
{
    const struct series *const *x = a;
    const struct series *const *y = b;
    double high = (*x)->value[(*x)->count - 1];
    double low = (*y)->value[(*y)->count - 1];
    return (high < low) - (high > low);
}

/* Names stand at the right of the lines' ends, from above in their order, never on each other. */
static void draw_names(const struct chart *chart, const struct series *all, size_t count)
{
    enum { APART = 20 };
    const struct series *shown[POINTS_MAX];
    size_t used = 0;
    for (size_t i = 0; i < count; i++)
        if (all[i].count > 0)
            shown[used++] = &all[i];
    qsort(shown, used, sizeof shown[0], by_end);
    double free_from = 0;
    for (size_t i = 0; i < used; i++) {
        const struct series *one = shown[i];
        double y = fmax(y_of(chart, one->value[one->count - 1]) + 5, free_from);
        free_from = y + APART;
        fprintf(chart->file, "<text x=\"%.1f\" y=\"%.1f\" fill=\"%s\">%s</text>\n",
                x_of(chart, one->n[one->count - 1]) + 12, y, one->colour, one->name);
    }
}

/* ---- Whole ----------------------------------------------------------------------------------- */

static void size_chart(struct chart *chart, const struct series *all, size_t count)
{
    chart->n_most = 500;
    chart->value_most = 500;
    for (size_t i = 0; i < count; i++)
        for (int j = 0; j < all[i].count; j++) {
            chart->n_most = fmax(chart->n_most, all[i].n[j]);
            chart->value_most = fmax(chart->value_most, all[i].value[j]);
        }
    chart->step = chart->value_most > 3000 ? 1000 : 500;
    chart->value_most = ceil(chart->value_most / chart->step) * chart->step;
}

int main(int argc, char **argv)
{
    static struct series all[] = {
        {.name = "server, 2 workers", .colour = "#b45309", .workers = 2, .key = "ns_per_packet"},
        {.name = "server, 1 worker", .colour = "#9b1c1c", .workers = 1, .key = "ns_per_packet"},
        {.name = "1.5 x floor (the bar)",
         .colour = "#777777",
         .dash = "6 5",
         .workers = 1,
         .key = "floor_ns_per_packet"},
        {.name = "floor", .colour = "#1e4e8c", .workers = 1, .key = "floor_ns_per_packet"},
    };
    enum { COUNT = sizeof all / sizeof all[0], BAR = 2 };
    json_error_t fault;
    json_t *root = argc == 3 ? json_load_file(argv[1], 0, &fault) : NULL;
    if (!root) {
        fprintf(stderr, "usage: bench_chart MEDIA.json CHART.svg\n");
        return 2;
    }
    struct chart chart = {.file = fopen(argv[2], "we")};
    for (size_t i = 0; i < COUNT; i++)
        read_series(json_object_get(root, "rows"), &all[i]);
    for (int i = 0; i < all[BAR].count; i++)
        all[BAR].value[i] *= 1.5;
    json_decref(root);
    if (!chart.file)
        return 1;
    size_chart(&chart, all, COUNT);
    draw_head(&chart);
    draw_axes(&chart);
    for (size_t i = 0; i < COUNT; i++)
        draw_series(&chart, &all[i]);
    draw_names(&chart, all, COUNT);
    fprintf(chart.file, "</svg>\n");
    return fclose(chart.file) == 0 ? 0 : 1;
}

/* What official papers cost: layout of long minutes, a signature, a verification, memory, and the
 * server's time from the end of a meeting to the sealed file.
 *
 * Usage: bench_paper [figures.json]. The real layout, writer and verifier; keys in memory, as a
 * browser has them. A signature is PAdES B-T: prepare (appearance and incremental update), sign,
 * complete (CMS), and its timestamp put in; the token is fetched before, as its time is the
 * authority's. What is verified went the whole way: three stamped signatures, number and seal, and
 * the archive with its proofs and two timestamps of the whole file. Medians of many runs of one
 * thread on the wall's clock. Prints a table and writes build/bench/paper.json. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "certs/edge/ca_part.h"
#include "meeting/edge/paper/paper_layout.h"
#include "meeting/edge/paper/sandbox.h"
#include "tests/bench/measure.h"
#include "tests/support/keep.h"

enum {
    PAGES = 94,
    LAYOUTS = 9,
    SIGNATURES = 60,
    VERIFICATIONS = 200,
    SANDBOXED = 20,
    ARCHIVES = 40,
    LISTS = 9,
    REVOKED = 10000, /* on a list */
    SEALED = 5,
    SEALED_TEXT_BYTES = 190 * 1000, /* nearly what minutes may hold (LIMIT_MINUTES_BYTES) */
    BLOCKS_MAX = 4096
};

/* What bench_paper_sealed says. */
struct paper_sealed {
    double whole_ms;
    double finalise_ms;
    double sign_ms;
    double seal_ms;
    double archive_ms;
    unsigned pages;
};

struct figures {
    double layout_ms; /* to the finished file with its fields */
    double set_ms;    /* of it: type set and broken into pages */
    size_t layout_bytes;
    double sign_p50_ms;
    double sign_p99_ms;
    size_t growth_bytes; /* of the file, by one signature */
    double archive_p50_ms;
    size_t archive_bytes;
    double verify_p50_ms;
    double verify_p99_ms;
    double sandbox_p50_ms; /* the same file, with the child that reads it started for it */
    double sandbox_rss_mb;
    double list_ms;                  /* a CRL made … */
    double list_again_ms;            /* … and given out again */
    struct paper_sealed sealed;      /* the one in the middle of all runs */
    struct paper_sealed sealed_long; /* of the longest minutes */
};

static void must(bool held, const char *what)
{
    if (held)
        return;
    fprintf(stderr, "bench_paper: %s\n", what);
    exit(1);
}

static double now_ms(void)
{
    return (double)clock_now_us() / 1e3;
}

/* -- layout --------------------------------------------------------------------------------------
 */

static uint32_t pages_of(const struct minutes_paper *minutes)
{
    struct arena arena = {0};
    struct paper paper;
    struct paper_layout layout;
    must(minutes_pdf_compose(minutes, &arena, &paper) == ERR_OK, "compose");
    must(paper_layout_init(&layout, &paper) == ERR_OK, "layout");
    uint32_t pages = layout.set.flow.pages;
    paper_layout_done(&layout);
    arena_done(&arena);
    return pages;
}

/* The sample minutes with its content as often as makes PAGES pages. */
static struct minutes_paper long_minutes(void)
{
    static struct paper_block blocks[BLOCKS_MAX];
    struct minutes_paper minutes = minutes_sample();
    for (size_t i = 0; i < BLOCKS_MAX; i++)
        blocks[i] = minutes_blocks[i % 4];
    minutes.blocks = blocks;
    size_t low = 0;
    size_t high = BLOCKS_MAX;
    while (high - low > 1) {
        minutes.block_count = low + (high - low) / 2;
        if (pages_of(&minutes) <= PAGES)
            low = minutes.block_count;
        else
            high = minutes.block_count;
    }
    minutes.block_count = low;
    must(pages_of(&minutes) == PAGES, "cannot make that many pages");
    return minutes;
}

static void measure_layout(struct figures *figures)
{
    struct minutes_paper minutes = long_minutes();
    double whole[LAYOUTS];
    double set[LAYOUTS];
    for (size_t i = 0; i < LAYOUTS; i++) {
        struct buffer pdf = {0};
        double begin = now_ms();
        must(minutes_pdf_write(&minutes, &pdf) == ERR_OK, "minutes");
        whole[i] = now_ms() - begin;
        figures->layout_bytes = pdf.size;
        buffer_done(&pdf);
        begin = now_ms();
        (void)pages_of(&minutes);
        set[i] = now_ms() - begin;
    }
    figures->layout_ms = measure_median(whole, LAYOUTS);
    figures->set_ms = measure_median(set, LAYOUTS);
}

/* -- signatures ----------------------------------------------------------------------------------
 */

/* One signature but for its authority's time, which is taken out. */
static double sign_stamped(const struct paper_place *place, struct buffer *ret_file)
{
    struct pades_request request = {
        .field = PAPER_FIELD_CHAIR, .name = "Lê Văn Ước", .at = place->now + 60000};
    struct certs_ask ask = keep_ask(place);
    struct bytes chain[] = {certs_ca_issuing(place->ca)};
    struct pades_prepared prepared;
    struct certs_stamp stamp;
    uint8_t raw[CERTS_RAW_SIGNATURE_BYTES];
    uint8_t digest[CERTS_SHA256_BYTES];
    double begin = now_ms();
    must(pades_prepare(buffer_bytes(&place->once), &request, &prepared) == ERR_OK, "prepare");
    signer_answer(&place->chair, prepared.digest, raw);
    must(pades_complete(&prepared.file, prepared.byte_range,
                        buffer_bytes(&place->chair.issued.certificate), chain, 1, raw) == ERR_OK,
         "complete");
    must(pades_stamp_digest(buffer_bytes(&prepared.file), prepared.byte_range, digest) == ERR_OK,
         "digest");
    double asked = now_ms();
    must(certs_tsa_ask(&ask, digest, place->now + 60000, &stamp) == ERR_OK, "timestamp");
    double answered = now_ms();
    must(pades_stamp(&prepared.file, prepared.byte_range, buffer_bytes(&stamp.token)) == ERR_OK,
         "stamp");
    double end = now_ms();
    buffer_done(&stamp.token);
    *ret_file = prepared.file;
    return end - answered + asked - begin;
}

static void measure_signing(const struct paper_place *place, struct figures *figures)
{
    double times[SIGNATURES];
    for (size_t i = 0; i < SIGNATURES; i++) {
        struct buffer signed_file = {0};
        times[i] = sign_stamped(place, &signed_file);
        figures->growth_bytes = signed_file.size - place->once.size;
        buffer_done(&signed_file);
    }
    figures->sign_p50_ms = measure_median(times, SIGNATURES);
    figures->sign_p99_ms = measure_quantile(times, SIGNATURES, 0.99);
}

/* What the archive's revision costs: proofs asked of the authority in the process. */
static void measure_archiving(const struct paper_place *place, struct figures *figures)
{
    double times[ARCHIVES];
    for (size_t i = 0; i < ARCHIVES; i++) {
        double begin = now_ms();
        struct buffer file = keep_archive(place, buffer_bytes(&place->twice), place->now + 120000);
        times[i] = now_ms() - begin;
        figures->archive_bytes = file.size - place->twice.size;
        buffer_done(&file);
    }
    figures->archive_p50_ms = measure_median(times, ARCHIVES);
}

static void measure_verifying(const struct paper_place *place, struct bytes pdf,
                              struct figures *figures)
{
    double times[VERIFICATIONS];
    for (size_t i = 0; i < VERIFICATIONS; i++) {
        double begin = now_ms();
        struct verify_report report = paper_verify(place, pdf);
        times[i] = now_ms() - begin;
        must(report.verdict == VERIFY_VALID && report.signature_count == 3, "not valid");
    }
    figures->verify_p50_ms = measure_median(times, VERIFICATIONS);
    figures->verify_p99_ms = measure_quantile(times, VERIFICATIONS, 0.99);
}

/* -- the sandboxed child -------------------------------------------------------------------------
 */

/* Puts the signed file and its root into `folder` from a process that nobody waits for, so that
 * the memory it took is not counted among our children's. */
static void make_files(const char *folder)
{
    int ends[2];
    char gone = 0;
    must(pipe(ends) == 0, "pipe");
    pid_t child = fork();
    must(child >= 0, "fork");
    if (child == 0) {
        if (fork() != 0)
            _exit(0);
        struct paper_place place;
        char path[256];
        char command[512];
        paper_open(&place);
        struct buffer pdf = keep_whole(&place);
        (void)paper_save(&place, "signed.pdf", buffer_bytes(&pdf), path);
        (void)snprintf(command, sizeof command, "cp %s %s %s", path, place.root_path, folder);
        char said[256];
        must(paper_run(command, said, sizeof said) == 0, "copy");
        paper_close(&place);
        _exit(0);
    }
    close(ends[1]);
    (void)waitpid(child, NULL, 0);
    must(read(ends[0], &gone, 1) == 0, "the maker of files spoke"); /* ends with the maker */
    close(ends[0]);
}

static void measure_sandbox(struct figures *figures)
{
    char folder[64];
    char pdf[128];
    char root[128];
    double times[SANDBOXED];
    struct rusage children;
    signer_folder(folder);
    make_files(folder);
    (void)snprintf(pdf, sizeof pdf, "%s/signed.pdf", folder);
    (void)snprintf(root, sizeof root, "%s/root.pem", folder);
    for (size_t i = 0; i < SANDBOXED; i++) {
        enum verify_verdict verdict = VERIFY_INVALID;
        struct buffer json = {0};
        double begin = now_ms();
        must(sandbox_verify(pdf, root, clock_utc_ms() + 600000, &verdict, &json) == ERR_OK,
             "sandbox");
        times[i] = now_ms() - begin;
        must(verdict == VERIFY_VALID, "not valid in the sandbox");
        buffer_done(&json);
    }
    must(getrusage(RUSAGE_CHILDREN, &children) == 0, "usage");
    figures->sandbox_p50_ms = measure_median(times, SANDBOXED);
    figures->sandbox_rss_mb = (double)children.ru_maxrss / 1024;
    signer_remove_folder(folder);
}

/* -- the authority's list -------------------------------------------------------------------------
 */

/* The register is filled in memory: issuing so many would take minutes. */
static void measure_list(struct figures *figures)
{
    static struct ca_record revoked[REVOKED];
    struct paper_place place;
    double made[LISTS];
    double again[LISTS];
    paper_open(&place);
    struct ca_register held = place.ca->entries;
    for (unsigned i = 0; i < REVOKED; i++) {
        revoked[i] = (struct ca_record){
            .is_revoked = true, .revoked_at = place.now, .reason = CERTS_REASON_SUPERSEDED};
        (void)snprintf(revoked[i].serial, sizeof revoked[i].serial, "5a%030x", i);
    }
    place.ca->entries.records = revoked;
    place.ca->entries.count = place.ca->entries.revoked_count = REVOKED;
    for (size_t i = 0; i < LISTS; i++) {
        struct buffer lists[2] = {{0}, {0}};
        place.ca->crl_revoked = 0; /* so that a new one is due */
        double begin = now_ms();
        must(certs_crl(place.ca, place.now, &lists[0]) == ERR_OK, "list");
        made[i] = now_ms() - begin;
        begin = now_ms();
        must(certs_crl(place.ca, place.now, &lists[1]) == ERR_OK, "the list again");
        again[i] = now_ms() - begin;
        must(bytes_equal(buffer_bytes(&lists[0]), buffer_bytes(&lists[1])), "another list");
        buffer_done(&lists[0]);
        buffer_done(&lists[1]);
    }
    place.ca->entries = held;
    paper_close(&place);
    figures->list_ms = measure_median(made, LISTS);
    figures->list_again_ms = measure_median(again, LISTS);
}

/* -- a paper's whole way
 * ---------------------------------------------------------------------------
 */

static int by_whole(const void *a, const void *b)
{
    const struct paper_sealed *left = a;
    const struct paper_sealed *right = b;
    return (left->whole_ms > right->whole_ms) - (left->whole_ms < right->whole_ms);
}

static struct paper_sealed run_sealed(const char *program, unsigned text_bytes)
{
    struct paper_sealed sealed = {0};
    char command[512];
    char said[512];
    (void)snprintf(command, sizeof command, "'%s_sealed' %u", program, text_bytes);
    must(paper_run(command, said, sizeof said) == 0, "the way to the seal failed");
    int read = sscanf(said, "%lf %lf %lf %lf %lf %u", &sealed.whole_ms, &sealed.finalise_ms,
                      &sealed.sign_ms, &sealed.seal_ms, &sealed.archive_ms, &sealed.pages);
    must(read == 6, "the way to the seal was not told");
    return sealed;
}

/* `program`: ours, which its helper stands beside. */
static struct paper_sealed measure_sealed(const char *program, unsigned text_bytes)
{
    struct paper_sealed runs[SEALED];
    for (size_t i = 0; i < SEALED; i++)
        runs[i] = run_sealed(program, text_bytes);
    qsort(runs, SEALED, sizeof *runs, by_whole);
    return runs[SEALED / 2];
}

/* -- the table -----------------------------------------------------------------------------------
 */

static void report(const char *path, const struct figures *figures)
{
    const struct {
        const char *name;
        const char *key;
        double value;
        double most; /* 0: no bound set */
    } rows[] = {
        {"minutes of 94 pages laid out, ms", "layoutMs", figures->layout_ms, 500},
        {"  of it type set into pages, ms", "setMs", figures->set_ms, 0},
        {"  the file, kB", "layoutKb", (double)figures->layout_bytes / 1e3, 0},
        {"signature, p50 ms", "signP50Ms", figures->sign_p50_ms, 30},
        {"signature, p99 ms", "signP99Ms", figures->sign_p99_ms, 0},
        {"growth by one signature, kB", "growthKb", (double)figures->growth_bytes / 1e3, 40},
        {"archived, authority included, p50 ms", "archiveP50Ms", figures->archive_p50_ms, 0},
        {"  growth by it, kB", "archiveKb", (double)figures->archive_bytes / 1e3, 0},
        {"three signatures verified, p50 ms", "verifyP50Ms", figures->verify_p50_ms, 15},
        {"three signatures verified, p99 ms", "verifyP99Ms", figures->verify_p99_ms, 0},
        {"  in the sandboxed child, p50 ms", "sandboxP50Ms", figures->sandbox_p50_ms, 0},
        {"  its memory (RSS), MB", "sandboxRssMb", figures->sandbox_rss_mb, 20},
        {"CRL of 10,000 made, ms", "listMs", figures->list_ms, 0},
        {"  given out again, ms", "listAgainMs", figures->list_again_ms, 0},
        {"meeting's end to sealed file, ms", "sealedMs", figures->sealed.whole_ms, 10000},
        {"the same, longest minutes, ms", "sealedLongMs", figures->sealed_long.whole_ms, 10000},
        {"  its pages", "sealedLongPages", figures->sealed_long.pages, 0},
        {"  of it the layout, ms", "sealedLayoutMs", figures->sealed_long.finalise_ms, 0},
        {"  two signatures, ms", "sealedSignMs", figures->sealed_long.sign_ms, 0},
        {"  the seal, ms", "sealedSealMs", figures->sealed_long.seal_ms, 0},
        {"  archived twice, ms", "sealedArchiveMs", figures->sealed_long.archive_ms, 0},
    };
    FILE *file = fopen(path, "w");
    must(file != NULL, path);
    fputs("{", file);
    printf("%-40s %10s %10s\n", "", "measured", "at most");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        printf("%-40s %10.2f", rows[i].name, rows[i].value);
        if (rows[i].most > 0)
            printf(" %10.0f", rows[i].most);
        printf("\n");
        fprintf(file, "%s\"%s\":%.3f", i ? "," : "", rows[i].key, rows[i].value);
    }
    fputs("}\n", file);
    fclose(file);
}

int main(int argc, char **argv)
{
    if (argc > 1 && strcmp(argv[1], "sandbox") == 0)
        return sandbox_main(argc, argv);
    struct figures figures = {0};
    struct paper_place place;
    measure_sandbox(&figures); /* first: a child starts as large as we are */
    measure_layout(&figures);
    paper_open(&place);
    struct buffer thrice = keep_whole(&place);
    measure_signing(&place, &figures);
    measure_archiving(&place, &figures);
    measure_verifying(&place, buffer_bytes(&thrice), &figures);
    buffer_done(&thrice);
    paper_close(&place);
    measure_list(&figures);
    figures.sealed = measure_sealed(argv[0], 0);
    figures.sealed_long = measure_sealed(argv[0], SEALED_TEXT_BYTES);
    report(argc > 1 ? argv[1] : "build/bench/paper.json", &figures);
    return 0;
}

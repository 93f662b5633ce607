/* Runs a fuzz target without a fuzzer: over every file of its corpus, over each truncation of it,
 * and with each byte changed in three ways. What is run lies in a block of exactly its size, so
 * that a sanitizer sees the first byte read past it. Long inputs are sampled at even steps.
 *
 * Usage: <program> <corpus folder>. Fails when the folder holds nothing. */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { VARIANTS_MAX = 1024, FILE_BYTES_MAX = 1024 * 1024 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static uint64_t inputs_run;

static void run_exact(const uint8_t *data, size_t size)
{
    uint8_t *copy = malloc(size ? size : 1);
    if (!copy)
        abort();
    if (size)
        memcpy(copy, data, size);
    (void)LLVMFuzzerTestOneInput(copy, size);
    free(copy);
    inputs_run++;
}

static void run_variants(uint8_t *data, size_t size)
{
    static const uint8_t masks[] = {0xff, 0x01, 0x80};
    size_t step = size / VARIANTS_MAX + 1;

    run_exact(data, size);
    for (size_t cut = 0; cut < size; cut += step)
        run_exact(data, cut);
    for (size_t at = 0; at < size; at += step) {
        for (size_t i = 0; i < sizeof masks; i++) {
            data[at] ^= masks[i];
            run_exact(data, size);
            data[at] ^= masks[i];
        }
    }
}

static int run_file(const char *path)
{
    FILE *file = fopen(path, "rb");
    uint8_t *data = malloc(FILE_BYTES_MAX);
    if (!file || !data) {
        fprintf(stderr, "cannot read %s\n", path);
        if (file)
            (void)fclose(file);
        free(data);
        return 1;
    }
    size_t size = fread(data, 1, FILE_BYTES_MAX, file);
    (void)fclose(file);
    run_variants(data, size);
    free(data);
    return 0;
}

int main(int argc, char **argv)
{
    DIR *folder = argc == 2 ? opendir(argv[1]) : NULL;
    if (!folder) {
        fprintf(stderr, "usage: %s <corpus folder>\n", argv[0]);
        return 2;
    }
    int failed = 0;
    uint32_t files = 0;
    for (const struct dirent *entry = readdir(folder); entry; entry = readdir(folder)) {
        char path[4096];
        struct stat info;
        (void)snprintf(path, sizeof path, "%s/%s", argv[1], entry->d_name);
        if (stat(path, &info) != 0 || !S_ISREG(info.st_mode))
            continue;
        failed |= run_file(path);
        files++;
    }
    (void)closedir(folder);
    printf("%u files, %llu inputs\n", files, (unsigned long long)inputs_run);
    return failed || files == 0;
}

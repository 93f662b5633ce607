/* The floor by itself, in variants: which cipher and which way of sending is the cheapest here.
 *
 * Usage: bench_floor FILE.json [N...] */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#include "tests/bench/floor.h"
#include "tests/bench/measure.h"

enum { ROUNDS = 5, WINDOW_US = 600 * 1000, COUNTS_MAX = 16, CORE_LOAD_PACKETS = 400000 };

struct variant {
    const char *name;
    bool segments;
    bool riding;
};

static const struct variant variants[] = {
    {"sendmmsg", false, false},
    {"UDP_SEGMENT by frame", true, false},
    {"UDP_SEGMENT, audio rides", true, true},
};

enum { VARIANTS = sizeof variants / sizeof variants[0] };

/* A pace that a core carries: full, or what CORE_LOAD_PACKETS a second allow. */
static uint32_t pace_for(uint32_t subscribers)
{
    enum { FULL = 30, PACKETS_A_SECOND = 200 };
    uint32_t packets = PACKETS_A_SECOND * subscribers;
    return packets <= CORE_LOAD_PACKETS ? FULL
                                        : (uint32_t)((uint64_t)FULL * CORE_LOAD_PACKETS / packets);
}

static bool row(FILE *json, uint32_t n, enum floor_cipher cipher)
{
    struct floor *floors[VARIANTS] = {0};
    double ns[VARIANTS][ROUNDS];
    struct floor_result last[VARIANTS] = {0};
    for (int v = 0; v < VARIANTS; v++) {
        struct floor_config config = {.subscribers = n,
                                      .cipher = cipher,
                                      .segments = variants[v].segments,
                                      .riding = variants[v].riding,
                                      .sink_core = 1};
        floors[v] = floor_create(&config);
        if (!floors[v])
            return false;
        (void)floor_run(floors[v], WINDOW_US / 2, pace_for(n));
    }
    for (int round = 0; round < ROUNDS; round++)
        for (int v = 0; v < VARIANTS; v++) {
            last[v] = floor_run(floors[v], WINDOW_US, pace_for(n));
            ns[v][round] = floor_ns_per_packet(&last[v]);
        }
    for (int v = 0; v < VARIANTS; v++) {
        double median = measure_median(ns[v], ROUNDS);
        printf("%6u  %-12s %-26s %8.0f %10llu %10llu %9llu\n", n, floor_cipher_name(cipher),
               variants[v].name, median, (unsigned long long)last[v].packets,
               (unsigned long long)last[v].received, (unsigned long long)last[v].feedback);
        fprintf(json, "%s{\"n\":%u,\"cipher\":\"%s\",\"send\":\"%s\",\"ns_per_packet\":%.0f}",
                ftell(json) > 16 ? "," : "", n, floor_cipher_name(cipher), variants[v].name,
                median);
        floor_destroy(floors[v]);
    }
    return true;
}

int main(int argc, char **argv)
{
    static const uint32_t standard[] = {100, 500, 1000, 2000, 3400};
    uint32_t counts[COUNTS_MAX];
    uint32_t count = 0;
    if (argc < 2) {
        fprintf(stderr, "usage: bench_floor FILE.json [N...]\n");
        return 2;
    }
    for (int i = 2; i < argc && count < COUNTS_MAX; i++)
        counts[count++] = (uint32_t)strtoul(argv[i], NULL, 10);
    for (uint32_t i = 0; argc == 2 && i < sizeof standard / sizeof standard[0]; i++)
        counts[count++] = standard[i];
    FILE *json = fopen(argv[1], "we");
    if (!json)
        return 1;
    measure_pin(pthread_self(), 0);
    for (enum floor_cipher cipher = FLOOR_EVP; cipher < FLOOR_CIPHERS; cipher++)
        if (floor_cipher_present(cipher))
            printf("%s: %.0f ns for 1100 bytes, %.0f for 100\n", floor_cipher_name(cipher),
                   floor_cipher_ns(cipher, 1100), floor_cipher_ns(cipher, 100));
    enum floor_cipher best = floor_cipher_best();
    printf("%6s  %-12s %-26s %8s %10s %10s %9s\n", "N", "cipher", "send", "ns/pkt", "sent",
           "received", "feedback");
    fprintf(json, "{\"rows\":[");
    bool done = true;
    for (uint32_t i = 0; i < count && done; i++)
        done = row(json, counts[i], best);
    fprintf(json, "]}\n");
    return fclose(json) == 0 && done ? 0 : 1;
}

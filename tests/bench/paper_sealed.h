/* From "Kết thúc họp" to the sealed and archived file, by the real service: end, draft, save, final
 * file, the secretary's and the chair's signature with their timestamps, archive, number, number in
 * the file, seal by the device, archive. Only the server's time counts, from each request to its
 * answer; what people and their browsers do between is left out. */
#ifndef TESTS_BENCH_PAPER_SEALED_H
#define TESTS_BENCH_PAPER_SEALED_H

#include <stddef.h>
#include <stdint.h>

struct paper_sealed {
    double whole_ms;    /* all of it, and so more than the rest together: */
    double finalise_ms; /* laid out */
    double sign_ms;     /* prepared and completed, both */
    double seal_ms;
    double archive_ms; /* both times */
    size_t bytes;      /* of the file in the end */
    uint32_t pages;
};

/* One meeting. With `text_bytes` the secretary saves so much text in place of what the meeting
 * wrote itself. Ends the program when anything goes wrong, or the file is not valid in the end. */
struct paper_sealed paper_sealed_measure(size_t text_bytes);

#endif

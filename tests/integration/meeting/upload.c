/* Documents: a file is read by the sandboxed child, filed under its hash, and only then in the
 * record. The program is its own child: `upload sandbox inspect`. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "meeting/edge/paper/sandbox.h"
#include "tests/support/meeting_fixture.h"

/* A PDF of `pages` empty pages, every offset right. */
static struct buffer empty_pdf(int pages)
{
    struct buffer pdf = {0};
    long offsets[16] = {0};
    char text[1024];
    char kids[256] = "";
    for (int i = 0; i < pages; i++)
        snprintf(kids + strlen(kids), sizeof kids - strlen(kids), "%d 0 R ", 3 + i);
    assert_int_equal(buffer_put(&pdf, bytes_of("%PDF-1.7\n")), ERR_OK);
    for (int object = 1; object <= 2 + pages; object++) {
        offsets[object] = (long)pdf.size;
        if (object == 1)
            snprintf(text, sizeof text, "1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n");
        else if (object == 2)
            snprintf(text, sizeof text, "2 0 obj\n<</Type/Pages/Kids[%s]/Count %d>>\nendobj\n",
                     kids, pages);
        else
            snprintf(text, sizeof text,
                     "%d 0 obj\n<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>\nendobj\n",
                     object);
        assert_int_equal(buffer_put(&pdf, bytes_of(text)), ERR_OK);
    }
    long start = (long)pdf.size;
    snprintf(text, sizeof text, "xref\n0 %d\n0000000000 65535 f \n", 3 + pages);
    assert_int_equal(buffer_put(&pdf, bytes_of(text)), ERR_OK);
    for (int object = 1; object <= 2 + pages; object++) {
        snprintf(text, sizeof text, "%010ld 00000 n \n", offsets[object]);
        assert_int_equal(buffer_put(&pdf, bytes_of(text)), ERR_OK);
    }
    snprintf(text, sizeof text, "trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%ld\n%%%%EOF\n",
             3 + pages, start);
    assert_int_equal(buffer_put(&pdf, bytes_of(text)), ERR_OK);
    return pdf;
}

static const struct refusal *upload(struct meeting_fixture *f, uint64_t actor, struct bytes bytes,
                                    uint64_t *ret_id)
{
    char path[128];
    snprintf(path, sizeof path, "%s/upload", f->folder);
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes.data, 1, bytes.size, file), bytes.size);
    fclose(file);
    struct meeting_receipt receipt =
        meeting_document_add(f->service, f->meeting, actor, path, "Báo cáo tháng 11", 0, f->now);
    const struct refusal *refusal = fixture_wait(f, &receipt, ret_id);
    assert_int_not_equal(access(path, F_OK), 0); /* gone, whatever happened */
    return refusal;
}

static void a_pdf_is_filed_under_its_hash_and_survives_a_restart(void **unused)
{
    (void)unused;
    struct meeting_fixture f;
    struct buffer pdf = empty_pdf(3);
    uint64_t id = 0;
    fixture_open(&f);
    fixture_announce(&f);
    assert_null(upload(&f, f.secretary, buffer_bytes(&pdf), &id));
    fixture_reopen(&f);
    uint64_t meeting = 0;
    const struct state_document *document = NULL;
    assert_int_equal(meeting_document_find(f.service, id, &meeting, &document), ERR_OK);
    assert_int_equal(meeting, f.meeting);
    assert_int_equal(document->pages, 3);
    assert_int_equal(document->size_bytes, pdf.size);
    char path[MEETING_PATH_BYTES];
    assert_int_equal(meeting_file_path(f.service, document->sha256, path), ERR_OK);
    assert_int_equal(access(path, R_OK), 0);
    assert_int_equal(meeting_file_path(f.service, "../../etc/passwd", path), ERR_UNKNOWN);
    buffer_done(&pdf);
    fixture_close(&f);
}

static void what_is_no_pdf_is_refused_with_its_reason(void **unused)
{
    (void)unused;
    struct meeting_fixture f;
    struct buffer pdf = empty_pdf(1);
    uint64_t id = 0;
    fixture_open(&f);
    fixture_announce(&f);
    assert_string_equal(upload(&f, f.secretary, bytes_of("<html>not a PDF</html>"), &id)->code,
                        "document.not_pdf");
    assert_string_equal(upload(&f, f.members[0], buffer_bytes(&pdf), &id)->code,
                        "action.forbidden");
    assert_int_equal(fixture_state(&f)->document_count, 0);
    buffer_done(&pdf);
    fixture_close(&f);
}

int main(int argc, char **argv)
{
    if (argc > 1 && strcmp(argv[1], "sandbox") == 0)
        return sandbox_main(argc, argv);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_pdf_is_filed_under_its_hash_and_survives_a_restart),
        cmocka_unit_test(what_is_no_pdf_is_refused_with_its_reason),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

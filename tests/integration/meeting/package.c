/* The record package: whole when it leaves the house, and whatever is changed in it is named. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <string.h>
#include <unistd.h>
#include <zip.h>

#include "meeting/edge/hash.h"
#include "meeting/edge/paper/package_verify.h"
#include "meeting/edge/paper/package_zip.h"
#include "tests/support/clerk_desk.h"

enum { MEMBERS_MAX = 64 };

/* A package taken apart, so that its parts can be exchanged. */
struct parts {
    size_t count;
    char names[MEMBERS_MAX][128];
    struct buffer bytes[MEMBERS_MAX];
};

static struct desk desk;
static struct buffer original;
static struct package_report last; /* judge()'s; let go of by the next */

static struct buffer file_read(const char *path)
{
    struct buffer bytes = {0};
    FILE *file = fopen(path, "rb");
    uint8_t chunk[4096];
    assert_non_null(file);
    for (size_t got; (got = fread(chunk, 1, sizeof chunk, file)) > 0;)
        assert_int_equal(buffer_put(&bytes, (struct bytes){chunk, got}), ERR_OK);
    fclose(file);
    return bytes;
}

/* A meeting with a document, its paper recalled and replaced: everything that a record can hold. */
static int setup(void **unused)
{
    (void)unused;
    struct meeting_fixture *f = &desk.f;
    struct meeting_package *package = NULL;
    char path[128];
    desk_open(&desk);
    number(f);
    assert_null(seal(f, DEVICE_PIN));
    assert_int_equal(clerk_does(f, (struct meeting_command){.action = ACTION_ISSUE_DISTRIBUTE}),
                     ERR_OK);
    struct meeting_package_request request = {.meeting = f->meeting, .now = f->now};
    assert_int_equal(meeting_package_prepare(f->service, &request, &package), ERR_OK);
    snprintf(path, sizeof path, "%s/record.zip", f->folder);
    assert_int_equal(meeting_package_write(package, path), ERR_OK);
    meeting_package_free(package);
    original = file_read(path);
    return 0;
}

static int teardown(void **unused)
{
    (void)unused;
    package_report_done(&last);
    buffer_done(&original);
    desk_close(&desk);
    return 0;
}

static struct package_report judge(struct bytes archive)
{
    package_report_done(&last);
    assert_int_equal(package_verify(archive, desk.f.trust, desk.f.now, &last), ERR_OK);
    return last;
}

static const struct package_found *found(const struct package_report *report, const char *piece)
{
    for (size_t i = 0; i < report->found_count; i++)
        if (strstr(report->found[i].path, piece))
            return &report->found[i];
    fail_msg("nothing found of %s", piece);
    return NULL;
}

/* -- taking apart and putting together ----------------------------------------------------------
 */

static void take_apart(struct parts *parts)
{
    struct package_zip *zip = NULL;
    memset(parts, 0, sizeof *parts);
    assert_int_equal(package_zip_open(buffer_bytes(&original), &zip), ERR_OK);
    parts->count = package_zip_count(zip);
    assert_true(parts->count <= MEMBERS_MAX);
    for (size_t i = 0; i < parts->count; i++) {
        snprintf(parts->names[i], sizeof parts->names[i], "%s", package_zip_name(zip, i));
        assert_int_equal(package_zip_read(zip, parts->names[i], LIMIT_PDF_BYTES, &parts->bytes[i]),
                         ERR_OK);
    }
    package_zip_close(zip);
}

static size_t part_of(const struct parts *parts, const char *piece)
{
    for (size_t i = 0; i < parts->count; i++)
        if (strstr(parts->names[i], piece))
            return i;
    fail_msg("no %s", piece);
    return 0;
}

/* The manifest tells of the parts as they are now: whoever changes a file can do so too. */
static void manifest_renew(struct parts *parts)
{
    size_t at = part_of(parts, PACKAGE_MANIFEST_PATH);
    struct package_manifest old, manifest;
    assert_int_equal(package_manifest_parse(buffer_bytes(&parts->bytes[at]), &old), ERR_OK);
    manifest = old;
    manifest.files = NULL;
    manifest.count = 0;
    for (size_t i = 0; i < parts->count; i++) {
        char hash[HASH_HEX_BYTES];
        if (i == at)
            continue;
        assert_int_equal(hash_sha256_hex(buffer_bytes(&parts->bytes[i]), hash), ERR_OK);
        assert_int_equal(
            package_manifest_add(&manifest, parts->names[i], parts->bytes[i].size, hash), ERR_OK);
    }
    buffer_done(&parts->bytes[at]);
    assert_int_equal(package_manifest_write(&manifest, &parts->bytes[at]), ERR_OK);
    package_manifest_done(&old);
    package_manifest_done(&manifest);
}

/* Puts the parts together, judges them and lets go of them. */
static struct package_report judge_parts(struct parts *parts)
{
    char path[] = "/tmp/dienhong-package-XXXXXX";
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    close(fd);
    zip_t *archive = zip_open(path, ZIP_CREATE | ZIP_TRUNCATE, NULL);
    for (size_t i = 0; i < parts->count; i++) {
        zip_source_t *source =
            zip_source_buffer(archive, parts->bytes[i].data, parts->bytes[i].size, 0);
        assert_true(zip_file_add(archive, parts->names[i], source, 0) >= 0);
    }
    assert_int_equal(zip_close(archive), 0);
    struct buffer bytes = file_read(path);
    unlink(path);
    struct package_report report = judge(buffer_bytes(&bytes));
    buffer_done(&bytes);
    for (size_t i = 0; i < parts->count; i++)
        buffer_done(&parts->bytes[i]);
    return report;
}

static void part_remove(struct parts *parts, size_t at)
{
    buffer_done(&parts->bytes[at]);
    parts->count--;
    for (size_t i = at; i < parts->count; i++) {
        parts->bytes[i] = parts->bytes[i + 1];
        memcpy(parts->names[i], parts->names[i + 1], sizeof parts->names[i]);
    }
}

/* -- tests --------------------------------------------------------------------------------------
 */

static void a_package_is_whole_when_it_leaves_the_house(void **unused)
{
    (void)unused;
    struct package_report report = judge(buffer_bytes(&original));
    if (report.fault != PACKAGE_NONE)
        fail_msg("fault %d at %s row %llu", report.fault, report.where,
                 (unsigned long long)report.row);
    assert_int_equal(report.rows, fixture_state(&desk.f)->seq);
    assert_int_equal(report.papers, 3); /* secretary's, chair's, the agency's */
    assert_int_equal(report.meeting, desk.f.meeting);
    assert_int_equal(report.found_count, report.files);
    for (size_t i = 0; i < report.found_count; i++)
        assert_int_equal(report.found[i].state, PACKAGE_FILE_WHOLE);
    const struct package_found *sealed = found(&report, "issue.sealed");
    assert_true(sealed->is_judged && sealed->verdict == VERIFY_VALID);
    assert_int_equal(sealed->signatures, 3);
    assert_false(found(&report, "minutes.finalised")->is_judged);
}

static void a_changed_byte_in_any_file_is_named(void **unused)
{
    (void)unused;
    struct parts names;
    take_apart(&names);
    for (size_t i = 0; i < names.count; i++) {
        struct parts parts;
        take_apart(&parts);
        parts.bytes[i].data[parts.bytes[i].size / 2] ^= 1;
        struct package_report report = judge_parts(&parts);
        assert_int_not_equal(report.fault, PACKAGE_NONE);
        if (report.fault != PACKAGE_CHANGED) {
            assert_string_equal(names.names[i], PACKAGE_MANIFEST_PATH);
            continue;
        }
        assert_string_equal(report.where, names.names[i]);
        for (size_t k = 0; k < report.found_count; k++)
            assert_int_equal(report.found[k].state,
                             strcmp(report.found[k].path, names.names[i]) == 0
                                 ? PACKAGE_FILE_CHANGED
                                 : PACKAGE_FILE_WHOLE);
    }
    for (size_t i = 0; i < names.count; i++)
        buffer_done(&names.bytes[i]);
}

static void a_missing_and_an_extra_file_are_named(void **unused)
{
    (void)unused;
    struct parts parts;
    take_apart(&parts);
    part_remove(&parts, part_of(&parts, "issue.sealed"));
    struct package_report report = judge_parts(&parts);
    assert_int_equal(report.fault, PACKAGE_MISSING);
    assert_non_null(strstr(report.where, "issue.sealed"));

    take_apart(&parts); /* the same, with a manifest that does not miss it: the log does */
    part_remove(&parts, part_of(&parts, "issue.sealed"));
    manifest_renew(&parts);
    report = judge_parts(&parts);
    assert_int_equal(report.fault, PACKAGE_MISSING);
    assert_true(report.row > 0);

    take_apart(&parts);
    snprintf(parts.names[parts.count], sizeof parts.names[0], "papers/extra.pdf");
    assert_int_equal(buffer_put(&parts.bytes[parts.count++], bytes_of("x")), ERR_OK);
    report = judge_parts(&parts);
    assert_int_equal(report.fault, PACKAGE_EXTRA);
    assert_string_equal(report.where, "papers/extra.pdf");
    assert_int_equal(found(&report, "extra.pdf")->state, PACKAGE_FILE_EXTRA);
    assert_int_equal(found(&report, "issue.sealed")->verdict, VERIFY_VALID);
}

/* A name that is no text would leave the report unwritten. */
static void a_name_that_is_no_text_is_told_all_the_same(void **unused)
{
    (void)unused;
    struct parts parts;
    struct buffer json = {0};
    take_apart(&parts);
    snprintf(parts.names[parts.count], sizeof parts.names[0], "papers/\xff\x01.pdf");
    assert_int_equal(buffer_put(&parts.bytes[parts.count++], bytes_of("x")), ERR_OK);
    struct package_report report = judge_parts(&parts);
    assert_int_equal(report.fault, PACKAGE_EXTRA);
    assert_string_equal(report.where, "papers/??.pdf");
    assert_int_equal(package_report_write_json(&report, &json), ERR_OK);
    assert_non_null(memmem(json.data, json.size, "papers/??.pdf", strlen("papers/??.pdf")));
    buffer_done(&json);
}

/* A little that unpacks to a lot is refused before anything of it is unpacked. */
static void an_archive_that_unpacks_to_too_much_is_no_package(void **unused)
{
    (void)unused;
    const size_t member_bytes = LIMIT_PDF_BYTES - 1; /* each would be taken alone */
    struct package_zip *zip = NULL;
    char path[] = "/tmp/dienhong-package-XXXXXX";
    uint8_t *zeros = calloc(1, member_bytes);
    int fd = mkstemp(path);
    assert_non_null(zeros);
    assert_true(fd >= 0);
    close(fd);
    zip_t *archive = zip_open(path, ZIP_CREATE | ZIP_TRUNCATE, NULL);
    for (size_t i = 0; i * member_bytes <= LIMIT_PACKAGE_UNPACKED_BYTES; i++) {
        char name[24];
        snprintf(name, sizeof name, "%zu", i);
        zip_int64_t at =
            zip_file_add(archive, name, zip_source_buffer(archive, zeros, member_bytes, 0), 0);
        assert_true(at >= 0);
        assert_int_equal(zip_set_file_compression(archive, (zip_uint64_t)at, ZIP_CM_DEFLATE, 1), 0);
    }
    assert_int_equal(zip_close(archive), 0);
    struct buffer bytes = file_read(path);
    unlink(path);
    assert_int_equal(package_zip_open(buffer_bytes(&bytes), &zip), ERR_LIMIT);
    assert_int_equal(judge(buffer_bytes(&bytes)).fault, PACKAGE_ZIP);
    buffer_done(&bytes);
    free(zeros);
}

static void a_forged_row_breaks_the_chain_at_that_row(void **unused)
{
    (void)unused;
    struct parts parts;
    take_apart(&parts);
    struct buffer *log = &parts.bytes[part_of(&parts, PACKAGE_LOG_PATH)];
    static const char title[] = "chuyển đổi số tháng 11";
    uint8_t *at = memmem(log->data, log->size, title, strlen(title));
    assert_non_null(at);
    at[strlen(title) - 1] = '2';
    manifest_renew(&parts);
    struct package_report report = judge_parts(&parts);
    assert_int_equal(report.fault, PACKAGE_LOG_HASH);
    assert_int_equal(report.row, 1);
}

static void a_log_that_was_cut_short_does_not_reach_its_head(void **unused)
{
    (void)unused;
    struct parts parts;
    take_apart(&parts);
    struct buffer *log = &parts.bytes[part_of(&parts, PACKAGE_LOG_PATH)];
    log->size--;
    while (log->data[log->size - 1] != '\n')
        log->size--;
    manifest_renew(&parts);
    assert_int_equal(judge_parts(&parts).fault, PACKAGE_LOG_HEAD);
}

static void a_paper_is_judged_by_the_trust_of_whoever_asks(void **unused)
{
    (void)unused;
    char folder[] = "/tmp/dienhong-other-XXXXXX", path[64];
    struct certs_ca *other = NULL;
    struct certs_trust *trust = NULL;
    struct package_report report;
    assert_non_null(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/ca", folder);
    assert_int_equal(certs_ca_open(path, "tỉnh Khác", desk.f.now, &other), ERR_OK);
    snprintf(path, sizeof path, "%s/ca/root.pem", folder);
    assert_int_equal(certs_trust_load(path, &trust), ERR_OK);
    assert_int_equal(package_verify(buffer_bytes(&original), trust, desk.f.now, &report), ERR_OK);
    assert_int_equal(report.fault, PACKAGE_PAPER);
    assert_non_null(strstr(report.where, "minutes.signed"));
    assert_non_null(report.paper_reason);
    assert_int_equal(found(&report, "issue.sealed")->verdict, VERIFY_INVALID);
    package_report_done(&report);
    certs_trust_free(trust);
    certs_ca_close(other);
    signer_remove_folder(folder);
}

static void no_cut_of_the_archive_is_taken_for_whole(void **unused)
{
    (void)unused;
    for (size_t size = 0; size < original.size; size += 1 + original.size / 97)
        assert_int_not_equal(judge((struct bytes){original.data, size}).fault, PACKAGE_NONE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_package_is_whole_when_it_leaves_the_house),
        cmocka_unit_test(a_changed_byte_in_any_file_is_named),
        cmocka_unit_test(a_missing_and_an_extra_file_are_named),
        cmocka_unit_test(a_name_that_is_no_text_is_told_all_the_same),
        cmocka_unit_test(an_archive_that_unpacks_to_too_much_is_no_package),
        cmocka_unit_test(a_forged_row_breaks_the_chain_at_that_row),
        cmocka_unit_test(a_log_that_was_cut_short_does_not_reach_its_head),
        cmocka_unit_test(a_paper_is_judged_by_the_trust_of_whoever_asks),
        cmocka_unit_test(no_cut_of_the_archive_is_taken_for_whole),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}

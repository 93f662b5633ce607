/* The manifest of a record package: read strictly, whole or not at all. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "meeting/edge/paper/package_manifest.h"

#define HASH "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
#define WITH(files)                                                                                \
    "{\"format\":\"dienhong-record-1\",\"meeting\":\"7\",\"code\":\"ABC\",\"title\":\"Họp\","    \
    "\"madeAt\":1795395600000,\"head\":{\"seq\":2,\"hash\":\"" HASH "\"},\"files\":[" files "]}"
#define ENTRY(path) "{\"path\":\"" path "\",\"size\":10,\"sha256\":\"" HASH "\"}"

static enum err parse(const char *json, size_t size)
{
    struct package_manifest manifest = {0};
    enum err err = package_manifest_parse((struct bytes){(const uint8_t *)json, size}, &manifest);
    package_manifest_done(&manifest);
    return err;
}

static void what_is_written_is_read_again(void **unused)
{
    (void)unused;
    struct package_manifest manifest = {.meeting = 7, .made_at = 5, .head_seq = 9};
    struct package_manifest again = {0};
    struct buffer json = {0};
    snprintf(manifest.code, sizeof manifest.code, "%s", "ABC");
    snprintf(manifest.title, sizeof manifest.title, "%s", "Họp \"giao ban\"");
    snprintf(manifest.head_hash, sizeof manifest.head_hash, "%s", HASH);
    assert_int_equal(package_manifest_add(&manifest, "log.jsonl", 3, HASH), ERR_OK);
    assert_int_equal(package_manifest_add(&manifest, "documents/001.pdf", 4, HASH), ERR_OK);
    assert_int_equal(package_manifest_write(&manifest, &json), ERR_OK);
    assert_int_equal(package_manifest_parse(buffer_bytes(&json), &again), ERR_OK);
    assert_string_equal(again.title, manifest.title);
    assert_int_equal(again.count, 2);
    assert_int_equal(package_manifest_find(&again, "documents/001.pdf")->size_bytes, 4);
    assert_null(package_manifest_find(&again, "documents/002.pdf"));
    package_manifest_done(&manifest);
    package_manifest_done(&again);
    buffer_done(&json);
}

static void every_truncation_is_refused(void **unused)
{
    (void)unused;
    static const char json[] = WITH(ENTRY("log.jsonl") "," ENTRY("papers/1.pdf"));
    assert_int_equal(parse(json, strlen(json)), ERR_OK);
    for (size_t cut = 0; cut < strlen(json); cut++)
        assert_int_not_equal(parse(json, cut), ERR_OK);
}

static void what_leads_out_of_the_package_or_stands_twice_is_refused(void **unused)
{
    (void)unused;
    static const char *const bad[] = {
        WITH(ENTRY("../secret")),
        WITH(ENTRY("/etc/passwd")),
        WITH(ENTRY("papers/../../x")),
        WITH(ENTRY("papers//x")),
        WITH(ENTRY("papers/")),
        WITH(ENTRY("")),
        WITH(ENTRY("Papers/x")),
        WITH(ENTRY("a\\\\b")),
        WITH(ENTRY(".hidden")),
        WITH(ENTRY("manifest.json")),
        WITH(ENTRY("log.jsonl") "," ENTRY("log.jsonl")),
        WITH("{\"path\":\"a\",\"size\":-1,\"sha256\":\"" HASH "\"}"),
        WITH("{\"path\":\"a\",\"size\":1,\"sha256\":\"E3\"}"),
        WITH("{\"path\":\"a\",\"size\":1,\"sha256\":\"" HASH "\",\"more\":1}"),
        WITH("7"),
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        if (parse(bad[i], strlen(bad[i])) == ERR_OK)
            fail_msg("%s", bad[i]);
}

static void a_manifest_beyond_its_bounds_is_refused(void **unused)
{
    (void)unused;
    struct package_manifest manifest = {.meeting = 7, .head_seq = 1};
    char path[32];
    for (int i = 0; i < LIMIT_PACKAGE_FILES; i++) {
        snprintf(path, sizeof path, "documents/%d", i);
        assert_int_equal(package_manifest_add(&manifest, path, 1, HASH), ERR_OK);
    }
    assert_int_equal(package_manifest_add(&manifest, "one-more", 1, HASH), ERR_LIMIT);
    package_manifest_done(&manifest);
    assert_int_equal(parse("", LIMIT_MANIFEST_BYTES + 1), ERR_LIMIT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_written_is_read_again),
        cmocka_unit_test(every_truncation_is_refused),
        cmocka_unit_test(what_leads_out_of_the_package_or_stands_twice_is_refused),
        cmocka_unit_test(a_manifest_beyond_its_bounds_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

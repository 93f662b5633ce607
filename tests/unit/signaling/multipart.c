#include "signaling/core/multipart.h"

#include <stdlib.h>
#include <string.h>

#include "tests/unit/signaling/support.h"

#define FORM                                                                                       \
    "--cut\r\nContent-Disposition: form-data; name=\"note\"\r\n\r\n%PDF in words\r\n--cut\r\n"     \
    "content-disposition: form-data; name=\"f\"; FileName=\"a.pdf\"\r\n\r\n"                       \
    "%PDF-1.7\r\n--cu \n--cut"                                                                     \
    "\r\n--cut--\r\n"

static struct bytes found(struct bytes body)
{
    struct bytes file = {0};
    assert_int_equal(multipart_find_file(body, &file), ERR_OK);
    return file;
}

static void a_body_without_a_boundary_is_the_file(void **state)
{
    (void)state;
    static const char *const PLAIN[] = {"%PDF-1.7 …", "", "-", "--", "-- \n", "--\r\nx"};
    for (size_t i = 0; i < sizeof PLAIN / sizeof PLAIN[0]; i++)
        assert_true(bytes_equal(found(bytes_of(PLAIN[i])), bytes_of(PLAIN[i])));
}

static void the_file_of_a_form_is_found_with_what_looks_like_a_boundary_in_it(void **state)
{
    (void)state;
    assert_true(bytes_equal(found(bytes_of(FORM)), bytes_of("%PDF-1.7\r\n--cu \n--cut")));
}

static void a_form_cut_short_anywhere_has_no_file(void **state)
{
    (void)state;
    const char *end = strstr(FORM, "\r\n--cut--");
    for (size_t size = 7; size < (size_t)(end - FORM) + 7; size++) {
        struct bytes file;
        uint8_t *cut = malloc(size); /* so that a sanitizer sees a read past the end */
        memcpy(cut, FORM, size);
        enum err err = multipart_find_file((struct bytes){cut, size}, &file);
        assert_int_equal(err, ERR_FORMAT);
        free(cut);
    }
}

static void a_form_without_a_file_is_refused(void **state)
{
    (void)state;
    static const char *const NONE[] = {"--cut\r\n\r\nx\r\n--cut--\r\n", "--cut\r\n--cut--\r\n",
                                       "--cut--\r\n", "--cut\r\nname=file\r\n\r\nx\r\n--cut--"};
    for (size_t i = 0; i < sizeof NONE / sizeof NONE[0]; i++) {
        struct bytes file;
        assert_int_equal(multipart_find_file(bytes_of(NONE[i]), &file), ERR_FORMAT);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_body_without_a_boundary_is_the_file),
        cmocka_unit_test(the_file_of_a_form_is_found_with_what_looks_like_a_boundary_in_it),
        cmocka_unit_test(a_form_cut_short_anywhere_has_no_file),
        cmocka_unit_test(a_form_without_a_file_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

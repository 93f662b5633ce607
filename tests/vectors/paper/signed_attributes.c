/* The vectors that the client's TypeScript is held against too: signed_attributes.json. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <jansson.h>
#include <openssl/evp.h>
#include <string.h>

#include "base/text.h"
#include "certs/certs.h"

static json_t *root;

static int setup(void **state)
{
    (void)state;
    root = json_load_file("tests/vectors/paper/signed_attributes.json", 0, NULL);
    return root ? 0 : -1;
}

static int teardown(void **state)
{
    (void)state;
    json_decref(root);
    return 0;
}

static struct buffer from_base64(const json_t *value)
{
    const char *text = json_string_value(value);
    assert_non_null(text);
    struct buffer bytes = {0};
    size_t size = strlen(text);
    assert_int_equal(buffer_reserve(&bytes, size), ERR_OK);
    int decoded = EVP_DecodeBlock(bytes.data, (const unsigned char *)text, (int)size);
    assert_true(decoded > 0);
    bytes.size = (size_t)decoded;
    while (size > 0 && text[--size] == '=')
        bytes.size--;
    return bytes;
}

static void hex_of(const json_t *vector, const char *key, uint8_t *bytes, size_t size)
{
    const char *text = json_string_value(json_object_get(vector, key));
    assert_non_null(text);
    assert_int_equal(hex_parse(bytes_of(text), bytes, size), ERR_OK);
}

static void signed_attributes_are_those_of_the_vectors(void **state)
{
    (void)state;
    size_t index;
    json_t *vector;
    json_array_foreach(json_object_get(root, "vectors"), index, vector)
    {
        uint8_t digest[CERTS_SHA256_BYTES];
        uint8_t expected[135];
        struct buffer attributes = {0};
        struct buffer certificate = from_base64(json_object_get(vector, "certificate"));
        hex_of(vector, "digest", digest, sizeof digest);
        hex_of(vector, "signedAttributes", expected, sizeof expected);
        assert_int_equal(certs_signed_attributes(buffer_bytes(&certificate), digest, &attributes),
                         ERR_OK);
        assert_int_equal(attributes.size, sizeof expected);
        assert_memory_equal(attributes.data, expected, sizeof expected);
        buffer_done(&attributes);
        buffer_done(&certificate);
    }
    assert_true(index >= 4);
}

static void the_cms_is_assembled_byte_for_byte(void **state)
{
    (void)state;
    size_t index;
    size_t checked = 0;
    json_t *vector;
    struct buffer issuer = from_base64(json_array_get(json_object_get(root, "chain"), 0));
    json_array_foreach(json_object_get(root, "vectors"), index, vector)
    {
        if (!json_object_get(vector, "cms"))
            continue;
        uint8_t digest[CERTS_SHA256_BYTES];
        struct buffer cms = {0};
        struct buffer certificate = from_base64(json_object_get(vector, "certificate"));
        struct buffer signature = from_base64(json_object_get(vector, "signature"));
        struct buffer expected = from_base64(json_object_get(vector, "cms"));
        struct bytes chain[] = {buffer_bytes(&issuer)};
        hex_of(vector, "digest", digest, sizeof digest);
        assert_int_equal(signature.size, CERTS_RAW_SIGNATURE_BYTES);
        assert_int_equal(
            certs_cms_assemble(buffer_bytes(&certificate), chain, 1, digest, signature.data, &cms),
            ERR_OK);
        assert_true(bytes_equal(buffer_bytes(&cms), buffer_bytes(&expected)));
        buffer_done(&cms);
        buffer_done(&certificate);
        buffer_done(&signature);
        buffer_done(&expected);
        checked++;
    }
    buffer_done(&issuer);
    assert_int_equal(checked, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(signed_attributes_are_those_of_the_vectors),
        cmocka_unit_test(the_cms_is_assembled_byte_for_byte),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}

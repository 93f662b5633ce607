#include "certs/edge/text.h"

#include <openssl/bio.h>
#include <string.h>

#include "base/text.h"

/* Copies at most capacity - 1 bytes and never ends inside a character; "" unless it is UTF-8. */
static void copy_cut(struct bytes text, char *ret_text, size_t capacity)
{
    ret_text[0] = '\0';
    if (!utf8_valid(text))
        return;
    size_t size = text.size < capacity ? text.size : capacity - 1;
    if (size < text.size)
        while (size > 0 && (text.data[size] & 0xC0) == 0x80)
            size--;
    if (size > 0)
        memcpy(ret_text, text.data, size);
    ret_text[size] = '\0';
}

void text_of_serial(const ASN1_INTEGER *serial, char ret_text[CERTS_SERIAL_TEXT_BYTES])
{
    ret_text[0] = '\0';
    int size = ASN1_STRING_length(serial);
    if (size > 0 && 2 * size + 1 <= CERTS_SERIAL_TEXT_BYTES)
        hex_write(ASN1_STRING_get0_data(serial), (size_t)size, ret_text);
}

void text_of_name(const X509_NAME *name, char ret_text[CERTS_NAME_TEXT_BYTES])
{
    ret_text[0] = '\0';
    BIO *bio = BIO_new(BIO_s_mem());
    if (!bio)
        return;
    unsigned long flags = XN_FLAG_RFC2253 & ~(unsigned long)ASN1_STRFLGS_ESC_MSB;
    if (X509_NAME_print_ex(bio, name, 0, flags) >= 0) {
        char *data = NULL;
        long size = BIO_get_mem_data(bio, &data);
        if (size > 0) {
            struct bytes text = {(const uint8_t *)data, (size_t)size};
            copy_cut(text, ret_text, CERTS_NAME_TEXT_BYTES);
        }
    }
    BIO_free(bio);
}

void text_of_attribute(const X509_NAME *name, int nid, char *ret_text, size_t capacity)
{
    ret_text[0] = '\0';
    int at = X509_NAME_get_index_by_NID(name, nid, -1);
    if (at < 0)
        return;
    unsigned char *utf8 = NULL;
    int size = ASN1_STRING_to_UTF8(&utf8, X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, at)));
    if (size < 0)
        return;
    struct bytes text = {utf8, (size_t)size};
    copy_cut(text, ret_text, capacity);
    OPENSSL_free(utf8);
}

/* Names, numbers and attributes of certificates as UTF-8 text in bounded arrays. */
#ifndef CERTS_EDGE_TEXT_H
#define CERTS_EDGE_TEXT_H

#include <openssl/x509.h>

#include "certs/edge/sizes.h"

/* Lower-case hexadecimal; "" for a serial of over 20 bytes, which RFC 5280 forbids. */
void text_of_serial(const ASN1_INTEGER *serial, char ret_text[CERTS_SERIAL_TEXT_BYTES]);
/* RFC 2253 order, UTF-8 unescaped. */
void text_of_name(const X509_NAME *name, char ret_text[CERTS_NAME_TEXT_BYTES]);
/* The first attribute `nid` of a name, "" if it has none. */
void text_of_attribute(const X509_NAME *name, int nid, char *ret_text, size_t capacity);

#endif

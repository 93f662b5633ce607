/* Sizes that all of certs/ shares. */
#ifndef CERTS_EDGE_SIZES_H
#define CERTS_EDGE_SIZES_H

enum {
    CERTS_SHA256_BYTES = 32,
    CERTS_RAW_SIGNATURE_BYTES = 64, /* r and s, 32 bytes each, as WebCrypto and PKCS#11 give it */
    CERTS_SERIAL_TEXT_BYTES = 48,   /* up to 20 bytes in hexadecimal, and the terminator */
    CERTS_NAME_TEXT_BYTES = 1024,
    CERTS_URL_BYTES = 512,
    CERTS_CHAIN_MAX = 8,
};

#endif

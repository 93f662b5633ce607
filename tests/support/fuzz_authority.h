/* The authority behind the fuzz corpus of proofs, and the person whose revoked certificate they are
 * about; their keys are gone. */
#ifndef TESTS_SUPPORT_FUZZ_AUTHORITY_H
#define TESTS_SUPPORT_FUZZ_AUTHORITY_H

#include <openssl/pem.h>
#include <stdlib.h>

#include "certs/certs.h"

#define FUZZ_AUTHORITY_STAMPED_S INT64_C(1795438410)
#define FUZZ_AUTHORITY_AT (FUZZ_AUTHORITY_STAMPED_S * 1000)

/* SHA-256 of "stamped". */
#define FUZZ_AUTHORITY_DIGEST                                                                      \
    {                                                                                              \
        0xca, 0x2f, 0xe8, 0x06, 0x80, 0x58, 0x4c, 0xc1, 0x3e, 0xa8, 0x28, 0x8c, 0x0c, 0xa1, 0xdb,  \
            0x71, 0x59, 0xe6, 0x2f, 0x52, 0x3c, 0x73, 0x77, 0x5e, 0xf7, 0xce, 0xec, 0xd0, 0x62,    \
            0xbf, 0x15, 0xa1                                                                       \
    }

static const char fuzz_authority_root_pem[] =
    "-----BEGIN CERTIFICATE-----\n"
    "MIIB2TCCAX6gAwIBAgIQKe4qNVx9HY2dWADw6cT04DAKBggqhkjOPQQDAjBMMQsw\n"
    "CQYDVQQGEwJWTjEZMBcGA1UECgwQdOG7iW5oIExhbSBHaWFuZzEiMCAGA1UEAwwZ\n"
    "RGnDqm4gSOG7k25nIOKAkyBDQSBn4buRYzAeFw0yNjExMjMxMjQ4MjlaFw00NjEx\n"
    "MTgxMjUzMjlaMEwxCzAJBgNVBAYTAlZOMRkwFwYDVQQKDBB04buJbmggTGFtIEdp\n"
    "YW5nMSIwIAYDVQQDDBlEacOqbiBI4buTbmcg4oCTIENBIGfhu5FjMFkwEwYHKoZI\n"
    "zj0CAQYIKoZIzj0DAQcDQgAEGEG9APwDyUVdvUGxpjCAvz3GTA0FHOl9d2FaMwdw\n"
    "mOXB7hI1Sl6qrbuTT7k4EJEzDrKhr3N2M7T0hbywB5fdJ6NCMEAwHQYDVR0OBBYE\n"
    "FGiWebIUqAWxEy0xBbgbPkdrp9UKMA8GA1UdEwEB/wQFMAMBAf8wDgYDVR0PAQH/\n"
    "BAQDAgEGMAoGCCqGSM49BAMCA0kAMEYCIQCH+mUTQaRYSK2ubAn18B7Q9iO7PTbT\n"
    "olA9LfF+eVSkJAIhAOQlaXnAVKuAnGCzidFoLbZTU2DbIbvwSQRER7FM4tBU\n"
    "-----END CERTIFICATE-----\n";

static const char fuzz_authority_issuing_pem[] =
    "-----BEGIN CERTIFICATE-----\n"
    "MIICAjCCAaigAwIBAgIQBSCDVD6eraDJavjPRlv/gjAKBggqhkjOPQQDAjBMMQsw\n"
    "CQYDVQQGEwJWTjEZMBcGA1UECgwQdOG7iW5oIExhbSBHaWFuZzEiMCAGA1UEAwwZ\n"
    "RGnDqm4gSOG7k25nIOKAkyBDQSBn4buRYzAeFw0yNjExMjMxMjQ4MjlaFw0zNjEx\n"
    "MjAxMjUzMjlaMFIxCzAJBgNVBAYTAlZOMRkwFwYDVQQKDBB04buJbmggTGFtIEdp\n"
    "YW5nMSgwJgYDVQQDDB9EacOqbiBI4buTbmcg4oCTIENBIGPhuqVwIHBow6F0MFkw\n"
    "EwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEAbgGmm9Y/EXlG4wuuh1SKyj8IlJBnQwO\n"
    "J+/JTZvV63VevFPyIvBi69um0puAr3CbwlDlk/2ZFinwD1RKbnMBE6NmMGQwHQYD\n"
    "VR0OBBYEFGaMRuKfciOJfuFArFEmSMS4j1luMB8GA1UdIwQYMBaAFGiWebIUqAWx\n"
    "Ey0xBbgbPkdrp9UKMBIGA1UdEwEB/wQIMAYBAf8CAQAwDgYDVR0PAQH/BAQDAgEG\n"
    "MAoGCCqGSM49BAMCA0gAMEUCIQCUSP/Nr9cHIf56zPFp8RfqCux2DotT0xHt19QY\n"
    "m8iB/AIgI3r+xZNfWkjqLWps3KQJbx/5u+Kg4lrhG3s5rU1Emx0=\n"
    "-----END CERTIFICATE-----\n";

static const char fuzz_authority_person_pem[] =
    "-----BEGIN CERTIFICATE-----\n"
    "MIIB8zCCAZigAwIBAgIQEnjNF7dDK5cMBxNYyC95HTAKBggqhkjOPQQDAjBSMQsw\n"
    "CQYDVQQGEwJWTjEZMBcGA1UECgwQdOG7iW5oIExhbSBHaWFuZzEoMCYGA1UEAwwf\n"
    "RGnDqm4gSOG7k25nIOKAkyBDQSBj4bqlcCBwaMOhdDAeFw0yNjExMjMxMjQ4Mjla\n"
    "Fw0yOTExMjIxMjUzMjlaMEIxCzAJBgNVBAYTAlZOMRkwFwYDVQQKDBB04buJbmgg\n"
    "TGFtIEdpYW5nMRgwFgYDVQQDDA9Mw6ogVsSDbiDGr+G7m2MwWTATBgcqhkjOPQIB\n"
    "BggqhkjOPQMBBwNCAATKY2zyQK/MKt2ygNW1vax1Fu6C/oENDROAstlzBM+x1pKT\n"
    "oxSxRoq2W9zyOXkVQTHiwT4Vs4bxJ6DWHSp28v6Co2AwXjAdBgNVHQ4EFgQULS22\n"
    "ube75pYA9vUjzCh51I7pU9UwHwYDVR0jBBgwFoAUZoxG4p9yI4l+4UCsUSZIxLiP\n"
    "WW4wDAYDVR0TAQH/BAIwADAOBgNVHQ8BAf8EBAMCBsAwCgYIKoZIzj0EAwIDSQAw\n"
    "RgIhAKeEGxDUe08QBr6+rlCqhO47nLANWmqA97ylSk5J0RK4AiEArD5Z7fiX0H9N\n"
    "wc9dfCClEHGQbNj6vVyVstp9CEKP5H8=\n"
    "-----END CERTIFICATE-----\n";

/* Each is worked out once for the whole run. */
static struct bytes fuzz_authority_der(const char *pem, struct buffer *held)
{
    if (!held->data) {
        BIO *bio = BIO_new_mem_buf(pem, -1);
        X509 *certificate = PEM_read_bio_X509(bio, NULL, NULL, NULL);
        unsigned char *der = NULL;
        int size = i2d_X509(certificate, &der);
        if (size <= 0 || buffer_put(held, (struct bytes){der, (size_t)size}) != ERR_OK)
            abort();
        OPENSSL_free(der);
        X509_free(certificate);
        BIO_free(bio);
    }
    return buffer_bytes(held);
}

static struct bytes fuzz_authority_issuing(void)
{
    static struct buffer held;
    return fuzz_authority_der(fuzz_authority_issuing_pem, &held);
}

static struct bytes fuzz_authority_person(void)
{
    static struct buffer held;
    return fuzz_authority_der(fuzz_authority_person_pem, &held);
}

static const struct certs_trust *fuzz_authority_trust(void)
{
    static struct certs_trust *trust;
    if (!trust && certs_trust_parse(bytes_of(fuzz_authority_root_pem), &trust) != ERR_OK)
        abort();
    return trust;
}

#endif

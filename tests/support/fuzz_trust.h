/* The root of the authority that signed the fuzz corpora of papers and CMS; its keys are gone. */
#ifndef TESTS_SUPPORT_FUZZ_TRUST_H
#define TESTS_SUPPORT_FUZZ_TRUST_H

#include <stdlib.h>

#include "certs/certs.h"

#define FUZZ_TRUST_AT INT64_C(1795420000000) /* while the signers' certificates are valid */

static const char fuzz_trust_pem[] =
    "-----BEGIN CERTIFICATE-----\n"
    "MIIB+DCCAZ6gAwIBAgIQX8/5m1vQuEjsFWXJsg99LzAKBggqhkjOPQQDAjBcMQsw\n"
    "CQYDVQQGEwJWTjEZMBcGA1UECgwQVOG7iW5oIExhbSBHaWFuZzEyMDAGA1UEAwwp\n"
    "RGnDqm4gSOG7k25nIOKAkyBDQSBn4buRYyAocGjDoXQgdHJp4buDbikwHhcNMjYx\n"
    "MTIzMDU1NTAwWhcNNDYxMTE4MDYwMDAwWjBcMQswCQYDVQQGEwJWTjEZMBcGA1UE\n"
    "CgwQVOG7iW5oIExhbSBHaWFuZzEyMDAGA1UEAwwpRGnDqm4gSOG7k25nIOKAkyBD\n"
    "QSBn4buRYyAocGjDoXQgdHJp4buDbikwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNC\n"
    "AAQfnyaRGB6CJfJk6vGRudwv6laMtEOI7XywW/1N79LrvP+LmCWZfHm9wTzXF/6q\n"
    "/ukI/YCYG64WsEWFqPz+hbOoo0IwQDAdBgNVHQ4EFgQU9YJOll5IiHNpngwo3jzD\n"
    "SEehr4cwDwYDVR0TAQH/BAUwAwEB/zAOBgNVHQ8BAf8EBAMCAQYwCgYIKoZIzj0E\n"
    "AwIDSAAwRQIgMuRDmz8rLJLB8EURiOe/mjqAJGiBWJZsxKeTXxkAVgoCIQDWj/HC\n"
    "aiuDtxPlypZ9UAcZzH2k4uWbC6V6zGAbrMC49g==\n"
    "-----END CERTIFICATE-----\n";

/* Loaded once for the whole run. */
static const struct certs_trust *fuzz_trust(void)
{
    static struct certs_trust *trust;
    if (!trust && certs_trust_parse(bytes_of(fuzz_trust_pem), &trust) != ERR_OK)
        abort();
    return trust;
}

#endif

/* The root of the authority that signed the fuzz corpora of papers and CMS; its keys are gone. */
#ifndef TESTS_SUPPORT_FUZZ_TRUST_H
#define TESTS_SUPPORT_FUZZ_TRUST_H

#include <stdlib.h>

#include "certs/certs.h"

#define FUZZ_TRUST_AT INT64_C(1795433801000) /* while the signers' certificates are valid */

static const char fuzz_trust_pem[] =
    "-----BEGIN CERTIFICATE-----\n"
    "MIIB+DCCAZ6gAwIBAgIQDNF6F4W0xXLFfuFvS5gL6jAKBggqhkjOPQQDAjBcMQsw\n"
    "CQYDVQQGEwJWTjEZMBcGA1UECgwQVOG7iW5oIExhbSBHaWFuZzEyMDAGA1UEAwwp\n"
    "RGnDqm4gSOG7k25nIOKAkyBDQSBn4buRYyAocGjDoXQgdHJp4buDbikwHhcNMjYx\n"
    "MTIzMTAzMTQxWhcNNDYxMTE4MTAzNjQxWjBcMQswCQYDVQQGEwJWTjEZMBcGA1UE\n"
    "CgwQVOG7iW5oIExhbSBHaWFuZzEyMDAGA1UEAwwpRGnDqm4gSOG7k25nIOKAkyBD\n"
    "QSBn4buRYyAocGjDoXQgdHJp4buDbikwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNC\n"
    "AATzjqFGbPhILdZcj0ciOsgnR9NgmhryxXgvNQxFjP1ksiO6CAcaCztJsERon7BU\n"
    "l1fJBiyR6GDIBCN5LEvRRszmo0IwQDAdBgNVHQ4EFgQUoQdR/GFMNxpu/gJeG7M2\n"
    "9wDfqDwwDwYDVR0TAQH/BAUwAwEB/zAOBgNVHQ8BAf8EBAMCAQYwCgYIKoZIzj0E\n"
    "AwIDSAAwRQIgYwhe3wFo+4ZOBGLfNnwcALd8iAOhiU8YDEPHvnd4VD0CIQCcNeEV\n"
    "kNIneDH96G8SrUMWQDjscCruUxENE5P+MZdADQ==\n"
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

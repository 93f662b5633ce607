/* An authority made anew for a run of a fuzzer, and removed at its end. */
#ifndef TESTS_SUPPORT_FUZZ_CA_H
#define TESTS_SUPPORT_FUZZ_CA_H

#include "tests/support/signer.h"

static char fuzz_ca_folder[64];

static void fuzz_ca_remove(void)
{
    signer_remove_folder(fuzz_ca_folder);
}

static struct certs_ca *fuzz_ca(void)
{
    static struct certs_ca *ca;
    if (!ca) {
        char path[128];
        signer_folder(fuzz_ca_folder);
        (void)snprintf(path, sizeof path, "%s/ca", fuzz_ca_folder);
        if (certs_ca_open(path, "Tỉnh Lam Giang", SIGNER_NOW, &ca) != ERR_OK)
            abort();
        (void)atexit(fuzz_ca_remove);
    }
    return ca;
}

#endif

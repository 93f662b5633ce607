/* Fuzzes the reading of certificate requests, which any signed-in browser may send. A certificate
 * that comes of one always names the person of the directory. */
#include <stdlib.h>
#include <string.h>

#include "tests/support/signer.h"

static char folder[64]; /* the CA files there what it issues */

static void remove_folder(void)
{
    signer_remove_folder(folder);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct certs_person person = {"Nguyễn Thị Hồng Thắm", "Phó Chủ tịch",
                                               "UBND xã Yên Hòa", "Tỉnh Lam Giang", 42};
    static struct certs_ca *ca;
    if (!ca) {
        char path[128];
        signer_folder(folder);
        (void)snprintf(path, sizeof path, "%s/ca", folder);
        if (certs_ca_open(path, "Tỉnh Lam Giang", SIGNER_NOW, &ca) != ERR_OK)
            abort();
        (void)atexit(remove_folder);
    }
    struct certs_issued issued = {0};
    struct bytes csr = {data, size};
    if (certs_issue_personal(ca, &person, csr, SIGNER_NOW, &issued) == ERR_OK) {
        if (!memmem(issued.certificate.data, issued.certificate.size, person.name,
                    strlen(person.name)))
            abort();
        certs_issued_done(&issued);
    }
    return 0;
}

/* Fuzzes the reading of certificate requests, which any signed-in browser may send. A certificate
 * that comes of one always names the person of the directory. */
#include <stdlib.h>
#include <string.h>

#include "tests/support/fuzz_ca.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct certs_person person = {"Nguyễn Thị Hồng Thắm", "Phó Chủ tịch",
                                               "UBND xã Yên Hòa", "Tỉnh Lam Giang", 42};
    struct certs_issued issued = {0};
    struct bytes csr = {data, size};
    if (certs_issue_personal(fuzz_ca(), &person, csr, SIGNER_NOW, &issued) == ERR_OK) {
        if (!memmem(issued.certificate.data, issued.certificate.size, person.name,
                    strlen(person.name)))
            abort();
        certs_issued_done(&issued);
    }
    return 0;
}

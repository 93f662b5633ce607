#include "tests/support/device.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

/* The tests' own assertion: always on, and it says what failed. */
#define MUST(condition)                                                                            \
    do {                                                                                           \
        if (!(condition)) {                                                                        \
            fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #condition);                        \
            abort();                                                                               \
        }                                                                                          \
    } while (0)

struct bytes device_pin(void)
{
    return bytes_of(DEVICE_PIN);
}

void device_open(struct device_fixture *fixture, const char *module)
{
    char path[128];
    *fixture = (struct device_fixture){.folder = "/tmp/dienhong-token-XXXXXX"};
    MUST(mkdtemp(fixture->folder));
    snprintf(path, sizeof path, "%s/tokens", fixture->folder);
    MUST(mkdir(path, 0700) == 0);
    snprintf(path, sizeof path, "%s/softhsm2.conf", fixture->folder);
    FILE *file = fopen(path, "w");
    MUST(file);
    fprintf(file, "directories.tokendir = %s/tokens\nlog.level = ERROR\n", fixture->folder);
    MUST(fclose(file) == 0);
    MUST(setenv("SOFTHSM2_CONF", path, 1) == 0);
    struct certs_device_place place = {
        .module = module ? module : DEVICE_MODULE,
        .token = "Dấu cơ quan",
        .label = "con-dau",
    };
    MUST(certs_device_open(&place, &fixture->device) == CERTS_DEVICE_FINE);
}

void device_make(struct device_fixture *fixture)
{
    MUST(certs_device_make_token(fixture->device, bytes_of("87654321"), device_pin()) ==
         CERTS_DEVICE_FINE);
    MUST(certs_device_make_key(fixture->device, device_pin(), "Con dấu", &fixture->csr) ==
         CERTS_DEVICE_FINE);
}

struct certs_issued device_certify(struct device_fixture *fixture, struct certs_ca *ca,
                                   utc_ms_t now)
{
    struct certs_issued issued;
    struct certs_person agency = {
        .name = "Ủy ban nhân dân tỉnh Lam Giang",
        .position = "",
        .unit = "",
        .province = "tỉnh Lam Giang",
        .user_id = 1,
    };
    MUST(certs_issue_personal(ca, &agency, buffer_bytes(&fixture->csr), now, &issued) == ERR_OK);
    MUST(certs_device_keep_certificate(fixture->device, device_pin(),
                                       buffer_bytes(&issued.certificate)) == CERTS_DEVICE_FINE);
    return issued;
}

static int remove_one(const char *path, const struct stat *status, int type, struct FTW *at)
{
    (void)status;
    (void)type;
    (void)at;
    return remove(path);
}

void device_close(struct device_fixture *fixture)
{
    certs_device_close(fixture->device);
    buffer_done(&fixture->csr);
    MUST(nftw(fixture->folder, remove_one, 16, FTW_DEPTH | FTW_PHYS) == 0);
}

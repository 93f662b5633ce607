#include "signaling/edge/commands_seal.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "base/clock.h"
#include "certs/certs.h"

static const char USAGE[] =
    "Usage: dienhong seal COMMAND --module FILE --token LABEL --label LABEL [options]\n\n"
    "  make     a new token with the agency's key and a certificate of our own authority\n"
    "             --name AGENCY --ca FOLDER [--province NAME]; reads two lines from the standard\n"
    "             input: the administrator's PIN of the new token, and its PIN\n"
    "  request  a key in a token that is there, and the request for its certificate (PEM)\n"
    "             --name AGENCY; reads the PIN\n"
    "  keep     puts the certificate that an authority made of that request into the token\n"
    "             --certificate FILE (DER); reads the PIN\n"
    "  show     the certificate in the token (DER), without a PIN\n";

enum { OPTION_COUNT = 7, FILE_BYTES_MAX = 64 * 1024 };

struct options {
    const char *module, *token, *label, *name, *ca, *province, *certificate;
};

/* PINs come as lines, so that no list of processes shows them. */
struct pin {
    char text[CERTS_DEVICE_PIN_BYTES + 2];
};

static bool pin_read(struct pin *pin)
{
    if (!fgets(pin->text, sizeof pin->text, stdin))
        return false;
    pin->text[strcspn(pin->text, "\n")] = '\0';
    return pin->text[0] != '\0' && strlen(pin->text) <= CERTS_DEVICE_PIN_BYTES;
}

static int told(enum certs_device_fault fault)
{
    if (fault == CERTS_DEVICE_FINE)
        return EXIT_SUCCESS;
    fprintf(stderr, "dienhong: seal: %s\n", certs_device_fault_name(fault));
    return EXIT_FAILURE;
}

static bool options_read(int argc, char **argv, struct options *options)
{
    static const struct option LIST[] = {
        {"module", required_argument, NULL, 0},      {"token", required_argument, NULL, 1},
        {"label", required_argument, NULL, 2},       {"name", required_argument, NULL, 3},
        {"ca", required_argument, NULL, 4},          {"province", required_argument, NULL, 5},
        {"certificate", required_argument, NULL, 6}, {NULL, 0, NULL, 0},
    };
    const char **slots[OPTION_COUNT] = {&options->module,     &options->token, &options->label,
                                        &options->name,       &options->ca,    &options->province,
                                        &options->certificate};
    int option;
    optind = 1;
    while ((option = getopt_long(argc, argv, "", LIST, NULL)) != -1) {
        if (option < 0 || option >= OPTION_COUNT)
            return false;
        *slots[option] = optarg;
    }
    return optind == argc && options->module && options->token && options->label;
}

/* -- make ------------------------------------------------------------------------------------- */

static enum certs_device_fault certify(struct certs_device *device, struct bytes pin,
                                       const struct options *options, struct bytes csr)
{
    struct certs_ca *ca = NULL;
    struct certs_issued issued = {0};
    utc_ms_t now = clock_utc_ms();
    const char *province = options->province ? options->province : "tỉnh Lam Giang";
    struct certs_order order = {
        .kind = CERTS_KIND_AGENCY,
        .subject = {.name = options->name, .position = "", .unit = "", .province = province},
        .csr = csr,
    };
    enum certs_device_fault fault = CERTS_DEVICE_NO_CERTIFICATE;
    enum err err = certs_ca_open(options->ca, province, now, &ca);
    if (err == ERR_OK)
        err = certs_issue(ca, &order, now, &issued);
    if (err == ERR_OK)
        fault = certs_device_keep_certificate(device, pin, buffer_bytes(&issued.certificate));
    else
        fprintf(stderr, "dienhong: seal: %s: %s\n", options->ca, err_name(err));
    if (fault == CERTS_DEVICE_FINE)
        printf("%s\n", issued.serial);
    certs_issued_done(&issued);
    certs_ca_close(ca);
    return fault;
}

static int seal_make(struct certs_device *device, const struct options *options)
{
    struct pin admin = {0}, pin = {0};
    struct buffer csr = {0};
    enum certs_device_fault fault = CERTS_DEVICE_PIN_WRONG;
    if (!options->name || !options->ca)
        return fputs(USAGE, stderr), 2;
    if (pin_read(&admin) && pin_read(&pin))
        fault = certs_device_make_token(device, bytes_of(admin.text), bytes_of(pin.text));
    if (fault == CERTS_DEVICE_FINE)
        fault = certs_device_make_key(device, bytes_of(pin.text), options->name, &csr);
    if (fault == CERTS_DEVICE_FINE)
        fault = certify(device, bytes_of(pin.text), options, buffer_bytes(&csr));
    sodium_memzero(&admin, sizeof admin);
    sodium_memzero(&pin, sizeof pin);
    buffer_done(&csr);
    return told(fault);
}

/* -- request, keep, show ---------------------------------------------------------------------- */

static void print_request(struct bytes csr)
{
    enum { LINE = 64 };
    char text[2 * LIMIT_CSR_BYTES];
    if (sodium_base64_ENCODED_LEN(csr.size, sodium_base64_VARIANT_ORIGINAL) > sizeof text)
        return;
    sodium_bin2base64(text, sizeof text, csr.data, csr.size, sodium_base64_VARIANT_ORIGINAL);
    puts("-----BEGIN CERTIFICATE REQUEST-----");
    for (size_t at = 0; at < strlen(text); at += LINE)
        printf("%.*s\n", LINE, text + at);
    puts("-----END CERTIFICATE REQUEST-----");
}

static int seal_request(struct certs_device *device, const struct options *options)
{
    struct pin pin = {0};
    struct buffer csr = {0};
    enum certs_device_fault fault = CERTS_DEVICE_PIN_WRONG;
    if (!options->name)
        return fputs(USAGE, stderr), 2;
    if (pin_read(&pin))
        fault = certs_device_make_key(device, bytes_of(pin.text), options->name, &csr);
    sodium_memzero(&pin, sizeof pin);
    if (fault == CERTS_DEVICE_FINE)
        print_request(buffer_bytes(&csr));
    buffer_done(&csr);
    return told(fault);
}

static int seal_keep(struct certs_device *device, const struct options *options)
{
    struct pin pin = {0};
    uint8_t der[FILE_BYTES_MAX];
    enum certs_device_fault fault = CERTS_DEVICE_PIN_WRONG;
    FILE *file = options->certificate ? fopen(options->certificate, "rb") : NULL;
    if (!file)
        return fputs(USAGE, stderr), 2;
    size_t size = fread(der, 1, sizeof der, file);
    (void)fclose(file);
    if (pin_read(&pin))
        fault =
            certs_device_keep_certificate(device, bytes_of(pin.text), (struct bytes){der, size});
    sodium_memzero(&pin, sizeof pin);
    return told(fault);
}

static int seal_show(struct certs_device *device, const struct options *options)
{
    struct buffer certificate = {0};
    (void)options;
    enum certs_device_fault fault = certs_device_certificate(device, &certificate);
    if (fault == CERTS_DEVICE_FINE)
        (void)fwrite(certificate.data, 1, certificate.size, stdout);
    buffer_done(&certificate);
    return told(fault);
}

int commands_seal(int argc, char **argv)
{
    static const struct {
        const char *name;
        int (*run)(struct certs_device *, const struct options *);
    } COMMANDS[] = {
        {"make", seal_make}, {"request", seal_request}, {"keep", seal_keep}, {"show", seal_show}};
    struct options options = {0};
    struct certs_device *device = NULL;
    for (size_t n = 0; argc > 1 && n < sizeof COMMANDS / sizeof COMMANDS[0]; n++) {
        if (strcmp(argv[1], COMMANDS[n].name) != 0)
            continue;
        if (!options_read(argc - 1, argv + 1, &options))
            break;
        struct certs_device_place place = {options.module, options.token, options.label};
        enum certs_device_fault fault = certs_device_open(&place, &device);
        int status = fault == CERTS_DEVICE_FINE ? COMMANDS[n].run(device, &options) : told(fault);
        certs_device_close(device);
        return status;
    }
    fputs(USAGE, stderr);
    return 2;
}

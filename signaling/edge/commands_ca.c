/* `dienhong ca …`: the authority, from a terminal. It works on the CA's folder, also while the
 * server runs on it. */
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "base/clock.h"
#include "base/text.h"
#include "certs/certs.h"
#include "signaling/edge/commands.h"

enum { USAGE_STATUS = 2, PATH_BYTES = 4096, HOSTS_MAX = 64, DATE_BYTES = 32 };

static const char USAGE[] =
    "Usage:\n"
    "  dienhong ca init FOLDER [--province NAME] [--url URL] [--root-key FILE]\n"
    "  dienhong ca issue person|agency|tls|tsa|ocsp FOLDER --csr FILE --out FILE --name NAME\n"
    "                    [--position TEXT] [--unit TEXT] [--id NUMBER] [--host NAME]…\n"
    "  dienhong ca list FOLDER\n"
    "  dienhong ca show FOLDER SERIAL\n"
    "  dienhong ca revoke FOLDER SERIAL --reason REASON\n"
    "  dienhong ca crl FOLDER --out FILE [--root-key FILE]\n"
    "  dienhong ca export FOLDER --out FOLDER\n";

struct options {
    const char *words[3]; /* what is no option: kind, folder, serial */
    int word_count;
    const char *province, *url, *root_key, *csr, *out, *name, *position, *unit, *reason;
    uint64_t id;
    const char *hosts[HOSTS_MAX];
    size_t host_count;
};

enum { PROVINCE = 1, URL, ROOT_KEY, CSR, OUT, NAME, POSITION, UNIT, REASON, ID, HOST };

static const struct option OPTIONS[] = {
    {"province", required_argument, NULL, PROVINCE}, {"url", required_argument, NULL, URL},
    {"root-key", required_argument, NULL, ROOT_KEY}, {"csr", required_argument, NULL, CSR},
    {"out", required_argument, NULL, OUT},           {"name", required_argument, NULL, NAME},
    {"position", required_argument, NULL, POSITION}, {"unit", required_argument, NULL, UNIT},
    {"reason", required_argument, NULL, REASON},     {"id", required_argument, NULL, ID},
    {"host", required_argument, NULL, HOST},         {NULL, 0, NULL, 0},
};

static int usage(void)
{
    fputs(USAGE, stderr);
    return USAGE_STATUS;
}

static int fail(const char *what, const char *vi, const char *en)
{
    fprintf(stderr, "dienhong: %s: %s\ndienhong: %s: %s\n", what, vi, what, en);
    return EXIT_FAILURE;
}

static enum err option_take(struct options *options, int option)
{
    const char **const texts[] = {
        [PROVINCE] = &options->province, [URL] = &options->url,   [ROOT_KEY] = &options->root_key,
        [CSR] = &options->csr,           [OUT] = &options->out,   [NAME] = &options->name,
        [POSITION] = &options->position, [UNIT] = &options->unit, [REASON] = &options->reason,
    };
    if (option == ID)
        return id_parse(bytes_of(optarg), &options->id);
    if (option == HOST) {
        if (options->host_count == HOSTS_MAX)
            return ERR_LIMIT;
        options->hosts[options->host_count++] = optarg;
        return ERR_OK;
    }
    if (option < PROVINCE || option > REASON)
        return ERR_FORMAT;
    *texts[option] = optarg;
    return ERR_OK;
}

/* argv[0] is the subcommand. */
static enum err options_read(int argc, char **argv, struct options *options)
{
    int option;
    *options = (struct options){.province = "tỉnh Lam Giang", .position = "", .unit = ""};
    optind = 1;
    while ((option = getopt_long(argc, argv, "", OPTIONS, NULL)) != -1)
        if (option_take(options, option) != ERR_OK)
            return ERR_FORMAT;
    while (optind < argc) {
        if (options->word_count == 3)
            return ERR_FORMAT;
        options->words[options->word_count++] = argv[optind++];
    }
    return ERR_OK;
}

/* -- opening ---------------------------------------------------------------------------------- */

/* Never makes one: a mistyped folder must not become an authority. NULL: told why. */
static struct certs_ca *open_ca(const char *folder)
{
    char path[PATH_BYTES];
    struct stat info;
    struct certs_ca *ca = NULL;
    int size = snprintf(path, sizeof path, "%s/root.pem", folder);
    if (size < 0 || size >= PATH_BYTES || stat(path, &info) != 0) {
        fail(folder, "không có CA trong thư mục này; tạo bằng lệnh: dienhong ca init",
             "there is no authority in this folder; make one with: dienhong ca init");
        return NULL;
    }
    enum err err = certs_ca_open(folder, "", clock_utc_ms(), &ca);
    if (err == ERR_OK)
        return ca;
    if (err == ERR_FORMAT)
        fail(folder, "CA hoặc sổ đăng ký trong thư mục này không nguyên vẹn.",
             "the authority or its register in this folder is not whole.");
    else
        fail(folder, "không đọc hoặc ghi được thư mục này.",
             "this folder cannot be read or written.");
    return NULL;
}

/* -- init ------------------------------------------------------------------------------------- */

static int run_init(const struct options *options)
{
    if (options->word_count != 1)
        return usage();
    const char *folder = options->words[0];
    const struct certs_ca_plan plan = {folder, options->province, options->root_key, options->url};
    switch ((int)certs_ca_create(&plan, clock_utc_ms())) {
    case ERR_OK:
        printf("%s/root.pem\n", folder);
        return EXIT_SUCCESS;
    case ERR_CONFLICT:
        return fail(folder, "thư mục hoặc tệp khóa gốc đã tồn tại; không ghi đè.",
                    "the folder or the root key's file exists already; nothing is overwritten.");
    case ERR_FORMAT:
    case ERR_LIMIT:
        return fail(options->url ? options->url : folder,
                    "địa chỉ phải bắt đầu bằng https:// hoặc http:// và không có dấu / ở cuối.",
                    "the address must begin with https:// or http:// and not end on a /.");
    default:
        return fail(folder, "không tạo được CA ở đây.", "no authority can be made here.");
    }
}

/* -- issue ------------------------------------------------------------------------------------ */

static int tell_issue(const struct options *options, enum err err)
{
    const char *csr = options->csr;
    switch ((int)err) {
    case ERR_UNKNOWN:
        return fail(csr, "không có tệp này.", "there is no such file.");
    case ERR_FORMAT:
        return fail(csr,
                    "không phải yêu cầu cấp chứng thư (PKCS#10), hoặc thiếu --name, hoặc --host "
                    "không đúng (chỉ dùng cho tls).",
                    "not a certificate request (PKCS#10), or --name is missing, or --host is "
                    "wrong (it goes with tls only).");
    case ERR_UNSUPPORTED:
        return fail(csr, "khóa phải là P-256 (prime256v1).", "the key must be on P-256.");
    case ERR_AUTH:
        return fail(csr, "yêu cầu không được ký bằng chính khóa của nó.",
                    "the request is not signed by its own key.");
    default:
        return fail(options->out, "không cấp hoặc không ghi được chứng thư.",
                    "the certificate could not be issued or written.");
    }
}

static enum err issue(struct certs_ca *ca, const struct options *options, enum certs_kind kind,
                      struct certs_issued *ret_issued)
{
    struct buffer csr = {0};
    enum err err = certs_csr_load(options->csr, &csr);
    if (err != ERR_OK)
        return err;
    struct certs_order order = {
        .kind = kind,
        .subject = {options->name, options->position, options->unit, certs_ca_province(ca),
                    options->id},
        .names = options->hosts,
        .name_count = options->host_count,
        .csr = buffer_bytes(&csr),
    };
    err = certs_issue(ca, &order, clock_utc_ms(), ret_issued);
    buffer_done(&csr);
    return err;
}

static int run_issue(const struct options *options)
{
    enum certs_kind kind = CERTS_KIND_PERSON;
    struct certs_issued issued = {0};
    if (options->word_count != 2 || !options->csr || !options->out || !options->name ||
        certs_kind_parse(options->words[0], &kind) != ERR_OK)
        return usage();
    struct certs_ca *ca = open_ca(options->words[1]);
    if (!ca)
        return EXIT_FAILURE;
    enum err err = issue(ca, options, kind, &issued);
    if (err == ERR_OK)
        err = certs_issued_save(ca, &issued, options->out) == ERR_OK ? ERR_OK : ERR_IO;
    if (err == ERR_OK)
        printf("%s\n", issued.serial);
    certs_issued_done(&issued);
    certs_ca_close(ca);
    return err == ERR_OK ? EXIT_SUCCESS : tell_issue(options, err);
}

/* -- the register ----------------------------------------------------------------------------- */

static const char *date_of(utc_ms_t at, char ret_text[DATE_BYTES])
{
    time_t seconds = (time_t)(at / 1000);
    struct tm parts;
    if (!gmtime_r(&seconds, &parts) ||
        strftime(ret_text, DATE_BYTES, "%Y-%m-%dT%H:%M:%SZ", &parts) == 0)
        ret_text[0] = '\0';
    return ret_text;
}

static const char *status_of(const struct certs_entry *entry, utc_ms_t now)
{
    return entry->is_revoked ? "revoked" : entry->not_after < now ? "expired" : "good";
}

static int run_list(const struct options *options)
{
    if (options->word_count != 1)
        return usage();
    struct certs_ca *ca = open_ca(options->words[0]);
    if (!ca)
        return EXIT_FAILURE;
    struct certs_entry entry;
    char until[DATE_BYTES];
    utc_ms_t now = clock_utc_ms();
    for (uint32_t cursor = 0; certs_register_next(ca, &cursor, &entry);)
        printf("%s\t%s\t%s\t%s\t%s\n", entry.serial, certs_kind_name(entry.kind),
               status_of(&entry, now), date_of(entry.not_after, until), entry.subject);
    certs_ca_close(ca);
    return EXIT_SUCCESS;
}

static int unknown_serial(const char *serial)
{
    return fail(serial, "không có số sê-ri này trong sổ đăng ký.",
                "there is no such serial number in the register.");
}

static void print_file(const char *folder, const char *serial)
{
    char path[PATH_BYTES];
    int byte;
    int size = snprintf(path, sizeof path, "%s/issued/%s.pem", folder, serial);
    FILE *file = size > 0 && size < PATH_BYTES ? fopen(path, "r") : NULL;
    while (file && (byte = fgetc(file)) != EOF)
        (void)putchar(byte);
    if (file)
        (void)fclose(file);
}

static int run_show(const struct options *options)
{
    if (options->word_count != 2)
        return usage();
    struct certs_ca *ca = open_ca(options->words[0]);
    if (!ca)
        return EXIT_FAILURE;
    struct certs_entry entry;
    char from[DATE_BYTES], until[DATE_BYTES], revoked[DATE_BYTES];
    enum err err = certs_register_find(ca, options->words[1], &entry);
    certs_ca_close(ca);
    if (err != ERR_OK)
        return unknown_serial(options->words[1]);
    printf("serial   %s\nkind     %s\nsubject  %s\nfrom     %s\nuntil    %s\nstatus   %s\n",
           entry.serial, certs_kind_name(entry.kind), entry.subject,
           date_of(entry.not_before, from), date_of(entry.not_after, until),
           status_of(&entry, clock_utc_ms()));
    if (entry.is_revoked)
        printf("revoked  %s %s\n", date_of(entry.revoked_at, revoked),
               certs_reason_name(entry.reason));
    print_file(options->words[0], entry.serial);
    return EXIT_SUCCESS;
}

static int run_revoke(const struct options *options)
{
    enum certs_reason reason = CERTS_REASON_UNSPECIFIED;
    if (options->word_count != 2 || !options->reason)
        return usage();
    const char *serial = options->words[1];
    if (certs_reason_parse(options->reason, &reason) != ERR_OK)
        return fail(options->reason,
                    "lý do phải là một trong: unspecified (không nêu), key-compromise (lộ khóa), "
                    "affiliation-changed (chuyển công tác), superseded (đã thay chứng thư), "
                    "cessation (ngừng hoạt động), privilege-withdrawn (thu hồi quyền).",
                    "the reason must be one of: unspecified, key-compromise, affiliation-changed, "
                    "superseded, cessation, privilege-withdrawn.");
    struct certs_ca *ca = open_ca(options->words[0]);
    if (!ca)
        return EXIT_FAILURE;
    enum err err = certs_register_revoke(ca, serial, reason, clock_utc_ms());
    certs_ca_close(ca);
    if (err == ERR_OK) {
        printf("%s revoked\n", serial);
        return EXIT_SUCCESS;
    }
    if (err == ERR_UNKNOWN)
        return unknown_serial(serial);
    if (err == ERR_WRONG_STATE)
        return fail(serial, "chứng thư này đã bị thu hồi trước đó.",
                    "this certificate was revoked before.");
    return fail(options->words[0], "không ghi được sổ đăng ký.",
                "the register could not be written.");
}

/* -- crl and export --------------------------------------------------------------------------- */

static enum err write_file(const char *path, struct bytes bytes)
{
    FILE *file = fopen(path, "wb");
    if (!file)
        return ERR_IO;
    bool done = fwrite(bytes.data, 1, bytes.size, file) == bytes.size;
    return fclose(file) == 0 && done ? ERR_OK : ERR_IO;
}

static int run_crl(const struct options *options)
{
    struct buffer crl = {0};
    utc_ms_t now = clock_utc_ms();
    if (options->word_count != 1 || !options->out)
        return usage();
    struct certs_ca *ca = open_ca(options->words[0]);
    if (!ca)
        return EXIT_FAILURE;
    enum err err = ERR_OK;
    if (options->root_key)
        err = certs_root_crl_make(ca, options->root_key, now);
    bool is_key_wrong = err != ERR_OK;
    if (err == ERR_OK)
        err = options->root_key ? certs_root_crl(ca, now, &crl) : certs_crl(ca, now, &crl);
    if (err == ERR_OK)
        err = write_file(options->out, buffer_bytes(&crl));
    buffer_done(&crl);
    certs_ca_close(ca);
    if (is_key_wrong)
        return fail(options->root_key, "không phải khóa của CA gốc này.",
                    "this is not the key of this root.");
    if (err != ERR_OK)
        return fail(options->out, "không lập hoặc không ghi được danh sách thu hồi.",
                    "the revocation list could not be made or written.");
    return EXIT_SUCCESS;
}

static int run_export(const struct options *options)
{
    struct stat info;
    if (options->word_count != 1 || !options->out)
        return usage();
    if (stat(options->out, &info) == 0)
        return fail(options->out, "thư mục đã tồn tại; không ghi đè.",
                    "the folder exists already; nothing is overwritten.");
    struct certs_ca *ca = open_ca(options->words[0]);
    if (!ca)
        return EXIT_FAILURE;
    enum err err = certs_trust_found(options->out, "province", certs_ca_root(ca));
    certs_ca_close(ca);
    return err == ERR_OK ? EXIT_SUCCESS
                         : fail(options->out, "không ghi được thư mục này.",
                                "this folder cannot be written.");
}

int commands_ca(int argc, char **argv)
{
    static const struct {
        const char *name;
        int (*run)(const struct options *options);
    } SUBCOMMANDS[] = {
        {"init", run_init},     {"issue", run_issue}, {"list", run_list},     {"show", run_show},
        {"revoke", run_revoke}, {"crl", run_crl},     {"export", run_export},
    };
    struct options options;
    for (size_t n = 0; argc > 1 && n < sizeof SUBCOMMANDS / sizeof *SUBCOMMANDS; n++)
        if (strcmp(argv[1], SUBCOMMANDS[n].name) == 0)
            return options_read(argc - 1, argv + 1, &options) == ERR_OK
                       ? SUBCOMMANDS[n].run(&options)
                       : usage();
    return usage();
}

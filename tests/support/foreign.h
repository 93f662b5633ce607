/* Signed files by other hands: an authority, people and an NSS database made with OpenSSL's and
 * NSS' programs; PDFBox with BouncyCastle (Sign.java) and poppler sign. */
#ifndef TESTS_SUPPORT_FOREIGN_H
#define TESTS_SUPPORT_FOREIGN_H

#include "tests/support/judge.h"

struct foreign_place {
    char folder[64];
    utc_ms_t now;
    struct certs_trust *trust; /* the authority */
};

/* The shell's commands, one after the other, in the place's folder; says what failed. */
__attribute__((unused, format(printf, 2, 3))) static void
foreign_do(const struct foreign_place *place, const char *format, ...)
{
    char command[3072];
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(command, sizeof command, format, arguments);
    va_end(arguments);
    int status = judge_run("cd %s && { %s ; } 2>&1", place->folder, command);
    if (status != 0)
        printf("%s\n%s\n", command, judge_said);
    assert(status == 0);
}

/* NAME.p12, signed by the authority; `key`: what "openssl genpkey" is told. */
__attribute__((unused)) static void foreign_person(const struct foreign_place *place,
                                                   const char *name, const char *common_name,
                                                   const char *key, const char *extensions)
{
    foreign_do(place,
               "openssl genpkey %s -out %s.key && "
               "openssl req -new -utf8 -key %s.key -subj '/C=VN/O=UBND/CN=%s' -out %s.csr && "
               "printf '%s' > %s.ext && "
               "openssl x509 -req -in %s.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 400 "
               "-sha256 -extfile %s.ext -out %s.pem && "
               "openssl pkcs12 -export -inkey %s.key -in %s.pem -certfile ca.pem -name %s "
               "-passout pass:x -out %s.p12",
               key, name, name, common_name, name, extensions, name, name, name, name, name, name,
               name, name);
}

#define FOREIGN_SIGNING                                                                            \
    "basicConstraints=critical,CA:FALSE\\nkeyUsage=critical,digitalSignature,nonRepudiation\\n"    \
    "extendedKeyUsage=emailProtection,clientAuth\\nsubjectKeyIdentifier=hash\\n"                   \
    "authorityKeyIdentifier=keyid\\n"
#define FOREIGN_TLS                                                                                \
    "basicConstraints=critical,CA:FALSE\\nkeyUsage=critical,digitalSignature\\n"                   \
    "extendedKeyUsage=serverAuth\\n"

__attribute__((unused)) static void foreign_open(struct foreign_place *place)
{
    char path[128];
    *place = (struct foreign_place){.now = clock_utc_ms() / 1000 * 1000};
    signer_folder(place->folder);
    foreign_do(place, "openssl req -x509 -newkey rsa:3072 -nodes -utf8 -keyout ca.key -out ca.pem "
                      "-days 4000 -subj '/C=VN/O=Ban Cơ yếu/CN=CA công vụ' -addext "
                      "keyUsage=critical,keyCertSign,cRLSign");
    foreign_person(place, "rsa", "Trần Văn Tám", "-algorithm RSA -pkeyopt rsa_keygen_bits:2048",
                   FOREIGN_SIGNING);
    foreign_person(place, "p256", "Đỗ Thị Chín", "-algorithm EC -pkeyopt ec_paramgen_curve:P-256",
                   FOREIGN_SIGNING);
    foreign_person(place, "p384", "Lý Mười", "-algorithm EC -pkeyopt ec_paramgen_curve:P-384",
                   FOREIGN_SIGNING);
    foreign_person(place, "weak", "Khóa Ngắn", "-algorithm RSA -pkeyopt rsa_keygen_bits:1024",
                   FOREIGN_SIGNING);
    foreign_person(place, "tls", "www.example.vn", "-algorithm EC -pkeyopt ec_paramgen_curve:P-256",
                   FOREIGN_TLS);
    (void)snprintf(path, sizeof path, "%s/ca.pem", place->folder);
    enum err err = certs_trust_load(path, &place->trust);
    assert(err == ERR_OK);
}

__attribute__((unused)) static void foreign_close(struct foreign_place *place)
{
    certs_trust_free(place->trust);
    signer_remove_folder(place->folder);
}

/* Runs Sign.java once for all jobs: a line each, ended by line feeds. */
__attribute__((unused)) static void foreign_sign(const struct foreign_place *place,
                                                 const char *jobs)
{
    char path[128];
    (void)snprintf(path, sizeof path, "%s/jobs", place->folder);
    FILE *file = fopen(path, "w");
    assert(file);
    (void)fputs(jobs, file);
    fclose(file);
    foreign_do(place,
               "java -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -cp %s " TESTS_FOLDER
               "/integration/paper/Sign.java jobs",
               JUDGE_CLASS_PATH);
}

/* The place's file of that name. */
__attribute__((unused)) static struct buffer foreign_read(const struct foreign_place *place,
                                                          const char *name)
{
    char path[256];
    uint8_t part[4096];
    struct buffer bytes = {0};
    (void)snprintf(path, sizeof path, "%s/%s.pdf", place->folder, name);
    FILE *file = fopen(path, "r");
    assert(file);
    for (size_t got; (got = fread(part, 1, sizeof part, file)) > 0;) {
        enum err err = buffer_put(&bytes, (struct bytes){part, got});
        assert(err == ERR_OK);
    }
    fclose(file);
    return bytes;
}

#endif

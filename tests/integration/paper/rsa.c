/* Authorities of the field: RSA under everything but the signer's own key, all of it made by
 * openssl's command line. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "base/text.h"
#include <cmocka.h>

#include "tests/support/judge.h"

static const char config[] = "[req]\ndistinguished_name = dn\n[dn]\n"
                             "[root]\nbasicConstraints = critical,CA:TRUE\n"
                             "keyUsage = critical,keyCertSign,cRLSign\n"
                             "subjectKeyIdentifier = hash\n"
                             "[issuing]\nbasicConstraints = critical,CA:TRUE,pathlen:0\n"
                             "keyUsage = critical,keyCertSign,cRLSign\n"
                             "subjectKeyIdentifier = hash\nauthorityKeyIdentifier = keyid:always\n"
                             "[person]\nbasicConstraints = critical,CA:FALSE\n"
                             "keyUsage = critical,digitalSignature,nonRepudiation\n"
                             "subjectKeyIdentifier = hash\nauthorityKeyIdentifier = keyid:always\n"
                             "[tsa]\nbasicConstraints = critical,CA:FALSE\n"
                             "keyUsage = critical,digitalSignature\n"
                             "extendedKeyUsage = critical,timeStamping\n"
                             "subjectKeyIdentifier = hash\nauthorityKeyIdentifier = keyid:always\n"
                             "[ocsp]\nbasicConstraints = critical,CA:FALSE\n"
                             "keyUsage = critical,digitalSignature\n"
                             "extendedKeyUsage = OCSPSigning\nnoCheck = ignored\n"
                             "subjectKeyIdentifier = hash\nauthorityKeyIdentifier = keyid:always\n"
                             "[ca]\ndefault_ca = own\n[own]\ndatabase = index.txt\n"
                             "crlnumber = crlnumber\ndefault_md = sha256\ndefault_crl_days = 30\n"
                             "[stamp]\nserial = serial\ndefault_policy = 1.2.3.4.1\n"
                             "digests = sha256\nsigner_digest = sha256\naccuracy = secs:1\n"
                             "ess_cert_id_alg = sha256\n";

struct field {
    char folder[64];
    utc_ms_t now;
    struct certs_trust *trust; /* root for all, the issuing CA beside it */
    struct certs_trust *root;  /* the root alone */
    struct buffer issuing;     /* DER */
    struct signer signer;      /* a P-256 key, certified by RSA */
    struct buffer base;        /* unsigned minutes */
};

static struct field field;

#define RUN(...) assert_int_equal(judge_run("cd " __VA_ARGS__), 0)

static struct buffer load(const char *name)
{
    char path[128];
    struct buffer bytes = {0};
    uint8_t chunk[4096];
    (void)snprintf(path, sizeof path, "%s/%s", field.folder, name);
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    for (size_t got; (got = fread(chunk, 1, sizeof chunk, file)) > 0;)
        assert_int_equal(buffer_put(&bytes, (struct bytes){chunk, got}), ERR_OK);
    fclose(file);
    return bytes;
}

static void save(const char *name, struct bytes bytes)
{
    char path[128];
    (void)snprintf(path, sizeof path, "%s/%s", field.folder, name);
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes.data, 1, bytes.size, file), bytes.size);
    fclose(file);
}

/* `kind`: a section of the configuration; the request is `stem`.csr. */
static void certify(const char *stem, const char *kind, const char *issuer)
{
    RUN("%s && openssl x509 -req -in %s.csr -CA %s.pem -CAkey %s-key.pem -CAcreateserial -days 20 "
        "-sha256 -extfile config -extensions %s -out %s.pem 2>&1",
        field.folder, stem, issuer, issuer, kind, stem);
}

static void make(const char *stem, const char *kind, const char *issuer, unsigned bits)
{
    RUN("%s && openssl req -new -newkey rsa:%u -nodes -config config -keyout %s-key.pem -subj "
        "'/C=VN/O=Bo Mau/CN=%s' -out %s.csr 2>&1",
        field.folder, bits, stem, stem, stem);
    certify(stem, kind, issuer);
}

static struct certs_trust *trust_of(const char *names)
{
    char path[128];
    struct certs_trust *trust = NULL;
    RUN("%s && cat %s > trust.pem", field.folder, names);
    (void)snprintf(path, sizeof path, "%s/trust.pem", field.folder);
    assert_int_equal(certs_trust_load(path, &trust), ERR_OK);
    return trust;
}

static int set_up(void **state)
{
    (void)state;
    field = (struct field){.now = clock_utc_ms() + 1000};
    signer_folder(field.folder);
    save("config", bytes_of(config));
    save("index.txt", bytes_of(""));
    save("crlnumber", bytes_of("01\n"));
    save("serial", bytes_of("01\n"));
    RUN("%s && openssl req -x509 -newkey rsa:3072 -nodes -config config -extensions root -days 30 "
        "-sha256 -subj '/C=VN/O=Bo Mau/CN=Root' -keyout root-key.pem -out root.pem 2>&1",
        field.folder);
    make("issuing", "issuing", "root", 2048);

    field.signer.key = signer_key("P-256");
    struct buffer csr = signer_csr(field.signer.key);
    save("person.der", buffer_bytes(&csr));
    buffer_done(&csr);
    RUN("%s && openssl req -inform DER -in person.der -out person.csr", field.folder);
    certify("person", "person", "issuing");
    RUN("%s && openssl x509 -in person.pem -outform DER -out person.crt && openssl x509 -in "
        "issuing.pem -outform DER -out issuing.crt",
        field.folder);
    field.signer.issued.certificate = load("person.crt");
    field.issuing = load("issuing.crt");
    field.trust = trust_of("root.pem issuing.pem");
    field.root = trust_of("root.pem");
    struct minutes_paper paper = minutes_sample();
    return minutes_pdf_write(&paper, &field.base) == ERR_OK ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    signer_done(&field.signer);
    buffer_done(&field.issuing);
    buffer_done(&field.base);
    certs_trust_free(field.trust);
    certs_trust_free(field.root);
    signer_remove_folder(field.folder);
    return 0;
}

/* -- signers ---------------------------------------------------------------------------------- */

/* Not yet stamped. */
static struct pades_prepared sign(void)
{
    struct pades_request request = {PAPER_FIELD_CHAIR, "Lê Văn Ước", field.now};
    struct bytes chain[] = {buffer_bytes(&field.issuing)};
    struct pades_prepared prepared;
    uint8_t raw[CERTS_RAW_SIGNATURE_BYTES];
    assert_int_equal(pades_prepare(buffer_bytes(&field.base), &request, &prepared), ERR_OK);
    signer_answer(&field.signer, prepared.digest, raw);
    assert_int_equal(pades_complete(&prepared.file, prepared.byte_range,
                                    buffer_bytes(&field.signer.issued.certificate), chain, 1, raw),
                     ERR_OK);
    return prepared;
}

static const char *code_of(const struct pades_prepared *prepared, const struct certs_trust *trust,
                           struct verify_report *ret_report)
{
    utc_ms_t soon = clock_utc_ms() + 60000; /* authorities are made as the test goes on */
    pdf_verify(buffer_bytes(&prepared->file), trust, soon, ret_report);
    return ret_report->reason ? ret_report->reason->code : "valid";
}

static void a_person_certified_by_an_rsa_authority_signs(void **state)
{
    (void)state;
    static struct verify_report report;
    struct pades_prepared prepared = sign();
    assert_string_equal(code_of(&prepared, field.root, &report), "valid");
    assert_int_equal(report.signature_count, 1);
    pades_prepared_done(&prepared);
}

/* -- timestamps ------------------------------------------------------------------------------- */

/* A token over `digest` as the TSA sent it. */
static struct buffer stamp(const uint8_t digest[CERTS_SHA256_BYTES], const char *tsa,
                           const char *more)
{
    char hex[2 * CERTS_SHA256_BYTES + 1];
    hex_write(digest, CERTS_SHA256_BYTES, hex);
    RUN("%s && openssl ts -query -digest %s -sha256 -cert -out query 2>&1 && openssl ts -reply "
        "-config config -section stamp -queryfile query -signer %s.pem -inkey %s-key.pem %s "
        "-token_out -out token 2>&1",
        field.folder, hex, tsa, tsa, more);
    return load("token");
}

static void stamped_by_rsa(unsigned bits, const char *more, const struct certs_trust *trust)
{
    static struct verify_report report;
    uint8_t digest[CERTS_SHA256_BYTES];
    struct buffer tidy = {0};
    struct pades_prepared prepared = sign();
    make("tsa", "tsa", "issuing", bits);
    struct bytes file = buffer_bytes(&prepared.file);
    assert_int_equal(pades_stamp_digest(file, prepared.byte_range, digest), ERR_OK);
    struct buffer token = stamp(digest, "tsa", more);
    assert_int_equal(certs_timestamp_tidy(buffer_bytes(&token), &tidy), ERR_OK);
    assert_int_equal(pades_stamp(&prepared.file, prepared.byte_range, buffer_bytes(&tidy)), ERR_OK);
    assert_string_equal(code_of(&prepared, trust, &report), "valid");
    assert_int_equal(report.signatures[0].source, VERIFY_TIME_STAMP);
    assert_non_null(strstr(report.signatures[0].stamped_by, "Bo Mau"));
    buffer_done(&tidy);
    buffer_done(&token);
    pades_prepared_done(&prepared);
}

static void rsa_timestamps_are_taken_with_the_issuer_from_the_trust(void **state)
{
    (void)state;
    stamped_by_rsa(2048, "", field.trust);
    stamped_by_rsa(3072, "", field.trust);
}

/* Its chain comes along, from itself upwards, which is not the order of DER. */
static void rsa_timestamps_are_taken_with_the_issuer_they_carry(void **state)
{
    (void)state;
    stamped_by_rsa(2048, "-chain issuing.pem", field.root);
    stamped_by_rsa(3072, "-chain issuing.pem", field.root);
}

static enum certs_fault judge(struct bytes token, const uint8_t digest[CERTS_SHA256_BYTES])
{
    struct certs_timestamp facts;
    return certs_timestamp_verify(token, digest, field.trust, NULL, 0, clock_utc_ms() + 60000,
                                  &facts);
}

static void every_truncation_and_changed_byte_of_an_rsa_stamp_is_refused(void **state)
{
    (void)state;
    const uint8_t digest[CERTS_SHA256_BYTES] = {4, 2};
    make("tsa", "tsa", "issuing", 2048);
    struct buffer token = stamp(digest, "tsa", "");
    assert_int_equal(judge(buffer_bytes(&token), digest), CERTS_FAULT_NONE);
    for (size_t size = 0; size < token.size; size++)
        assert_int_not_equal(judge((struct bytes){token.data, size}, digest), CERTS_FAULT_NONE);
    for (size_t at = 0; at < token.size; at++) {
        token.data[at] ^= 0x01;
        if (judge(buffer_bytes(&token), digest) == CERTS_FAULT_NONE)
            fail_msg("byte %zu of %zu may change", at, token.size);
        token.data[at] ^= 0x01;
    }
    buffer_done(&token);
}

static void an_rsa_key_that_is_too_short_stamps_nothing(void **state)
{
    (void)state;
    const uint8_t digest[CERTS_SHA256_BYTES] = {4, 2};
    make("short", "tsa", "issuing", 1024);
    struct buffer token = stamp(digest, "short", "");
    assert_int_equal(judge(buffer_bytes(&token), digest), CERTS_FAULT_UNTRUSTED);
    buffer_done(&token);
}

/* -- proofs ----------------------------------------------------------------------------------- */

static struct certs_standing listed(void)
{
    struct certs_standing standing;
    RUN("%s && openssl ca -gencrl -config config -cert issuing.pem -keyfile issuing-key.pem -out "
        "crl.pem 2>&1 && openssl crl -in crl.pem -outform DER -out crl",
        field.folder);
    struct buffer crl = load("crl");
    assert_int_equal(certs_crl_read(buffer_bytes(&crl),
                                    buffer_bytes(&field.signer.issued.certificate),
                                    buffer_bytes(&field.issuing), &standing),
                     ERR_OK);
    buffer_done(&crl);
    return standing;
}

static struct certs_standing answered(void)
{
    struct certs_standing standing;
    RUN("%s && openssl ocsp -issuer issuing.pem -cert person.pem -reqout request 2>&1 && openssl "
        "ocsp -index index.txt -CA issuing.pem -rsigner ocsp.pem -rkey ocsp-key.pem -reqin request "
        "-respout response -ndays 1 2>&1",
        field.folder);
    struct buffer response = load("response");
    assert_int_equal(certs_ocsp_read(buffer_bytes(&response),
                                     buffer_bytes(&field.signer.issued.certificate),
                                     buffer_bytes(&field.issuing), &standing),
                     ERR_OK);
    buffer_done(&response);
    return standing;
}

static void lists_and_answers_signed_with_rsa_are_read(void **state)
{
    (void)state;
    make("ocsp", "ocsp", "issuing", 2048);
    RUN("%s && openssl ca -valid person.pem -config config -cert issuing.pem -keyfile "
        "issuing-key.pem 2>&1",
        field.folder);
    assert_int_equal(listed().status, CERTS_STATUS_GOOD);
    assert_int_equal(answered().status, CERTS_STATUS_GOOD);
    RUN("%s && openssl ca -revoke person.pem -crl_reason keyCompromise -config config -cert "
        "issuing.pem -keyfile issuing-key.pem 2>&1",
        field.folder);
    struct certs_standing standing = listed();
    assert_int_equal(standing.status, CERTS_STATUS_REVOKED);
    assert_int_equal(standing.reason, CERTS_REASON_KEY_COMPROMISE);
    standing = answered();
    assert_int_equal(standing.status, CERTS_STATUS_REVOKED);
    assert_int_equal(standing.reason, CERTS_REASON_KEY_COMPROMISE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_person_certified_by_an_rsa_authority_signs),
        cmocka_unit_test(rsa_timestamps_are_taken_with_the_issuer_from_the_trust),
        cmocka_unit_test(rsa_timestamps_are_taken_with_the_issuer_they_carry),
        cmocka_unit_test(every_truncation_and_changed_byte_of_an_rsa_stamp_is_refused),
        cmocka_unit_test(an_rsa_key_that_is_too_short_stamps_nothing),
        cmocka_unit_test(lists_and_answers_signed_with_rsa_are_read),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}

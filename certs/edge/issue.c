#include "certs/edge/issue.h"

#include <openssl/bn.h>
#include <string.h>

#include "base/text.h"

enum { SERIAL_BITS = 127 }; /* positive in 16 bytes; RFC 5280 allows 20 */

enum err issue_new_key(EVP_PKEY **ret_key)
{
    EVP_PKEY *key = EVP_EC_gen("P-256");
    if (!key)
        return ERR_NO_MEMORY;
    *ret_key = key;
    return ERR_OK;
}

enum err issue_add_name(X509_NAME *name, int nid, const char *text)
{
    if (!text || !*text)
        return ERR_OK;
    if (!utf8_valid(bytes_of(text)))
        return ERR_FORMAT;
    bool printable = nid == NID_serialNumber || nid == NID_countryName;
    int type = printable ? V_ASN1_PRINTABLESTRING : V_ASN1_UTF8STRING;
    int size = (int)strlen(text);
    int done =
        X509_NAME_add_entry_by_NID(name, nid, type, (const unsigned char *)text, size, -1, 0);
    return done == 1 ? ERR_OK : ERR_NO_MEMORY;
}

utc_ms_t issue_time_ms(const ASN1_TIME *time)
{
    ASN1_TIME *epoch = ASN1_TIME_set(NULL, 0);
    int days = 0;
    int seconds = 0;
    int done = epoch ? ASN1_TIME_diff(&days, &seconds, epoch, time) : 0;
    ASN1_TIME_free(epoch);
    return done == 1 ? ((utc_ms_t)days * ISSUE_DAY_S + seconds) * 1000 : 0;
}

static bool set_serial(X509 *certificate)
{
    BIGNUM *number = BN_new();
    bool done = number && BN_rand(number, SERIAL_BITS, BN_RAND_TOP_ANY, BN_RAND_BOTTOM_ANY) == 1 &&
                BN_to_ASN1_INTEGER(number, X509_get_serialNumber(certificate)) != NULL;
    BN_free(number);
    return done;
}

static bool set_times(X509 *certificate, const struct issue_plan *plan)
{
    int64_t now_s = plan->now / 1000;
    int64_t end_s = now_s + plan->lifetime_s;
    if (plan->issuer) {
        int64_t issuer_end_s = issue_time_ms(X509_get0_notAfter(plan->issuer)) / 1000;
        end_s = end_s < issuer_end_s ? end_s : issuer_end_s;
    }
    /* Backdated a little, for clocks that run late. */
    return ASN1_TIME_set(X509_getm_notBefore(certificate), now_s - ISSUE_BACKDATE_S) != NULL &&
           ASN1_TIME_set(X509_getm_notAfter(certificate), end_s) != NULL;
}

static bool add_extension(X509 *certificate, X509V3_CTX *context, int nid, const char *value)
{
    X509_EXTENSION *extension = X509V3_EXT_nconf_nid(NULL, context, nid, value);
    bool done = extension && X509_add_ext(certificate, extension, -1) == 1;
    X509_EXTENSION_free(extension);
    return done;
}

static bool add_extensions(X509 *certificate, const struct issue_plan *plan)
{
    X509V3_CTX context;
    X509 *issuer = plan->issuer ? plan->issuer : certificate;
    X509V3_set_ctx(&context, issuer, certificate, NULL, NULL, 0);
    X509V3_set_ctx_nodb(&context);

    bool done = add_extension(certificate, &context, NID_subject_key_identifier, "hash");
    if (done && plan->issuer)
        done = add_extension(certificate, &context, NID_authority_key_identifier, "keyid:always");
    for (size_t i = 0; done && i < ISSUE_EXTENSIONS_MAX && plan->extensions[i].nid != 0; i++) {
        const struct issue_extension *extension = &plan->extensions[i];
        done = add_extension(certificate, &context, extension->nid, extension->value);
    }
    if (done && plan->alternative_names)
        done = X509_add1_ext_i2d(certificate, NID_subject_alt_name, plan->alternative_names, 0,
                                 0) == 1;
    return done;
}

enum err issue_certificate(const struct issue_plan *plan, X509 **ret_certificate)
{
    X509 *certificate = X509_new();
    if (!certificate)
        return ERR_NO_MEMORY;
    const X509_NAME *issuer = plan->issuer ? X509_get_subject_name(plan->issuer) : plan->subject;
    bool done = X509_set_version(certificate, X509_VERSION_3) == 1 && set_serial(certificate) &&
                X509_set_subject_name(certificate, plan->subject) == 1 &&
                X509_set_issuer_name(certificate, issuer) == 1 && set_times(certificate, plan) &&
                X509_set_pubkey(certificate, plan->subject_key) == 1 &&
                add_extensions(certificate, plan) &&
                X509_sign(certificate, plan->issuer_key, EVP_sha256()) > 0;
    if (!done) {
        X509_free(certificate);
        return ERR_NO_MEMORY;
    }
    *ret_certificate = certificate;
    return ERR_OK;
}

#include "certs/edge/trust.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <stdlib.h>
#include <string.h>

#include "certs/edge/pem.h"
#include "certs/edge/trust_part.h"

/* -- from one text ---------------------------------------------------------------------------- */

static bool add(const struct certs_trust *trust, X509 *certificate, bool for_people, bool for_tsa)
{
    /* Extensions are worked out when first asked for: now, while nobody shares the store. One that
     * is malformed is found again, and refused, when a chain is built. */
    (void)X509_check_purpose(certificate, -1, 0);
    return (!for_people || X509_STORE_add_cert(trust->people, certificate) == 1) &&
           (!for_tsa || X509_STORE_add_cert(trust->tsa, certificate) == 1);
}

/* How many certificates of one stretch of text went in. */
static size_t add_all(const struct certs_trust *trust, struct bytes text, bool for_people,
                      bool for_tsa)
{
    BIO *bio = BIO_new_mem_buf(text.size > 0 ? (const void *)text.data : "", (int)text.size);
    size_t count = 0;
    X509 *certificate;
    while (bio && (certificate = PEM_read_bio_X509(bio, NULL, NULL, NULL)) != NULL) {
        count += add(trust, certificate, for_people, for_tsa) ? 1 : 0;
        X509_free(certificate);
    }
    BIO_free(bio);
    ERR_clear_error(); /* the end of the text is an error to OpenSSL */
    return count;
}

/* Where the next line that is exactly `mark` begins; the end of the text if there is none. */
static size_t find_mark(struct bytes text, size_t from, const char *mark)
{
    size_t size = strlen(mark);
    for (size_t at = from; at + size <= text.size; at++) {
        const uint8_t *found = memmem(text.data + at, text.size - at, mark, size);
        if (!found)
            break;
        at = (size_t)(found - text.data);
        bool starts = at == 0 || text.data[at - 1] == '\n';
        bool ends = at + size == text.size || text.data[at + size] == '\n';
        if (starts && ends)
            return at;
    }
    return text.size;
}

enum { PARTS = 2 };

static const char *const MARKS[PARTS] = {TRUST_PEOPLE_MARK, TRUST_TSA_MARK};

/* Stretch by stretch, each up to the next mark. */
static size_t add_parts(const struct certs_trust *trust, struct bytes text)
{
    bool for_people = true, for_tsa = true;
    size_t count = 0;
    for (size_t at = 0; at < text.size;) {
        size_t next[PARTS];
        for (size_t n = 0; n < PARTS; n++)
            next[n] = find_mark(text, at, MARKS[n]);
        size_t end = next[0] < next[1] ? next[0] : next[1];
        count += add_all(trust, (struct bytes){text.data + at, end - at}, for_people, for_tsa);
        for_people = next[0] == end;
        for_tsa = next[1] == end && end < text.size && !for_people;
        at = end + (end < text.size ? strlen(MARKS[for_people ? 0 : 1]) : 0);
    }
    return count;
}

enum err certs_trust_parse(struct bytes pem, struct certs_trust **ret_trust)
{
    if (pem.size == 0)
        return ERR_FORMAT;
    if (pem.size > TRUST_BYTES_MAX)
        return ERR_LIMIT;
    struct certs_trust *trust = calloc(1, sizeof *trust);
    if (!trust)
        return ERR_NO_MEMORY;
    trust->people = X509_STORE_new();
    trust->tsa = X509_STORE_new();
    enum err err = trust->people && trust->tsa ? ERR_OK : ERR_NO_MEMORY;
    if (err == ERR_OK && add_parts(trust, pem) == 0)
        err = ERR_FORMAT;
    if (err != ERR_OK) {
        certs_trust_free(trust);
        return err;
    }
    *ret_trust = trust;
    return ERR_OK;
}

/* -- from files ------------------------------------------------------------------------------- */

enum err certs_trust_load(const char *path, struct certs_trust **ret_trust)
{
    struct buffer pem = {0};
    enum err err = certs_trust_gather(path, &pem);
    if (err == ERR_OK)
        err = certs_trust_parse(buffer_bytes(&pem), ret_trust);
    buffer_done(&pem);
    return err;
}

void certs_trust_free(struct certs_trust *trust)
{
    if (!trust)
        return;
    X509_STORE_free(trust->people);
    X509_STORE_free(trust->tsa);
    free(trust);
}

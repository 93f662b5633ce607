/* What the authority answers to anybody: its certificates, CRLs, OCSP (RFC 6960, appendix A) and
 * the development TSA (RFC 3161, section 3.4). No session; bounded in size and, all together, in
 * rate. The door speaks TLS only, and so does this: RFC 5280 would have plain HTTP here, which a
 * province gets by an address that passes it on (docs/pki.md). */
#include <sodium.h>

#include "base/clock.h"
#include "base/limits.h"
#include "base/log.h"
#include "signaling/edge/api.h"

static bool rate_allows(struct request *request)
{
    if (bucket_take(&request->door->pki_rate, clock_now_us()))
        return true;
    request->reply.retry_after_seconds = 1;
    reply_refusal(request, DOOR_BUSY);
    return false;
}

/* Takes `answer` over. */
static void reply_made(struct request *request, enum err err, const char *type,
                       struct buffer *answer)
{
    if (err == ERR_OK) {
        reply_text(request, 200, type, answer);
        return;
    }
    log_line(LOG_WARN, "door.pki", "path=%s err=%s", request->path, err_name(err));
    reply_refusal(request, err == ERR_UNKNOWN ? DOOR_NOT_FOUND : DOOR_BROKEN);
}

static void reply_certificate(struct request *request, struct bytes der)
{
    struct buffer copy = {0};
    enum err err = buffer_put(&copy, der);
    reply_made(request, err, "application/pkix-cert", &copy);
}

void api_pki_issuing(struct request *request)
{
    if (rate_allows(request))
        reply_certificate(request, certs_ca_issuing(request->door->ca));
}

void api_pki_root(struct request *request)
{
    if (rate_allows(request))
        reply_certificate(request, certs_ca_root(request->door->ca));
}

void api_pki_crl(struct request *request)
{
    struct buffer crl = {0};
    if (!rate_allows(request))
        return;
    enum err err = certs_crl(request->door->ca, clock_utc_ms(), &crl);
    reply_made(request, err, "application/pkix-crl", &crl);
}

void api_pki_root_crl(struct request *request)
{
    struct buffer crl = {0};
    if (!rate_allows(request))
        return;
    enum err err = certs_root_crl(request->door->ca, clock_utc_ms(), &crl);
    reply_made(request, err == ERR_STALE ? ERR_UNKNOWN : err, "application/pkix-crl", &crl);
}

static void answer_ocsp(struct request *request, struct bytes query)
{
    struct buffer answer = {0};
    enum err err = certs_ocsp_answer(request->door->ca, query, clock_utc_ms(), &answer);
    reply_made(request, err, "application/ocsp-response", &answer);
}

void api_pki_ocsp(struct request *request)
{
    if (rate_allows(request))
        answer_ocsp(request, buffer_bytes(&request->body));
}

/* Base64 in the path. libwebsockets has undone %2F already, and made one slash of two: such a
 * request (one in forty) is answered as malformed, upon which clients send it by POST. */
void api_pki_ocsp_get(struct request *request)
{
    uint8_t query[LIMIT_OCSP_REQUEST_BYTES];
    size_t size = 0;
    struct bytes text = request->match.token;
    if (!rate_allows(request))
        return;
    if (sodium_base642bin(query, sizeof query, (const char *)text.data, text.size, NULL, &size,
                          NULL, sodium_base64_VARIANT_ORIGINAL) != 0)
        size = 0;
    answer_ocsp(request, (struct bytes){query, size});
}

void api_pki_tsa(struct request *request)
{
    struct buffer answer = {0};
    if (!rate_allows(request))
        return;
    enum err err =
        certs_tsa_answer(request->door->ca, buffer_bytes(&request->body), clock_utc_ms(), &answer);
    reply_made(request, err, "application/timestamp-reply", &answer);
}

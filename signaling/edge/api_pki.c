/* What the authority answers to anybody: its certificates, CRLs, OCSP (RFC 6960, appendix A) and
 * the development TSA (RFC 3161, section 3.4). No session; bounded in size and, all together, in
 * rate and in how many wait (authority.h). The door speaks TLS only, and so does this: RFC 5280
 * would have plain HTTP here, which a province gets by an address that passes it on (docs/pki.md).
 */
#include <sodium.h>

#include "base/clock.h"
#include "base/limits.h"
#include "signaling/edge/api.h"
#include "signaling/edge/authority.h"

static bool rate_allows(struct request *request)
{
    if (bucket_take(&request->door->pki_rate, clock_now_us()))
        return true;
    request->reply.retry_after_seconds = 1;
    reply_refusal(request, DOOR_BUSY);
    return false;
}

static void reply_certificate(struct request *request, struct bytes der)
{
    struct buffer copy = {0};
    if (buffer_put(&copy, der) == ERR_OK)
        reply_text(request, 200, "application/pkix-cert", &copy);
    else
        reply_refusal(request, DOOR_BROKEN);
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
    if (rate_allows(request))
        authority_ask(request, AUTHORITY_CRL, NULL);
}

void api_pki_root_crl(struct request *request)
{
    if (rate_allows(request))
        authority_ask(request, AUTHORITY_ROOT_CRL, NULL);
}

/* The body, whatever it is, is the question. */
static void ask_with_body(struct request *request, enum authority_question question)
{
    struct buffer query = request->body;
    if (!rate_allows(request))
        return;
    request->body = (struct buffer){0};
    authority_ask(request, question, &query);
}

void api_pki_ocsp(struct request *request)
{
    ask_with_body(request, AUTHORITY_OCSP);
}

/* Base64 in the path. libwebsockets has undone %2F already, and made one slash of two: such a
 * request (one in forty) is answered as malformed, upon which clients send it by POST. */
void api_pki_ocsp_get(struct request *request)
{
    uint8_t bytes[LIMIT_OCSP_REQUEST_BYTES];
    size_t size = 0;
    struct buffer query = {0};
    struct bytes text = request->match.token;
    if (!rate_allows(request))
        return;
    if (sodium_base642bin(bytes, sizeof bytes, (const char *)text.data, text.size, NULL, &size,
                          NULL, sodium_base64_VARIANT_ORIGINAL) != 0)
        size = 0;
    if (buffer_put(&query, (struct bytes){bytes, size}) == ERR_OK)
        authority_ask(request, AUTHORITY_OCSP, &query);
    else
        reply_refusal(request, DOOR_BROKEN);
}

void api_pki_tsa(struct request *request)
{
    ask_with_body(request, AUTHORITY_TSA);
}

/* Whether a certificate still holds: CRLs (RFC 5280, section 5) and OCSP (RFC 6960), made for
 * others and judged when others made them.
 *
 * Answers are made from the register at the moment of asking, signed by a responder of its own
 * that the issuing CA delegated, so they may be fetched over any line. */
#ifndef CERTS_EDGE_STATUS_H
#define CERTS_EDGE_STATUS_H

#include "base/buffer.h"
#include "base/bytes.h"
#include "base/err.h"
#include "base/units.h"
#include "certs/edge/register.h"

struct certs_ca;

enum {
    CERTS_OCSP_FRESH_S = 60 * 60, /* from thisUpdate to nextUpdate */
    CERTS_CRL_FRESH_S = 48 * 60 * 60,
    CERTS_CRL_RENEW_S = 12 * 60 * 60,
};

/* The issuing CA's full CRL, numbered. ERR_IO when a new one is due and cannot be filed. */
MUST_USE enum err certs_crl(struct certs_ca *ca, utc_ms_t now, struct buffer *ret_crl);
/* The root's, about the issuing CA. ERR_UNKNOWN when the root's key was taken away before one was
 * made; ERR_STALE when it is over. */
MUST_USE enum err certs_root_crl(struct certs_ca *ca, utc_ms_t now, struct buffer *ret_crl);
/* Makes the root's CRL anew with its key, wherever that is kept. ERR_FORMAT: another key. */
MUST_USE enum err certs_root_crl_make(struct certs_ca *ca, const char *root_key_path, utc_ms_t now);

/* Answers an OCSP request: whatever it is, there is an answer (malformedRequest at worst). A nonce
 * is echoed; a serial that is not in the register is unknown. ERR_NO_MEMORY, ERR_IO. */
MUST_USE enum err certs_ocsp_answer(struct certs_ca *ca, struct bytes request, utc_ms_t now,
                                    struct buffer *ret_response);

enum certs_status { CERTS_STATUS_GOOD, CERTS_STATUS_REVOKED, CERTS_STATUS_UNKNOWN };

/* What a proof says of one certificate. */
struct certs_standing {
    enum certs_status status;
    utc_ms_t revoked_at; /* 0 unless revoked */
    enum certs_reason reason;
    utc_ms_t this_update; /* the proof speaks for this moment … */
    utc_ms_t next_update; /* … and until this; 0: it does not say */
    utc_ms_t made_at;     /* producedAt of OCSP; thisUpdate of a CRL */
};

/* Reads a stranger's proof about `certificate`, issued by `issuer` (DER, both). Its signature and,
 * of OCSP, the responder's delegation are checked; whether it is fresh enough is the caller's to
 * judge by the times. ERR_LIMIT, ERR_FORMAT (not one, or with bytes behind it), ERR_AUTH (not by
 * this issuer), ERR_UNKNOWN (an OCSP response about another certificate). */
MUST_USE enum err certs_ocsp_read(struct bytes response, struct bytes certificate,
                                  struct bytes issuer, struct certs_standing *ret_standing);
MUST_USE enum err certs_crl_read(struct bytes crl, struct bytes certificate, struct bytes issuer,
                                 struct certs_standing *ret_standing);

#endif

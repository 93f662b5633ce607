/* Timestamps of RFC 3161, with ESSCertIDv2 (RFC 5816): SHA-256 only.
 *
 * The development TSA stands in the CA's folder and takes its time from the machine it runs on;
 * a province replaces it by a trusted one's URL (ask.h). */
#ifndef CERTS_EDGE_TIMESTAMP_H
#define CERTS_EDGE_TIMESTAMP_H

#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"
#include "base/bytes.h"
#include "base/err.h"
#include "base/units.h"
#include "certs/edge/fault.h"
#include "certs/edge/sizes.h"

struct certs_ca;
struct certs_carried;
struct certs_history_plan;
struct certs_trust;

/* The policy of the development TSA, under the arc of UUIDs (ITU-T X.667), which needs no registry:
 * it promises nothing but the form. */
#define CERTS_TSA_POLICY "2.25.187987821601627226446717647154334330816"

enum { CERTS_TSA_ACCURACY_S = 1 };

/* Answers a TimeStampReq with a TimeStampResp: whatever it is, there is an answer (a rejection at
 * worst). ERR_NO_MEMORY, ERR_IO. */
MUST_USE enum err certs_tsa_answer(struct certs_ca *ca, struct bytes request, utc_ms_t now,
                                   struct buffer *ret_response);

/* What a TimeStampToken says. */
struct certs_timestamp {
    utc_ms_t at; /* genTime, cut to milliseconds */
    char tsa[CERTS_NAME_TEXT_BYTES];
    char issuer[CERTS_NAME_TEXT_BYTES];
    char serial[CERTS_SERIAL_TEXT_BYTES]; /* of the TSA's certificate */
    char policy[128];                     /* dotted */
    utc_ms_t not_after;                   /* of the TSA's certificate: renew before */
    uint8_t certificate_sha256[CERTS_SHA256_BYTES];
};

/* Judges a TimeStampToken over `digest`: one signer whose certificate it carries, SHA-256, ESS,
 * signature, extended key usage exactly timeStamping and critical, chain to an anchor for TSAs at
 * time `at`. `chain`: further certificates to build it with, DER. *ret_timestamp is always filled,
 * as far as the token could be read. */
MUST_USE enum certs_fault
certs_timestamp_verify(struct bytes token, const uint8_t digest[CERTS_SHA256_BYTES],
                       const struct certs_trust *trust, const struct bytes *chain,
                       size_t chain_count, utc_ms_t at, struct certs_timestamp *ret_timestamp);
/* Likewise by all that a file carries: the chain is built with the plan's carried certificates and
 * those of its archive as well, to the anchors for TSAs and at the plan's time; and the authority
 * had not been revoked, by the archive's proofs, when it made the token. */
MUST_USE enum certs_fault certs_timestamp_judge(struct bytes token,
                                                const uint8_t digest[CERTS_SHA256_BYTES],
                                                const struct certs_history_plan *plan,
                                                struct certs_timestamp *ret_timestamp);
/* What a token says of itself, judged by nobody. ERR_FORMAT. */
MUST_USE enum err certs_timestamp_read(struct bytes token, struct certs_timestamp *ret_timestamp);
/* The token written anew, in DER throughout and its certificates in order, as judges here want it:
 * many a TSA lists its chain from itself upwards. Nothing that is signed changes. ERR_FORMAT. */
MUST_USE enum err certs_timestamp_tidy(struct bytes token, struct buffer *ret_token);
/* What a token carries, the TSA's own certificate first (cms.h). The caller's. ERR_FORMAT. */
MUST_USE enum err certs_timestamp_carried(struct bytes token, struct certs_carried *ret_carried);
/* The TSA's own certificate out of a token, for its proof of validity. ERR_FORMAT. */
MUST_USE enum err certs_timestamp_certificate(struct bytes token, struct buffer *ret_certificate);

#endif

/* Why a signature or a timestamp is not good. */
#ifndef CERTS_EDGE_FAULT_H
#define CERTS_EDGE_FAULT_H

enum certs_fault {
    CERTS_FAULT_NONE,
    CERTS_FAULT_MALFORMED,     /* no DER SignedData, or bytes behind it */
    CERTS_FAULT_PROFILE,       /* not the one form we accept: signers, attributes, algorithms */
    CERTS_FAULT_DIGEST,        /* made for other bytes */
    CERTS_FAULT_SIGNATURE,     /* the signature value does not verify */
    CERTS_FAULT_ESS,           /* signing-certificate-v2 names another certificate */
    CERTS_FAULT_UNUSED,        /* carries a certificate that its chain does not need */
    CERTS_FAULT_UNTRUSTED,     /* the chain does not end in the trust given */
    CERTS_FAULT_NOT_YET_VALID, /* at the time asked for */
    CERTS_FAULT_EXPIRED,
    CERTS_FAULT_USAGE,   /* the certificate is not for signing documents */
    CERTS_FAULT_REVOKED, /* before the signature was made */
    CERTS_FAULT_STAMP,   /* its timestamp is not good; the judgement says why */
    CERTS_FAULT_WEAK,    /* an algorithm or key that can be broken today */
    CERTS_FAULT_INTERNAL,
};

#endif

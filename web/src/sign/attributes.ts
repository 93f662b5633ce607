// What a signature of the minutes is really made over: the CMS signed attributes (RFC 5652, 11;
// RFC 5035), exactly content-type, message-digest and signing-certificate-v2, as a SET OF in DER
// order. Built here from the file's own digest, so that this browser never signs a blob it was
// given. signing-time is forbidden in PAdES baseline; the claimed time stands in the file.
import { oid, TAG, tlv, type Der } from './der';

const CONTENT_TYPE = oid('1.2.840.113549.1.9.3');
const DATA = oid('1.2.840.113549.1.7.1');
const MESSAGE_DIGEST = oid('1.2.840.113549.1.9.4');
const SIGNING_CERTIFICATE_V2 = oid('1.2.840.113549.1.9.16.2.47');

function attribute(type: Der, value: Der): Der {
    return tlv(TAG.sequence, type, tlv(TAG.set, value));
}

/** SHA-256 is the default hash of ESSCertIDv2, so its identifier is left out (RFC 5035, section 4). */
function essCertificate(certificateHash: Uint8Array): Der {
    const id = tlv(TAG.sequence, tlv(TAG.octetString, certificateHash));
    return tlv(TAG.sequence, tlv(TAG.sequence, id));
}

function compareDer(a: Uint8Array, b: Uint8Array): number {
    for (let i = 0; i < Math.min(a.length, b.length); i++) {
        const difference = (a[i] ?? 0) - (b[i] ?? 0);
        if (difference !== 0) return difference;
    }
    return a.length - b.length;
}

/** Both hashes are SHA-256, of the byte range and of the certificate's DER. */
export function signedAttributes(digest: Uint8Array, certificateHash: Uint8Array): Der {
    const all = [
        attribute(CONTENT_TYPE, DATA),
        attribute(MESSAGE_DIGEST, tlv(TAG.octetString, digest)),
        attribute(SIGNING_CERTIFICATE_V2, essCertificate(certificateHash)),
    ];
    return tlv(TAG.set, ...all.sort(compareDer));
}

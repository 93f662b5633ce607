// A certificate request (PKCS#10, RFC 2986) for a key that was made in this browser. Whom the
// certificate names is the server's to say, so the subject holds only what the log-in is called.
import { concat, oid, TAG, tlv, unsignedInteger, type Der } from './der';

const COMMON_NAME = oid('2.5.4.3');
const ECDSA_WITH_SHA256 = oid('1.2.840.10045.4.3.2');
const P256_BYTES = 32;

/** ECDSA-Sig-Value (RFC 3279, section 2.2.3) of the 64 bytes r‖s that WebCrypto gives. */
export function ecdsaSignatureDer(raw: Uint8Array): Der {
    return tlv(
        TAG.sequence,
        unsignedInteger(raw.subarray(0, P256_BYTES)),
        unsignedInteger(raw.subarray(P256_BYTES)),
    );
}

function subject(name: string): Der {
    const value = tlv(TAG.utf8, new TextEncoder().encode(name));
    return tlv(TAG.sequence, tlv(TAG.set, tlv(TAG.sequence, COMMON_NAME, value)));
}

/** Needs: a P-256 key pair whose private half may sign. */
export async function certificateRequest(keys: CryptoKeyPair, login: string): Promise<Der> {
    const spki = new Uint8Array(await crypto.subtle.exportKey('spki', keys.publicKey));
    const version = unsignedInteger(Uint8Array.of(0));
    const info = tlv(TAG.sequence, version, subject(login), spki, tlv(TAG.attributes));
    const signature = await crypto.subtle.sign(
        { name: 'ECDSA', hash: 'SHA-256' },
        keys.privateKey,
        info,
    );
    const unusedBits = Uint8Array.of(0);
    return tlv(
        TAG.sequence,
        info,
        tlv(TAG.sequence, ECDSA_WITH_SHA256),
        tlv(TAG.bitString, concat(unusedBits, ecdsaSignatureDer(new Uint8Array(signature)))),
    );
}

import { describe, expect, it } from 'vitest';
import published from '../../../tests/vectors/paper/signed_attributes.json';
import { signedAttributes } from './attributes';
import { fromBase64, oid, tlv, toBase64, toHex, unsignedInteger } from './der';
import { digestOf, faultOf } from './prepared';
import { certificateRequest, ecdsaSignatureDer } from './request';

function bytes(...values: number[]): Uint8Array<ArrayBuffer> {
    return Uint8Array.from(values);
}

function fromHex(text: string): Uint8Array<ArrayBuffer> {
    return Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

/** The elements inside one element, each with its own head. */
function childrenOf(der: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer>[] {
    const headOf = (at: number): [head: number, size: number] => {
        const first = der[at + 1] ?? 0;
        if (first < 0x80) return [2, first];
        let size = 0;
        for (let i = 0; i < first - 0x80; i++) size = size * 256 + (der[at + 2 + i] ?? 0);
        return [2 + first - 0x80, size];
    };
    const children: Uint8Array<ArrayBuffer>[] = [];
    for (let at = headOf(0)[0]; at < der.length;) {
        const [head, size] = headOf(at);
        children.push(der.slice(at, at + head + size));
        at += head + size;
    }
    return children;
}

describe('DER', () => {
    it('writes short and long lengths', () => {
        expect(toHex(tlv(0x04, bytes(1, 2)))).toBe('04020102');
        expect(toHex(tlv(0x04, new Uint8Array(200)).subarray(0, 3))).toBe('0481c8');
        expect(toHex(tlv(0x04, new Uint8Array(70_000)).subarray(0, 5))).toBe('0483011170');
    });

    it('writes object identifiers with arcs above 127', () => {
        expect(toHex(oid('1.2.840.113549.1.9.16.2.47'))).toBe('060b2a864886f70d010910022f');
    });

    it('keeps integers positive and without leading zeros', () => {
        expect(toHex(unsignedInteger(bytes(0, 0, 0x7f)))).toBe('02017f');
        expect(toHex(unsignedInteger(bytes(0x80)))).toBe('02020080');
        expect(toHex(unsignedInteger(bytes(0, 0)))).toBe('020100');
    });

    it('goes through base64 and back', () => {
        expect(Array.from(fromBase64(toBase64(bytes(0, 255, 10))))).toEqual([0, 255, 10]);
    });
});

describe('signed attributes', () => {
    it('are the three of PAdES baseline in DER order, 135 bytes', () => {
        const der = signedAttributes(new Uint8Array(32).fill(0xaa), new Uint8Array(32).fill(0xbb));
        expect(toHex(der)).toBe(
            '318184' +
                '301806092a864886f70d010903310b06092a864886f70d010701' +
                '302f06092a864886f70d01090431220420' +
                'aa'.repeat(32) +
                '3037060b2a864886f70d010910022f31283026302430220420' +
                'bb'.repeat(32),
        );
        expect(der.length).toBe(135);
    });
});

describe('signed attributes and the server', () => {
    it('agree to the byte on what is signed', async () => {
        expect(published.vectors.length).toBeGreaterThan(0);
        for (const vector of published.vectors) {
            const certificate = fromBase64(vector.certificate);
            const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', certificate));
            const digest = fromHex(vector.digest);
            expect(toHex(signedAttributes(digest, hash))).toBe(vector.signedAttributes);
        }
    });
});

describe('a certificate request', () => {
    it('is signed by the key that it holds', async () => {
        const pair = await crypto.subtle.generateKey(
            { name: 'ECDSA', namedCurve: 'P-256' },
            false,
            ['sign', 'verify'],
        );
        const der = await certificateRequest(pair, 'thuky');
        const [info, , signature] = childrenOf(der);
        if (!info || !signature) throw new Error('a request has three parts');
        // BIT STRING { unused bits, SEQUENCE { r, s } }, back to the 64 bytes that WebCrypto knows.
        const [r, s] = childrenOf(signature.slice(3));
        const raw = new Uint8Array(64);
        [r, s].forEach((part, i) => {
            const digits = part?.subarray(2) ?? new Uint8Array();
            raw.set(
                digits.subarray(Math.max(0, digits.length - 32)),
                32 * (i + 1) - Math.min(32, digits.length),
            );
        });
        const good = await crypto.subtle.verify(
            { name: 'ECDSA', hash: 'SHA-256' },
            pair.publicKey,
            raw,
            info,
        );
        expect(good).toBe(true);
        expect(toHex(info)).toContain(toHex(new TextEncoder().encode('thuky')));
    });

    it('carries r and s as two integers', () => {
        const raw = new Uint8Array(64);
        raw[31] = 5;
        raw[32] = 0x80;
        expect(toHex(ecdsaSignatureDer(raw)).startsWith('3026020105022100')).toBe(true);
    });
});

describe('a prepared file', () => {
    const read = new TextEncoder().encode('%PDF read by me\n');
    const place = '<0000>';
    const file = new TextEncoder().encode(`%PDF read by me\n/Contents ${place} /more`);
    const gap = new TextDecoder().decode(file).indexOf(place);
    const byteRange = [0, gap, gap + place.length, file.length - gap - place.length];

    it('is signed in every byte but the gap', async () => {
        expect(faultOf(read, { file, byteRange })).toBeNull();
        const all = new TextEncoder().encode('%PDF read by me\n/Contents  /more');
        expect(toHex(await digestOf({ file, byteRange }))).toBe(
            toHex(new Uint8Array(await crypto.subtle.digest('SHA-256', all))),
        );
    });

    it('must continue the file that was read', () => {
        const other = file.slice();
        other[3] = 0x21;
        expect(faultOf(read, { file: other, byteRange })).toBe('continues');
        expect(faultOf(file, { file, byteRange })).toBe('continues');
    });

    it('must leave out nothing but the gap', () => {
        const [a = 0, b = 0, c = 0, d = 0] = byteRange;
        for (const wrong of [
            [a, b, c, d - 1],
            [1, b, c, d],
            [a, 4, c, d],
            [a, b, b + 1, file.length - b - 1],
            [a, b, c],
            [a, b + 0.5, c, d],
            [a, b, -c, d],
        ]) {
            expect(faultOf(read, { file, byteRange: wrong })).toBe('range');
        }
    });

    it('must have nothing but zeros in the gap', () => {
        const filled = file.slice();
        filled[gap + 2] = 0x31;
        expect(faultOf(read, { file: filled, byteRange })).toBe('gap');
        const open = file.slice();
        open[gap] = 0x28;
        expect(faultOf(read, { file: open, byteRange })).toBe('gap');
    });
});

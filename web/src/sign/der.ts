// The little DER (X.690) that a certificate request and signed attributes are made of.

export type Der = Uint8Array<ArrayBuffer>;

export const TAG = {
    integer: 0x02,
    bitString: 0x03,
    octetString: 0x04,
    oid: 0x06,
    utf8: 0x0c,
    sequence: 0x30,
    set: 0x31,
    attributes: 0xa0,
} as const;

export function concat(...parts: readonly Uint8Array[]): Der {
    const whole = new Uint8Array(parts.reduce((size, part) => size + part.length, 0));
    let at = 0;
    for (const part of parts) {
        whole.set(part, at);
        at += part.length;
    }
    return whole;
}

function lengthOf(size: number): number[] {
    if (size < 0x80) return [size];
    const bytes: number[] = [];
    for (let rest = size; rest > 0; rest = Math.floor(rest / 256)) bytes.unshift(rest % 256);
    return [0x80 | bytes.length, ...bytes];
}

export function tlv(tag: number, ...contents: readonly Uint8Array[]): Der {
    const content = concat(...contents);
    return concat(Uint8Array.from([tag, ...lengthOf(content.length)]), content);
}

/** "1.2.840.10045.4.3.2" */
export function oid(dotted: string): Der {
    const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
    const bytes = [first * 40 + second];
    for (const arc of rest) {
        const groups = [arc % 128];
        for (let left = Math.floor(arc / 128); left > 0; left = Math.floor(left / 128)) {
            groups.unshift(0x80 | (left % 128));
        }
        bytes.push(...groups);
    }
    return tlv(TAG.oid, Uint8Array.from(bytes));
}

/** A non-negative INTEGER of big-endian bytes: no leading zeros but the one that keeps it positive. */
export function unsignedInteger(bytes: Uint8Array): Der {
    let start = 0;
    while (start < bytes.length - 1 && bytes[start] === 0) start += 1;
    const digits = bytes.subarray(start);
    const pad = (digits[0] ?? 0) & 0x80 ? Uint8Array.of(0) : new Uint8Array();
    return tlv(TAG.integer, pad, digits);
}

export function toBase64(bytes: Uint8Array): string {
    let text = '';
    for (const byte of bytes) text += String.fromCharCode(byte);
    return btoa(text);
}

export function fromBase64(text: string): Der {
    return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
}

export function toHex(bytes: Uint8Array): string {
    return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

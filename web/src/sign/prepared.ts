// What this browser makes sure of before it signs a prepared file: that it is the file that was
// read, with one signature's place behind it, and that every byte but that place gets signed.

/** Why a prepared file must not be signed. */
export type PreparedFault = 'continues' | 'range' | 'gap';

export interface Prepared {
    file: Uint8Array<ArrayBuffer>;
    byteRange: readonly number[];
}

const ZERO = 0x30;
const OPEN = 0x3c;
const CLOSE = 0x3e;

/** The first thing that is wrong with the file as prepared, given the file that was read. */
export function faultOf(read: Uint8Array, prepared: Prepared): PreparedFault | null {
    const { file, byteRange } = prepared;
    if (file.length <= read.length) return 'continues';
    for (let i = 0; i < read.length; i++) if (file[i] !== read[i]) return 'continues';

    const [first, gapStart = 0, gapEnd = 0, tail = 0] = byteRange;
    if (byteRange.length !== 4 || first !== 0) return 'range';
    if (!byteRange.every((value) => Number.isSafeInteger(value) && value >= 0)) return 'range';
    if (gapStart < read.length || gapEnd <= gapStart + 2 || gapEnd + tail !== file.length) {
        return 'range';
    }
    // The only bytes left out are "<000…0>", the zero-filled Contents.
    if (file[gapStart] !== OPEN || file[gapEnd - 1] !== CLOSE) return 'gap';
    for (let i = gapStart + 1; i < gapEnd - 1; i++) if (file[i] !== ZERO) return 'gap';
    return null;
}

/** Needs: faultOf() found nothing. */
export async function digestOf(prepared: Prepared): Promise<Uint8Array<ArrayBuffer>> {
    const [, gapStart = 0, gapEnd = 0] = prepared.byteRange;
    const signed = new Uint8Array(gapStart + prepared.file.length - gapEnd);
    signed.set(prepared.file.subarray(0, gapStart));
    signed.set(prepared.file.subarray(gapEnd), gapStart);
    return new Uint8Array(await crypto.subtle.digest('SHA-256', signed));
}

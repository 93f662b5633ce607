// What a person has to know and can do about their signing key in this browser, from what the
// server says and what the browser holds. Pure.
import type { KeyAsked, KeyList } from '../lib/api/schema';

export interface Held {
    /** Serial of the certified key in this browser. */
    serial: string | null;
    /** Hash of the key in this browser that waits for its certificate. */
    waiting: string | null;
}

export type Standing =
    /** Nothing here: make a key and ask. */
    | { kind: 'none'; elsewhere: boolean }
    /** An officer has to decide. */
    | { kind: 'pending'; asked: KeyAsked }
    /** Approved: the browser takes the certificate in. */
    | { kind: 'certified'; serial: string }
    | { kind: 'rejected'; asked: KeyAsked }
    | { kind: 'ready'; serial: string; notAfter: number; renew: boolean }
    | { kind: 'expired'; serial: string }
    | { kind: 'revoked'; serial: string; why: string | null; byOwner: boolean };

/** From so long before its end a certificate should be renewed. */
export const RENEW_BEFORE_MS = 60 * 24 * 60 * 60 * 1000;

/** Of the key in use. */
export function standingOf(list: KeyList, held: Held, now: number): Standing {
    const key = list.keys.find((one) => one.serial === held.serial);
    const next = waitingOf(list, held);
    const isOver = key && (key.state !== 'valid' || key.notAfter <= now);
    if (isOver && next) return next;
    if (key?.state === 'revoked') {
        return {
            kind: 'revoked',
            serial: key.serial,
            why: key.revokedWhy,
            byOwner: key.revokedByOwner,
        };
    }
    if (isOver) return { kind: 'expired', serial: key.serial };
    if (key) {
        const renew = key.notAfter - now < RENEW_BEFORE_MS;
        return { kind: 'ready', serial: key.serial, notAfter: key.notAfter, renew };
    }
    const elsewhere = list.keys.some((one) => one.state === 'valid');
    return next ?? { kind: 'none', elsewhere };
}

/** Of the key that waits for its certificate; null: none does. */
export function waitingOf(list: KeyList, held: Held): Standing | null {
    if (!held.waiting) return null;
    const certified = list.keys.find((one) => one.spki === held.waiting);
    if (certified?.state === 'valid') return { kind: 'certified', serial: certified.serial };
    const asked = list.requests.find((one) => one.spki === held.waiting);
    if (asked?.state === 'pending') return { kind: 'pending', asked };
    if (asked?.state === 'rejected') return { kind: 'rejected', asked };
    return null;
}

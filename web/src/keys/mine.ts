// The life of one's own signing key in this browser: made, asked for, certified, lost, renewed.
import { api } from '../lib/api/client';
import type { KeyList, Session } from '../lib/api/schema';
import { fromBase64, toBase64, toHex } from '../sign/der';
import {
    forgetKey,
    forgetWaiting,
    makeKeyPair,
    storeKey,
    storeWaiting,
    storedKey,
    waitingKey,
    type SigningKey,
} from '../sign/keys';
import { certificateRequest } from '../sign/request';
import { standingOf, waitingOf, type Standing } from './standing';

export interface Mine {
    list: KeyList;
    standing: Standing;
    /** Of a key that is to follow the one in use. */
    follows: Standing | null;
    key: SigningKey | null;
}

/** A key whose certificate has come is put to use on the way. */
export async function readMine(userId: string, now: number): Promise<Mine> {
    const [list, key, waiting] = [
        await api.keys(),
        await storedKey(userId),
        await waitingKey(userId),
    ];
    const held = { serial: key?.serial ?? null, waiting: waiting?.spki ?? null };
    const follows = waitingOf(list, held);
    if (waiting && follows?.kind === 'certified') {
        const made = list.keys.find((one) => one.serial === follows.serial);
        if (made) {
            await storeKey({
                userId,
                serial: made.serial,
                notAfter: made.notAfter,
                certificate: fromBase64(made.certificate),
                privateKey: waiting.privateKey,
            });
            return readMine(userId, now);
        }
    }
    return {
        list,
        standing: standingOf(list, held, now),
        follows: key ? follows : null,
        key,
    };
}

/** Makes a pair here and asks for its certificate; `renews`: the certificate that it is to follow. */
export async function askForKey(user: Session['user'], renews: string | null): Promise<void> {
    const pair = await makeKeyPair();
    const spki = await crypto.subtle.exportKey('spki', pair.publicKey);
    const hash = toHex(new Uint8Array(await crypto.subtle.digest('SHA-256', spki)));
    const csr = toBase64(await certificateRequest(pair, user.login));
    // Kept first: a certificate for a key that nobody has would be worse than a key without one.
    await storeWaiting({ userId: user.id, spki: hash, privateKey: pair.privateKey });
    try {
        await api.askForKey(renews ? { csr, renews } : { csr });
    } catch (thrown) {
        await forgetWaiting(user.id);
        throw thrown;
    }
}

/** The certificate is over at once, everywhere; this browser's key of it is destroyed. */
export async function giveUpKey(userId: string, serial: string, reason: 'lost' | 'stopped') {
    await api.revokeKey(serial, { reason, why: '' });
    const key = await storedKey(userId);
    if (key?.serial === serial) await forgetKey(userId);
}

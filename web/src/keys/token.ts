// The key in one's token, through the local helper (docs/signing-helper.md): made there, asked for,
// and its certificate put there.
import { api } from '../lib/api/client';
import { Refusal } from '../lib/api/refusal';
import type { Key, KeyList, Session } from '../lib/api/schema';
import { fromBase64 } from '../sign/der';
import { askHelper } from '../sign/helper';

/** A request of the token that waits for its certificate, as the helper tells it. */
export interface TokenRequest {
    csr: string;
    /** SHA-256 of the public key, hexadecimal. The words that are read aloud come from this one,
     * not from what the server says. */
    spki: string;
}

export type TokenStanding =
    | { kind: 'empty' }
    | { kind: 'unsent'; request: TokenRequest }
    | { kind: 'pending'; request: TokenRequest }
    | { kind: 'certified'; key: Key }
    | { kind: 'ready'; key: Key }
    | { kind: 'over'; key: Key }
    | { kind: 'unknown' };

/** Pure: from what the helper holds and what the server knows. */
export function tokenStanding(
    certificate: string | null,
    request: TokenRequest | null,
    list: KeyList,
): TokenStanding {
    if (certificate !== null) {
        const key = list.keys.find((one) => one.certificate === certificate);
        if (!key) return { kind: 'unknown' };
        return { kind: key.state === 'valid' ? 'ready' : 'over', key };
    }
    if (!request) return { kind: 'empty' };
    const key = list.keys.find((one) => one.spki === request.spki && one.state === 'valid');
    if (key) return { kind: 'certified', key };
    const waits = list.requests.some((one) => one.spki === request.spki && one.state === 'pending');
    return { kind: waits ? 'pending' : 'unsent', request };
}

/** Null when the helper says `code`, which is no fault here. */
async function orNone<T>(code: string, answer: Promise<T>): Promise<T | null> {
    try {
        return await answer;
    } catch (thrown) {
        if (thrown instanceof Refusal && thrown.code === `helper.${code}`) return null;
        throw thrown;
    }
}

export async function readToken(): Promise<TokenStanding> {
    const held = await orNone(
        'no_certificate',
        askHelper<{ certificate: string }>('/v1/certificate'),
    );
    const request = held
        ? null
        : await orNone('no_request', askHelper<TokenRequest>('/v1/requests'));
    return tokenStanding(held?.certificate ?? null, request, await api.keys());
}

/** Whoever sits at the helper types the PIN; a request that waits there is only sent (again). */
export async function askForTokenKey(user: Session['user']): Promise<void> {
    const name = encodeURIComponent(user.name);
    const { csr } = await askHelper<TokenRequest>(`/v1/requests?name=${name}`, { method: 'POST' });
    await api.askForKey({ csr });
}

export async function keepInToken(key: Key): Promise<void> {
    await askHelper('/v1/certificates', { method: 'POST', body: fromBase64(key.certificate) });
}

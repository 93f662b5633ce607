import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Refusal } from '../lib/api/refusal';
import type { Key, KeyAsked, KeyList } from '../lib/api/schema';
import { askForTokenKey, keepInToken, readToken, tokenStanding } from './token';

const REQUEST = { csr: 'Y3Ny', spki: 'aa' };
const KEY: Key = {
    serial: '5e',
    spki: 'aa',
    state: 'valid',
    notAfter: 0,
    revokedAt: null,
    revokedWhy: null,
    revokedByOwner: false,
    certificate: 'Y2VydA==',
};
const ASKED: KeyAsked = {
    id: '7',
    spki: 'aa',
    state: 'pending',
    askedAt: 0,
    decidedAt: null,
    reason: null,
    renews: null,
    serial: null,
};
const USER = {
    id: '1',
    login: 'thuky',
    name: 'Phạm Thùy Dương',
    position: '',
    unit: { id: '1', name: '' },
    roles: [],
};

const list = (keys: Key[] = [], requests: KeyAsked[] = []): KeyList => ({ keys, requests });

describe('how a token stands', () => {
    it('goes from nothing to a certificate', () => {
        expect(tokenStanding(null, null, list()).kind).toBe('empty');
        expect(tokenStanding(null, REQUEST, list()).kind).toBe('unsent');
        expect(tokenStanding(null, REQUEST, list([], [ASKED])).kind).toBe('pending');
        expect(tokenStanding(null, REQUEST, list([KEY], [ASKED])).kind).toBe('certified');
        expect(tokenStanding(KEY.certificate, null, list([KEY])).kind).toBe('ready');
    });

    it('tells a certificate that is over, or not known here', () => {
        const over = { ...KEY, state: 'revoked' as const };
        expect(tokenStanding(KEY.certificate, null, list([over])).kind).toBe('over');
        expect(tokenStanding('b3RoZXI=', null, list([KEY])).kind).toBe('unknown');
    });

    it('does not take another key of the same person for the token’s', () => {
        const other = { ...KEY, spki: 'bb' };
        const waits = { ...ASKED, spki: 'bb' };
        expect(tokenStanding(null, REQUEST, list([other], [waits])).kind).toBe('unsent');
        const rejected = { ...ASKED, state: 'rejected' as const };
        expect(tokenStanding(null, REQUEST, list([], [rejected])).kind).toBe('unsent');
    });
});

const HERE = 'http://127.0.0.1:8988';

/** Answers by method and address, and what was asked. */
function world(answers: Record<string, [status: number, body: unknown]>) {
    const asked: { what: string; body: unknown }[] = [];
    vi.stubGlobal('fetch', (url: string, init: RequestInit = {}) => {
        const what = `${init.method ?? 'GET'} ${url}`;
        asked.push({ what, body: init.body });
        const found = answers[what];
        if (!found) return Promise.reject(new TypeError('refused'));
        return Promise.resolve(Response.json(found[1], { status: found[0] }));
    });
    return asked;
}

afterEach(() => {
    vi.unstubAllGlobals();
});

describe('speaking with the helper', () => {
    it('takes "none yet" for an answer, and everything else for a refusal', async () => {
        const empty: Record<string, [number, unknown]> = {
            [`GET ${HERE}/v1/certificate`]: [503, { error: 'no_certificate' }],
            [`GET ${HERE}/v1/requests`]: [404, { error: 'no_request' }],
            'GET /api/v1/keys': [200, list()],
        };
        world(empty);
        expect((await readToken()).kind).toBe('empty');
        world({ ...empty, [`GET ${HERE}/v1/certificate`]: [503, { error: 'no_token' }] });
        const refused = await readToken().catch((thrown: Refusal) => thrown.code);
        expect(refused).toBe('helper.no_token');
    });

    it('sends the token’s own request to the server, and the certificate to the token', async () => {
        const name = encodeURIComponent(USER.name);
        const asked = world({
            [`POST ${HERE}/v1/requests?name=${name}`]: [200, REQUEST],
            'POST /api/v1/keys': [202, { request: ASKED }],
            [`POST ${HERE}/v1/certificates`]: [200, {}],
        });
        await askForTokenKey(USER);
        expect(asked.at(-1)).toEqual({
            what: 'POST /api/v1/keys',
            body: JSON.stringify({ csr: REQUEST.csr }),
        });
        await keepInToken(KEY);
        expect(asked.at(-1)?.body).toEqual(new TextEncoder().encode('cert'));
    });
});

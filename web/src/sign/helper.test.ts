import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Refusal } from '../lib/api/refusal';
import type { KeyList } from '../lib/api/schema';
import { serialOf, signaturePath, signByHelper } from './helper';

const key: KeyList['keys'][number] = {
    serial: '5e',
    spki: 'aa',
    state: 'valid',
    notAfter: 0,
    revokedAt: null,
    revokedWhy: null,
    revokedByOwner: false,
    certificate: 'Y2VydA==',
};

const READ = new TextEncoder().encode('%PDF read\n');
const FILE = new TextEncoder().encode('%PDF read\n/Contents <0000> /more');
const GAP = 20;
const RANGE = [0, GAP, GAP + 6, FILE.length - GAP - 6];

/** Answers by method and path, and what was asked. */
function world(answers: Record<string, [status: number, body: unknown]>) {
    const asked: { path: string; body: unknown }[] = [];
    vi.stubGlobal('fetch', (url: string, init: RequestInit = {}) => {
        const path = `${init.method ?? 'GET'} ${url.split('?')[0]}`;
        asked.push({ path, body: init.body });
        const found = answers[path];
        if (!found) return Promise.reject(new TypeError('refused'));
        const [status, body] = found;
        return Promise.resolve(
            body instanceof Uint8Array
                ? new Response(body as Uint8Array<ArrayBuffer>, { status })
                : Response.json(body, { status }),
        );
    });
    return asked;
}

const HERE = 'http://127.0.0.1:8988';
const fine: Record<string, [number, unknown]> = {
    [`GET ${HERE}/v1/certificate`]: [200, { certificate: key.certificate }],
    'GET /api/v1/keys': [200, { keys: [key], requests: [] }],
    'POST /api/v1/meetings/7/minutes/signatures': [
        201,
        { id: '9', file: '/api/v1/signing/9/file', byteRange: RANGE, expiresAt: 0 },
    ],
    'GET /api/v1/signing/9/file': [200, FILE],
    [`POST ${HERE}/v1/signatures`]: [200, { signature: 'c2ln', certificate: key.certificate }],
    'POST /api/v1/signing/9': [200, { sha256: '', seq: 1 }],
};

const codeOf = () =>
    signByHelper('7', 'chair', 'Biên bản', READ, () => undefined).then(
        () => 'fine',
        (thrown: Refusal) => thrown.code,
    );

afterEach(() => {
    vi.unstubAllGlobals();
});

describe('a token through the helper', () => {
    it('is given the whole prepared file, and its signature goes to the server', async () => {
        const asked = world(fine);
        expect(await codeOf()).toBe('fine');
        const given = asked.find((one) => one.path === `POST ${HERE}/v1/signatures`);
        expect(given?.body).toEqual(FILE);
        expect(asked.at(-1)?.path).toBe('POST /api/v1/signing/9');
    });

    it('never sees a file that is not the one that was read', async () => {
        const other = new TextEncoder().encode('%PDF othr\n/Contents <0000> /more');
        const asked = world({ ...fine, 'GET /api/v1/signing/9/file': [200, other] });
        expect(await codeOf()).toBe('signing.prepared_continues');
        expect(asked.some((one) => one.path === `POST ${HERE}/v1/signatures`)).toBe(false);
    });

    it('says in words why nothing was signed', async () => {
        world({ ...fine, [`POST ${HERE}/v1/signatures`]: [403, { error: 'pin_wrong' }] });
        expect(await codeOf()).toBe('helper.pin_wrong');
        world({ ...fine, [`POST ${HERE}/v1/signatures`]: [500, 'x'] });
        expect(await codeOf()).toBe('helper.failed');
        world({});
        expect(await codeOf()).toBe('helper.unreachable');
    });

    it('signs only with a certificate that the server holds for this person', () => {
        expect(serialOf(key.certificate, { keys: [key], requests: [] })).toBe('5e');
        expect(() => serialOf('b3RoZXI=', { keys: [key], requests: [] })).toThrow();
        const revoked = { ...key, state: 'revoked' as const };
        expect(() => serialOf(key.certificate, { keys: [revoked], requests: [] })).toThrow();
    });

    it('carries title and range in the address', () => {
        const path = signaturePath('Biên bản & số 5', { file: FILE, byteRange: RANGE });
        const query = new URL(path, HERE).searchParams;
        expect(query.get('title')).toBe('Biên bản & số 5');
        expect(query.get('byteRange')).toBe(RANGE.join(','));
    });
});

import { expect, it } from 'vitest';
import { asRefusal, refusalOf } from './refusal';

it('carries the server’s sentences', () => {
    const refusal = refusalOf(409, {
        error: { code: 'vote.already_cast', vi: 'Đã.', en: 'Done.' },
    });
    expect(refusal).toMatchObject({ status: 409, code: 'vote.already_cast', vi: 'Đã.' });
});

it('has a sentence even when the body is not what it should be', () => {
    for (const body of [null, 'Bad Gateway', {}, { error: { code: 3 } }]) {
        const refusal = refusalOf(502, body);
        expect(refusal.code).toBe('server.unexplained');
        expect(refusal.vi).toContain('502');
    }
});

it('makes a refusal of anything thrown', () => {
    expect(asRefusal(new TypeError('x')).code).toBe('server.unexplained');
});

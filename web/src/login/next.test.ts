import { expect, it } from 'vitest';
import { nextPath } from './next';

it('goes on to where somebody wanted to go', () => {
    expect(nextPath('?next=%2Fmeetings%2F3%2Fjoin')).toBe('/meetings/3/join');
    expect(nextPath('')).toBe('/');
});

it('never leads to another site', () => {
    for (const bad of [
        '//evil.example',
        '/\\evil.example',
        'https://evil.example',
        'x',
        '/login',
    ]) {
        expect(nextPath(`?next=${encodeURIComponent(bad)}`)).toBe('/');
    }
});

import { describe, expect, it } from 'vitest';
import { foldText } from '../lib/i18n/search';
import { allWords, fingerprintWords } from './words';

describe('a fingerprint in words', () => {
    it('has a word for each byte, told apart even without diacritics', () => {
        expect(allWords()).toHaveLength(256);
        expect(new Set(allWords().map(foldText)).size).toBe(256);
    });

    it('is eight words of the first eight bytes', () => {
        const words = fingerprintWords(`00ff${'10'.repeat(30)}`);
        expect(words).toHaveLength(8);
        expect(words[0]).toBe(allWords()[0]);
        expect(words[1]).toBe(allWords()[255]);
        expect(words[7]).toBe(allWords()[16]);
    });

    it('differs when one bit of those bytes does', () => {
        const one = fingerprintWords('00'.repeat(32));
        const other = fingerprintWords(`01${'00'.repeat(31)}`);
        expect(one).not.toEqual(other);
    });
});

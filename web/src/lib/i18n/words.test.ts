import { describe, expect, it } from 'vitest';
import { foldText, matchesQuery } from './search';
import { duration, fileSize } from './time';

describe('searching without diacritics', () => {
    it('folds every Vietnamese letter', () => {
        expect(foldText('Phường Đông Thành')).toBe('phuong dong thanh');
        expect(foldText('ẮẰẲẴẶ ỨỪỬỮỰ ỐỒỔỖỘ ỚỜỞỠỢ ẾỀỂỄỆ ÝỲỶỸỴ')).toBe(
            'aaaaa uuuuu ooooo ooooo eeeee yyyyy',
        );
    });

    it('finds composed and decomposed spellings alike', () => {
        expect(foldText('Hòa'.normalize('NFD'))).toBe(foldText('Hòa'.normalize('NFC')));
    });

    it('needs every word, in any order', () => {
        const folded = foldText('Xã An Lạc Thượng');
        expect(matchesQuery(folded, 'thuong an')).toBe(true);
        expect(matchesQuery(folded, 'Lạc')).toBe(true);
        expect(matchesQuery(folded, 'an ha')).toBe(false);
        expect(matchesQuery(folded, '')).toBe(true);
    });
});

describe('times and sizes', () => {
    it('writes lengths as a clock does', () => {
        expect(duration(0)).toBe('00:00');
        expect(duration(65_000)).toBe('01:05');
        expect(duration(3_723_000)).toBe('1:02:03');
        expect(duration(-5)).toBe('00:00');
    });

    it('uses the decimal sign of the language', () => {
        expect(fileSize(1_440_000, 'vi')).toBe('1,4 MB');
        expect(fileSize(1_440_000, 'en')).toBe('1.4 MB');
        expect(fileSize(64_000_000, 'vi')).toBe('64 MB');
    });
});

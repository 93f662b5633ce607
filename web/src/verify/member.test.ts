import { expect, it } from 'vitest';
import { memberOf } from './member';

it('knows every kind of file that a package holds', () => {
    expect(memberOf('log.jsonl')).toEqual({ kind: 'log' });
    expect(memberOf('validation/1.crl')).toEqual({ kind: 'validation' });
    expect(memberOf('documents/012.pdf')).toEqual({ kind: 'document', number: 12 });
    expect(memberOf('papers/000033-minutes.signed.pdf')).toEqual({
        kind: 'paper',
        event: 'minutes.signed',
        row: 33,
    });
});

it('takes a name that it does not know for any other file', () => {
    for (const path of [
        '',
        'papers/000033-minutes.eaten.pdf',
        'papers/x-minutes.signed.pdf',
        'papers/1-constructor.pdf',
        'documents/1.pdf.exe',
        'documents/../log.jsonl',
    ]) {
        expect(memberOf(path)).toEqual({ kind: 'other' });
    }
});

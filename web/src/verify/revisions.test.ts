import { expect, it } from 'vitest';
import type { RevisionReport } from '../lib/api/schema';
import { changesToDraw } from './revisions';

const states = (...kinds: RevisionReport['kind'][]): RevisionReport[] =>
    kinds.map((kind, n) => ({ end: 100 * (n + 1), kind }));

it('shows each change from the state before it', () => {
    expect(changesToDraw(states('made', 'signed'))).toEqual([
        { number: 1, kind: 'signed', before: 100, after: 200 },
    ]);
});

it('begins with what may not be', () => {
    const changes = changesToDraw(states('made', 'signed', 'filled', 'refused'));
    expect(changes.map(({ number }) => number)).toEqual([3, 1, 2]);
});

it('leaves out what shows nothing on a page, but compares across it', () => {
    const changes = changesToDraw(states('made', 'archived', 'filled'));
    expect(changes).toEqual([{ number: 2, kind: 'filled', before: 200, after: 300 }]);
});

it('has nothing to show of a file without revisions', () => {
    expect(changesToDraw([])).toEqual([]);
    expect(changesToDraw(states('made'))).toEqual([]);
});

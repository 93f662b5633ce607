import { expect, it } from 'vitest';
import type { Vote } from '../lib/api/schema';
import { percentText, resultRows } from './result';

const vote: Vote = {
    id: '1',
    question: '?',
    state: 'closed',
    eligible: 7,
    cast: 6,
    agree: 4,
    disagree: 1,
    abstain: 1,
    mine: null,
    openedAt: 1,
    closedAt: 2,
};

it('counts shares of everyone entitled, with those who did not vote', () => {
    expect(resultRows(vote)).toEqual([
        { name: 'agree', count: 4, percent: 57.1 },
        { name: 'disagree', count: 1, percent: 14.3 },
        { name: 'abstain', count: 1, percent: 14.3 },
        { name: 'notCast', count: 1, percent: 14.3 },
    ]);
});

it('divides nothing by nobody', () => {
    const empty = { ...vote, eligible: 0, cast: 0, agree: 0, disagree: 0, abstain: 0 };
    expect(resultRows(empty).every((row) => row.percent === 0)).toBe(true);
});

it('writes the comma of Vietnamese', () => {
    expect(percentText(57.1, true)).toBe('57,1%');
    expect(percentText(50, false)).toBe('50%');
});

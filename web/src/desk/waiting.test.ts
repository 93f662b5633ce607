import { expect, it } from 'vitest';
import type { DeskPaper, Issue } from '../lib/api/schema';
import { groupOf, groupsOf } from './waiting';

function paper(meeting: string, signedAt: number, stage: Issue['stage'] | null): DeskPaper {
    const issue = stage ? ({ stage } as Issue) : null;
    return { meeting, signedAt, issue, title: '', may: [] } as unknown as DeskPaper;
}

it('a paper waits for the step that the law wants next', () => {
    expect(groupOf(paper('a', 1, null))).toBe('toNumber');
    expect(groupOf(paper('a', 1, 'numbered'))).toBe('toSeal');
    expect(groupOf(paper('a', 1, 'written'))).toBe('toSeal');
    expect(groupOf(paper('a', 1, 'sealed'))).toBe('toDistribute');
});

it('who signed first is served first', () => {
    const groups = groupsOf([paper('late', 9, null), paper('early', 2, null)]);
    expect(groups.map((group) => group.name)).toEqual(['toNumber', 'toSeal', 'toDistribute']);
    expect(groups[0]?.papers.map((one) => one.meeting)).toEqual(['early', 'late']);
});

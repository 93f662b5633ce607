// What the clerk has to do next with each paper.
import type { DeskPaper } from '../lib/api/schema';

export type GroupName = 'toNumber' | 'toSeal' | 'toDistribute';

export function groupOf(paper: DeskPaper): GroupName {
    if (!paper.issue) return 'toNumber';
    return paper.issue.stage === 'sealed' ? 'toDistribute' : 'toSeal';
}

/** In the order of the law: number, seal, distribution; within a group, first signed first. */
export function groupsOf(papers: readonly DeskPaper[]): { name: GroupName; papers: DeskPaper[] }[] {
    const names: GroupName[] = ['toNumber', 'toSeal', 'toDistribute'];
    const inOrder = [...papers].sort((a, b) => (a.signedAt ?? 0) - (b.signedAt ?? 0));
    return names.map((name) => ({
        name,
        papers: inOrder.filter((one) => groupOf(one) === name),
    }));
}

// The rows of a closed vote's result. Pure.
import type { Choice, Vote } from '../lib/api/schema';

export interface ResultRow {
    name: Choice | 'notCast';
    count: number;
    /** Of all who were entitled, 0 to 100 with one decimal. */
    percent: number;
}

export function resultRows(vote: Vote): ResultRow[] {
    const counts: [ResultRow['name'], number][] = [
        ['agree', vote.agree ?? 0],
        ['disagree', vote.disagree ?? 0],
        ['abstain', vote.abstain ?? 0],
    ];
    const cast = counts.reduce((sum, [, count]) => sum + count, 0);
    counts.push(['notCast', Math.max(0, vote.eligible - cast)]);
    return counts.map(([name, count]) => ({
        name,
        count,
        percent: vote.eligible > 0 ? Math.round((1000 * count) / vote.eligible) / 10 : 0,
    }));
}

export function percentText(percent: number, comma: boolean): string {
    const text = String(percent);
    return `${comma ? text.replace('.', ',') : text}%`;
}

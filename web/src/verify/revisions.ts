// Which states of a file to hold against each other, and the pages of each. Pure, but for what draws.
import type { RevisionReport } from '../lib/api/schema';

/** From the file as it was to the file as revision `number` left it. */
export interface Change {
    /** From 1, as in the report: the first revision made the file. */
    number: number;
    kind: RevisionReport['kind'];
    /** Bytes of the file before and after. */
    before: number;
    after: number;
}

/**
 * The changes to look at: first those that may not be, then what the clerk filled in and the
 * signatures, in the order of the file. Proofs and timestamps are nowhere on a page.
 */
export function changesToDraw(revisions: readonly RevisionReport[]): Change[] {
    const changes = revisions.flatMap((revision, number) => {
        const before = revisions[number - 1]?.end;
        if (before === undefined || revision.kind === 'archived') return [];
        return [{ number, kind: revision.kind, before, after: revision.end }];
    });
    const wrong = ({ kind }: Change) => kind === 'refused' || kind === 'unknown';
    return [...changes.filter(wrong), ...changes.filter((change) => !wrong(change))];
}

// What the name of a file in a record package tells (docs/protocol.md, The record package). Pure.

/** The events that make a paper. */
export type PaperEvent =
    'minutes.finalised' | 'minutes.signed' | 'minutes.archived' | 'issue.written' | 'issue.sealed';

export type Member =
    | { kind: 'log' | 'validation' | 'other' }
    | { kind: 'document'; number: number }
    /** `row`: of the log, which made it. */
    | { kind: 'paper'; event: PaperEvent; row: number };

const EVENTS: readonly string[] = [
    'minutes.finalised',
    'minutes.signed',
    'minutes.archived',
    'issue.written',
    'issue.sealed',
] satisfies PaperEvent[];

export function memberOf(path: string): Member {
    if (path === 'log.jsonl') return { kind: 'log' };
    if (path.startsWith('validation/')) return { kind: 'validation' };
    const document = /^documents\/(\d{1,9})\.pdf$/.exec(path);
    if (document) return { kind: 'document', number: Number(document[1]) };
    const [, row, event] = /^papers\/(\d{1,9})-([a-z.]+)\.pdf$/.exec(path) ?? [];
    if (row && event && EVENTS.includes(event)) {
        return { kind: 'paper', event: event as PaperEvent, row: Number(row) };
    }
    return { kind: 'other' };
}

import { expect, it } from 'vitest';
import type { MeetingSummary } from '../lib/api/schema';
import { arrangeMeetings } from './order';

function summary(id: string, state: MeetingSummary['state'], startAt: number): MeetingSummary {
    const chair = { id: '1', name: '', position: '', unit: '' };
    const may = state === 'live' || state === 'invited' ? (['enter'] as const) : [];
    const plain = { code: id, title: id, endAt: startAt, place: '', chair, toSign: false };
    return { id, state, startAt, ...plain, capacity: 'member', may: [...may] };
}

it('puts the running meeting first, then by time', () => {
    const lists = arrangeMeetings([
        summary('a', 'invited', 20),
        summary('b', 'live', 30),
        summary('c', 'invited', 10),
    ]);
    expect(lists.next?.id).toBe('b');
    expect(lists.ahead.map((one) => one.id)).toEqual(['b', 'c', 'a']);
});

it('takes the first that can be entered for the next', () => {
    const lists = arrangeMeetings([summary('a', 'draft', 1), summary('b', 'invited', 2)]);
    expect(lists.next?.id).toBe('b');
});

it('has the newest of the past first', () => {
    const lists = arrangeMeetings([summary('a', 'ended', 1), summary('b', 'published', 2)]);
    expect(lists.next).toBeNull();
    expect(lists.past.map((one) => one.id)).toEqual(['b', 'a']);
});

import { describe, expect, it } from 'vitest';
import { makeMeeting } from '../lib/meeting/example';
import { currentItem, freshResult, mayBeHeard, nextItem, standingOf, tileSources } from './rules';

describe('where somebody stands', () => {
    const asCommune = () => ({
        ...makeMeeting(),
        you: { participantId: '3', capacity: 'member' as const, may: [] },
    });

    it('listens, waits, speaks', () => {
        const meeting = asCommune();
        expect(standingOf(meeting)).toBe('listening');
        const queue = [{ participantId: '3', requestedAt: 1 }];
        expect(standingOf({ ...meeting, floor: { holder: null, queue } })).toBe('waiting');
        expect(standingOf({ ...meeting, floor: { holder: '3', queue: [] } })).toBe('speaking');
        expect(standingOf({ ...meeting, stage: '3' })).toBe('on_stage');
    });

    it('is heard with the floor only, but the chair always', () => {
        expect(mayBeHeard(asCommune())).toBe(false);
        expect(mayBeHeard({ ...asCommune(), floor: { holder: '3', queue: [] } })).toBe(true);
        expect(mayBeHeard(makeMeeting())).toBe(true);
    });
});

it('has a result to show only of a vote that closed meanwhile', () => {
    const vote = {
        ...{ id: '5', question: '?', eligible: 3, cast: 3, agree: 3, disagree: 0, abstain: 0 },
        ...{ state: 'closed' as const, mine: null, openedAt: 10, closedAt: 20 },
    };
    const meeting = { ...makeMeeting(), votes: [vote] };
    expect(freshResult(meeting, 15)?.id).toBe('5');
    expect(freshResult(meeting, 25)).toBeNull();
    const next = { ...vote, id: '6', state: 'open' as const, closedAt: null };
    expect(freshResult({ ...meeting, votes: [vote, next] }, 15)).toBeNull();
    expect(freshResult(makeMeeting(), 0)).toBeNull();
});

it('shows in tiles who is present, but neither oneself nor the stage', () => {
    const meeting = makeMeeting();
    const participants = meeting.participants.map((one) => ({ ...one, present: true }));
    expect(tileSources({ ...meeting, participants, stage: '2' })).toEqual([103]);
});

it('knows the running item and the one after it', () => {
    const meeting = makeMeeting();
    expect(currentItem(meeting)).toBeNull();
    expect(nextItem(meeting)?.id).toBe('11');
    const agenda = meeting.agenda.map((item, index) =>
        index === 0 ? { ...item, startedAt: 1 } : item,
    );
    expect(currentItem({ ...meeting, agenda })?.id).toBe('11');
    expect(nextItem({ ...meeting, agenda })?.id).toBe('12');
});

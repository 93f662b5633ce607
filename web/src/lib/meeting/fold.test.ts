import { describe, expect, it } from 'vitest';
import type { Event, Meeting } from '../api/schema';
import { foldEvent } from './fold';
import { makeMeeting } from './example';

function event(seq: number, kind: string, body: object = {}): Event {
    return { seq, at: 1000 * seq, actor: null, kind, body: body as Record<string, unknown> };
}

function foldAll(start: Meeting, ...events: [string, object?][]): Meeting {
    return events.reduce(
        (meeting, [kind, body]) => foldEvent(meeting, event(meeting.seq + 1, kind, body)).meeting,
        start,
    );
}

describe('presence', () => {
    it('opens a span on entering and closes it on leaving', () => {
        const meeting = foldAll(
            makeMeeting(),
            ['participant.entered', { participantId: '3' }],
            ['participant.left', { participantId: '3', outAt: 2500 }],
        );
        const person = meeting.participants.find((one) => one.id === '3');
        expect(person?.present).toBe(false);
        expect(person?.spans).toEqual([{ inAt: 1000, outAt: 2500 }]);
    });

    it('takes the request of somebody who leaves out of the queue', () => {
        const meeting = foldAll(
            makeMeeting(),
            ['participant.entered', { participantId: '3' }],
            ['floor.requested', { participantId: '3' }],
            ['participant.left', { participantId: '3' }],
        );
        expect(meeting.floor.queue).toEqual([]);
    });
});

describe('the stage', () => {
    it('is the chair’s from the beginning of the meeting', () => {
        const waiting: Meeting = { ...makeMeeting(), state: 'checking_in', stage: null };
        expect(foldAll(waiting, ['meeting.started']).stage).toBe('1');
    });

    it('goes back to the chair when whoever is on it leaves', () => {
        const shown = foldAll(makeMeeting(), ['stage.set', { participantId: '3' }]);
        expect(foldAll(shown, ['participant.left', { participantId: '2' }]).stage).toBe('3');
        expect(foldAll(shown, ['participant.left', { participantId: '3' }]).stage).toBe('1');
    });

    it('is empty when its first guest leaves before the meeting begins', () => {
        const early: Meeting = { ...makeMeeting(), state: 'checking_in', stage: '3' };
        expect(foldAll(early, ['participant.left', { participantId: '3' }]).stage).toBeNull();
    });
});

describe('the floor', () => {
    it('puts the holder on the stage, and the chair back after', () => {
        const granted = foldAll(
            makeMeeting(),
            ['floor.requested', { participantId: '3' }],
            ['floor.granted', { participantId: '3' }],
        );
        expect(granted.floor).toEqual({ holder: '3', queue: [] });
        expect(granted.stage).toBe('3');
        const released = foldAll(granted, ['floor.released', { participantId: '3' }]);
        expect(released.floor.holder).toBeNull();
        expect(released.stage).toBe('1');
    });

    it('keeps one request a person, with the newest time', () => {
        const meeting = foldAll(
            makeMeeting(),
            ['floor.requested', { participantId: '3' }],
            ['floor.requested', { participantId: '3' }],
        );
        expect(meeting.floor.queue).toEqual([{ participantId: '3', requestedAt: 2000 }]);
    });
});

describe('the agenda', () => {
    it('closes the running item when the next is opened', () => {
        const meeting = foldAll(
            makeMeeting(),
            ['agenda.opened', { agendaId: '11' }],
            ['agenda.opened', { agendaId: '12' }],
        );
        expect(meeting.agenda.map((item) => [item.startedAt, item.endedAt])).toEqual([
            [1000, 2000],
            [2000, null],
        ]);
    });
});

describe('a presented document', () => {
    it('ignores a number lower than the one shown', () => {
        const meeting = foldAll(
            makeMeeting(),
            ['document.presented', { documentId: '21', page: 3, number: 2, by: '1' }],
            ['document.presented', { documentId: '21', page: 2, number: 1, by: '1' }],
        );
        expect(meeting.presented).toEqual({ documentId: '21', page: 3, number: 2, by: '1' });
    });

    it('is gone when the presenter stops', () => {
        const meeting = foldAll(
            makeMeeting(),
            ['document.presented', { documentId: '21', page: 3, number: 1, by: '1' }],
            ['document.presented', { documentId: null, page: 0, number: 2, by: '1' }],
        );
        expect(meeting.presented).toBeNull();
    });
});

describe('a vote', () => {
    const opened = () =>
        foldAll(makeMeeting(), ['vote.opened', { voteId: '31', question: 'Q?', eligible: 2 }]);

    it('shows who has voted but no counts while it is open', () => {
        const meeting = foldAll(opened(), ['vote.cast', { voteId: '31', participantId: '3' }]);
        expect(meeting.votes[0]).toMatchObject({ cast: 1, agree: null, mine: null });
    });

    it('knows the own ballot', () => {
        const meeting = foldAll(opened(), [
            'vote.cast',
            { voteId: '31', participantId: '1', choice: 'agree' },
        ]);
        expect(meeting.votes[0]?.mine).toBe('agree');
    });

    it('holds the counts once it is closed', () => {
        const meeting = foldAll(opened(), [
            'vote.closed',
            { voteId: '31', agree: 1, disagree: 1, abstain: 0 },
        ]);
        expect(meeting.votes[0]).toMatchObject({ state: 'closed', agree: 1, disagree: 1 });
    });
});

it('asks for a new snapshot when an event says less than it changes', () => {
    const folded = foldEvent(makeMeeting(), event(1, 'units.invited'));
    expect(folded.reread).toBe(true);
    expect(folded.meeting.seq).toBe(1);
});

import { describe, expect, it } from 'vitest';
import type { Event, LiveCrowd, Meeting, Participant } from '../api/schema';
import { foldCrowd, foldEvent } from './fold';
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

function crowd(meeting: Meeting, told: Partial<LiveCrowd>): LiveCrowd {
    const seq = meeting.seq + 1;
    const { stage, votes } = meeting;
    const { holder, queue } = meeting.floor;
    const usual = { present: 1, stage, holder, queue: queue.length, votes, participants: [] };
    return { type: 'crowd', from: seq, seq, ...usual, ...told };
}

function named(id: string, present: boolean): Participant {
    const one = makeMeeting().participants.find((known) => known.id === '3') as Participant;
    return { ...one, id, present };
}

describe('a crowd', () => {
    it('is counted, and the few whom it names become known', () => {
        const meeting = makeMeeting();
        const told = crowd(meeting, {
            seq: 4,
            present: 7,
            participants: [named('3', true), named('9', true)],
        });
        const folded = foldCrowd(meeting, told);
        expect(folded.meeting.counts.present).toBe(7);
        expect(folded.meeting.seq).toBe(4);
        expect(folded.meeting.participants.map((one) => [one.id, one.present])).toEqual([
            ['1', false],
            ['2', false],
            ['3', true],
            ['9', true],
        ]);
        expect(folded.reread).toBe(false);
    });

    it('takes the request of somebody who leaves out of the queue', () => {
        const asked = foldAll(makeMeeting(), ['floor.requested', { participantId: '3' }]);
        const told = crowd(asked, { queue: 0, participants: [named('3', false)] });
        const folded = foldCrowd(asked, told);
        expect(folded.meeting.floor.queue).toEqual([]);
        expect(folded.reread).toBe(false);
    });

    it('asks for a new snapshot when unnamed people left the queue', () => {
        const asked = foldAll(makeMeeting(), ['floor.requested', { participantId: '3' }]);
        expect(foldCrowd(asked, crowd(asked, { participants: null })).reread).toBe(false);
        expect(foldCrowd(asked, crowd(asked, { participants: null, queue: 0 })).reread).toBe(true);
    });

    it('counts ballots and shows none', () => {
        const opened = foldAll(makeMeeting(), [
            'vote.opened',
            { voteId: '31', question: 'Q?', eligible: 2 },
        ]);
        const { meeting } = foldCrowd(opened, crowd(opened, { votes: [{ id: '31', cast: 2 }] }));
        expect(meeting.votes[0]).toMatchObject({ cast: 2, agree: null, mine: null });
    });

    it('says who is on the stage and at the floor after somebody left', () => {
        const shown = foldAll(makeMeeting(), ['floor.granted', { participantId: '3' }]);
        const { meeting } = foldCrowd(shown, crowd(shown, { stage: '1', holder: null }));
        expect([meeting.stage, meeting.floor.holder]).toEqual(['1', null]);
    });
});

describe('the stage', () => {
    it('is the chair’s from the beginning of the meeting', () => {
        const waiting: Meeting = { ...makeMeeting(), state: 'checking_in', stage: null };
        expect(foldAll(waiting, ['meeting.started']).stage).toBe('1');
    });

    it('shows somebody whom the page did not know, described along with the event', () => {
        const told = { type: 'event' as const, participant: named('9', true) };
        const { meeting } = foldEvent(makeMeeting(), {
            ...event(1, 'stage.set', { participantId: '9' }),
            ...told,
        });
        expect(meeting.stage).toBe('9');
        expect(meeting.participants.at(-1)?.id).toBe('9');
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

import { describe, expect, it } from 'vitest';
import type { LiveCrowd, LiveEvent, Meeting } from '../api/schema';
import { makeMeeting } from './example';
import { MeetingFollower } from './follower';

function granted(seq: number, participantId: string): LiveEvent {
    return {
        type: 'event',
        seq,
        at: seq,
        actor: '1',
        kind: 'floor.granted',
        body: { participantId },
    };
}

function crowd(from: number, seq: number, present: number): LiveCrowd {
    const counts = { present, stage: '1', holder: null, queue: 0, votes: [] };
    return { type: 'crowd', from, seq, ...counts, participants: null };
}

/** A server whose snapshots are handed out one by one. */
function makeServer() {
    const waiting: ((meeting: Meeting) => void)[] = [];
    return {
        reads: 0,
        read() {
            this.reads += 1;
            return new Promise<Meeting>((resolve) => waiting.push(resolve));
        },
        async answer(seq: number) {
            waiting.shift()?.({ ...makeMeeting(), seq });
            await new Promise((resolve) => setTimeout(resolve));
        },
    };
}

/** A follower whose first snapshot is on its way. */
function begin() {
    const server = makeServer();
    const follower = new MeetingFollower(
        () => server.read(),
        () => undefined,
    );
    void follower.refresh();
    return { server, follower };
}

describe('following a meeting', () => {
    it('folds events that come while the snapshot is on its way', async () => {
        const { server, follower } = begin();
        follower.onTold(granted(5, '2')); // already in the snapshot
        follower.onTold(granted(6, '3'));
        await server.answer(5);
        expect(follower.meeting?.seq).toBe(6);
        expect(follower.meeting?.floor.holder).toBe('3');
        expect(server.reads).toBe(1);
    });

    it('reads again after a gap, once', async () => {
        const { server, follower } = begin();
        await server.answer(5);
        follower.onTold(granted(8, '2'));
        follower.onTold(granted(9, '3'));
        expect(server.reads).toBe(2);
        await server.answer(8);
        expect(follower.meeting?.seq).toBe(9);
        expect(follower.meeting?.floor.holder).toBe('3');
    });

    it('takes a crowd that began before the snapshot, and reads again when one is missing', async () => {
        const { server, follower } = begin();
        await server.answer(5);
        follower.onTold(crowd(4, 5, 7)); // all in the snapshot
        expect(follower.meeting?.counts.present).toBe(0);
        follower.onTold(crowd(4, 9, 12));
        expect(follower.meeting?.seq).toBe(9);
        expect(follower.meeting?.counts.present).toBe(12);
        expect(server.reads).toBe(1);
        follower.onTold(crowd(11, 12, 13));
        expect(server.reads).toBe(2);
    });

    it('keeps whom it knows when a snapshot names only some', async () => {
        const { server, follower } = begin();
        await server.answer(5);
        const [first] = makeMeeting().participants;
        if (first) follower.onPeople([{ ...first, id: '9', present: true }]);
        void follower.refresh();
        await server.answer(6);
        expect(follower.meeting?.participants.map((one) => one.id)).toEqual(['1', '2', '3', '9']);
    });

    it('reads again when the hello names a later event', async () => {
        const { server, follower } = begin();
        await server.answer(5);
        follower.onHello(5);
        expect(server.reads).toBe(1);
        follower.onHello(6);
        expect(server.reads).toBe(2);
    });

    it('never goes back to an older snapshot', async () => {
        const { server, follower } = begin();
        await server.answer(5);
        void follower.refresh();
        await server.answer(4);
        expect(follower.meeting?.seq).toBe(5);
    });

    it('takes the rights that the server names', async () => {
        const server = makeServer();
        const seen: Meeting[] = [];
        const follower = new MeetingFollower(
            () => server.read(),
            (meeting) => seen.push(meeting),
        );
        void follower.refresh();
        await server.answer(5);
        follower.onMay(['floor.request']);
        expect(seen.at(-1)?.you.may).toEqual(['floor.request']);
    });
});

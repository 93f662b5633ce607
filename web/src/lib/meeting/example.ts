// A small meeting for tests: the chair (1) looks at it, secretary (2) and a commune (3) are invited.
import type { Meeting, Participant } from '../api/schema';

function person(id: string, name: string) {
    return { id, name, position: '', unit: '' };
}

function participant(id: string, capacity: Participant['capacity'], vote: boolean): Participant {
    const named = { name: `Person ${id}`, position: 'Official', unit: `Unit ${id}` };
    const source = 100 + Number(id);
    return { id, source, userId: id, ...named, capacity, vote, present: false, spans: [] };
}

function item(id: string): Meeting['agenda'][number] {
    const unopened = { startedAt: null, endedAt: null };
    return { id, title: `Item ${id}`, presenterId: null, plannedMinutes: 10, ...unopened };
}

export function makeMeeting(): Meeting {
    return {
        id: '7',
        code: 'HN-7',
        seq: 0,
        title: 'Meeting',
        state: 'live',
        reason: null,
        startAt: 0,
        endAt: 0,
        place: '',
        startedAt: 0,
        endedAt: null,
        chair: person('1', 'Person 1'),
        secretary: person('2', 'Person 2'),
        agenda: [item('11'), item('12')],
        documents: [],
        counts: { invited: 3, present: 0, units: 0 },
        participants: [
            participant('1', 'chair', true),
            participant('2', 'secretary', true),
            participant('3', 'member', true),
        ],
        floor: { holder: null, queue: [] },
        stage: '1',
        presented: null,
        votes: [],
        conclusions: [],
        minutes: { state: 'none', revision: 0, lockedBy: null, code: null, sha256: null },
        you: { participantId: '1', capacity: 'chair', may: [] },
    };
}

// What an event does to a meeting's snapshot. Pure: the same events give the same meeting on every
// screen. The bodies are those of the log (meeting/proto/event.h, names in camelCase).
import type {
    Event,
    LiveCrowd,
    LiveEvent,
    Meeting,
    MeetingState,
    Participant,
    Vote,
} from '../api/schema';

/** `reread`: the snapshot has to be fetched again, because this event says less than it changes. */
export type Folded = { meeting: Meeting; reread: boolean };

interface Body {
    participantId: string | null;
    agendaId: string;
    documentId: string | null;
    by: string;
    page: number;
    number: number;
    voteId: string;
    question: string;
    eligible: number;
    agree: number;
    disagree: number;
    abstain: number;
    conclusionId: string;
    text: string;
}

type Change = (meeting: Meeting, body: Body, event: Event) => Meeting;

function inState(state: MeetingState): Change {
    return (meeting) => ({ ...meeting, state });
}

/** Whom the server describes takes the place of what was known of them. */
export function learn(meeting: Meeting, people: readonly Participant[]): Meeting {
    if (people.length === 0) return meeting;
    const known = new Map(meeting.participants.map((one) => [one.id, one]));
    for (const one of people) known.set(one.id, one);
    return { ...meeting, participants: [...known.values()] };
}

function changeVote(meeting: Meeting, id: string, change: (vote: Vote) => Vote): Meeting {
    return { ...meeting, votes: meeting.votes.map((one) => (one.id === id ? change(one) : one)) };
}

function withoutRequest(meeting: Meeting, id: string | null): Meeting['floor']['queue'] {
    return meeting.floor.queue.filter((request) => request.participantId !== id);
}

function start(meeting: Meeting, _: Body, event: Event): Meeting {
    return { ...meeting, state: 'live', startedAt: event.at, stage: chairOf(meeting) };
}

function openItem(meeting: Meeting, body: Body, event: Event): Meeting {
    const agenda = meeting.agenda.map((item) => {
        if (item.id === body.agendaId) return { ...item, startedAt: event.at, endedAt: null };
        const running = item.startedAt !== null && item.endedAt === null;
        return running ? { ...item, endedAt: event.at } : item;
    });
    return { ...meeting, agenda };
}

function request(meeting: Meeting, body: Body, event: Event): Meeting {
    const participantId = body.participantId ?? '';
    const queue = [
        ...withoutRequest(meeting, participantId),
        { participantId, requestedAt: event.at },
    ];
    return { ...meeting, floor: { ...meeting.floor, queue } };
}

function withdraw(meeting: Meeting, body: Body): Meeting {
    const queue = withoutRequest(meeting, body.participantId);
    return { ...meeting, floor: { ...meeting.floor, queue } };
}

function chairOf(meeting: Meeting): string | null {
    return meeting.participants.find((one) => one.capacity === 'chair')?.id ?? null;
}

/** The stage follows the floor: a grant puts the holder on it, a release puts the chair back. */
function grant(meeting: Meeting, body: Body): Meeting {
    const queue = withoutRequest(meeting, body.participantId);
    return { ...meeting, floor: { holder: body.participantId, queue }, stage: body.participantId };
}

function release(meeting: Meeting): Meeting {
    return { ...meeting, floor: { ...meeting.floor, holder: null }, stage: chairOf(meeting) };
}

function present(meeting: Meeting, body: Body): Meeting {
    const { documentId, page, number, by } = body;
    if ((meeting.presented?.number ?? 0) > number) return meeting;
    const presented = documentId === null ? null : { documentId, page, number, by };
    return { ...meeting, presented };
}

function openVote(meeting: Meeting, body: Body, event: Event): Meeting {
    const vote: Vote = {
        id: body.voteId,
        question: body.question,
        state: 'open',
        eligible: body.eligible,
        cast: 0,
        agree: null,
        disagree: null,
        abstain: null,
        mine: null,
        openedAt: event.at,
        closedAt: null,
    };
    return { ...meeting, votes: [...meeting.votes, vote] };
}

function closeVote(meeting: Meeting, body: Body, event: Event): Meeting {
    const { agree, disagree, abstain } = body;
    return changeVote(meeting, body.voteId, (vote) => ({
        ...vote,
        state: 'closed',
        agree,
        disagree,
        abstain,
        closedAt: event.at,
    }));
}

const changes: Readonly<Record<string, Change>> = {
    'meeting.submitted': inState('submitted'),
    'meeting.approved': inState('approved'),
    'meeting.returned': inState('draft'),
    'meeting.announced': inState('invited'),
    'meeting.cancelled': inState('cancelled'),
    'room.opened': inState('checking_in'),
    'meeting.started': start,
    'meeting.paused': inState('paused'),
    'meeting.resumed': inState('live'),
    'agenda.opened': openItem,
    'floor.requested': request,
    'floor.withdrawn': withdraw,
    'floor.granted': grant,
    'floor.released': release,
    'stage.set': (meeting, body) => ({ ...meeting, stage: body.participantId }),
    'document.presented': present,
    'vote.opened': openVote,
    'vote.closed': closeVote,
    'conclusion.added': (meeting, body, event) => ({
        ...meeting,
        conclusions: [
            ...meeting.conclusions,
            { id: body.conclusionId, text: body.text, at: event.at },
        ],
    }),
    'conclusion.removed': (meeting, body) => ({
        ...meeting,
        conclusions: meeting.conclusions.filter((one) => one.id !== body.conclusionId),
    }),
};

/** Needs: event.seq is the one after meeting.seq. */
export function foldEvent(meeting: Meeting, event: Event | LiveEvent): Folded {
    const change = changes[event.kind];
    const seen = { ...meeting, seq: event.seq };
    if (!change) return { meeting: seen, reread: true };
    const known = 'participant' in event && event.participant ? [event.participant] : [];
    const changed = change(learn(seen, known), event.body as unknown as Body, event);
    return { meeting: changed, reread: false };
}

/** What many did at once. Needs: crowd.from is at most the one after meeting.seq. */
export function foldCrowd(meeting: Meeting, crowd: LiveCrowd): Folded {
    const people = crowd.participants ?? [];
    const gone = new Set(people.filter((one) => !one.present).map((one) => one.id));
    const queue = meeting.floor.queue.filter((request) => !gone.has(request.participantId));
    const cast = new Map(crowd.votes.map((vote) => [vote.id, vote.cast]));
    const folded = {
        ...learn(meeting, people),
        seq: crowd.seq,
        counts: { ...meeting.counts, present: crowd.present },
        floor: { holder: crowd.holder, queue },
        stage: crowd.stage,
        votes: meeting.votes.map((vote) => ({ ...vote, cast: cast.get(vote.id) ?? vote.cast })),
    };
    // Too many to be named, and some of them had asked for the floor.
    return { meeting: folded, reread: crowd.participants === null && crowd.queue < queue.length };
}

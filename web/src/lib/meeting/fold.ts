// What an event does to a meeting's snapshot. Pure: the same events give the same meeting on every
// screen. The bodies are those of the log (meeting/proto/event.h, names in camelCase).
import type { Event, Meeting, MeetingState, Participant, Vote } from '../api/schema';

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
    choice?: Vote['mine'];
    conclusionId: string;
    text: string;
    outAt?: number | null;
}

type Change = (meeting: Meeting, body: Body, event: Event) => Meeting;

function inState(state: MeetingState): Change {
    return (meeting) => ({ ...meeting, state });
}

function changeParticipant(
    meeting: Meeting,
    id: string | null,
    change: (participant: Participant) => Participant,
): Meeting {
    return {
        ...meeting,
        participants: meeting.participants.map((one) => (one.id === id ? change(one) : one)),
    };
}

function changeVote(meeting: Meeting, id: string, change: (vote: Vote) => Vote): Meeting {
    return { ...meeting, votes: meeting.votes.map((one) => (one.id === id ? change(one) : one)) };
}

function withoutRequest(meeting: Meeting, id: string | null): Meeting['floor']['queue'] {
    return meeting.floor.queue.filter((request) => request.participantId !== id);
}

function enter(meeting: Meeting, body: Body, event: Event): Meeting {
    return changeParticipant(meeting, body.participantId, (one) =>
        one.present
            ? one
            : { ...one, present: true, spans: [...one.spans, { inAt: event.at, outAt: null }] },
    );
}

function leave(meeting: Meeting, body: Body, event: Event): Meeting {
    const left = changeParticipant(meeting, body.participantId, (one) => ({
        ...one,
        present: false,
        spans: one.spans.map((span) =>
            span.outAt === null ? { ...span, outAt: body.outAt ?? event.at } : span,
        ),
    }));
    const floor = { ...left.floor, queue: withoutRequest(left, body.participantId) };
    const chair = chairOf(meeting);
    const gone = meeting.stage === body.participantId && body.participantId !== chair;
    const stage = !gone ? meeting.stage : meeting.state === 'checking_in' ? null : chair;
    return { ...left, floor, stage };
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

function castVote(meeting: Meeting, body: Body): Meeting {
    const own = body.participantId === meeting.you.participantId;
    return changeVote(meeting, body.voteId, (vote) => ({
        ...vote,
        cast: vote.cast + 1,
        mine: own ? (body.choice ?? vote.mine) : vote.mine,
    }));
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
    'participant.entered': enter,
    'participant.left': leave,
    'agenda.opened': openItem,
    'floor.requested': request,
    'floor.withdrawn': withdraw,
    'floor.granted': grant,
    'floor.released': release,
    'stage.set': (meeting, body) => ({ ...meeting, stage: body.participantId }),
    'document.presented': present,
    'vote.opened': openVote,
    'vote.cast': castVote,
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
export function foldEvent(meeting: Meeting, event: Event): Folded {
    const change = changes[event.kind];
    const seen = { ...meeting, seq: event.seq };
    if (!change) return { meeting: seen, reread: true };
    return { meeting: change(seen, event.body as unknown as Body, event), reread: false };
}

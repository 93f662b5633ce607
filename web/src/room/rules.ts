// What a participant's situation means for the screen. Pure.
import type { Meeting, Participant } from '../lib/api/schema';

export type Standing = 'listening' | 'on_stage' | 'speaking' | 'waiting';

export function participantOf(meeting: Meeting, id: string | null): Participant | null {
    return meeting.participants.find((one) => one.id === id) ?? null;
}

export function participantBySource(meeting: Meeting, source: number): Participant | null {
    if (source === 0) return null;
    return meeting.participants.find((one) => one.source === source) ?? null;
}

/** The chair is always heard; others while they hold the floor. */
export function mayBeHeard(meeting: Meeting): boolean {
    const { capacity, participantId } = meeting.you;
    return (
        capacity === 'chair' || (participantId !== null && meeting.floor.holder === participantId)
    );
}

export function standingOf(meeting: Meeting): Standing {
    const me = meeting.you.participantId;
    if (me === null) return 'listening';
    if (meeting.floor.holder === me) return 'speaking';
    if (meeting.stage === me) return 'on_stage';
    return meeting.floor.queue.some((request) => request.participantId === me)
        ? 'waiting'
        : 'listening';
}

/** Whose pictures may fill the tiles: present, not oneself, not already on the stage. */
export function tileSources(meeting: Meeting): number[] {
    return meeting.participants
        .filter((one) => one.present && one.id !== meeting.you.participantId)
        .filter((one) => one.id !== meeting.stage)
        .map((one) => one.source);
}

export function currentItem(meeting: Meeting): Meeting['agenda'][number] | null {
    return meeting.agenda.find((item) => item.startedAt !== null && item.endedAt === null) ?? null;
}

/** The item that comes after the current one; the first if none has begun. */
export function nextItem(meeting: Meeting): Meeting['agenda'][number] | null {
    const current = currentItem(meeting);
    const index = current ? meeting.agenda.indexOf(current) + 1 : 0;
    return meeting.agenda.slice(index).find((item) => item.startedAt === null) ?? null;
}

const OVER = new Set<Meeting['state']>(['ended', 'minutes_signed', 'published', 'cancelled']);

export function isOver(meeting: Meeting): boolean {
    return OVER.has(meeting.state);
}

/** The newest vote, if it was closed after `since`: its result is news to whoever was here. */
export function freshResult(meeting: Meeting, since: number): Meeting['votes'][number] | null {
    const newest = meeting.votes.at(-1);
    return newest?.state === 'closed' && (newest.closedAt ?? 0) > since ? newest : null;
}

/** The vote that is open now. */
export function openVote(meeting: Meeting): Meeting['votes'][number] | null {
    return meeting.votes.find((vote) => vote.state === 'open') ?? null;
}

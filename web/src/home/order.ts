// Which meeting is the next one, and which list a meeting belongs to. Pure.
import type { MeetingSummary } from '../lib/api/schema';

const RUNNING = new Set(['live', 'paused', 'checking_in']);
const OVER = new Set(['ended', 'minutes_signed', 'published', 'cancelled']);

export interface HomeLists {
    next: MeetingSummary | null;
    ahead: MeetingSummary[];
    past: MeetingSummary[];
    toSign: MeetingSummary[];
}

/** Running meetings come first, then by time; the past has the newest first. */
export function arrangeMeetings(meetings: readonly MeetingSummary[]): HomeLists {
    const rank = (meeting: MeetingSummary) =>
        meeting.state === 'live' ? 0 : RUNNING.has(meeting.state) ? 1 : 2;
    const ahead = meetings
        .filter((meeting) => !OVER.has(meeting.state))
        .sort((one, other) => rank(one) - rank(other) || one.startAt - other.startAt);
    const past = meetings
        .filter((meeting) => OVER.has(meeting.state))
        .sort((one, other) => other.startAt - one.startAt);
    const next = ahead.find((meeting) => meeting.may.includes('enter')) ?? ahead[0] ?? null;
    return { next, ahead, past, toSign: meetings.filter((meeting) => meeting.toSign) };
}

// Words that the server does not have yet, kept on this machine until it does.
import type { Block } from '../lib/api/schema';

export interface Kept {
    blocks: Block[];
    baseRevision: number;
    at: number;
}

function nameOf(meetingId: string, userId: string): string {
    return `dienhong.minutes.${meetingId}.${userId}`;
}

export function keepDraft(meetingId: string, userId: string, kept: Kept | null): void {
    try {
        if (kept) localStorage.setItem(nameOf(meetingId, userId), JSON.stringify(kept));
        else localStorage.removeItem(nameOf(meetingId, userId));
    } catch {
        // Storage is full or forbidden: the words are still in the editor and on their way.
    }
}

export function keptDraft(meetingId: string, userId: string): Kept | null {
    try {
        const stored = localStorage.getItem(nameOf(meetingId, userId));
        return stored ? (JSON.parse(stored) as Kept) : null;
    } catch {
        return null;
    }
}

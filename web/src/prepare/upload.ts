// Sending one document in parts, going on where it stopped when the line comes back (docs/
// protocol.md, Documents). The upload's id is chosen here, so a part that arrived twice is one.
import { send } from '../lib/api/client';
import { asRefusal, Refusal } from '../lib/api/refusal';
import type { Document } from '../lib/api/schema';
import { backoffMs } from '../lib/live/backoff';

export const PART_BYTES = 512 * 1024; // small enough to show progress on a weak line
const TRIES_MAX = 12;

export interface UploadTarget {
    meetingId: string;
    title: string;
    agendaId: string | null;
}

export interface UploadWatcher {
    onProgress(sentBytes: number): void;
    onWaiting(): void;
}

/** What a test replaces. */
export interface UploadWorld {
    put(path: string, part: Blob): Promise<Response>;
    received(path: string): Promise<number>;
    pause(lengthMs: number): Promise<void>;
    newId(): string;
}

const browserWorld: UploadWorld = {
    put: (path, part) => send('PUT', path, { raw: part }),
    received: async (path) => ((await (await send('GET', path)).json()) as Received).received,
    pause: (lengthMs) => new Promise((resolve) => setTimeout(resolve, lengthMs)),
    newId: () =>
        [...crypto.getRandomValues(new Uint8Array(16))]
            .map((byte) => byte.toString(16).padStart(2, '0'))
            .join(''),
};

interface Received {
    received: number;
}

function partPath(base: string, file: Blob, offset: number, target: UploadTarget): string {
    const query = new URLSearchParams({
        offset: String(offset),
        size: String(file.size),
        title: target.title.normalize('NFC'),
    });
    if (target.agendaId !== null) query.set('agendaId', target.agendaId);
    return `${base}?${query.toString()}`;
}

/** Worth another try: the line broke, or the server is overloaded for the moment. */
function passes(refusal: Refusal): boolean {
    return refusal.status === 0 || refusal.status === 429 || refusal.status >= 502;
}

export async function uploadDocument(
    file: Blob,
    target: UploadTarget,
    watcher: UploadWatcher,
    world: UploadWorld = browserWorld,
): Promise<Document> {
    const base = `/api/v1/meetings/${target.meetingId}/uploads/${world.newId()}`;
    let offset = 0;
    let failures = 0;
    for (;;) {
        try {
            if (failures > 0) offset = await world.received(base);
            const part = file.slice(offset, offset + PART_BYTES);
            const response = await world.put(partPath(base, file, offset, target), part);
            if (response.status === 201) {
                watcher.onProgress(file.size);
                return ((await response.json()) as { document: Document }).document;
            }
            offset = ((await response.json()) as Received).received;
            failures = 0;
            watcher.onProgress(offset);
        } catch (thrown) {
            const refusal = asRefusal(thrown);
            if (!passes(refusal) || failures >= TRIES_MAX) throw refusal;
            watcher.onWaiting();
            failures += 1;
            await world.pause(backoffMs(failures, Math.random()));
        }
    }
}

/** A title to begin with: the file's name without its ending. */
export function titleOf(fileName: string): string {
    return fileName
        .replace(/\.pdf$/i, '')
        .replaceAll('_', ' ')
        .trim();
}

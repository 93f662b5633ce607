// When the picture of a new source is first seen in a slot, by the browser's own frame callbacks.
//
// The source of a frame is known from the CSRC of its RTP packets where the browser tells it for
// video; elsewhere the first frame after the slot map has changed counts.
import type { SlotName } from './slots';

export interface Switch {
    slot: SlotName;
    source: number;
    /** From the slot map's change to the first frame; null while it has not come. */
    afterMs: number | null;
    by: 'csrc' | 'frame' | null;
}

interface Watched {
    receiver: RTCRtpReceiver | null;
    pending: { change: Switch; since: number } | null;
    watching: boolean;
}

const SWITCHES_MAX = 500;

export class FrameWatch {
    readonly #slots = new Map<HTMLVideoElement, Watched>();
    readonly #switches: Switch[] = [];
    readonly #startedAt = performance.now();
    #firstFrameMs: number | null = null;

    /** From the making of this object (the click on join) to the first picture on any slot. */
    get firstFrameMs(): number | null {
        return this.#firstFrameMs;
    }

    /** The newest SWITCHES_MAX. */
    get switches(): readonly Switch[] {
        return this.#switches;
    }

    attach(video: HTMLVideoElement, receiver: RTCRtpReceiver): void {
        const watched = this.#slots.get(video) ?? { receiver, pending: null, watching: false };
        watched.receiver = receiver;
        this.#slots.set(video, watched);
        if (!watched.watching) this.#next(video, watched);
    }

    onChange(video: HTMLVideoElement, slot: SlotName, source: number): void {
        const watched = this.#slots.get(video);
        if (!watched) return;
        watched.pending = null;
        if (source === 0) return;
        const change: Switch = { slot, source, afterMs: null, by: null };
        this.#switches.push(change);
        if (this.#switches.length > SWITCHES_MAX) this.#switches.shift();
        watched.pending = { change, since: performance.now() };
        if (!watched.watching) this.#next(video, watched);
    }

    #next(video: HTMLVideoElement, watched: Watched): void {
        watched.watching = true;
        video.requestVideoFrameCallback((now) => {
            watched.watching = false;
            this.#firstFrameMs ??= now - this.#startedAt;
            if (!watched.pending) return;
            this.#judge(now, watched);
            if (watched.pending) this.#next(video, watched);
        });
    }

    #judge(now: number, watched: Watched): void {
        const { pending, receiver } = watched;
        if (!pending || !receiver) return;
        const newest = newestSource(receiver.getContributingSources());
        if (newest !== null && newest !== pending.change.source) return;
        pending.change.afterMs = Math.max(0, now - pending.since);
        pending.change.by = newest === null ? 'frame' : 'csrc';
        watched.pending = null;
    }
}

/** The source of the newest packets; null when the browser tells none. */
export function newestSource(
    sources: readonly Pick<RTCRtpContributingSource, 'source' | 'timestamp'>[],
): number | null {
    let newest: Pick<RTCRtpContributingSource, 'source' | 'timestamp'> | null = null;
    for (const one of sources) {
        if (!newest || one.timestamp > newest.timestamp) newest = one;
    }
    return newest?.source ?? null;
}

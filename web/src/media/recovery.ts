// What to do when the media stop while the signalling lives (reference: web client, reconnect).
//
//   steady ──failed, lost network or 5 s of silence──► restarting ──8 s──► rebuild
//
// A short `disconnected` is ignored: browsers pass through it by themselves. Firefox does not come
// back from `failed` by an ICE restart, so there it is rebuilt at once. Pure.

export type Recovery = 'none' | 'restart' | 'rebuild';

const SILENT_MS = 5000;
const RESTART_WITHIN_MS = 8000;

export interface Health {
    state: RTCPeerConnectionState;
    bytesReceived: number;
    expectsMedia: boolean;
}

export class RecoveryPlan {
    readonly #restartsFromFailed: boolean;
    #restartedAt: number | null = null;
    #bytes = 0;
    #heardAt: number | null = null;

    constructor(restartsFromFailed: boolean) {
        this.#restartsFromFailed = restartsFromFailed;
    }

    /** Called twice a second or so, and at every change of state; `now` in milliseconds. */
    check(now: number, health: Health): Recovery {
        const heard = health.bytesReceived !== this.#bytes || !health.expectsMedia;
        if (heard || this.#heardAt === null) this.#heardAt = now;
        this.#bytes = health.bytesReceived;

        const failed = health.state === 'failed';
        const silent = health.state === 'connected' && now - this.#heardAt >= SILENT_MS;
        if (this.#restartedAt === null) {
            if (failed && !this.#restartsFromFailed) return 'rebuild';
            if (!failed && !silent) return 'none';
            this.#restartedAt = now;
            return 'restart';
        }
        if (health.state === 'connected' && heard) {
            this.#restartedAt = null;
            return 'none';
        }
        return now - this.#restartedAt >= RESTART_WITHIN_MS ? 'rebuild' : 'none';
    }

    /** The machine has another network: the old addresses are worth nothing. */
    onNetworkChange(now: number): Recovery {
        if (this.#restartedAt !== null) return 'none';
        this.#restartedAt = now;
        return 'restart';
    }
}

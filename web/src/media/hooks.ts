// window.dienhong: what tests and a technician's console may read of the running media. Nothing in
// it changes anything (web/README.md, Looking inside).
import type { FrameWatch } from './frames';
import type { SlotMap } from './slots';

export interface Inside {
    readonly connection: RTCPeerConnection | null;
    readonly slots: SlotMap;
    readonly source: number;
    readonly liveState: string;
    readonly quality: string;
    readonly frames: FrameWatch;
}

export interface Hooks {
    /** The browser's own statistics, as a list. */
    stats(): Promise<unknown[]>;
    readonly source: number;
    readonly slots: SlotMap;
    readonly connectionState: string;
    readonly liveState: string;
    readonly quality: string;
    /** From the click on join to the first picture, in ms. */
    readonly firstFrameMs: number | null;
    /** The newest changes of a slot's source, each with the time to its first frame. */
    readonly switches: readonly { slot: string; source: number; afterMs: number | null }[];
}

declare global {
    interface Window {
        dienhong?: Hooks;
    }
}

export function installHooks(inside: Inside): void {
    window.dienhong = Object.freeze({
        async stats() {
            const report = await inside.connection?.getStats();
            return report ? [...report.values()] : [];
        },
        get source() {
            return inside.source;
        },
        get slots() {
            return inside.slots;
        },
        get connectionState() {
            return inside.connection?.connectionState ?? 'none';
        },
        get liveState() {
            return inside.liveState;
        },
        get quality() {
            return inside.quality;
        },
        get firstFrameMs() {
            return inside.frames.firstFrameMs;
        },
        get switches() {
            return inside.frames.switches.map((one) => ({ ...one }));
        },
    });
}

export function removeHooks(): void {
    delete window.dienhong;
}

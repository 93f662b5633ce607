// Saves what is written without being asked, and never loses a word.
//
//             edit                    timer                  saved
//   saved ──────────► waiting ───────────────► saving ─────────────────► saved
//                        ▲                       │  edited meanwhile ──► waiting
//                        └──── line broken ──────┤
//                                                └──── refused ────────► stopped
//
// Every edit is kept on this machine at once (`keep`) until the server has it. A refusal, such as
// "somebody took over", stops the saving; the text stays in the editor and on this machine.
import { asRefusal, type Refusal } from '../lib/api/refusal';
import type { Block } from '../lib/api/schema';

export type SaveState = 'saved' | 'waiting' | 'saving' | 'offline' | 'stopped';

export interface AutosaveWorld {
    save(baseRevision: number, blocks: Block[]): Promise<unknown>;
    keep(blocks: Block[] | null, baseRevision: number): void;
    onState(state: SaveState, refusal: Refusal | null): void;
}

export const QUIET_MS = 1200;
export const RETRY_MS = 3000;

export class Autosave {
    readonly #world: AutosaveWorld;
    #revision: number;
    #state: SaveState = 'saved';
    #unsaved: Block[] | null = null;
    #timer: ReturnType<typeof setTimeout> | undefined;
    #running: Promise<void> | null = null;

    constructor(revision: number, world: AutosaveWorld) {
        this.#revision = revision;
        this.#world = world;
    }

    get revision(): number {
        return this.#revision;
    }

    get state(): SaveState {
        return this.#state;
    }

    edit(blocks: Block[]): void {
        this.#unsaved = blocks;
        this.#world.keep(blocks, this.#revision);
        if (this.#state === 'stopped' || this.#state === 'saving') return;
        this.#become('waiting');
        this.#later(QUIET_MS);
    }

    /** Saves now what there is to save; true when the server has every word. */
    async flush(): Promise<boolean> {
        while (this.#unsaved && this.#state !== 'stopped') {
            clearTimeout(this.#timer);
            await this.#save();
            if (this.#state === 'offline') break;
        }
        return this.#unsaved === null;
    }

    /** Nothing is saved any more; what is unsaved stays kept on this machine. */
    close(): void {
        clearTimeout(this.#timer);
        this.#state = 'stopped';
    }

    #become(state: SaveState, refusal: Refusal | null = null): void {
        this.#state = state;
        this.#world.onState(state, refusal);
    }

    #later(delayMs: number): void {
        clearTimeout(this.#timer);
        this.#timer = setTimeout(() => void this.#save(), delayMs);
    }

    #save(): Promise<void> {
        this.#running ??= this.#saveOnce().finally(() => {
            this.#running = null;
        });
        return this.#running;
    }

    async #saveOnce(): Promise<void> {
        const blocks = this.#unsaved;
        if (!blocks || this.#state === 'stopped') return;
        this.#become('saving');
        try {
            await this.#world.save(this.#revision, blocks);
            this.#taken(blocks);
        } catch (thrown) {
            this.#failed(asRefusal(thrown));
        }
    }

    #taken(blocks: Block[]): void {
        this.#revision += 1;
        if (this.#state !== 'saving') return;
        if (this.#unsaved !== blocks) {
            this.#world.keep(this.#unsaved, this.#revision);
            this.#become('waiting');
            this.#later(QUIET_MS);
            return;
        }
        this.#unsaved = null;
        this.#world.keep(null, this.#revision);
        this.#become('saved');
    }

    #failed(refusal: Refusal): void {
        if (this.#state !== 'saving') return;
        if (refusal.status === 0 || refusal.status >= 500) {
            this.#become('offline', refusal);
            this.#later(RETRY_MS);
        } else {
            this.#become('stopped', refusal);
        }
    }
}

// Who is present, as far as this page needs to know: the roll is read page by page, because a
// meeting of 3,400 is not sent to everybody who joins it.
//
// The first page is read at the beginning, and again some time after many came or went at once: at
// a moment that every client draws for itself, so that the server is not asked by all at the same
// time. Further pages come when the tiles are turned to them.
import type { Participant, ParticipantPage } from '../api/schema';

const AGAIN_AFTER_MS = 2000;
const AGAIN_SPREAD_MS = 8000;

export class Roll {
    /** Whom the pages read so far named as present. */
    #present = new Map<string, Participant>();
    #pages = 0;
    #next: string | null = null;
    #reading = false;
    #timer: ReturnType<typeof setTimeout> | undefined;
    readonly #read: (after: string | undefined) => Promise<ParticipantPage>;
    readonly #onPeople: (people: Participant[]) => void;
    readonly #random: () => number;

    constructor(
        read: (after: string | undefined) => Promise<ParticipantPage>,
        onPeople: (people: Participant[]) => void,
        random: () => number = Math.random,
    ) {
        this.#read = read;
        this.#onPeople = onPeople;
        this.#random = random;
    }

    /** Reads the pages that were read before, or the first. */
    begin(): Promise<void> {
        return this.#load(undefined, Math.max(this.#pages, 1));
    }

    /** Reads the page after those read so far, if there is one. */
    more(): Promise<void> {
        return this.#next === null ? Promise.resolve() : this.#load(this.#next, 1);
    }

    /** Many came or went, and were only counted. */
    onMany(): void {
        if (this.#timer !== undefined) return;
        const waitMs = AGAIN_AFTER_MS + this.#random() * AGAIN_SPREAD_MS;
        this.#timer = setTimeout(() => {
            this.#timer = undefined;
            void this.begin();
        }, waitMs);
    }

    close(): void {
        clearTimeout(this.#timer);
    }

    /** Without a line the pages are simply not there yet. */
    async #load(after: string | undefined, pages: number): Promise<void> {
        if (this.#reading) return;
        this.#reading = true;
        const found = new Map(after === undefined ? [] : this.#present);
        let next: string | null | undefined = after;
        let read = after === undefined ? 0 : this.#pages;
        try {
            for (let page = 0; page < pages && next !== null; page += 1) {
                const { participants, next: following } = await this.#read(next);
                for (const one of participants) found.set(one.id, one);
                next = following;
                read += 1;
            }
        } catch {
            this.onMany();
            return;
        } finally {
            this.#reading = false;
        }
        this.#pages = read;
        this.#next = next ?? null;
        this.#tell(found);
    }

    /** Who is no longer on these pages has left, or stands on a later one and is found again there. */
    #tell(found: Map<string, Participant>): void {
        const gone = [...this.#present.values()]
            .filter((one) => !found.has(one.id))
            .map((one) => ({ ...one, present: false }));
        this.#present = found;
        this.#onPeople([...gone, ...found.values()]);
    }
}

/** Every page of a list, for the screens that prepare a meeting. */
export async function wholeRoll(
    read: (after: string | undefined) => Promise<ParticipantPage>,
): Promise<Participant[]> {
    const all: Participant[] = [];
    let after: string | undefined;
    for (;;) {
        const page = await read(after);
        all.push(...page.participants);
        if (page.next === null) return all;
        after = page.next;
    }
}

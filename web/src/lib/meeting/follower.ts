// Keeps one meeting's snapshot up to date: events in order are folded, a gap is re-read.
//
// Reading takes a while, and events keep coming meanwhile: they are held back and folded onto the
// snapshot once it is there. Only one reading runs at a time.
import type { Action, LiveCrowd, LiveEvent, Meeting, Participant } from '../api/schema';
import { foldCrowd, foldEvent, learn } from './fold';

/** What is told of the record: one event, or what many did at once. */
type Told = LiveEvent | LiveCrowd;

function firstOf(told: Told): number {
    return told.type === 'crowd' ? told.from : told.seq;
}

const HELD_MAX = 500; // more than that and the next snapshot will hold them anyway
const READ_AGAIN_MS = 1000;

export class MeetingFollower {
    #meeting: Meeting | null = null;
    #held: Told[] = [];
    #reading = false;
    #stale = false;
    readonly #read: () => Promise<Meeting>;
    readonly #onChange: (meeting: Meeting) => void;

    constructor(read: () => Promise<Meeting>, onChange: (meeting: Meeting) => void) {
        this.#read = read;
        this.#onChange = onChange;
    }

    get meeting(): Meeting | null {
        return this.#meeting;
    }

    /** Fetches the snapshot. Throws what `read` throws, and only if there is none yet. */
    async refresh(): Promise<void> {
        if (this.#reading) {
            this.#stale = true;
            return;
        }
        this.#reading = true;
        try {
            do {
                this.#stale = false;
                this.#take(await this.#read());
            } while (this.#stale);
        } catch (thrown) {
            if (!this.#meeting) throw thrown;
            setTimeout(() => void this.refresh(), READ_AGAIN_MS);
        } finally {
            this.#reading = false;
        }
    }

    /** The server's hello names its last event: an older snapshot has missed something. */
    onHello(seq: number): void {
        if (!this.#meeting || this.#meeting.seq < seq) void this.refresh();
    }

    onTold(event: Told): void {
        if (this.#reading || !this.#meeting) {
            this.#held.push(event);
            if (this.#held.length > HELD_MAX) this.#held.shift();
            return;
        }
        this.#fold(event);
    }

    /** People whom a page of the roll described. */
    onPeople(people: readonly Participant[]): void {
        if (!this.#meeting) return;
        this.#meeting = learn(this.#meeting, people);
        this.#onChange(this.#meeting);
    }

    onMay(actions: Action[]): void {
        if (!this.#meeting) return;
        this.#meeting = { ...this.#meeting, you: { ...this.#meeting.you, may: actions } };
        this.#onChange(this.#meeting);
    }

    #take(snapshot: Meeting): void {
        if (this.#meeting && snapshot.seq < this.#meeting.seq) return;
        // A snapshot names only some of the people: the others stay known.
        this.#meeting = this.#meeting
            ? learn(
                  { ...snapshot, participants: this.#meeting.participants },
                  snapshot.participants,
              )
            : snapshot;
        const held = this.#held;
        this.#held = [];
        for (const event of held) {
            if (!this.#apply(event)) this.#stale = true;
        }
        this.#onChange(this.#meeting);
    }

    #fold(event: Told): void {
        const complete = this.#apply(event);
        if (this.#meeting) this.#onChange(this.#meeting);
        if (!complete) void this.refresh();
    }

    /** False when the snapshot has to be read again. */
    #apply(event: Told): boolean {
        const meeting = this.#meeting;
        if (!meeting || event.seq <= meeting.seq) return true;
        if (firstOf(event) > meeting.seq + 1) return false;
        const folded =
            event.type === 'crowd' ? foldCrowd(meeting, event) : foldEvent(meeting, event);
        this.#meeting = folded.meeting;
        return !folded.reread;
    }
}

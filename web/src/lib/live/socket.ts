// One WebSocket that keeps coming back (docs/protocol.md, Live).
//
// It is `open` between the server's hello and the loss of the line. A line that is silent is found
// by pings: `late` after LATE_MS without a word, given up after LOST_MS.
import type { LiveClientMessage, LiveServerMessage } from '../api/schema';
import { backoffMs } from './backoff';

export type LiveState = 'connecting' | 'open' | 'late' | 'waiting' | 'closed';

export interface LiveHandlers {
    onMessage(message: LiveServerMessage): void;
    onState(state: LiveState): void;
}

/** What a test replaces. */
export interface LiveWorld {
    connect(url: string): WebSocket;
    now(): number;
    random(): number;
}

const PING_EVERY_MS = 1500;
const LATE_MS = 3000;
const LOST_MS = 8000;
const HELLO_WITHIN_MS = 10_000;
const GOODBYE = 1000; // RFC 6455, section 7.4.1

const browserWorld: LiveWorld = {
    connect: (url) => new WebSocket(url, 'dienhong.v1'),
    now: () => performance.now(),
    random: () => Math.random(),
};

export class LiveSocket {
    readonly #url: string;
    readonly #handlers: LiveHandlers;
    readonly #world: LiveWorld;
    #socket: WebSocket | null = null;
    #state: LiveState = 'closed';
    #attempt = 0;
    #heardAt = 0;
    #pings = 0;
    #retryTimer: ReturnType<typeof setTimeout> | undefined;
    #pingTimer: ReturnType<typeof setInterval> | undefined;

    constructor(url: string, handlers: LiveHandlers, world: LiveWorld = browserWorld) {
        this.#url = url;
        this.#handlers = handlers;
        this.#world = world;
    }

    get state(): LiveState {
        return this.#state;
    }

    open(): void {
        if (this.#state !== 'closed') return;
        this.#attempt = 0;
        this.#connect();
    }

    /** Leaves on purpose: the server then ends the presence at once instead of waiting. */
    close(): void {
        this.#drop(GOODBYE);
        this.#become('closed');
    }

    /** Waiting is pointless once the machine says that it has a network again. */
    retryNow(): void {
        if (this.#state !== 'waiting') return;
        clearTimeout(this.#retryTimer);
        this.#connect();
    }

    /** False when there is no line to say it on; the caller says it again after the next hello. */
    send(message: LiveClientMessage): boolean {
        if (this.#state !== 'open' && this.#state !== 'late') return false;
        this.#socket?.send(JSON.stringify(message));
        return true;
    }

    #become(state: LiveState): void {
        if (state === this.#state) return;
        this.#state = state;
        this.#handlers.onState(state);
    }

    #connect(): void {
        this.#become('connecting');
        this.#heardAt = this.#world.now();
        const socket = this.#world.connect(this.#url);
        this.#socket = socket;
        socket.onmessage = (event) => this.#onText(socket, event.data);
        socket.onclose = () => {
            if (socket === this.#socket) this.#lose();
        };
        this.#pingTimer = setInterval(() => this.#tick(), PING_EVERY_MS);
    }

    #onText(socket: WebSocket, text: unknown): void {
        if (socket !== this.#socket || typeof text !== 'string') return;
        this.#heardAt = this.#world.now();
        const message = JSON.parse(text) as LiveServerMessage;
        if (message.type === 'hello') this.#attempt = 0;
        if (message.type === 'hello' || this.#state === 'late') this.#become('open');
        if (message.type !== 'pong') this.#handlers.onMessage(message);
    }

    #tick(): void {
        const silentMs = this.#world.now() - this.#heardAt;
        if (this.#state === 'connecting') {
            if (silentMs >= HELLO_WITHIN_MS) this.#lose();
            return;
        }
        if (silentMs >= LOST_MS) {
            this.#lose();
            return;
        }
        if (silentMs >= LATE_MS) this.#become('late');
        this.#pings += 1;
        this.send({ type: 'ping', n: this.#pings });
    }

    #drop(code?: number): void {
        clearInterval(this.#pingTimer);
        clearTimeout(this.#retryTimer);
        const socket = this.#socket;
        this.#socket = null;
        socket?.close(code);
    }

    #lose(): void {
        this.#drop();
        this.#become('waiting');
        const waitMs = backoffMs(this.#attempt, this.#world.random());
        this.#attempt += 1;
        this.#retryTimer = setTimeout(() => this.#connect(), waitMs);
    }
}

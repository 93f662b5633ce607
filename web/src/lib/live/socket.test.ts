import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { LiveServerMessage } from '../api/schema';
import { LiveSocket, type LiveState } from './socket';

class FakeSocket {
    sent: string[] = [];
    closed = false;
    code: number | undefined;
    onmessage: ((event: { data: unknown }) => void) | null = null;
    onclose: (() => void) | null = null;
    send(text: string) {
        this.sent.push(text);
    }
    close(code?: number) {
        this.closed = true;
        this.code = code;
    }
    say(message: object) {
        this.onmessage?.({ data: JSON.stringify(message) });
    }
}

const hello = {
    type: 'hello',
    seq: 1,
    participantId: '1',
    source: 101,
    token: 'aaaaaaaaaaaaaaaa',
};

function setUp() {
    const made: FakeSocket[] = [];
    const messages: LiveServerMessage[] = [];
    const states: LiveState[] = [];
    const live = new LiveSocket(
        'wss://example.test/live',
        { onMessage: (message) => messages.push(message), onState: (state) => states.push(state) },
        {
            connect: () => {
                const socket = new FakeSocket();
                made.push(socket);
                return socket as unknown as WebSocket;
            },
            now: () => Date.now(),
            random: () => 0.5,
        },
    );
    live.open();
    return { live, made, messages, states };
}

describe('the live socket', () => {
    beforeEach(() => {
        vi.useFakeTimers();
    });
    afterEach(() => {
        vi.useRealTimers();
    });

    it('is open once the server has said hello', () => {
        const { live, made, messages } = setUp();
        expect(live.send({ type: 'ping', n: 1 })).toBe(false);
        made[0]?.say(hello);
        expect(live.state).toBe('open');
        expect(messages).toEqual([hello]);
    });

    it('says that the line is late within 3 s of silence, and open again at the next word', () => {
        const { live, made } = setUp();
        made[0]?.say(hello);
        vi.advanceTimersByTime(3100);
        expect(live.state).toBe('late');
        made[0]?.say({ type: 'pong', n: 1 });
        expect(live.state).toBe('open');
    });

    it('gives up a silent line and connects anew', () => {
        const { live, made } = setUp();
        made[0]?.say(hello);
        vi.advanceTimersByTime(9100);
        expect(made[0]?.closed).toBe(true);
        expect(made[0]?.code).toBeUndefined();
        vi.advanceTimersByTime(500);
        expect(made).toHaveLength(2);
        made[1]?.say(hello);
        expect(live.state).toBe('open');
    });

    it('waits longer with every attempt that fails, and starts over after a hello', () => {
        const { made } = setUp();
        made[0]?.onclose?.();
        vi.advanceTimersByTime(250);
        expect(made).toHaveLength(2);
        made[1]?.onclose?.();
        vi.advanceTimersByTime(250);
        expect(made).toHaveLength(2);
        vi.advanceTimersByTime(50);
        expect(made).toHaveLength(3);
        made[2]?.say(hello);
        made[2]?.onclose?.();
        vi.advanceTimersByTime(250);
        expect(made).toHaveLength(4);
    });

    it('stays closed when it was closed on purpose', () => {
        const { live, made } = setUp();
        made[0]?.say(hello);
        live.close();
        vi.advanceTimersByTime(60_000);
        expect(made).toHaveLength(1);
        expect(made[0]?.code).toBe(1000);
        expect(live.state).toBe('closed');
    });

    it('does not listen to a connection that it has given up', () => {
        const { made, messages } = setUp();
        made[0]?.onclose?.();
        vi.advanceTimersByTime(250);
        made[0]?.say(hello);
        expect(messages).toEqual([]);
    });
});

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ParticipantPage } from '../api/schema';
import { makeMeeting } from './example';
import { Roll, wholeRoll } from './roll';

const people = makeMeeting().participants;
const pages: Record<string, ParticipantPage> = {
    '': { participants: people.slice(0, 2), next: '2' },
    '2': { participants: people.slice(2), next: null },
};

function setUp() {
    const asked: string[] = [];
    const learned: string[] = [];
    const roll = new Roll(
        (after = '') => {
            asked.push(after);
            const page = pages[after];
            return page ? Promise.resolve(page) : Promise.reject(new Error('no such page'));
        },
        (found) => learned.push(...found.map((one) => one.id)),
        () => 0.5,
    );
    return { roll, asked, learned };
}

describe('the roll', () => {
    beforeEach(() => {
        vi.useFakeTimers();
    });
    afterEach(() => {
        vi.useRealTimers();
    });

    it('is read page by page, as far as it is asked for', async () => {
        const { roll, asked, learned } = setUp();
        await roll.more();
        expect(asked).toEqual([]);
        await roll.begin();
        expect(learned).toEqual(['1', '2']);
        await roll.more();
        await roll.more();
        expect(asked).toEqual(['', '2']);
        expect(learned).toEqual(['1', '2', '1', '2', '3']);
    });

    it('notices who is gone when it reads again', async () => {
        const present = people.map((one) => ({ ...one, present: true }));
        const seen: Record<string, boolean> = {};
        let here = present;
        const roll = new Roll(
            () => Promise.resolve({ participants: here, next: null }),
            (found) => {
                for (const one of found) seen[one.id] = one.present;
            },
        );
        await roll.begin();
        here = present.slice(1);
        await roll.begin();
        expect(seen).toEqual({ '1': false, '2': true, '3': true });
    });

    it('is read again some time after many came or went, once', () => {
        const { roll, asked } = setUp();
        roll.onMany();
        roll.onMany();
        vi.advanceTimersByTime(5900);
        expect(asked).toEqual([]);
        vi.advanceTimersByTime(200);
        expect(asked).toEqual(['']);
        vi.advanceTimersByTime(60_000);
        expect(asked).toEqual(['']);
    });

    it('is left alone once the room is left', () => {
        const { roll, asked } = setUp();
        roll.onMany();
        roll.close();
        vi.advanceTimersByTime(60_000);
        expect(asked).toEqual([]);
    });
});

it('gives the whole list to whoever prepares a meeting', async () => {
    const all = await wholeRoll((after = '') => Promise.resolve(pages[after] as ParticipantPage));
    expect(all.map((one) => one.id)).toEqual(['1', '2', '3']);
});

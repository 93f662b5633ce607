import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Refusal, unreachable } from '../lib/api/refusal';
import type { Block } from '../lib/api/schema';
import { Autosave, QUIET_MS, RETRY_MS, type SaveState } from './autosave';

function text(words: string): Block[] {
    return [{ type: 'paragraph', runs: [{ text: words }] }];
}

function world(answers: (() => Promise<unknown>)[]) {
    const saves: [number, string | undefined][] = [];
    const states: SaveState[] = [];
    const kept: { blocks: Block[] | null; base: number }[] = [];
    return {
        saves,
        states,
        kept,
        save: (base: number, blocks: Block[]) => {
            saves.push([base, blocks[0]?.runs[0]?.text]);
            return (answers.shift() ?? (() => Promise.resolve()))();
        },
        keep: (blocks: Block[] | null, base: number) => void kept.push({ blocks, base }),
        onState: (state: SaveState) => void states.push(state),
    };
}

describe('saving by itself', () => {
    beforeEach(() => void vi.useFakeTimers());
    afterEach(() => void vi.useRealTimers());

    it('saves once the typing pauses, on the revision it began from', async () => {
        const w = world([]);
        const autosave = new Autosave(4, w);
        autosave.edit(text('a'));
        autosave.edit(text('ab'));
        await vi.advanceTimersByTimeAsync(QUIET_MS);
        expect(w.saves).toEqual([[4, 'ab']]);
        expect(autosave.revision).toBe(5);
        expect(autosave.state).toBe('saved');
        expect(w.kept.at(-1)).toEqual({ blocks: null, base: 5 });
    });

    it('saves again what was typed while it was saving', async () => {
        let finish = () => {};
        const w = world([() => new Promise<void>((resolve) => (finish = resolve))]);
        const autosave = new Autosave(0, w);
        autosave.edit(text('một'));
        await vi.advanceTimersByTimeAsync(QUIET_MS);
        autosave.edit(text('một hai'));
        finish();
        await vi.advanceTimersByTimeAsync(QUIET_MS);
        expect(w.saves).toEqual([
            [0, 'một'],
            [1, 'một hai'],
        ]);
        expect(autosave.revision).toBe(2);
    });

    it('tries again while the line is broken and keeps the words here', async () => {
        const w = world([() => Promise.reject(unreachable()), () => Promise.reject(unreachable())]);
        const autosave = new Autosave(7, w);
        autosave.edit(text('giữ lại'));
        await vi.advanceTimersByTimeAsync(QUIET_MS);
        expect(autosave.state).toBe('offline');
        expect(w.kept.at(-1)).toEqual({ blocks: text('giữ lại'), base: 7 });
        await vi.advanceTimersByTimeAsync(2 * RETRY_MS);
        expect(w.saves.length).toBe(3);
        expect(autosave.state).toBe('saved');
    });

    it('stops when the server refuses, and saves nothing more', async () => {
        const taken = new Refusal(409, { code: 'minutes.not_locked', vi: '', en: '' });
        const w = world([() => Promise.reject(taken)]);
        const autosave = new Autosave(2, w);
        autosave.edit(text('của tôi'));
        await vi.advanceTimersByTimeAsync(QUIET_MS);
        autosave.edit(text('của tôi nữa'));
        await vi.advanceTimersByTimeAsync(10 * RETRY_MS);
        expect(w.saves.length).toBe(1);
        expect(autosave.state).toBe('stopped');
        expect(w.kept.at(-1)?.blocks).toEqual(text('của tôi nữa'));
    });

    it('flushes at once and says whether everything is there', async () => {
        const w = world([]);
        const autosave = new Autosave(0, w);
        autosave.edit(text('xong'));
        expect(await autosave.flush()).toBe(true);
        expect(w.saves).toEqual([[0, 'xong']]);

        const broken = new Autosave(0, world([() => Promise.reject(unreachable())]));
        broken.edit(text('chưa'));
        expect(await broken.flush()).toBe(false);
        broken.close();
    });
});

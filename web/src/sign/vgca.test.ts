import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Refusal } from '../lib/api/refusal';
import { askService, outcomeOf, type Line } from './vgca';

const opened = {
    id: '1',
    file: 'https://hop.example/api/v1/exchanges/aa/minutes.pdf',
    upload: 'https://hop.example/api/v1/exchanges/bb',
    expiresAt: 0,
};

class Program implements Line {
    heard: unknown[] = [];
    closed = false;
    onopen: (() => void) | null = null;
    onmessage: ((event: { data: unknown }) => void) | null = null;
    onerror: (() => void) | null = null;
    onclose: (() => void) | null = null;

    url: string;

    constructor(url: string) {
        this.url = url;
    }

    send(text: string) {
        this.heard.push(JSON.parse(text));
    }

    close() {
        this.closed = true;
    }
}

function begin() {
    let program: Program | null = null;
    const answer = askService(opened, 1000, (url) => (program = new Program(url)));
    if (!program) throw new Error('no connection');
    return { answer, program: program as Program };
}

const codeOf = (answer: Promise<unknown>) =>
    answer.then(
        () => 'fine',
        (thrown: Refusal) => thrown.code,
    );

afterEach(() => {
    vi.useRealTimers();
});

describe('the signing program on this machine', () => {
    it('is told both addresses once the line is open', async () => {
        const { answer, program } = begin();
        expect(program.url).toBe('wss://127.0.0.1:8987/SignApproved');
        expect(program.heard).toEqual([]);
        program.onopen?.();
        expect(program.heard).toMatchObject([
            { FileName: opened.file, FileUploadHandler: opened.upload },
        ]);
        program.onmessage?.({ data: '{"Status":0,"Message":"","FileName":"x"}' });
        expect(await answer).toEqual({ Status: 0, Message: '' });
        expect(program.closed).toBe(true);
    });

    it('is not there when the line does not open', async () => {
        const { answer, program } = begin();
        program.onerror?.();
        expect(await codeOf(answer)).toBe('vgca.unreachable');
    });

    it('has gone silent when the line breaks later, or time is up', async () => {
        const broken = begin();
        broken.program.onopen?.();
        broken.program.onclose?.();
        expect(await codeOf(broken.answer)).toBe('vgca.silent');

        vi.useFakeTimers();
        const late = begin();
        late.program.onopen?.();
        const code = codeOf(late.answer);
        vi.advanceTimersByTime(1000);
        expect(await code).toBe('vgca.silent');
    });

    it('may say other things before its answer', async () => {
        const { answer, program } = begin();
        program.onopen?.();
        for (const data of ['', 'null', '[]', '{}', '{"Status":"0"}'])
            program.onmessage?.({ data });
        program.onmessage?.({ data: '{"Status":3}' });
        expect(await answer).toEqual({ Status: 3, Message: '' });
    });
});

describe('the outcome', () => {
    const signed = { Status: 0, Message: '' };

    it('is the server’s word, not the program’s', () => {
        const reason = { code: 'signing.returned_other_file', vi: 'a', en: 'b' };
        expect(outcomeOf({ Status: 1, Message: '' }, { state: 'done', refusal: null })).toBeNull();
        expect(outcomeOf(signed, { state: 'refused', refusal: reason })?.code).toBe(reason.code);
        expect(outcomeOf(signed, { state: 'fetched', refusal: null })?.code).toBe('vgca.failed');
    });

    it('tells what the program said', () => {
        const refusal = outcomeOf(
            { Status: 7, Message: 'Sai mã PIN' },
            { state: 'fetched', refusal: null },
        );
        expect(refusal?.vi).toContain('Sai mã PIN');
    });
});

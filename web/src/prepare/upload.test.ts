import { describe, expect, it } from 'vitest';
import { Refusal, unreachable } from '../lib/api/refusal';
import { PART_BYTES, titleOf, uploadDocument, type UploadWorld } from './upload';

const target = { meetingId: '7', title: 'Tờ trình', agendaId: null };
const nobody = { onProgress: () => undefined, onWaiting: () => undefined };

/** A server that loses the line in the middle of the parts named in `breaks`. */
function makeWorld(size: number, breaks: number[]) {
    let stored = 0;
    const offsets: number[] = [];
    const world: UploadWorld = {
        async put(path, part) {
            const offset = Number(new URL(path, 'https://x.test').searchParams.get('offset'));
            offsets.push(offset);
            expect(offset).toBe(stored);
            if (breaks.includes(offsets.length)) {
                stored += 1000; // a bit of it arrived
                throw unreachable();
            }
            stored += part.size;
            const done = stored === size;
            const body = done ? { document: { id: '21' } } : { received: stored };
            return new Response(JSON.stringify(body), { status: done ? 201 : 202 });
        },
        received: async () => stored,
        pause: async () => undefined,
        newId: () => '0'.repeat(32),
    };
    return { world, offsets };
}

describe('uploading', () => {
    it('sends part after part until the document is stored', async () => {
        const size = 2 * PART_BYTES + 10;
        const { world, offsets } = makeWorld(size, []);
        const progress: number[] = [];
        const watcher = { ...nobody, onProgress: (sent: number) => progress.push(sent) };
        const document = await uploadDocument(
            new Blob([new Uint8Array(size)]),
            target,
            watcher,
            world,
        );
        expect(document.id).toBe('21');
        expect(offsets).toEqual([0, PART_BYTES, 2 * PART_BYTES]);
        expect(progress.at(-1)).toBe(size);
    });

    it('goes on where the server stopped receiving', async () => {
        const size = 2 * PART_BYTES;
        const { world, offsets } = makeWorld(size, [2]);
        await uploadDocument(new Blob([new Uint8Array(size)]), target, nobody, world);
        expect(offsets).toEqual([0, PART_BYTES, PART_BYTES + 1000]);
    });

    it('stops at a refusal that another try cannot change', async () => {
        const reason = { code: 'document.not_pdf', vi: 'Không phải PDF.', en: 'Not a PDF.' };
        const world = {
            ...makeWorld(10, []).world,
            put: () => Promise.reject(new Refusal(422, reason)),
        };
        const sent = uploadDocument(new Blob(['x']), target, nobody, world);
        await expect(sent).rejects.toMatchObject({ code: 'document.not_pdf' });
    });

    it('gives up after a dozen tries in a row', async () => {
        const world = { ...makeWorld(10, []).world, put: () => Promise.reject(unreachable()) };
        const sent = uploadDocument(new Blob(['x']), target, nobody, world);
        await expect(sent).rejects.toMatchObject({ code: 'network.unreachable' });
    });
});

it('takes the name of the file for a title', () => {
    expect(titleOf('To_trinh so 5.PDF')).toBe('To trinh so 5');
});

// Draws what a file's revisions changed on its pages: each state of the file is what stands before
// its end, drawn by pdf.js and held against the state before it. Loaded only when asked for.
import { closePdf, openPdfBytes, type Pdf } from '../reader/pdf';
import { CANVAS_MAX_PX } from '../reader/scale';
import { cutout, placeOf, regionsOf, type Region, type Third } from './difference';
import type { Change } from './revisions';

/** Enough to read a number by; an A4 page is then 900 × 1273. */
const WIDTH_PX = 900;
/** How long one state or page may take: a hostile one could take for ever. */
const PATIENCE_MS = 20_000;

export interface Progress {
    change: Change;
    page: number;
    pages: number;
}

/** A page that looks different. Null: it did not exist before, or does not after. */
export interface DrawnDifference {
    change: Change;
    page: number;
    place: [Third, Third];
    before: HTMLCanvasElement | null;
    after: HTMLCanvasElement | null;
}

/** A state of the file, or a page of it, that cannot be drawn. */
export interface Undrawable {
    change: Change;
    page: number | null;
}

export type Finding = DrawnDifference | Undrawable;

async function within<T>(work: Promise<T>): Promise<T> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<never>((_, reject) => {
        timer = setTimeout(() => reject(new Error('too slow')), PATIENCE_MS);
    });
    try {
        return await Promise.race([work, late]);
    } finally {
        clearTimeout(timer);
    }
}

async function openState(file: Uint8Array<ArrayBuffer>, end: number): Promise<Pdf | null> {
    return within(openPdfBytes(file.slice(0, end))).catch(() => null);
}

async function draw(pdf: Pdf, number: number): Promise<HTMLCanvasElement> {
    const page = await pdf.getPage(number);
    const plain = page.getViewport({ scale: 1 });
    const most = Math.sqrt(CANVAS_MAX_PX / (plain.width * plain.height));
    const viewport = page.getViewport({ scale: Math.min(WIDTH_PX / plain.width, most) });
    const canvas = document.createElement('canvas');
    canvas.width = Math.max(1, Math.floor(viewport.width));
    canvas.height = Math.max(1, Math.floor(viewport.height));
    const task = page.render({ canvas, viewport });
    try {
        await within(task.promise);
    } catch (thrown) {
        task.cancel();
        throw thrown;
    } finally {
        page.cleanup();
    }
    return canvas;
}

function dotsOf(canvas: HTMLCanvasElement): Uint8ClampedArray {
    const context = canvas.getContext('2d');
    if (!context) throw new Error('no canvas');
    return context.getImageData(0, 0, canvas.width, canvas.height).data;
}

/** A part of `page` with its regions marked. */
function markedPart(
    page: HTMLCanvasElement,
    part: Region,
    regions: readonly Region[],
    colour: string,
): HTMLCanvasElement {
    const canvas = document.createElement('canvas');
    [canvas.width, canvas.height] = [part.width, part.height];
    const context = canvas.getContext('2d');
    if (!context) throw new Error('no canvas');
    context.drawImage(page, -part.x, -part.y);
    context.strokeStyle = colour;
    context.lineWidth = 4;
    context.setLineDash([12, 6]);
    for (const { x, y, width, height } of regions) {
        context.strokeRect(x - part.x - 4, y - part.y - 4, width + 8, height + 8);
    }
    return canvas;
}

const BEFORE_COLOUR = '#083d6c';
const AFTER_COLOUR = '#8f0f18';

/** Null: the two look the same. */
function compare(
    before: HTMLCanvasElement,
    after: HTMLCanvasElement,
): Omit<DrawnDifference, 'change' | 'page'> | null {
    const { width, height } = after;
    const comparable = before.width === width && before.height === height;
    const regions = comparable ? regionsOf(dotsOf(before), dotsOf(after), width, height) : [];
    if (comparable && regions.length === 0) return null;
    const part = cutout(regions, width, height);
    return {
        place: placeOf(regions, width, height),
        before: comparable ? markedPart(before, part, regions, BEFORE_COLOUR) : before,
        after: markedPart(after, part, regions, AFTER_COLOUR),
    };
}

async function findOnPage(
    before: Pdf,
    after: Pdf,
    change: Change,
    page: number,
): Promise<Finding | null> {
    try {
        const [old, now] = [
            page <= before.numPages ? await draw(before, page) : null,
            page <= after.numPages ? await draw(after, page) : null,
        ];
        if (!old || !now) return { change, page, place: [1, 1], before: old, after: now };
        const difference = compare(old, now);
        return difference && { change, page, ...difference };
    } catch {
        return { change, page };
    }
}

/** Goes through the changes page by page, and rests at each finding until the next is asked for. */
export async function* findDifferences(
    file: Uint8Array<ArrayBuffer>,
    changes: readonly Change[],
    onProgress: (progress: Progress) => void,
): AsyncGenerator<Finding, void, void> {
    for (const change of changes) {
        const before = await openState(file, change.before);
        const after = await openState(file, change.after);
        try {
            if (!before || !after) {
                yield { change, page: null };
                continue;
            }
            const pages = Math.max(before.numPages, after.numPages);
            for (let page = 1; page <= pages; page += 1) {
                onProgress({ change, page, pages });
                const finding = await findOnPage(before, after, change, page);
                if (finding) yield finding;
            }
        } finally {
            for (const pdf of [before, after]) if (pdf) await closePdf(pdf);
        }
    }
}

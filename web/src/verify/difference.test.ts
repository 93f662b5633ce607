import { describe, expect, it } from 'vitest';
import { cutout, placeOf, regionsOf, REGIONS_MAX, type Region } from './difference';

const [WIDTH, HEIGHT] = [200, 300];

/** A white page with black boxes. */
function page(...boxes: Region[]): Uint8ClampedArray {
    const dots = new Uint8ClampedArray(WIDTH * HEIGHT * 4).fill(255);
    for (const box of boxes) {
        for (let y = box.y; y < box.y + box.height; y += 1) {
            const row = (y * WIDTH + box.x) * 4;
            for (let x = 0; x < box.width; x += 1) dots.fill(0, row + x * 4, row + x * 4 + 3);
        }
    }
    return dots;
}

const regions = (before: Uint8ClampedArray, after: Uint8ClampedArray) =>
    regionsOf(before, after, WIDTH, HEIGHT);

const TEXT = { x: 20, y: 20, width: 100, height: 10 };
const STAMP = { x: 120, y: 230, width: 40, height: 40 };

describe('where two pages differ', () => {
    it('is nowhere when they are the same', () => {
        expect(regions(page(TEXT), page(TEXT))).toEqual([]);
    });

    it('is a box around what was added or taken away', () => {
        const added = { x: 120, y: 224, width: 40, height: 48 };
        expect(regions(page(TEXT), page(TEXT, STAMP))).toEqual([added]);
        expect(regions(page(TEXT, STAMP), page(TEXT))).toEqual([added]);
    });

    it('is one dot that nobody would notice', () => {
        const dot = { x: 199, y: 299, width: 1, height: 1 };
        expect(regions(page(), page(dot))).toEqual([{ x: 192, y: 296, width: 8, height: 4 }]);
    });

    it('is not in a shade that two renderings give to the same edge', () => {
        const shaded = page(TEXT).map((value) => (value === 255 ? 230 : value));
        expect(regions(page(TEXT), shaded)).toEqual([]);
    });

    it('joins what is near and keeps apart what is far', () => {
        const letters = [0, 1, 2, 3].map((n) => ({ x: 40 + n * 20, y: 100, width: 4, height: 8 }));
        expect(regions(page(), page(...letters))).toHaveLength(1);
        expect(regions(page(), page(TEXT, STAMP))).toHaveLength(2);
    });

    it('is the whole when it is in too many places', () => {
        const dots = Array.from({ length: REGIONS_MAX + 1 }, (_, n) => ({
            x: (n % 4) * 50,
            y: Math.floor(n / 4) * 60,
            width: 4,
            height: 4,
        }));
        expect(regions(page(), page(...dots))).toHaveLength(1);
    });
});

describe('what is shown of a page', () => {
    it('holds the regions, with room around, and never leaves the page', () => {
        for (const region of [TEXT, STAMP, { x: 0, y: 0, width: 1, height: 1 }]) {
            const cut = cutout([region], WIDTH, HEIGHT);
            expect(cut.x).toBeGreaterThanOrEqual(0);
            expect(cut.y).toBeGreaterThanOrEqual(0);
            expect(cut.x + cut.width).toBeLessThanOrEqual(WIDTH);
            expect(cut.y + cut.height).toBeLessThanOrEqual(HEIGHT);
            expect(cut.x).toBeLessThanOrEqual(region.x);
            expect(cut.x + cut.width).toBeGreaterThanOrEqual(region.x + region.width);
            expect(cut.width).toBeGreaterThanOrEqual(WIDTH / 2);
            expect(cut.height).toBeGreaterThanOrEqual(HEIGHT / 4);
        }
    });

    it('is all of it when everything differs', () => {
        const whole = { x: 0, y: 0, width: WIDTH, height: HEIGHT };
        expect(cutout([whole], WIDTH, HEIGHT)).toEqual(whole);
        expect(cutout([], WIDTH, HEIGHT)).toEqual(whole);
    });

    it('has words for its place', () => {
        expect(placeOf([TEXT], WIDTH, HEIGHT)).toEqual([0, 1]);
        expect(placeOf([STAMP], WIDTH, HEIGHT)).toEqual([2, 2]);
        expect(placeOf([{ x: 200, y: 300, width: 0, height: 0 }], WIDTH, HEIGHT)).toEqual([2, 2]);
    });
});

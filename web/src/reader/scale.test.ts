import { expect, it } from 'vitest';
import { CANVAS_MAX_PX, canvasScale, clampPage } from './scale';

it('draws at the screen’s density while the canvas stays small enough', () => {
    expect(canvasScale(800, 1000, 2)).toBe(2);
});

it('never asks for more pixels than a tablet can hold', () => {
    const scale = canvasScale(3000, 4000, 3);
    expect(3000 * scale * 4000 * scale).toBeLessThanOrEqual(CANVAS_MAX_PX + 1);
});

it('keeps the page inside the document', () => {
    expect(clampPage(0, 3)).toBe(1);
    expect(clampPage(9, 3)).toBe(3);
    expect(clampPage(Number.NaN, 3)).toBe(1);
    expect(clampPage(2, 0)).toBe(1);
});

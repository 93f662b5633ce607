import { expect, it } from 'vitest';
import { backoffMs } from './backoff';

it('spreads the first attempt over half a second', () => {
    expect(backoffMs(0, 0)).toBe(0);
    expect(backoffMs(0, 0.999)).toBe(500);
});

it('grows, with half of each wait as jitter', () => {
    for (const [attempt, step] of [300, 1200, 2700, 4800, 7000].entries()) {
        expect(backoffMs(attempt + 1, 0)).toBe(step / 2);
        expect(backoffMs(attempt + 1, 0.5)).toBe(step);
    }
});

it('never waits longer than ten and a half seconds', () => {
    expect(backoffMs(1000, 0.9999)).toBeLessThanOrEqual(10_500);
});

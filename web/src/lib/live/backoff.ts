// How long to wait before the n-th attempt to reconnect. The steps are those that LiveKit found
// sufficient; the jitter is mandatory, because 3,400 clients lose a restarted server at once.

const STEPS_MS = [250, 300, 1200, 2700, 4800, 7000] as const;
const FIRST_SPREAD_MS = 500;
const JITTER = 0.5;

/** Needs: attempt >= 0, random in [0, 1). The first wait is 0–500 ms, later ones ±50 %. */
export function backoffMs(attempt: number, random: number): number {
    if (attempt === 0) return Math.round(random * FIRST_SPREAD_MS);
    const step = STEPS_MS[Math.min(attempt, STEPS_MS.length - 1)] ?? 7000;
    return Math.round(step * (1 - JITTER + 2 * JITTER * random));
}
